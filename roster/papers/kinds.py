"""What a file is, told by its content alone, and whether it may be taken in. Stores nothing.

Names and declared types are never believed. Documents in zip archives are measured before any of
it is unpacked, and no more than a few kilobytes of one are ever unpacked here.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass

import puremagic
from flask_babel import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_PARTS = 2_000
MOST_UNPACKED = 60 * 1024 * 1024
HIGHEST_RATIO = 100  # deflate reaches about 1,000; written text, with pictures, seldom 20
SMALL = 1024 * 1024  # a part that unpacks to less is harmless however well it was packed
MOST_READ = 256 * 1024
ENCRYPTED = 0x1
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PDF, DOCX, ODT = "pdf", "docx", "odt"
MEDIA_TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ODT: "application/vnd.oasis.opendocument.text",
}
DOCX_MAIN = b"wordprocessingml.document.main+xml"
MACROS = ("vbaproject.bin", "basic/script-lc.xml")
# What zipfile raises for a damaged archive, and for no fault of ours; tests make it raise each.
UNREADABLE = (
    zipfile.BadZipFile,  # records that are wrong
    zlib.error,  # packed bytes that are wrong
    EOFError,  # bytes that are missing
    NotImplementedError,  # a version from the future
    ValueError,  # places before the file, names in no alphabet
)


@dataclass(frozen=True)
class Kind:
    """A kind of document that is taken in: the ending of its name, and its media type."""

    ending: str
    media_type: str


class BadFileError(ValueError):
    """A file that is not taken in; its text says why to whoever sent it."""


def kind_of(content: bytes) -> Kind:
    """The kind of the document `content`. Raises BadFileError."""
    if not content:
        raise BadFileError(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise BadFileError(_("The file must be smaller than 5 MB."))
    if content.startswith(b"%PDF-") and _looks_like(content, PDF):
        return Kind(PDF, MEDIA_TYPES[PDF])
    if content.startswith(b"PK\x03\x04"):
        ending = _document_in(content)
        if ending:
            return Kind(ending, MEDIA_TYPES[ending])
    raise BadFileError(
        _("The file must be a PDF, a Word document (.docx) or an OpenDocument text.")
    )


def _looks_like(content: bytes, ending: str) -> bool:
    try:
        guesses = puremagic.magic_string(content[:4096])
    except puremagic.PureError:
        return False
    return any(ending in guess.extension for guess in guesses)


def _document_in(content: bytes) -> str:
    """The kind of document that an archive is; empty when it is none. Raises BadFileError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _measure(parts, len(content))
            return _main_part(archive, {part.filename for part in parts})
    except BadFileError:
        raise
    except UNREADABLE:
        raise BadFileError(_("The file is damaged. Save it again and send it once more.")) from None


def _measure(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Raises BadFileError for archives that would unpack to far more than they are."""
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    # Parts that share their bytes add up to more than the file: a bomb (D. Fifield, 2019).
    too_much = len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or packed > size
    if too_much or any(_is_dense(part) for part in parts):
        raise BadFileError(_("The file unpacks to far too much. Save it as a PDF."))
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise BadFileError(_("The file has a password. Save it without one."))
    # Documents are stored or deflated (ISO/IEC 29500-2, annex B; OpenDocument 1.3, part 2, 3.1).
    if any(part.compress_type not in PACKINGS or _leads_out(part.filename) for part in parts):
        raise BadFileError(_("The file is damaged. Save it again and send it once more."))
    if any(part.filename.casefold().endswith(MACROS) for part in parts):
        raise BadFileError(_("The file has macros in it. Save it as a PDF."))


def _is_dense(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")


def _main_part(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "word/document.xml" in names and "[Content_Types].xml" in names:
        return DOCX if DOCX_MAIN in _begin(archive, "[Content_Types].xml") else ""
    if "content.xml" in names and "mimetype" in names:
        is_text = _begin(archive, "mimetype").strip() == MEDIA_TYPES[ODT].encode()
        return ODT if is_text else ""
    return ""


def _begin(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MOST_READ)
