"""What may be handed in, where it lies, who examines it, and who gets it."""

import io
import os
import shlex
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.db import writing
from roster.models import Paper, Sighting
from roster.papers import storage
from roster.papers.examining import examine_papers
from roster.papers.kinds import DOCX, MOST_BYTES, ODT, PDF, BadFileError, kind_of
from roster.papers.names import clean_name
from roster.papers.quarantine import hand_in, throw_away, why_held
from roster.registrar.files import sweep
from roster.rules import stages
from sandbox.antivirus import EICAR
from tests.conftest import Clock
from tests.factories import make_expert, make_user
from tests.web.visitors import Visitor

A_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TYPES = (
    b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml" PartName="/word/document.xml"/></Types>'
)
MIMETYPE = b"application/vnd.oasis.opendocument.text"
Hand = Callable[..., Paper]


def archive(**parts: bytes) -> bytes:
    """A zip archive; `__` in a name stands for a dot, `_in_` for a folder."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name.replace("_in_", "/").replace("__", "."), part)
    return content.getvalue()


def docx(**more: bytes) -> bytes:
    content = io.BytesIO(archive(word_in_document__xml=b"<w/>", **more))
    with zipfile.ZipFile(content, "a") as file:
        file.writestr("[Content_Types].xml", TYPES)
    return content.getvalue()


def odt(**more: bytes) -> bytes:
    return archive(mimetype=MIMETYPE, content__xml=b"<o/>", **more)


def overlapping() -> bytes:
    """Many entries that share the bytes of one."""
    content = docx(big__bin=bytes(range(256)) * 2000)
    start = content.index(b"PK\x01\x02")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        count = len(file.namelist())
    end = content.rindex(b"PK\x05\x06")
    directory = content[start:end]
    copies = 40
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count * copies, count * copies,
        len(directory) * copies, start, 0,
    )  # fmt: skip
    return content[:start] + directory * copies + tail


def test_documents_are_known_by_their_content() -> None:
    assert [kind_of(content).ending for content in (A_PDF, docx(), odt())] == [PDF, DOCX, ODT]


BAD = {
    "nothing": (b"", "empty"),
    "too much": (A_PDF + bytes(MOST_BYTES), "5 MB"),
    "a page that calls itself a PDF": (b"<html><script>alert(1)</script>%PDF-1.7", "must be a PDF"),
    "a program": (b"MZ\x90\x00" + bytes(200), "must be a PDF"),
    "any archive": (archive(a__txt=b"a"), "must be a PDF"),
    "a table": (archive(content__xml=b"", mimetype=b"application/vnd.oasis.x"), "must be a PDF"),
    "half an archive": (docx()[:-30], "damaged"),
    "a bomb": (docx(bomb__xml=bytes(30_000_000)), "far too much"),
    "a bomb in many pieces": (
        docx(**{f"p{n}__xml": bytes(range(250)) * 4100 for n in range(62)}), "far too much",
    ),
    "a bomb of shared bytes": (overlapping(), "far too much"),
    "a way out": (docx(_in_etc_in_passwd=b"x"), "damaged"),
    "macros": (docx(word_in_vbaProject__bin=b"x"), "macros"),
}  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_document_is_refused_and_leaves_nothing(session: Session, hand: Hand) -> None:
    for name, (content, said) in BAD.items():
        with pytest.raises(BadFileError, match=said):
            hand(content)
        assert session.scalars(select(Paper)).all() == [], name
    assert storage.names() == set()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("CV Amina.docx", "CV Amina.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fakepath\\cv.pdf", "cv.pdf"),
        ("cv\u202efdp.exe", "cvfdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("سيرة ذاتية.pdf", "سيرة ذاتية.pdf"),
        ("...", "paper.pdf"),
        ("x" * 500, "x" * 100 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert clean_name(given, "pdf") == kept


@pytest.fixture
def hand(session: Session) -> Hand:
    """Hands in a file for a fresh expert."""
    expert = make_expert(session)

    def hand_over(content: bytes = A_PDF, name: str = "cv.pdf") -> Paper:
        with writing():
            return hand_in(
                session, content, name, kind=stages.CV, owner=expert, actor="test", now=now(session)
            )

    return hand_over


@pytest.fixture
def antivirus(app: Flask) -> Callable[[str], None]:
    """`antivirus("…")`: the command from now on."""

    def use(command: str) -> None:
        settings = app.extensions["settings"]
        object.__setattr__(settings, "antivirus", command)

    return use


PRETEND = f"{shlex.quote(sys.executable)} -m sandbox.antivirus"


def examined(session: Session, paper: Paper) -> str:
    with writing():
        moment = now(session)
    examine_papers(moment)
    session.rollback()
    return session.get_one(Paper, paper.id).verdict


def test_a_paper_waits_for_the_antivirus_and_then_is_given_to_vetters_alone(
    app: Flask, session: Session, hand: Hand, antivirus: Callable[[str], None]
) -> None:
    paper = hand(name="CV أمينة.pdf")
    path = f"/vetting/papers/{paper.public_id}"
    vetter = Visitor(app, make_user(session, "vetter"))
    assert examined(session, paper) == stages.QUARANTINED
    assert vetter.get(path).status_code == 409
    assert "no antivirus is set up" in vetter.get(path).text
    antivirus(PRETEND)
    assert examined(session, paper) == stages.CLEAN
    answer = vetter.get(path)
    assert (answer.status_code, answer.data) == (200, A_PDF)
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["Cache-Control"] == "no-store"
    session.rollback()
    assert session.scalars(select(Sighting.what)).all() == ["paper"]
    for role in ("duty_officer", "admin", "expert", "focal_point"):
        assert Visitor(app, make_user(session, role)).get(path).status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_virus_is_removed_and_its_paper_says_so(
    app: Flask, session: Session, hand: Hand, antivirus: Callable[[str], None]
) -> None:
    paper, packed = hand(A_PDF + EICAR), hand(docx(word_in_x__bin=EICAR))
    antivirus(PRETEND)
    assert examined(session, paper) == stages.INFECTED
    assert session.get_one(Paper, packed.id).verdict == stages.INFECTED
    assert storage.names() == set()
    answer = Visitor(app, make_user(session, "vetter")).get(f"/vetting/papers/{paper.public_id}")
    assert answer.status_code == 409
    assert "virus" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_virus_that_was_left_behind_by_a_crash_is_swept(session: Session, hand: Hand) -> None:
    paper, good = hand(A_PDF + EICAR), hand()
    with writing():
        paper.verdict, good.verdict = stages.INFECTED, stages.CLEAN
    for one in (paper, good):
        os.utime(storage.path_of(one.stored_as), (0, 0))
    assert sweep(session) == 1
    assert storage.names() == {good.stored_as}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_antivirus_that_fails_is_asked_again_later(
    session: Session, hand: Hand, antivirus: Callable[[str], None], clock: Clock
) -> None:
    paper = hand()
    for command in ("sh -c 'exit 2'", "sh -c 'kill -9 $$'", "/no/such/program"):
        antivirus(command)
        assert examined(session, paper) == stages.QUARANTINED, command
        clock.forward(minutes=6)
    antivirus("false-start")
    assert examined(session, paper) == stages.QUARANTINED
    antivirus(PRETEND)
    assert examined(session, paper) == stages.QUARANTINED, "not at once again"
    assert "tried again" in why_held(session.get_one(Paper, paper.id))
    clock.forward(minutes=6)
    assert examined(session, paper) == stages.CLEAN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_papers_lie_outside_the_web_root_under_random_names(
    app: Flask, session: Session, hand: Hand
) -> None:
    one, other = hand(), hand()
    assert one.stored_as != other.stored_as
    path = storage.path_of(one.stored_as)
    assert path.read_bytes() == A_PDF
    assert path.stat().st_mode & 0o777 == 0o600
    assert Path(app.static_folder or "") not in path.parents
    with pytest.raises(ValueError, match="not a name of ours"):
        storage.path_of("../iproc-dispatch.sqlite3")
    with writing():
        throw_away(session, one, actor="test", now=now(session))
    assert storage.names() == {other.stored_as}
