"""Pages of messages and calls, newest first, as Twilio lists them.

All pages together cost one pass over what a number has: a page starts where the last one ended.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import TypeVar
from urllib.parse import urlencode

from sandbox.checks import LONGEST_VALIDITY_S
from sandbox.errors import RefusedError
from sandbox.records import CARRIER, Call, Message
from sandbox.store import Store
from sandbox.wire import account_uri, call_json, message_json

PAGE, LARGEST_PAGE = 50, 1000
Row = TypeVar("Row", Message, Call)


def list_messages(store: Store, query: Mapping[str, str], account_sid: str) -> dict[str, object]:
    """A page of messages. A message that was not sent yet counts by the time it was created.

    Raises RefusedError (20404 for a date that is none).
    """
    first, last = _date_range(query)

    def wanted(message: Message) -> bool:
        at = (message.sent or message.created).replace(microsecond=0)
        return (
            message.direction != CARRIER
            and query.get("To", message.to) == message.to
            and query.get("From", message.sender) == message.sender
            and (first is None or at >= first)
            and (last is None or at <= last)
        )

    # Nothing is sent later than the longest validity period after its creation.
    oldest = first - timedelta(seconds=LONGEST_VALIDITY_S + 1) if first else None
    page, more = _cut(_narrowest(store, query), query, wanted, oldest)
    uri = f"{account_uri(account_sid)}/Messages.json"
    listed = [message_json(message, account_sid) for message in page]
    return _envelope(uri, query, "messages", listed, _token(page, more))


def list_calls(store: Store, query: Mapping[str, str], account_sid: str) -> dict[str, object]:
    """A page of calls, by To, From and Status."""

    def wanted(call: Call) -> bool:
        return (
            query.get("To", call.to) == call.to
            and query.get("From", call.sender) == call.sender
            and query.get("Status", call.status) == call.status
        )

    page, more = _cut(store.calls, query, wanted, None)
    uri = f"{account_uri(account_sid)}/Calls.json"
    listed = [call_json(call, account_sid) for call in page]
    return _envelope(uri, query, "calls", listed, _token(page, more))


def _narrowest(store: Store, query: Mapping[str, str]) -> list[Message]:
    """The shortest list that holds every match."""
    numbers = [query[field] for field in ("To", "From") if field in query]
    lists = [store.messages_by_number.get(number, []) for number in numbers]
    return min([store.messages, *lists], key=len)


def _date_range(query: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """First and last moment asked for; a day without an hour is the whole day, in UTC."""
    if "DateSent" in query:
        return _moment(query["DateSent"], late=False), _moment(query["DateSent"], late=True)
    first = query.get("DateSent>")
    last = query.get("DateSent<")
    return (
        _moment(first, late=False) if first else None,
        _moment(last, late=True) if last else None,
    )


def _moment(text: str, *, late: bool) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(20404, status=400, detail=f"not a date: {text}") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole_day = late and len(text) == len("YYYY-MM-DD")
    return moment + timedelta(days=1, seconds=-1) if whole_day else moment


def _cut(
    rows: Sequence[Row],
    query: Mapping[str, str],
    wanted: Callable[[Row], bool],
    oldest: datetime | None,
) -> tuple[list[Row], bool]:
    """One page of the matching rows, newest first, and whether there are more."""
    size = _page_size(query)
    recent = takewhile(
        lambda row: oldest is None or row.created >= oldest, _backwards(rows, _before(query))
    )
    page = list(islice(filter(wanted, recent), size + 1))
    return page[:size], len(page) > size


def _backwards(rows: Sequence[Row], before: int | None) -> Iterator[Row]:
    """From the newest, or from the one before that number, to the oldest.

    Lists only grow at their end, so no lock is needed.
    """
    end = len(rows) if before is None else bisect_left(rows, before, key=lambda row: row.seq)
    for place in range(end - 1, -1, -1):
        yield rows[place]


def _page_size(query: Mapping[str, str]) -> int:
    given = query.get("PageSize", str(PAGE))
    return max(1, min(int(given), LARGEST_PAGE)) if given.isdecimal() else PAGE


def _before(query: Mapping[str, str]) -> int | None:
    token = query.get("PageToken", "").removeprefix("PA")
    return int(token) if token.isdecimal() else None


def _token(page: list[Row], more: bool) -> str | None:
    return f"PA{page[-1].seq}" if more else None


def _envelope(
    uri: str, query: Mapping[str, str], name: str, rows: list[dict[str, object]], token: str | None
) -> dict[str, object]:
    given = {key: value for key, value in query.items() if key not in {"Page", "PageToken"}}
    number = int(query["Page"]) if query.get("Page", "").isdecimal() else 0
    size = _page_size(query)
    more = given | {"Page": str(number + 1), "PageToken": token or ""}
    first = given | {"PageSize": str(size), "Page": "0"}
    return {
        "end": number * size + len(rows) - 1 if rows else 0,
        "first_page_uri": f"{uri}?{urlencode(first)}",
        "next_page_uri": f"{uri}?{urlencode(more)}" if token else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": None,
        name: rows,
        "start": number * size,
        "uri": f"{uri}?{urlencode(given)}" if given else uri,
    }
