"""The papers of the demonstration are PDFs that any reader opens."""

from dispatch.demo.papers import one_page


def test_a_page_begins_its_parts_where_it_says() -> None:
    page = one_page("A (title)", ["Señor \\ Ünal"])
    start = int(page.split(b"startxref\n")[1].split()[0])
    assert page[start:].startswith(b"xref\n0 6\n")
    for number, entry in enumerate(page[start:].splitlines()[3:8], 1):
        assert page[int(entry[:10]) :].startswith(b"%d 0 obj" % number)
    assert rb"(A \(title\)) Tj" in page
