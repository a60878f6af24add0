"""The form is light: in a crisis the line may be the thing that is broken."""

import re
from html import unescape

import pytest

from core.i18n import LANGUAGES
from tests.web.conftest import Visit
from tests.web.visitors import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MOST = 60_000  # bytes transferred, style sheet and script included
PART = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTED = re.compile(r'(?:import|from)\s*"(\./[^"]+)"')
SQUEEZED = {"Accept-Encoding": "gzip"}


def weigh(visitor: Visitor, path: str) -> int:
    """The bytes that travel for `path`."""
    with visitor.get(path, headers=SQUEEZED) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == "gzip" or len(answer.get_data()) < 1000
        return len(answer.get_data())


def read(visitor: Visitor, path: str) -> str:
    with visitor.get(path) as answer:
        return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_form_takes_less_than_60_kb(visit: Visit, language: str) -> None:
    visitor, form = visit(), f"/crisis/new?lang={language}"
    parts = {unescape(part) for part in PART.findall(read(visitor, form))}
    assert any(".css" in part for part in parts), "build the front end first: make assets"
    scripts = [part for part in parts if ".js" in part]
    assert scripts
    # What the script brings in at once; htmx comes only where a page renews itself.
    for script in scripts:
        parts |= {f"/static/build/{name[2:]}" for name in IMPORTED.findall(read(visitor, script))}
    size = sum(weigh(visitor, part) for part in {form, *parts})
    assert size < MOST, f"{size} bytes"
