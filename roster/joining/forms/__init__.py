"""The questions of an application, a form for each of its short pages."""

from roster.joining.forms.declaring import ConflictsForm, ConsentForm
from roster.joining.forms.knowing import LanguagesForm, SkillsForm, levels_form
from roster.joining.forms.naming import NominationForm, RefereesForm
from roster.joining.forms.papers import CertificateForm, CvForm
from roster.joining.forms.person import BaseForm, BeginForm, PersonForm, WhichForm
from roster.joining.forms.step import StepForm
from roster.joining.forms.working import WorkForm

__all__ = [
    "BaseForm",
    "BeginForm",
    "CertificateForm",
    "ConflictsForm",
    "ConsentForm",
    "CvForm",
    "LanguagesForm",
    "NominationForm",
    "PersonForm",
    "RefereesForm",
    "SkillsForm",
    "StepForm",
    "WhichForm",
    "WorkForm",
    "levels_form",
]
