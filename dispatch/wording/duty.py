"""What duty officers are told by text and mail: the machine needs a human.

No name or phone of an expert is in it: a text may be read by anybody on the way.
"""

from collections.abc import Callable, Mapping

from core.i18n import speaking
from dispatch.models import CrisisRequest
from dispatch.rules.escalation import CALL_BACK, TELL_DUTY, TELL_SPECIALIST, TELL_UNFILLED
from dispatch.wording.catalogue import _
from dispatch.wording.names import kind_name, office_name
from dispatch.wording.replies import finish

DROPPED_OUT, DUPLICATE = "dropped_out", "duplicate"
DELIVERY, STOPPED, UNREACHABLE = "delivery", "provider_stopped", "provider_unreachable"
NUMBER_CAP, OFFICER_CAP, SPEND_CAP = "number_cap", "officer_cap", "spend_cap"
PROOF_CAP = "proof_cap"


def duty_text(
    request: CrisisRequest | None, purpose: str, language: str, link: str, detail: str = ""
) -> str:
    """One text of at most a few sentences, ending with `link`, where the case or the board is.

    An unknown `purpose` still says which case needs a look.
    """
    with speaking(language):
        what = _OF_THE_MACHINE[purpose](detail) if purpose in _OF_THE_MACHINE else ""
        if request is None:
            return finish(_("IP-ROC: %(what)s %(desk)s", what=what or _look(), desk=link))
        text = _(
            "IP-ROC case %(number)s, severity %(severity)s, %(kind)s, %(office)s: "
            "%(what)s %(desk)s",
            number=request.number,
            severity=request.severity,
            kind=kind_name(request),
            office=office_name(request.office),
            what=what or _OF_A_CASE.get(purpose, _look)(),
            desk=link,
        )
        return finish(_("EXERCISE. %(text)s", text=text) if request.exercise else text)


def duty_subject(request: CrisisRequest | None, language: str) -> str:
    """The subject of the same message as a mail."""
    with speaking(language):
        if request is None:
            return _("IP-ROC: the duty board needs you")
        return _(
            "IP-ROC case %(number)s, severity %(severity)s: the duty board needs you",
            number=request.number,
            severity=request.severity,
        )


def _look() -> str:
    return _("please look at the duty board.")


_OF_A_CASE: Mapping[str, Callable[[], str]] = {
    CALL_BACK: lambda: _("filed by somebody we do not know. Please call back and confirm."),
    TELL_DUTY: lambda: _("we are asking experts, nobody has accepted yet."),
    TELL_SPECIALIST: lambda: _("nobody has accepted yet. Please ask the internal specialist."),
    TELL_UNFILLED: lambda: _("nobody is left to ask. Please choose somebody or widen the search."),
    DROPPED_OUT: lambda: _("an expert has dropped out. We are asking the next ones."),
    DUPLICATE: lambda: _("perhaps the same as an earlier case of that office."),
}

_OF_THE_MACHINE: Mapping[str, Callable[[str], str]] = {
    DELIVERY: lambda detail: _(
        "a text was refused for a reason that we must mend (error %(code)s).", code=detail
    ),
    STOPPED: lambda detail: _(
        "the text provider refuses our account (error %(code)s). Texts wait, mails go out.",
        code=detail,
    ),
    UNREACHABLE: lambda _detail: _("the text provider does not answer. Texts wait."),
    NUMBER_CAP: lambda _detail: _("one phone has had today's most texts. No more are sent there."),
    OFFICER_CAP: lambda _detail: _(
        "a duty officer's phone has had today's most texts. It gets one in a quarter of an hour."
    ),
    PROOF_CAP: lambda _detail: _(
        "today's limit of texts to applicants is reached. Their phones are proved later."
    ),
    SPEND_CAP: lambda _detail: _("today's limit of texts is reached. Texts wait."),
}
