"""What one person alone cannot make of an entry by a file: not of their own, and no new skill.

A qualified expert's skills grow by a review, which two people see to.
"""

from roster.interchange.cells import CellError
from roster.interchange.columns import Entry
from roster.models import Expert
from roster.rules import terms
from roster.rules.vetting import Person, same_person


def check_alone(who: Person, entry: Entry, expert: Expert | None) -> None:
    """Raises CellError when `who` may not do by themself what `entry` says of `expert`."""
    if same_person(who, themself(entry.email, expert)):
        raise CellError("this is about you: somebody else has to look after it")
    if expert is None or expert.status == terms.APPLICANT:
        return
    have = {claim.skill: claim.level for claim in expert.skills}
    wanted = entry.given.get("skills", {})
    more = sorted(skill for skill, claim in wanted.items() if claim.level > have.get(skill, 0))
    if more:
        raise CellError(f"skills {';'.join(more)} need a review: they are found by two people")


def themself(email: str, expert: Expert | None) -> Person:
    """The person whom a row with this address is about."""
    return Person(expert.user_id if expert else None, email, (expert.phone or "") if expert else "")
