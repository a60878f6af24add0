"""A phone as a test holds it: it expects texts and calls, answers them, and refuses them.

It must not know the application; after GoAlert's phones (test/smoke/harness).
"""

from sandbox import conversation
from sandbox.faults import SMS, VOICE, Fault, Kind
from sandbox.inbound import write_text
from sandbox.records import LANDLINE, ONE_WAY, Call, Message
from sandbox.store import Store, TextMissingError

PATIENCE_S = 5.0


class UnexpectedTextError(AssertionError):
    """A text came to a phone that was to stay silent."""


class CallMissingError(AssertionError):
    """A call that was expected did not come, or did not go on."""


class Handset:
    """One phone. Each text and call is expected once: what was expected counts as read."""

    def __init__(self, store: Store, number: str) -> None:
        self._store = store
        self.number = number
        self._read: set[int] = set()
        self._last: Message | None = None

    @property
    def texts(self) -> list[Message]:
        """All texts that have reached this phone, in order of arrival."""
        return self._store.texts(self.number)

    def expect_text(self, *containing: str, timeout_s: float = PATIENCE_S) -> Message:
        """The first unread text that contains all of these; others stay unread.

        Raises TextMissingError, which says what came instead.
        """

        def look() -> Message | None:
            unread = (text for text in self.texts if text.seq not in self._read)
            fits = (text for text in unread if all(part in text.body for part in containing))
            return next(fits, None)

        found = self._store.await_delivery(look, timeout_s)
        if found is None:
            raise TextMissingError(f"no text with {containing} on {self.number}; {self._story()}")
        self._read.add(found.seq)
        self._last = found
        return found

    def expect_nothing(self, *, within_s: float = 0.0) -> None:
        """No unread text is here, nor comes within that time, nor with what is under way.

        Raises UnexpectedTextError.
        """
        self._store.settle()

        def look() -> Message | None:
            return next((text for text in self.texts if text.seq not in self._read), None)

        found = self._store.await_delivery(look, within_s)
        if found is not None:
            raise UnexpectedTextError(f"{self.number} got: {found.body}")

    def reply(self, body: str, *, to: str | None = None) -> Message:
        """Send a text and wait until the application took it; `.answers` is what it sent back."""
        message = write_text(self._store, self.number, body, to=to)
        self._store.await_delivery(lambda: message.settled, PATIENCE_S)
        self._store.settle()
        return message

    def accept(self) -> Message:
        """Answer `1 CODE` to the text that was expected last. Raises TextMissingError."""
        return self.reply(f"1 {self.code}")

    def decline(self) -> Message:
        """Answer `2 CODE` to the text that was expected last. Raises TextMissingError."""
        return self.reply(f"2 {self.code}")

    @property
    def code(self) -> str:
        """The answer code of the text that was expected last. Raises TextMissingError."""
        if self._last is None or self._last.code is None:
            raise TextMissingError(f"no text with a code was expected on {self.number}")
        return self._last.code

    def reject(self, code: int = 30003, *, times: int | None = 1) -> None:
        """The next texts are accepted and then not delivered, with that error."""
        self._add(Kind.FAIL_DELIVERY, times, code=code)

    def refuse(self, code: int = 21211, *, times: int | None = 1) -> None:
        """The next requests to send a text here are refused, with that error."""
        self._add(Kind.REJECT, times, code=code)

    def fault(self, kind: Kind, *, times: int | None = 1, seconds: float = 0.0) -> None:
        """Something else goes wrong with the next texts to or from this phone."""
        self._add(kind, times, seconds=seconds)

    def fail_calls(self, *, times: int | None = 1) -> None:
        """The next calls to this phone can't be connected."""
        self._store.faults.add(
            Fault(Kind.FAIL_DELIVERY, phone=self.number, times=times, where=VOICE)
        )

    def become_one_way(self) -> None:
        """From now on this phone receives texts and can't send any."""
        self._become(ONE_WAY)

    def become_landline(self) -> None:
        """From now on this is a landline: texts to it are refused, calls are not."""
        self._become(LANDLINE)

    def expect_call(self, *, timeout_s: float = PATIENCE_S) -> "CallInHand":
        """The first call that is ringing here and was not expected yet. Raises CallMissingError."""

        def look() -> Call | None:
            calls = self._store.calls_by_number.get(self.number, [])
            new = (call for call in calls if call.seq not in self._read)
            return next((call for call in new if call.status == "ringing"), None)

        found = self._store.await_delivery(look, timeout_s)
        if found is None:
            raise CallMissingError(f"no call came to {self.number}; {self._story()}")
        self._read.add(found.seq)
        return CallInHand(self._store, found)

    def _add(self, kind: Kind, times: int | None, *, code: int = 0, seconds: float = 0.0) -> None:
        self._store.faults.add(
            Fault(kind, self.number, times, SMS, code=code or None, seconds=seconds)
        )

    def _become(self, kind: str) -> None:
        with self._store.change():
            self._store.phone(self.number).kind = kind

    def _story(self) -> str:
        known = self._store.messages_by_number.get(self.number, [])
        return f"it has {[(text.direction, text.status, text.body) for text in known]}"


class CallInHand:
    """A call that rings on a phone."""

    def __init__(self, store: Store, call: Call) -> None:
        self._store = store
        self._call = call

    @property
    def status(self) -> str:
        """Twilio's word for how the call stands."""
        return self._call.status

    @property
    def heard(self) -> str:
        """Everything that was said so far, line by line."""
        return "\n".join(said.text for said in self._call.heard)

    def answer(self) -> "CallInHand":
        """Pick up, and listen until a key is waited for or the call ends."""
        conversation.answer_call(self._store, self._call)
        self._listen()
        return self

    def press(self, keys: str) -> "CallInHand":
        """Press keys, after picking up if need be, and listen on. Raises CallMissingError."""
        if self._call.status == "ringing":
            self.answer()
        if self._call.gather is None:
            raise CallMissingError(f"no key is waited for; heard: {self.heard}")
        conversation.press_keys(self._store, self._call, keys)
        self._listen()
        return self

    def decline(self) -> None:
        """Reject it: the line is busy."""
        conversation.decline_call(self._store, self._call)
        self._store.settle()

    def ignore(self) -> None:
        """Let it ring until the caller gives up."""
        conversation.ignore_call(self._store, self._call)
        self._store.settle()

    def hang_up(self) -> None:
        """Put the receiver down."""
        conversation.hang_up(self._store, self._call)
        self._store.settle()

    def _listen(self) -> None:
        self._store.settle()
