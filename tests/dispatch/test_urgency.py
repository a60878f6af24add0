"""What leaves first when several messages wait."""

from itertools import pairwise

from dispatch.messages.urgency import URGENT, urgency_of_notice, urgency_of_offer
from dispatch.rules.terms import SEVERITIES


def test_among_one_severity_offers_leave_before_notices() -> None:
    assert all(urgency_of_offer(severity) < urgency_of_notice(severity) for severity in SEVERITIES)


def test_a_graver_request_comes_before_a_lighter_one_whatever_the_message() -> None:
    for graver, lighter in pairwise(SEVERITIES):
        assert urgency_of_notice(graver) < urgency_of_offer(lighter)


def test_nothing_comes_before_what_is_urgent() -> None:
    assert min(urgency_of_offer(severity) for severity in SEVERITIES) >= URGENT
