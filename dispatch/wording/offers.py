"""The text that asks an expert: what, where, how far, until when, the code and the link.

At most two segments in every language; the code and the link are never cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.i18n import current_language, speaking, text_direction
from dispatch.models import Offer
from dispatch.offer_link import link_of
from dispatch.rules.segments import count
from dispatch.wording.catalogue import _
from dispatch.wording.names import distance_text, kind_name, local_deadline, office_name
from dispatch.wording.shape import make_lean, most_fitting, shortened
from roster.rules import terms as roster_terms

SEGMENTS = 2


@dataclass(frozen=True)
class Asking:
    """What one offer says, in the reader's language and time zone."""

    kind: str
    office: str
    place: str
    distance: str
    deadline: str
    code: str
    link: str
    exercise: bool = False


def offer_text(offer: Offer, now: datetime, deadline: datetime | None = None) -> str:
    """The SMS of `offer` (flushed), in the expert's language; `deadline` (UTC) if not its own."""
    with speaking(offer.expert.language):
        return compose_offer(asking(offer, now, deadline or offer.deadline))


def asking(offer: Offer, now: datetime, deadline: datetime) -> Asking:
    """The parts of the offer's text. Call it inside `speaking`."""
    request, expert = offer.request, offer.expert
    return Asking(
        kind=kind_name(request),
        office=office_name(request.office),
        place=request.place,
        distance=distance_text(None if works_remotely(offer) else offer.distance_km),
        deadline=local_deadline(deadline, expert.time_zone, now, offer.window_s),
        code=offer.code,
        link=link_of(offer),
        exercise=request.exercise,
    )


def compose_offer(asked: Asking) -> str:
    """The shortest telling of `asked` that still says the place; see the module.

    The place is said when it costs no segment, whole sentences are made when fewer words would not
    do in one; who asks is said as long as two segments hold it; then names are cut until they hold
    all.
    """
    rtl = text_direction(current_language()) == "rtl"
    full, brief = (
        _render(asked, _where(asked)),
        _render(asked, asked.office),
    )
    if full != brief and _segments(full) > _segments(brief):
        full = brief
    if _segments(full) > 1 and _segments(terse := _named(asked)) == 1:
        return make_lean(terse)
    return most_fitting(_ever_shorter(asked, full, brief), right_to_left=rtl, segments=SEGMENTS)


def works_remotely(offer: Offer) -> bool:
    """Whether this expert would help from afar, so that no distance needs to be told."""
    mode = offer.request.mode
    return mode == roster_terms.REMOTE or (mode == roster_terms.EITHER and not offer.expert.on_site)


def _ever_shorter(asked: Asking, full: str, brief: str) -> Iterator[str]:
    yield full
    yield brief
    yield _named(asked)
    yield _marked(asked, _terse(asked, asked.kind, asked.office))
    for kind, office in shortened(asked.kind, asked.office):
        yield _marked(asked, _terse(asked, kind, office))


def _where(asked: Asking) -> str:
    if not asked.place or asked.place.casefold() == asked.office.casefold():
        return asked.office
    return _("%(place)s (%(office)s)", place=asked.place, office=asked.office)


def _render(asked: Asking, where: str) -> str:
    text = _(
        "IP-ROC: %(kind)s, %(where)s, %(distance)s. By %(deadline)s send %(accept)s to accept "
        "or %(decline)s to decline, or open %(link)s",
        **_parts(asked, asked.kind, where),
    )
    return _marked(asked, text)


def _named(asked: Asking) -> str:
    terse = _terse(asked, asked.kind, asked.office)
    return _marked(asked, _("IP-ROC: %(text)s", text=terse))


def _terse(asked: Asking, kind: str, where: str) -> str:
    return _(
        "%(kind)s, %(where)s, %(distance)s. %(accept)s accept, %(decline)s decline, "
        "by %(deadline)s %(link)s",
        **_parts(asked, kind, where),
    )


def _marked(asked: Asking, text: str) -> str:
    return _("EXERCISE. %(text)s", text=text) if asked.exercise else text


def _parts(asked: Asking, kind: str, where: str) -> dict[str, str]:
    return {
        "kind": kind,
        "where": where,
        "distance": asked.distance,
        "deadline": asked.deadline,
        "accept": f"1 {asked.code}",
        "decline": f"2 {asked.code}",
        "link": asked.link,
    }


def _segments(text: str) -> int:
    return count(make_lean(text)).segments
