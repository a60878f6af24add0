"""A text leaves, arrives, is answered; every step is stored."""

from datetime import timedelta

from dispatch.rules import terms
from sandbox.faults import Kind
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World


def test_the_nearest_gets_a_text_with_code_and_link(post: Post, world: World) -> None:
    near, far = world.experts(2)
    world.file()
    assert post.deliver() >= 1
    text = post.phone(near).expect_text("cyberattack", "Ukraine")
    assert f" 1 {text.code} " in text.body
    assert f" 2 {text.code} " in text.body
    assert text.link is not None
    assert text.link.startswith("http://localhost/offer/")
    assert post.held(far) == []
    assert post.statuses(near) == [terms.DELIVERED]


def test_the_deadline_starts_at_the_hand_over(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    world.file()
    made = post.offer(near).deadline
    world.forward(minutes=2)
    post.send()
    offer = post.offer(near)
    (attempt,) = post.attempts(near)
    assert attempt.sent_at is not None
    assert offer.deadline == attempt.sent_at + timedelta(seconds=offer.window_s)
    assert offer.deadline > made


def test_a_text_that_waited_names_the_deadline_that_counts(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    world.file()
    world.forward(minutes=7)
    post.deliver()
    offer = post.offer(near)
    assert f"By {offer.deadline:%H:%M} " in post.phone(near).expect_text().body


def test_an_acceptance_by_text_is_answered_and_the_office_told(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    filer = world.focal_point(phone="+380445550100")
    world.file(filer)
    post.deliver()
    phone = post.phone(near)
    phone.expect_text()
    phone.accept()
    post.sandbox.settle()
    assert post.offer(near).status == terms.ACCEPTED
    phone.expect_text("is yours")
    post.deliver()
    post.sandbox.phone("+380445550100").expect_text(near.name, near.phone)


def test_nothing_leaves_twice(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    world.file()
    post.deliver()
    assert post.send() == 0
    assert len(post.held(near)) == 1


def test_a_text_that_is_under_way_is_not_claimed_again(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    post.phone(near).fault(Kind.SLOW, seconds=0.5)
    world.file()
    assert post.send() == 1
    assert len(post.held(near)) == 1


def test_the_call_says_the_same_and_takes_the_answer(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    world.file()
    post.deliver()
    world.forward(seconds=200)
    post.deliver()
    call = post.phone(near).expect_call()
    call.answer()
    post.sandbox.settle()
    call.press("1")
    post.sandbox.settle()
    assert post.offer(near).status == terms.ACCEPTED
    assert post.statuses(near, "voice") == [terms.DELIVERED]


def test_the_mail_has_the_link_too(post: Post, world: World) -> None:
    (near,) = world.experts(1)
    world.file()
    world.forward(seconds=400)
    post.deliver()
    (mail,) = post.mails(near.email)
    assert "/offer/" in mail.body
    assert post.statuses(near, "email") == [terms.SENT]
