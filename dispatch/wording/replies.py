"""What we answer to an expert: to a yes, a no, a command, or a text that we did not understand.

Every function opens the reader's language itself. No text holds a word that a carrier obeys when
it stands alone (STOP, HELP, YES, …), nor asks for one.
"""

from collections.abc import Sequence
from datetime import datetime

from core.i18n import current_language, speaking, text_direction
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.wording.catalogue import _
from dispatch.wording.names import kind_name, local_day, local_deadline, office_name
from dispatch.wording.shape import make_lean, mark_direction


def accepted_text(offer: Offer) -> str:
    """To the expert whose acceptance counts: whom to call, and how to say that it is over."""
    request = offer.request
    with speaking(offer.expert.language):
        if request.exercise:
            return finish(_("EXERCISE. Thank you, your answer is noted. No mission follows."))
        return finish(
            _(
                "Thank you. Case %(number)s is yours: %(kind)s, %(office)s. Please call "
                "%(contact)s. When all is done, send DONE %(code)s; if you cannot go, send "
                "WITHDRAW %(code)s.",
                number=request.number,
                kind=kind_name(request),
                office=office_name(request.office),
                contact=contact_of(request),
                code=offer.code,
            )
        )


def declined_text(language: str) -> str:
    """To an expert who said no."""
    with speaking(language):
        return finish(_("Thank you for your answer. We will ask somebody else."))


def too_late_text(language: str) -> str:
    """To an answer after its deadline, which never accepts."""
    with speaking(language):
        return finish(
            _("Thank you. The time to answer is over, so this does not count. Nothing is expected.")
        )


def taken_text(language: str) -> str:
    """To a yes that came when others had filled the request: told kindly, asked to stand by."""
    with speaking(language):
        return finish(
            _(
                "Thank you. Somebody else has just accepted. Will you stand by? Nothing to do: "
                "we text you again if you are needed."
            )
        )


def over_text(language: str) -> str:
    """To an answer to an offer that was withdrawn, or whose request has ended."""
    with speaking(language):
        return finish(_("Thank you. This request has been withdrawn. Nothing is expected of you."))


def not_available_text(language: str) -> str:
    """To a yes from somebody who may not go just now: away, at their limit, validity ended."""
    with speaking(language):
        return finish(
            _(
                "Thank you. Your entry on the roster does not allow a mission just now, so this "
                "does not count. The duty officer will see it."
            )
        )


def unclear_text(language: str, code: str | None = None) -> str:
    """One short question back; with `code`, the offer that is still open keeps its deadline."""
    with speaking(language):
        if code is None:
            return finish(_("We did not understand. Send ? to see what you can send."))
        return finish(
            _(
                "We did not understand. Send %(accept)s to accept or %(decline)s to decline.",
                accept=f"1 {code}",
                decline=f"2 {code}",
            )
        )


def no_offer_text(language: str) -> str:
    """To an answer when nothing is asked of this phone."""
    with speaking(language):
        return finish(_("There is no open request for you just now. Send ? to see what you can."))


def wrong_code_text(language: str) -> str:
    """To an answer with a code that is not this phone's."""
    with speaking(language):
        return finish(_("We do not know this code. Please look at our last text to you."))


def commands_text(language: str) -> str:
    """To `?`: all that may be sent."""
    with speaking(language):
        return finish(
            _(
                "You can send: 1 or 2 and the code of our text; AWAY 14 (days) or AWAY 2027-01-15; "
                "BACK; STATUS; DONE and the code; WITHDRAW and the code."
            )
        )


def away_text(language: str, until: datetime | None, time_zone: str) -> str:
    """To AWAY: `until` (UTC) is when we ask again, None when nobody said."""
    with speaking(language):
        if until is None:
            return finish(_("Noted: you are away until you send BACK."))
        return finish(_("Noted: you are away until %(until)s.", until=local_day(until, time_zone)))


def back_text(language: str) -> str:
    """To BACK."""
    with speaking(language):
        return finish(_("Noted: you are back, and we may ask you again."))


def done_text(language: str, number: str) -> str:
    """To DONE: the mission of case `number` is over."""
    with speaking(language):
        return finish(
            _("Thank you for your work. Case %(number)s is noted as done.", number=number)
        )


def left_text(language: str, number: str) -> str:
    """To WITHDRAW: the expert no longer goes to case `number`."""
    with speaking(language):
        return finish(
            _("Noted: you withdraw from case %(number)s. We look for another.", number=number)
        )


def opted_in_text(language: str) -> str:
    """To the carrier's opt-in words, after an opt-out."""
    with speaking(language):
        return finish(_("Noted: we may text you again."))


def status_text(
    language: str,
    time_zone: str,
    now: datetime,
    *,
    offer: Offer | None = None,
    missions: Sequence[Mission] = (),
    away_until: datetime | None = None,
    away: bool = False,
) -> str:
    """To STATUS: whether we may ask, what is open, which cases are theirs."""
    with speaking(language):
        told = [_availability(away, away_until, time_zone)]
        if offer is not None:
            told.append(_open_offer(offer, time_zone, now))
        if missions:
            numbers = ", ".join(mission.request.number for mission in missions)
            told.append(_("Your cases: %(numbers)s.", numbers=numbers))
        return finish(" ".join(told))


def case_received_text(language: str, number: str) -> str:
    """To a crisis that was filed by text: its number."""
    with speaking(language):
        return finish(
            _("IP-ROC: received as case %(number)s. We will call or text you.", number=number)
        )


def contact_of(request: CrisisRequest) -> str:
    """Whom the expert calls: name and phone, as far as anybody gave them."""
    phone = request.contact_phone or request.office.contact_phone
    reach = phone or request.contact_email or request.office.contact_email
    parts = [part for part in (request.contact_name, reach) if part]
    return " ".join(parts) or office_name(request.office)


def finish(text: str) -> str:
    """`text` as it is sent: plain letters where they save a segment, marks in Arabic."""
    rtl = text_direction(current_language()) == "rtl"
    return make_lean(mark_direction(text) if rtl else text)


def _availability(away: bool, until: datetime | None, time_zone: str) -> str:
    if not away:
        return _("You are available.")
    if until is None:
        return _("You are away until you send BACK.")
    return _("You are away until %(until)s.", until=local_day(until, time_zone))


def _open_offer(offer: Offer, time_zone: str, now: datetime) -> str:
    return _(
        "One request waits for your answer until %(deadline)s: send %(accept)s to accept or "
        "%(decline)s to decline.",
        deadline=local_deadline(offer.deadline, time_zone, now, offer.window_s),
        accept=f"1 {offer.code}",
        decline=f"2 {offer.code}",
    )
