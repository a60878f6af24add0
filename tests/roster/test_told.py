"""Nothing that is kept of a person is missing from their download, no change from the words."""

import ast
from pathlib import Path

from flask import Flask

from core.i18n import speaking
from roster.models import Expert
from roster.trust.download import OWN
from roster.trust.sentences import DONE, done_words


def test_every_table_about_a_person_is_in_the_download() -> None:
    about = {
        table.name
        for table in Expert.metadata.sorted_tables
        if any(key.column.table is Expert.__table__ for key in table.foreign_keys)
    }
    own = {str(column.class_.__tablename__) for column in OWN.values()}
    of_dispatch = {"offer", "mission", "attempt", "inbound_message"}
    kept_apart = {"sighting", "expert_word", "roster_change", "calendar_feed", "posting"}
    assert about - own - of_dispatch - kept_apart == set()


def test_the_details_of_a_change_are_words_in_the_language_of_the_reader(app: Flask) -> None:
    recorded = {"stage": "interview", "result": "passed"}
    vetted = {"status": "qualified", "valid_until": "2029-11-22"}
    with app.app_context(), speaking("fr"):
        said = done_words("expert.step_recorded", recorded)
        assert said.endswith("Entretien avec le jury, Réussi"), said
        assert "22 nov. 2029" in done_words("expert.vetted", vetted)
        assert "qualified" not in done_words("expert.vetted", vetted)
        assert done_words("expert.vetted", {}).count("–") == 2
        assert "calendar" not in done_words("expert.calendar_renewed", None)


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
