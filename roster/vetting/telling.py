"""What a vetter has just done, in a sentence: shown above the page that follows."""

from flask_babel import format_date
from flask_babel import gettext as _

from core.accounts.models import User
from core.i18n import current_language
from core.reference.models import Skill
from core.reference.queries import names
from roster.models import Expert, Reference, VettingCase, VettingStep
from roster.rules import terms
from roster.vetting.words import RESULTS, STAGES


def recorded(step: VettingStep) -> str:
    """A finding, with what it is about."""
    about = str(STAGES[step.stage])
    if step.subject:
        about = names(Skill, current_language()).get(step.subject, step.subject)
    said = {"about": about, "result": str(RESULTS[step.result])}
    if step.score:
        return str(_("Recorded: %(about)s, %(result)s, score %(score)d of 5.",
                     score=step.score, **said))  # fmt: skip
    if step.level:
        return str(_("Recorded: %(about)s, %(result)s, level %(level)d.", level=step.level, **said))
    return str(_("Recorded: %(about)s, %(result)s.", **said))


def handed_over(owner: User | None, *, is_me: bool) -> str:
    """Whose the case is now."""
    if owner is None:
        return str(_("The case is nobody's now."))
    if is_me:
        return str(_("The case is yours now."))
    return str(_("The case is handed over to %(name)s.", name=owner.name or owner.email))


def asked(reference: Reference) -> str:
    """A referee got a mail."""
    return str(_("%(name)s is asked by mail.", name=reference.name))


def reminded(reference: Reference, is_sent: bool) -> str:
    """A referee got a reminder, or needs none."""
    if is_sent:
        return str(_("%(name)s is reminded by mail.", name=reference.name))
    return str(_("%(name)s was not reminded: nothing is to be answered any more.",
                 name=reference.name))  # fmt: skip


def decided(case: VettingCase, against: str) -> str:
    """A good decision; `against`: why no account could be made, empty when there is one."""
    expert = case.expert
    if expert.status not in terms.VETTED or expert.valid_until is None:
        return str(_("Decided. The applicant is told by mail."))
    said = {"name": expert.name, "day": format_date(expert.valid_until, "medium")}
    if against:
        return str(
            _("%(name)s is qualified until %(day)s, and told by mail. But an account of their own "
              "could not be made: %(why)s Settle that, then press “Invite to an account” on the "
              "page of this person.", why=against, **said)
        )  # fmt: skip
    return str(
        _("%(name)s is qualified until %(day)s. A mail says so, and leads to an account of their "
          "own.", **said)
    )  # fmt: skip


def delisted(expert: Expert) -> str:
    """Out of IP-ROC, and no more than that."""
    return str(_("%(name)s is taken out of IP-ROC, and stays qualified.", name=expert.name))


def panel_changed(expert: Expert) -> str:
    """On the panel or not."""
    if expert.panel_since:
        return str(_("%(name)s is a member of the panel now.", name=expert.name))
    return str(_("%(name)s is no member of the panel any more.", name=expert.name))
