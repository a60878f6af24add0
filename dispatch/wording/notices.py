"""What an expert is told without having asked: the end of an offer, a change, a test.

`NOTICES` names the purposes that `messages.notify_expert` knows.
"""

from collections.abc import Callable, Mapping

from core.i18n import speaking
from dispatch.models import CrisisRequest, Offer
from dispatch.wording.catalogue import _
from dispatch.wording.names import kind_name, office_name
from dispatch.wording.replies import accepted_text, contact_of, finish, over_text, taken_text

ACCEPTED_ACK, WITHDRAWN, CANCELLED = "accepted_ack", "withdrawn", "cancelled"
AMENDED, OTHERS_TOLD, RELEASED = "amended", "others_told", "released"


def withdrawn_text(offer: Offer) -> str:
    """To an expert whose open offer was taken back."""
    with speaking(offer.expert.language):
        return finish(
            _(
                "IP-ROC: the request %(kind)s, %(office)s (%(code)s) is withdrawn. Nothing is "
                "expected of you. Thank you.",
                kind=kind_name(offer.request),
                office=office_name(offer.request.office),
                code=offer.code,
            )
        )


def cancelled_text(request: CrisisRequest, language: str) -> str:
    """To an expert who had accepted a request that the office no longer needs."""
    with speaking(language):
        return finish(
            _(
                "IP-ROC: case %(number)s, %(office)s, is cancelled. You are free again. Thank you.",
                number=request.number,
                office=office_name(request.office),
            )
        )


def amended_text(offer: Offer) -> str:
    """To an expert whose open offer now asks for something else; code and deadline stay."""
    with speaking(offer.expert.language):
        return finish(
            _(
                "IP-ROC: the request %(kind)s, %(office)s has changed, please read it again. "
                "Send %(accept)s to accept or %(decline)s to decline.",
                kind=kind_name(offer.request),
                office=office_name(offer.request.office),
                accept=f"1 {offer.code}",
                decline=f"2 {offer.code}",
            )
        )


def mission_amended_text(request: CrisisRequest, language: str) -> str:
    """To an expert on a mission whose case was changed."""
    with speaking(language):
        return finish(
            _(
                "IP-ROC: case %(number)s has changed. Please call %(contact)s.",
                number=request.number,
                contact=contact_of(request),
            )
        )


def others_told_text(offer: Offer) -> str:
    """To an expert who was still thinking when others filled the request."""
    with speaking(offer.expert.language):
        return finish(
            _(
                "IP-ROC: for %(kind)s, %(office)s (%(code)s) somebody else has accepted. Nothing "
                "is expected of you. Thank you.",
                kind=kind_name(offer.request),
                office=office_name(offer.request.office),
                code=offer.code,
            )
        )


def released_text(request: CrisisRequest, language: str) -> str:
    """To an expert whose mission a duty officer or the office has ended."""
    with speaking(language):
        return finish(
            _(
                "IP-ROC: your mission for case %(number)s, %(office)s, is over. Thank you.",
                number=request.number,
                office=office_name(request.office),
            )
        )


def trial_text(language: str, number: str) -> str:
    """To a duty officer who tries whether texts reach their own phone."""
    with speaking(language):
        return finish(_("IP-ROC: this is a test text (%(number)s).", number=number))


Notice = Callable[[CrisisRequest, Offer | None, str], str]


def _about_offer(text: Callable[[Offer], str], otherwise: Notice) -> Notice:
    return lambda request, offer, language: (
        text(offer) if offer is not None else otherwise(request, offer, language)
    )


# Each takes the request, the offer when there is one, and the reader's language.
NOTICES: Mapping[str, Notice] = {
    ACCEPTED_ACK: _about_offer(
        accepted_text, lambda request, _offer, language: cancelled_text(request, language)
    ),
    WITHDRAWN: _about_offer(withdrawn_text, lambda _request, _offer, language: over_text(language)),
    CANCELLED: lambda request, _offer, language: cancelled_text(request, language),
    AMENDED: lambda request, _offer, language: mission_amended_text(request, language),
    OTHERS_TOLD: _about_offer(
        others_told_text, lambda _request, _offer, language: taken_text(language)
    ),
    RELEASED: lambda request, _offer, language: released_text(request, language),
}
