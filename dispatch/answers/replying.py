"""A yes or a no by text: to which offer, with what outcome, and in which words we answer."""

from collections.abc import Callable, Mapping

from dispatch import wording
from dispatch.answers import offers
from dispatch.answers.heard import Heard, meant
from dispatch.answers.held import hold_offer
from dispatch.answers.said import NO_OFFER, WRONG_CODE, Said
from dispatch.models import Offer
from dispatch.rules import terms, vocabulary


def answer(heard: Heard) -> Said:
    """A yes or a no: to the offer with that code, else to the one live offer of this phone."""
    found = meant(heard)
    if found is None:
        if heard.reply.code:
            return Said(WRONG_CODE, wording.wrong_code_text(heard.language))
        return Said(NO_OFFER, wording.no_offer_text(heard.language))
    heard.message.offer_id = found.id
    request, offer = hold_offer(heard.session, found.id, found.request_id)
    outcome = offers.answer_held(
        heard.session, request, offer, accept=heard.reply.kind == vocabulary.ACCEPT,
        received_at=heard.now, via=offers.BY_TEXT,
    )  # fmt: skip
    return Said(outcome, TEXTS[outcome](heard, offer))


def _again(heard: Heard, offer: Offer) -> str:
    """To another answer after a yes: whom to call, and how to withdraw; unless that is over."""
    if offer.mission is not None and offer.mission.status not in terms.ACTIVE:
        return wording.no_offer_text(heard.language)
    return wording.accepted_text(offer)


TEXTS: Mapping[str, Callable[[Heard, Offer], str]] = {
    offers.ACCEPTED: lambda heard, offer: wording.accepted_text(offer),
    offers.ALREADY_ACCEPTED: _again,
    offers.DECLINED: lambda heard, offer: wording.declined_text(heard.language),
    offers.ALREADY_DECLINED: lambda heard, offer: wording.declined_text(heard.language),
    offers.TOO_LATE: lambda heard, offer: wording.too_late_text(heard.language),
    offers.TAKEN: lambda heard, offer: wording.taken_text(heard.language),
    offers.REQUEST_OVER: lambda heard, offer: wording.over_text(heard.language),
    offers.WITHDRAWN: lambda heard, offer: wording.over_text(heard.language),
    offers.NOT_DEPLOYABLE: lambda heard, offer: wording.not_available_text(heard.language),
}
