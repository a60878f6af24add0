"""Nothing that is kept of a person is missing from their download, no change from the words."""

import ast
from pathlib import Path

from roster.models import Expert
from roster.trust.download import OWN
from roster.trust.sentences import DONE


def test_every_table_about_a_person_is_in_the_download() -> None:
    about = {
        table.name
        for table in Expert.metadata.sorted_tables
        if any(key.column.table is Expert.__table__ for key in table.foreign_keys)
    }
    own = {str(column.class_.__tablename__) for column in OWN.values()}
    of_dispatch = {"offer", "mission", "attempt", "inbound_message"}
    kept_apart = {"sighting", "expert_word", "roster_change", "calendar_feed"}
    assert about - own - of_dispatch - kept_apart == set()


def test_every_change_has_words() -> None:
    said = {
        call.args[2].value
        for path in (Path(__file__).parents[2] / "roster" / "registrar").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "tell"
        and isinstance(call.args[2], ast.Constant)
    }
    assert len(said) > 20
    assert said - set(DONE) == set()
