"""The mail that asks an expert: the same as the text, with more room."""

from datetime import datetime

from core.i18n import speaking
from dispatch.models import Offer
from dispatch.offer_link import link_of
from dispatch.wording.catalogue import _
from dispatch.wording.names import distance_text, kind_name, local_deadline, office_name
from dispatch.wording.offers import works_remotely


def offer_mail(offer: Offer, now: datetime) -> tuple[str, str]:
    """Subject and plain text of `offer` (flushed), in the expert's language."""
    request, expert = offer.request, offer.expert
    with speaking(expert.language):
        subject = _(
            "IP-ROC needs you: %(kind)s, %(office)s",
            kind=kind_name(request),
            office=office_name(request.office),
        )
        body = _(
            "%(kind)s, %(office)s, %(distance)s.\n\n%(summary)s\n\nPlease answer by %(deadline)s, "
            "with one click:\n%(link)s\n\nOr send this text to the number that wrote to you: "
            "%(accept)s to accept, %(decline)s to decline.",
            kind=kind_name(request),
            office=office_name(request.office),
            distance=distance_text(None if works_remotely(offer) else offer.distance_km),
            summary=request.summary,
            deadline=local_deadline(offer.deadline, expert.time_zone, now, offer.window_s),
            link=link_of(offer),
            accept=f"1 {offer.code}",
            decline=f"2 {offer.code}",
        )
        if request.exercise:
            return _("EXERCISE. %(text)s", text=subject), _("EXERCISE. %(text)s", text=body)
        return subject, body


def notice_subject(language: str) -> str:
    """The subject of a notice that goes by mail because the phone takes no texts."""
    with speaking(language):
        return _("A message from IP-ROC")
