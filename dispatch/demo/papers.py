"""The papers that the applicants of the demonstration hand in: one page of a PDF each.

Written in PDF 1.4 (ISO 32000-1 describes all of it), in the letters of Western Europe. Knows no
row and no applicant.
"""

from collections.abc import Sequence

FIRST_LINE, LEADING, MARGIN = 780, 22, 60  # points, from the foot and the left of an A4 page


def one_page(title: str, lines: Sequence[str]) -> bytes:
    """A PDF that says `lines` below `title`."""
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        "/Resources << /Font << /F 4 0 R >> >> >>"
    )
    words = _content(title, lines)
    return _assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode("ascii"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
    ])  # fmt: skip


def _content(title: str, lines: Sequence[str]) -> bytes:
    said = [f"BT /F 18 Tf {MARGIN} {FIRST_LINE} Td ({_escaped(title)}) Tj /F 12 Tf {LEADING} TL T*"]
    said += [f"T* ({_escaped(line)}) Tj" for line in lines]
    return "\n".join([*said, "ET"]).encode("cp1252")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assemble(objects: Sequence[bytes]) -> bytes:
    """The file: its objects, and the table that says at which byte each of them begins."""
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, start = len(objects) + 1, len(file)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, start)
    )
