"""Archives made to break whoever looks into them: each is refused with a sentence."""

import io
import random
import zipfile

import pytest
from flask import Flask

from roster.papers.kinds import DOCX_MAIN, BadFileError, kind_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def document(packing: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        archive.writestr("[Content_Types].xml", b"<x>" + DOCX_MAIN + b"</x>" * 30)
        archive.writestr("word/document.xml", b"<w>text</w>" * 50)
    return made.getvalue()


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_document_packed_as_no_document_is_gets_a_sentence(app: Flask, packing: int) -> None:
    with app.test_request_context(), pytest.raises(BadFileError, match="damaged"):
        kind_of(document(packing))


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_archive_breaks_nothing(app: Flask, packing: int) -> None:
    chance, whole = random.Random(7), document(packing)
    seen = set()
    with app.test_request_context():
        for _ in range(400):
            damaged = bytearray(whole)
            for _byte in range(chance.choice((1, 1, 2, 4))):
                damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
            try:
                seen.add(kind_of(bytes(damaged)).ending)
            except BadFileError as fault:
                seen.add(str(fault))
    assert any("damaged" in one for one in seen)
