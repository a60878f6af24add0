"""The administrator's forms for reference rows."""

from core.reference.forms.kinds import KindForm, ServiceForm, SkillForm
from core.reference.forms.offices import OfficeForm
from core.reference.forms.rows import RowForm

__all__ = ["KindForm", "OfficeForm", "RowForm", "ServiceForm", "SkillForm"]
