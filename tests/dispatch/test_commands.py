"""`flask policies …` and `flask dispatch simulate`, as an operator types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.audit import AuditRow
from core.db import writing
from dispatch.models import CrisisRequest, EscalationPolicy, Offer
from dispatch.policies import load_defaults
from tests.conftest import Command
from tests.dispatch.world import World


def _edited(flask: Command, folder: Path, **changes: Any) -> Path:
    file = folder / "policies.json"
    assert flask("policies", "export", file).exit_code == 0
    content = json.loads(file.read_text("utf-8"))
    for policy in content["policies"]:
        policy.update(changes)
    file.write_text(json.dumps(content), "utf-8")
    return file


def test_the_shipped_policies_are_those_of_the_taxonomy(world: World) -> None:
    rows = world.session.scalars(select(EscalationPolicy).order_by(EscalationPolicy.severity))
    told = [(row.severity, row.reply_window_s, row.waves, row.duty_told_s, row.hours)
            for row in rows]  # fmt: skip
    assert told == [
        (1, 600, [1, 1, 3], 0, "any"),
        (2, 1200, [1, 1, 2], 1800, "any"),
        (3, 3600, [1], 14400, "waking"),
        (4, 86400, [1], 0, "working"),
    ]


def test_what_is_exported_can_be_imported_and_changes_nothing(
    flask: Command, tmp_path: Path
) -> None:
    file = _edited(flask, tmp_path)
    result = flask("policies", "import", file)
    assert (result.exit_code, "0 policies changed" in result.output) == (0, True)


def test_a_shorter_window_holds_for_later_offers_only(
    flask: Command, tmp_path: Path, world: World
) -> None:
    first, second = world.experts(2)
    world.file()
    before = world.offer_to(first).deadline
    assert flask("policies", "import", _edited(flask, tmp_path, reply_window_s=3)).exit_code == 0
    assert world.offer_to(first).deadline == before
    world.file()
    offer = world.offer_to(second)
    assert (offer.deadline - offer.created_at).total_seconds() == 3


def test_an_edited_policy_survives_an_upgrade_and_is_audited(
    flask: Command, tmp_path: Path, world: World
) -> None:
    flask("policies", "import", _edited(flask, tmp_path, reply_window_s=77))
    with writing() as session:
        load_defaults(session, world.now)
    windows = world.session.scalars(select(EscalationPolicy.reply_window_s)).all()
    assert set(windows) == {77}
    edits = select(func.count()).where(AuditRow.action == "policy.edited")
    assert world.session.scalar(edits) == 4


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reply_window_s": 0}, "reply_window_s"),
        ({"waves": []}, "waves"),
        ({"waves": [1, 0]}, "waves"),
        ({"waves": "1, 1"}, "waves"),
        ({"channels": ["pigeon"]}, "pigeon"),
        ({"channels": []}, "channels"),
        ({"hours": "never"}, "never"),
        ({"severity": 5}, "severity"),
        ({"severity": 1}, "twice"),
        ({"second_channel_s": None}, "second_channel_s"),
        ({"colour": "red"}, "colour"),
        ({"duty_told_s": -1}, "duty_told_s"),
        ({"reply_window_s": float("nan")}, "reply_window_s"),
    ],
)
def test_bad_policies_are_refused_with_a_sentence_and_nothing_is_stored(
    flask: Command, tmp_path: Path, world: World, changes: dict[str, Any], sentence: str
) -> None:
    result = flask("policies", "import", _edited(flask, tmp_path, **changes))
    assert (result.exit_code, sentence in result.output) == (1, True)
    assert world.session.get_one(EscalationPolicy, 1).reply_window_s == 600


@pytest.mark.parametrize("content", [b"{", b"[1]", b"3", b"\xff\xfe{}"])
def test_what_is_no_json_of_policies_is_misuse(
    flask: Command, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    assert flask("policies", "import", file).exit_code == 2


def test_a_simulation_says_who_would_be_asked_and_changes_nothing(
    flask: Command, world: World
) -> None:
    near = world.expert(1, name="Near")
    world.expert(2, name="Far")
    world.expert(0.5, name="Suspended", status="suspended", validated_at=world.now)
    result = flask("dispatch", "simulate", "--office", "UA", "--kind", "CYB", "--severity", "1",
                   "--language", "en", "--local-experts-safe")  # fmt: skip
    assert result.exit_code == 0
    lines = [line for line in result.output.splitlines() if "<- asked first" in line]
    assert len(lines) == 1
    assert near.public_id in lines[0]
    assert "Suspended" in result.output.split("The nearest of them:")[1]
    assert world.session.scalar(select(func.count(CrisisRequest.id))) == 0
    assert world.session.scalar(select(func.count(Offer.id))) == 0


@pytest.mark.parametrize(
    "words", [("--office", "ZZZ", "--kind", "CYB"), ("--office", "UA", "--kind", "NONE")]
)
def test_a_simulation_of_nonsense_is_misuse(flask: Command, words: tuple[str, ...]) -> None:
    assert flask("dispatch", "simulate", *words).exit_code == 2
