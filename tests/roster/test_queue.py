"""The queue finds what it should, page by page, and waits for what the rules say is missing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import clock
from core.db import writing
from roster import registrar
from roster.models import Reference, SkillClaim, VettingCase
from roster.models.words import words_of
from roster.rules import stages
from roster.vetting.queue import (
    ANY,
    PLENTY,
    Filters,
    Key,
    count_cases,
    list_cases,
    page_query,
    read_key,
)
from roster.vetting.scarce import Scarce
from roster.vetting.waiting import DECISION, waits_for
from tests.factories import make_expert, make_user
from tests.roster.casebook import (
    decide,
    examine,
    find,
    hear_referees,
    make_applicant,
    make_vetters,
    open_case,
)

TODAY = date(2027, 5, 10)
Story = Callable[[Session], VettingCase]


def names(session: Session, filters: Filters, me: int = 0) -> list[str]:
    """Whom the queue shows."""
    page = list_cases(session, filters, me=me, today=TODAY)
    assert count_cases(session, filters, me=me, today=TODAY) == len(page.cases)
    return [case.expert.name for case in page.cases]


def due(session: Session, on: date, **columns: Any) -> VettingCase:
    """The case of an applicant, to be decided by the day `on`."""
    case = open_case(session, make_applicant(session, **columns))
    with writing():
        case.due_on = on
    return case


def test_each_filter_finds_its_cases_by_due_date(session: Session) -> None:
    me = make_user(session, "vetter")
    late = due(session, TODAY - timedelta(days=1), name="Zoë Ünal", region="ARAB")
    due(session, TODAY, name="Ali Baba", email="cave@forty.test")
    done = due(session, TODAY + timedelta(days=1), name="Bo Li")
    with writing():
        now = clock.now(session)
        registrar.take_case(session, late, me, actor=me.public_id, now=now)
        registrar.drop_case(session, done, actor=me.public_id, now=now)
    found: dict[str, tuple[Filters, list[str]]] = {
        "open": (Filters(), ["Zoë Ünal", "Ali Baba"]),
        "any": (Filters(state=ANY), ["Zoë Ünal", "Ali Baba", "Bo Li"]),
        "dropped": (Filters(state=stages.DROPPED), ["Bo Li"]),
        "mine": (Filters(owner="mine"), ["Zoë Ünal"]),
        "nobody's": (Filters(owner="nobody"), ["Ali Baba"]),
        "overdue": (Filters(overdue="yes"), ["Zoë Ünal"]),
        "region": (Filters(region="ARAB"), ["Zoë Ünal"]),
        "kind": (Filters(kind=stages.RENEWAL), []),
        "family name": (Filters(text="unal"), ["Zoë Ünal"]),
        "beginning": (Filters(text="BAB al"), ["Ali Baba"]),
        "middle": (Filters(text="aba"), []),
        "address": (Filters(text="cave@forty"), ["Ali Baba"]),
        "stage": (Filters(stage=stages.COMPLETENESS), ["Zoë Ünal", "Ali Baba"]),
        "nonsense": (Filters(stage="no such stage"), []),
    }
    assert {what: names(session, one, me.id) for what, (one, _) in found.items()} == {
        what: expected for what, (_, expected) in found.items()
    }


def test_the_words_of_a_name_follow_the_name(session: Session) -> None:
    case = due(session, TODAY, name="Grace Hopper")
    with writing():
        case.expert.name = "Grace Murray"
    assert names(session, Filters(text="murray")) == ["Grace Murray"]
    assert names(session, Filters(text="hopper")) == []
    assert words_of("Zoë O’Neill-Łuk@a.test") == {"zoe", "oneill", "luk", "a", "test"}


def test_pages_lead_on_and_back_without_losing_anybody(session: Session) -> None:
    cases = [due(session, TODAY + timedelta(days=n // 3)) for n in range(7)]
    expected, shown = [case.id for case in cases], []
    page = list_cases(session, Filters(), me=0, today=TODAY, size=3)
    assert page.before is None
    while True:
        shown += [case.id for case in page.cases]
        if page.after is None:
            break
        assert read_key(page.after.text) == page.after
        page = list_cases(session, Filters(), me=0, today=TODAY, size=3, after=page.after)
    assert shown == expected
    page = list_cases(session, Filters(), me=0, today=TODAY, size=3, before=page.before)
    assert [case.id for case in page.cases] == expected[3:6]
    page = list_cases(session, Filters(), me=0, today=TODAY, size=3, before=page.before)
    assert [case.id for case in page.cases] == expected[:3]
    assert page.before is None
    assert page.after == Key(cases[2].due_on, cases[2].id)
    assert read_key("nonsense") is None
    assert read_key("2027-13-01.4") is None
    assert read_key(f"2027-12-01.{9**99}") is None


STORIES: dict[str, Story] = {}


def story(tell: Story) -> Story:
    """One of the ways in which a case can stand."""
    STORIES[tell.__name__] = tell
    return tell


@story
def nothing_was_found_yet(session: Session) -> VettingCase:
    return open_case(session, make_applicant(session))


@story
def everything_has_passed(session: Session) -> VettingCase:
    case = nothing_was_found_yet(session)
    examine(session, case, *make_vetters(session, 2))
    return case


@story
def a_stage_failed_later(session: Session) -> VettingCase:
    case = everything_has_passed(session)
    find(session, case, stages.ELIGIBILITY, make_vetters(session, 1)[0], stages.FAILED)
    return case


@story
def one_interviewer_gave_two_scores(session: Session) -> VettingCase:
    case, [vetter] = nothing_was_found_yet(session), make_vetters(session, 1)
    for _time in range(2):
        find(session, case, stages.INTERVIEW, vetter, score=4)
    return case


@story
def the_panel_doubts(session: Session) -> VettingCase:
    case = nothing_was_found_yet(session)
    for vetter, score in zip(make_vetters(session, 2), (4, 1), strict=True):
        find(session, case, stages.INTERVIEW, vetter, score=score)
    return case


@story
def a_low_score_was_mended(session: Session) -> VettingCase:
    case, (first, second) = nothing_was_found_yet(session), make_vetters(session, 2)
    for vetter, score in ((first, 1), (second, 3), (first, 3)):
        find(session, case, stages.INTERVIEW, vetter, score=score)
    return case


@story
def a_referee_is_against(session: Session) -> VettingCase:
    case = nothing_was_found_yet(session)
    hear_referees(session, case, recommends=False)
    find(session, case, stages.REFERENCES, make_vetters(session, 1)[0])
    return case


@story
def a_referee_was_against_and_was_weighed(session: Session) -> VettingCase:
    case, vetters = everything_has_passed(session), make_vetters(session, 1)
    with writing():
        before = clock.now(session) - timedelta(minutes=1)
        case.references.append(Reference(name="A", email="a@example.org", asked_at=before,
                                         answered_at=before, recommends=False))  # fmt: skip
    find(session, case, stages.REFERENCES, vetters[0], comment="An old quarrel.")
    assert registrar.missing_in(session, case) == []
    return case


@story
def a_skill_was_left_over(session: Session) -> VettingCase:
    case = everything_has_passed(session)
    with writing():
        case.expert.skills.append(SkillClaim(skill="LEG", level=1))
    return case


@story
def a_skill_needs_more(session: Session) -> VettingCase:
    case, [vetter] = everything_has_passed(session), make_vetters(session, 1)
    find(session, case, stages.TECHNICAL, vetter, stages.MORE_NEEDED, subject="BCP")
    return case


@story
def no_skill_passed(session: Session) -> VettingCase:
    case, [vetter] = everything_has_passed(session), make_vetters(session, 1)
    find(session, case, stages.TECHNICAL, vetter, stages.FAILED, subject="BCP")
    return case


@story
def nobody_answered_from_the_phone(session: Session) -> VettingCase:
    case = everything_has_passed(session)
    with writing():
        case.expert.phone_proved_at = None
    return case


@story
def a_review_found_nothing_yet(session: Session) -> VettingCase:
    return open_case(session, make_expert(session), stages.REVIEW)


@story
def a_review_found_one_thing(session: Session) -> VettingCase:
    case = a_review_found_nothing_yet(session)
    find(session, case, stages.ELIGIBILITY, make_vetters(session, 1)[0])
    return case


@story
def a_refusal_is_appealed_against(session: Session) -> VettingCase:
    case = everything_has_passed(session)
    decide(session, case, make_vetters(session, 1)[0], qualified=False)
    with writing():
        return registrar.appeal(session, case, "No.", actor="applicant", now=clock.now(session))


@pytest.mark.parametrize("name", STORIES)
def test_the_queue_waits_for_what_the_rules_say_is_missing(session: Session, name: str) -> None:
    nothing_was_found_yet(session)
    case = STORIES[name](session)
    everything_has_passed(session)  # what others have is not theirs
    gaps = {gap.stage for gap in registrar.missing_in(session, case)}
    said = {
        stage
        for stage in (*stages.STAGES, DECISION)
        if session.scalar(select(VettingCase.id).where(VettingCase.id == case.id, waits_for(stage)))
    }
    is_begun = case.kind != stages.REVIEW or bool(case.steps)
    assert said == (gaps or ({DECISION} if is_begun else set()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(), "ix_vetting_case_queue"),
        (Filters(owner="mine"), "ix_vetting_case_owner"),
        (Filters(owner="nobody"), "ix_vetting_case_owner"),
        (Filters(state=ANY), "ix_vetting_case_due"),
        (Filters(region="TDC"), "ix_vetting_case_queue"),
    ],
)
def test_a_page_is_read_in_the_order_of_an_index(
    session: Session, filters: Filters, index: str
) -> None:
    plan = plan_of(session, filters)
    assert index in plan
    assert "TEMP B-TREE" not in plan


def plan_of(session: Session, filters: Filters, scarce: Scarce = PLENTY) -> str:
    """How SQLite says that it reads the page after a key."""
    query = page_query(filters, me=1, today=TODAY, after=Key(TODAY, 1), scarce=scarce).limit(3)
    said = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    return "\n".join(row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {said}")))
