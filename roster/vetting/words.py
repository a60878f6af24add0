"""The words of an examination in the reader's language: stages, results, kinds, what is missing."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from roster.rules import casework, stages
from roster.rules.casework import Gap
from roster.vetting.waiting import DECISION

STAGES = {
    stages.COMPLETENESS: _l("Completeness"),
    stages.ELIGIBILITY: _l("Eligibility"),
    stages.TECHNICAL: _l("Technical review"),
    stages.INTERVIEW: _l("Interview panel"),
    stages.REFERENCES: _l("References"),
    stages.CONFLICTS: _l("Conflicts of interest"),
    stages.READINESS: _l("Readiness"),
    DECISION: _l("Decision"),
}
# What each stage is about, for a new vetter.
TASKS = {
    stages.COMPLETENESS: _l("Is everything there: CV, certificates, referees, consent?"),
    stages.ELIGIBILITY: _l("May this person be sent: profession, experience, age, standing?"),
    stages.TECHNICAL: _l("Each skill is examined for itself; the level that you find counts."),
    stages.INTERVIEW: _l(
        "Two interviewers at least each give a score of their own, from 1 (poor) to 5."
    ),
    stages.REFERENCES: _l("Two referees at least answer; then say what you make of it."),
    stages.CONFLICTS: _l("For which offices or countries must this person not work?"),
    stages.READINESS: _l("Can this person be reached and leave at short notice?"),
}
RESULTS = {
    stages.PASSED: _l("Passed"),
    stages.FAILED: _l("Failed"),
    stages.MORE_NEEDED: _l("More is needed"),
}
KINDS = {
    stages.APPLICATION: _l("Application"),
    stages.RENEWAL: _l("Renewal"),
    stages.REVIEW: _l("Review"),
    stages.APPEAL: _l("Appeal"),
}
STATES = {
    stages.OPEN: _l("Open"),
    stages.QUALIFIED: _l("Qualified"),
    stages.REFUSED: _l("Refused"),
    stages.DROPPED: _l("Closed without a decision"),
}
PAPERS = {
    stages.CV: _l("CV"),
    stages.CERTIFICATE: _l("Certificate"),
    stages.EVIDENCE: _l("Evidence"),
}
LEVELS = {1: _l("aware"), 2: _l("practised"), 3: _l("led it in a real crisis")}


def gap_words(gap: Gap, skills: Mapping[str, str]) -> str:
    """What is missing, as a sentence; `skills` are names by code."""
    if gap.subject:
        return _skill_words(gap, skills.get(gap.subject, gap.subject))
    sentences = {
        casework.NOT_EXAMINED: _("nobody has recorded a finding yet."),
        casework.FAILED: _("the latest finding is “failed”."),
        casework.MORE_NEEDED: _("the latest finding is “more is needed”."),
        casework.NO_SKILL: _("the applicant names no skill."),
        casework.NONE_PASSED: _("no skill has passed."),
        casework.PANEL_TOO_SMALL: _("scores by two different interviewers are needed."),
        casework.SCORE_TOO_LOW: _("the mean score is below 3."),
        casework.REFERENCES_MISSING: _("two referees must recommend this person."),
        casework.REFERENCE_AGAINST: _(
            "a referee is against; only a later finding “passed” with a comment outweighs that."
        ),
        casework.PHONE_UNPROVED: _("nobody has answered from the phone yet, so it is not proved."),
    }
    return str(sentences[gap.reason])


def _skill_words(gap: Gap, skill: str) -> str:
    if gap.reason == casework.MORE_NEEDED:
        return str(_("%(skill)s: more is needed before a level can be given.", skill=skill))
    return str(_("%(skill)s has not been examined yet.", skill=skill))
