"""A process that is told to stop stops, whatever its main thread was doing just then."""

import signal
from collections.abc import Iterator
from threading import Event

import pytest

from core.stopping import stop_on_signals

SOON_S = 60


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.timeout(SOON_S)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_waiting_for_it(number: signal.Signals) -> None:
    stopped = Event()
    stop_on_signals(stopped)
    with stopped._cond:  # what `wait` holds for a moment each time that it looks up
        signal.raise_signal(number)
        assert not stopped._flag
    assert stopped.wait(SOON_S)


@pytest.mark.timeout(SOON_S)
def test_being_told_twice_is_being_told() -> None:
    stopped = Event()
    stop_on_signals(stopped)
    for _ in range(2):
        signal.raise_signal(signal.SIGTERM)
    assert stopped.wait(SOON_S)
