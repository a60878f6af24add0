"""Many texts at once: none is lost or doubled, and reading stays cheap. Counts, never times."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sandbox import sms
from sandbox.app import create_sandbox, store_of
from sandbox.config import DEMO_ACCOUNT_SID, SandboxConfig
from sandbox.listing import list_messages
from sandbox.records import Message
from sandbox.store import Store
from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, STATUS_URL, Listener, client_for


class CountingList(list[Message]):
    """A list of messages that counts how often one is looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)


def filled(count: int) -> Store:
    store = store_of(create_sandbox(SandboxConfig(automatic=False)))
    for number in range(count):
        form = {"To": f"+1202555{number % 500:04}", "From": SENDER, "Body": "x"}
        sms.accept_message(store, form)
    return store


def test_reading_all_pages_looks_at_each_message_about_once() -> None:
    store = filled(3000)
    counting = store.messages = CountingList(store.messages)
    query, seen = {"PageSize": "50"}, 0
    while True:
        page = list_messages(store, query, DEMO_ACCOUNT_SID)
        seen += len(page["messages"])
        if page["next_page_uri"] is None:
            break
        token = str(page["next_page_uri"]).rpartition("PageToken=")[2]
        query = {"PageSize": "50", "PageToken": token}
    store.close()
    assert seen == 3000
    assert counting.looks < 3000 * 2


def test_hundreds_of_texts_from_many_senders_are_all_kept_and_reported(
    lively: RunningSandbox, listener: Listener
) -> None:
    def send(sender: int) -> None:
        with client_for(lively, timeout=30) as client:
            for number in range(25):
                client.messages.create(
                    to=f"+120255501{sender:02}",
                    from_=SENDER,
                    body=f"{number}",
                    status_callback=STATUS_URL,
                )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    lively.settle()
    assert len({text.sid for text in lively.store.arrived}) == 200
    assert sorted(listener.statuses()) == ["delivered"] * 200 + ["sent"] * 200
    for sender in range(8):
        bodies = [text.body for text in lively.store.texts(f"+120255501{sender:02}")]
        assert sorted(bodies, key=int) == [f"{number}" for number in range(25)]
