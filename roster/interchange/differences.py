"""What a row has made different in one person: the columns of the contract, before and after."""

from dataclasses import dataclass

from roster.interchange.entering import Context, Entered
from roster.interchange.exporting import row_of

Cells = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """One person as they were and as they are, in the columns that differ; `before` None: new."""

    line: int
    expert: str
    name: str
    email: str
    before: Cells | None
    after: Cells


def difference_of(context: Context, entered: Entered, was: Cells | None) -> Difference:
    """What the row of `entered`, which is stored, has changed; `was`: as the person was before."""
    expert = entered.expert
    if was is None:  # languages, skills and conflicts of newcomers are stored past the ORM
        context.session.refresh(expert)
    cells = row_of(expert, context.now)
    before, after = was, cells
    if was is not None:
        changed = [column for column in cells if cells[column] != was[column]]
        before = {column: was[column] for column in changed}
        after = {column: cells[column] for column in changed}
    return Difference(
        entered.entry.line, expert.public_id, expert.name, expert.email, before, after
    )
