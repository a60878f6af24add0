"""A phone is proved by a text that is answered, else by a call or a link."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import writing
from core.mail import Mail
from dispatch.models import Attempt
from dispatch.proving import prove_due
from roster import registrar
from roster.models import Expert, PhoneProof
from roster.registrar.proof import MOST_WRONG
from roster.rules import terms
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World
from tests.limits import limit
from tests.web.visitors import Visitor

CODE = re.compile(r"\b(?=[A-Z]*[2-9])(?=[2-9]*[A-Z])[A-HJ-NP-Z2-9]{6}\b")


@pytest.fixture
def applicant(world: World) -> Expert:
    """An applicant who could do everything, whose phone is to be proved."""
    return world.expert(1, status=terms.APPLICANT, vetted_by=None, approved_by=None, two_way=False)


def want(world: World, expert: Expert) -> None:
    with writing() as session:
        registrar.want_proof(session, session.get_one(Expert, expert.id), now=world.now)


def ask(world: World, post: Post, expert: Expert) -> str:
    """Has the phone asked by text; returns the code."""
    want(world, expert)
    assert prove_due(world.now) == 1
    post.deliver()
    found = CODE.search(post.phone(expert).expect_text("IP-ROC").body)
    assert found
    return found[0]


def later(world: World, post: Post, **by: float) -> int:
    world.forward(**by)
    world.session.commit()  # a turn of the worker begins with a view of its own
    moved = prove_due(world.now)
    post.deliver()
    return moved


def proved(world: World, expert: Expert) -> tuple[bool, bool]:
    """Whether the phone is proved, and known to be two-way."""
    found = world.session.get_one(Expert, expert.id)
    return found.phone_proved_at is not None, found.two_way


def test_an_answer_with_the_code_proves_a_two_way_phone(
    post: Post, world: World, applicant: Expert
) -> None:
    code = ask(world, post, applicant)
    assert prove_due(world.now) == 0
    phone = post.phone(applicant)
    phone.reply(f" {code.lower()}. ")
    phone.expect_text("known to be yours")
    assert proved(world, applicant) == (True, True)
    assert later(world, post, hours=1) == 0, "nothing more is asked"
    phone.reply(code)
    phone.expect_text("known to be yours")


def test_an_answer_with_words_around_the_code_proves_it_too(
    post: Post, world: World, applicant: Expert
) -> None:
    code = ask(world, post, applicant)
    phone = post.phone(applicant)
    phone.reply("oui")
    assert proved(world, applicant) == (False, False)
    phone.reply(f"Oui, {code.lower()}, merci")
    phone.expect_text("known to be yours")
    assert proved(world, applicant) == (True, True)


def test_without_an_answer_a_call_and_the_key_1_prove_it_one_way(
    post: Post, world: World, applicant: Expert
) -> None:
    ask(world, post, applicant)
    assert later(world, post, minutes=14) == 0
    assert later(world, post, minutes=2) == 1
    call = post.phone(applicant).expect_call()
    call.answer()
    assert "Press 1" in call.heard
    call.press("2")
    assert proved(world, applicant) == (False, False)
    call.press("1")
    post.sandbox.settle()
    assert proved(world, applicant) == (True, False)


def test_a_text_with_the_code_counts_after_the_call_and_a_call_takes_nothing_away(
    post: Post, world: World, applicant: Expert
) -> None:
    def answer_call() -> None:
        later(world, post, minutes=16)
        call = post.phone(applicant).expect_call()
        call.answer()
        call.press("1")
        post.sandbox.settle()

    code = ask(world, post, applicant)
    answer_call()
    assert proved(world, applicant) == (True, False)
    phone = post.phone(applicant)
    phone.reply(code)
    phone.expect_text("known to be yours")
    assert proved(world, applicant) == (True, True)
    world.forward(days=90)
    ask(world, post, applicant)
    answer_call()
    assert proved(world, applicant) == (True, True), "a text had proved it before"


def test_at_last_a_link_proves_it_one_way(
    app: Flask, post: Post, world: World, applicant: Expert
) -> None:
    ask(world, post, applicant)
    later(world, post, minutes=16)
    post.phone(applicant).expect_call().ignore()
    assert later(world, post, minutes=1) == 1, "a call that failed is not waited out"
    link = post.phone(applicant).expect_text("/phone/").link
    assert link is not None
    path = urlsplit(link).path
    visitor = Visitor(app)
    assert "Is this your phone?" in visitor.get(path).text
    assert proved(world, applicant) == (False, False)
    assert visitor.post(path, page=path).status_code == 303
    assert "known to be yours" in visitor.get(path).text
    assert proved(world, applicant) == (True, False)
    assert later(world, post, days=8) == 0


def test_a_late_answer_to_the_first_text_still_counts(
    post: Post, world: World, applicant: Expert
) -> None:
    code = ask(world, post, applicant)
    later(world, post, minutes=16)
    post.phone(applicant).expect_call().ignore()
    later(world, post, minutes=1)
    post.phone(applicant).reply(code)
    assert proved(world, applicant) == (True, True)


def test_wrong_codes_are_counted_and_another_phone_proves_nothing(
    post: Post, world: World, applicant: Expert
) -> None:
    code = ask(world, post, applicant)
    stranger = post.sandbox.phone("+380445550999")
    stranger.reply(code)
    stranger.expect_nothing()
    [other] = world.experts(1)
    post.phone(other).reply(code)
    phone = post.phone(applicant)
    wrong = "A2B3C4" if code != "A2B3C4" else "A2B3C5"
    for _ in range(MOST_WRONG - 1):
        phone.reply(wrong)
        phone.expect_text("not the code")
    assert proved(world, applicant) == (False, False)
    phone.reply(wrong)
    phone.expect_text("will contact you")
    phone.reply(code)
    assert proved(world, applicant) == (False, False)


def test_a_command_of_six_letters_and_digits_is_no_wrong_code(post: Post, world: World) -> None:
    [expert] = world.experts(1)
    ask(world, post, expert)
    post.phone(expert).reply("AWAY 22")
    assert len(world.session.get_one(Expert, expert.id).absences) == 1
    assert world.session.scalars(select(PhoneProof.tries)).all() == [0]


def test_a_phone_that_takes_no_text_is_called_at_once_and_no_mail_proves_it(
    post: Post, world: World, applicant: Expert
) -> None:
    post.phone(applicant).reject(30006, times=None)
    want(world, applicant)
    prove_due(world.now)
    post.deliver()
    assert later(world, post, seconds=1) == 1
    post.phone(applicant).expect_call().ignore()
    assert later(world, post, seconds=1) == 1
    assert later(world, post, seconds=1) == 1
    assert world.session.scalars(select(Mail).where(Mail.to == applicant.email)).all() == []
    assert proved(world, applicant) == (False, False)
    assert later(world, post, days=8) == 0, "given up"
    assert [proof.ended_at is None for proof in world.session.scalars(select(PhoneProof))] == [
        False
    ] * 3


def test_stop_keeps_its_meaning_and_ends_the_asking(
    post: Post, world: World, applicant: Expert
) -> None:
    ask(world, post, applicant)
    post.phone(applicant).reply("STOP")
    assert world.session.get_one(Expert, applicant.id).opted_out_at is not None
    later(world, post, minutes=16)
    post.phone(applicant).fail_calls(times=None)
    assert [attempt.channel for attempt in post.attempts_to(applicant.phone)] == ["sms"]


def test_applicants_are_never_offered_anything(post: Post, world: World, applicant: Expert) -> None:
    code = ask(world, post, applicant)
    world.file()
    post.deliver()
    post.phone(applicant).reply("1 " + code[:4])
    purposes = world.session.scalars(select(Attempt.purpose).where(Attempt.to == applicant.phone))
    assert set(purposes) == {"phone_proof"}
    assert proved(world, applicant) == (False, False)


def test_texts_to_applicants_wait_when_there_were_enough_today_and_the_duty_officer_is_told_once(
    app: Flask, post: Post, world: World, applicant: Expert
) -> None:
    limit(app, applicant_messages=1)
    officer = world.officer()
    other = world.expert(2, status=terms.APPLICANT, vetted_by=None, approved_by=None)
    listed = world.expert(3)
    for one in (applicant, other, listed):
        want(world, one)
    assert later(world, post) == 2, "one applicant's, and that of somebody on the roster"
    assert [len(post.attempts(one)) for one in (applicant, other, listed)] == [1, 0, 1]
    for _turn in range(3):
        assert later(world, post, minutes=16) == 1 or post.incidents() == ["proof_cap"]
    assert post.incidents() == ["proof_cap"]
    assert [len(post.attempts(other)), len(post.attempts(other, "voice"))] == [0, 0]
    told = [mail for mail in post.mails(officer.email) if "limit of texts to appl" in mail.body]
    assert len(told) == 1
    limit(app, applicant_messages=9)
    later(world, post, minutes=1)
    assert (len(post.attempts(other)), post.incidents()) == (1, [])


def test_of_two_who_typed_one_number_the_one_whose_code_is_answered_has_it(
    post: Post, world: World, applicant: Expert
) -> None:
    same = {"status": terms.APPLICANT, "vetted_by": None, "approved_by": None, "two_way": False}
    squatter = world.expert(2, phone=applicant.phone, **same)
    want(world, applicant)
    want(world, squatter)
    assert prove_due(world.now) == 2
    post.deliver()
    codes = {
        proof.expert_id: proof.code for proof in world.session.scalars(select(PhoneProof)).all()
    }
    phone = post.phone(applicant)
    phone.reply(codes[applicant.id])
    phone.expect_text("known to be yours")
    assert (proved(world, applicant), proved(world, squatter)) == ((True, True), (False, False))
    phone.reply(codes[squatter.id])
    phone.expect_text("Somebody else on the roster has this number")
    assert later(world, post, hours=1) == 0, "who only typed it is asked no more"


def test_stop_ends_the_texts_for_everybody_who_typed_that_number(
    post: Post, world: World, applicant: Expert
) -> None:
    same = {"status": terms.APPLICANT, "vetted_by": None, "approved_by": None, "two_way": False}
    squatter = world.expert(2, phone=applicant.phone, **same)
    post.phone(applicant).reply("STOP")
    found = [world.session.get_one(Expert, one.id) for one in (applicant, squatter)]
    assert all(one.opted_out_at is not None for one in found)
