"""The offices on the world map: who covers each, and where the next expert should be looked for.

Places marks only; what they look like is up to the page.
"""

from dataclasses import dataclass

from core.reference.models import Office
from core.worldmap import project
from roster.coverage.outlook import STANDINGS, Outlook

PICK = "pick"


@dataclass(frozen=True)
class Mark:
    """One mark, in the units of the world map: an office's standing, or a pick and its number."""

    x: float
    y: float
    sort: str
    office: Office
    number: int = 0


def draw(outlook: Outlook) -> list[Mark]:
    """A mark for each office, the graver later and so on top, then the picks by number."""
    marks = [
        _mark(office, outlook.standing_of(place)) for place, office in enumerate(outlook.offices)
    ]
    marks.sort(key=lambda mark: -STANDINGS.index(mark.sort))
    places = [outlook.towns[pick.town] for pick in outlook.picks]
    return marks + [_mark(town, PICK, number) for number, town in enumerate(places, 1)]


def _mark(office: Office, sort: str, number: int = 0) -> Mark:
    return Mark(*project(office.lat, office.lon), sort, office, number)
