"""SQLite's write lock is taken in turn, by threads and processes, whatever becomes of a turn."""

import gc
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from core.sqlite import Writer, immediate, prepare

ROOT = Path(__file__).parents[2]
STEPS, HELD_S = 30, 0.002
OTHER_PROCESS = """
import sys
from tests.core.test_sqlite import add_one, open_file
engine = open_file(sys.argv[1])
print("ready", flush=True)
for step in range(int(sys.argv[2])):
    add_one(engine)
"""


def open_file(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"factory": Writer})
    prepare(engine)
    return engine


def test_a_connection_that_is_dropped_while_it_writes_gives_up_its_turn(tmp_path: Path) -> None:
    engine = open_file(f"{tmp_path}/dropped.sqlite3")
    with immediate():
        connection = engine.connect()
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
        connection.detach()
    del connection
    gc.collect()
    with immediate(), engine.begin() as another:
        another.execute(text("CREATE TABLE kept (n INTEGER)"))


def add_one(engine: Engine) -> None:
    with immediate(), engine.begin() as connection:
        number = connection.scalar(text("SELECT n FROM kept"))
        time.sleep(HELD_S)
        connection.execute(text("UPDATE kept SET n = :n"), {"n": number + 1})


def kept(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT n FROM kept")))


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = str(tmp_path / "lines.sqlite3")
    with open_file(path).begin() as connection:
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
        connection.execute(text("INSERT INTO kept VALUES (0)"))
    return path


def at_once(count: int, work: Callable[[int], None]) -> None:
    """`work` in so many threads; the first fault of any is raised here."""
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults


def test_threads_and_processes_lose_nothing_and_none_is_refused(path: str) -> None:
    engine = open_file(path)
    words = [sys.executable, "-c", OTHER_PROCESS, path, str(STEPS)]

    def work(_number: int) -> None:
        for _ in range(STEPS):
            add_one(engine)

    with ExitStack() as running:
        others = [
            running.enter_context(
                subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(2)
        ]
        assert [other.stdout and other.stdout.readline() for other in others] == ["ready\n"] * 2
        at_once(4, work)
    assert [other.returncode for other in others] == [0, 0]
    assert kept(engine) == 6 * STEPS


def test_a_busy_process_does_not_keep_another_out(path: str) -> None:
    """An engine has a line of its own, as a process has."""
    crowd, other, done = open_file(path), open_file(path), threading.Event()
    waits: list[float] = []

    def crowded(number: int) -> None:
        if number == 0:
            for _ in range(10):
                start = time.perf_counter()
                add_one(other)
                waits.append(time.perf_counter() - start)
            done.set()
        while not done.is_set():
            add_one(crowd)

    at_once(7, crowded)
    assert sorted(waits)[5] < 0.5


def left_by_exception(connection: Connection) -> None:
    raise LookupError


def left_without_an_end(connection: Connection) -> None:
    connection.close()


def lost(connection: Connection) -> None:
    connection.invalidate()


def refused_by_the_database(connection: Connection) -> None:
    connection.execute(text("INSERT INTO nowhere VALUES (1)"))


def let_go_of(connection: Connection) -> None:
    connection.detach()
    connection.close()


ENDS = (left_by_exception, left_without_an_end, lost, refused_by_the_database, let_go_of)


@pytest.mark.parametrize("end", ENDS)
def test_a_turn_is_over_however_it_ends(path: str, end: Callable[[Connection], None]) -> None:
    engine = open_file(path)
    try:
        with immediate(), engine.connect() as connection:
            connection.execute(text("UPDATE kept SET n = 9"))
            end(connection)
    except (LookupError, OperationalError):
        pass
    start = time.perf_counter()
    add_one(engine)
    assert time.perf_counter() - start < 1.0
    assert kept(engine) == 1


def test_turns_that_end_in_any_way_and_order_leave_the_line_free(path: str) -> None:
    engine, committed = open_file(path), []
    chance = random.Random(14)
    ends = [[chance.choice((*ENDS, None, None)) for _ in range(15)] for _ in range(6)]

    def work(number: int) -> None:
        for end in ends[number]:
            if end is None:
                add_one(engine)
                committed.append(1)
                continue
            try:
                with immediate(), engine.connect() as connection:
                    connection.execute(text("UPDATE kept SET n = n + 1"))
                    end(connection)
            except (LookupError, OperationalError):
                pass

    at_once(len(ends), work)
    assert kept(engine) == len(committed) > 0


def test_a_connection_that_is_kept_gives_its_turn_back_with_each_commit(path: str) -> None:
    engine = open_file(path)
    with immediate(), engine.connect() as connection:
        for _ in range(3):
            connection.execute(text("UPDATE kept SET n = n + 1"))
            connection.commit()
            add_one(engine)
    assert kept(engine) == 6


def test_readers_stand_in_no_line(path: str) -> None:
    engine = open_file(path)
    with immediate(), engine.connect() as writing:
        writing.execute(text("UPDATE kept SET n = 5"))
        assert kept_by_another_thread(engine) == 0
        writing.commit()
    assert kept(engine) == 5


def kept_by_another_thread(engine: Engine) -> int:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(kept(engine)))
    thread.start()
    thread.join(timeout=10)
    return found[0]
