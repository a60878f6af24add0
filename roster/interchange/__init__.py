"""The roster as CSV, to the letter of the contract: what goes out comes back in alike."""

from roster.interchange.columns import COLUMNS
from roster.interchange.differences import Difference
from roster.interchange.exporting import export_lines, export_roster, note_export
from roster.interchange.importing import (
    Outcome,
    Row,
    Seen,
    Vetting,
    VettingError,
    import_roster,
    import_rows,
    read_vetting,
)

__all__ = [
    "COLUMNS",
    "Difference",
    "Outcome",
    "Row",
    "Seen",
    "Vetting",
    "VettingError",
    "export_lines",
    "export_roster",
    "import_roster",
    "import_rows",
    "note_export",
    "read_vetting",
]
