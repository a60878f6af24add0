"""Reads a form off a page as a browser would send it."""

from html.parser import HTMLParser
from typing import Any


class _Reader(HTMLParser):
    """Collects what the successful controls of the form that posts to `action` would send."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self._action = action
        self.is_folded = False
        self._inside, self._folds = False, 0
        self._area = self._list = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "details":
            self._folds += 1
        if tag == "form":
            self._inside = given.get("action") == self._action
            self.is_folded = self.is_folded or (self._inside and self._folds > 0)
        elif not self._inside:
            return
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._list = name
        elif tag == "option" and "selected" in given:
            self.fields[self._list] = value
        elif tag == "input" and given.get("type") in {"radio", "checkbox"}:
            if "checked" in given:
                self._add(name, value, many=given["type"] == "checkbox")
        elif tag == "input":
            self.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folds -= 1
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.lstrip("\r\n")

    def _add(self, name: str, value: str, *, many: bool) -> None:
        if many:
            self.fields.setdefault(name, []).append(value)
        else:
            self.fields[name] = value


def read_form(html: str, action: str) -> dict[str, Any]:
    """What the form with this `action` holds, token and hidden fields included."""
    return _read(html, action).fields


def is_folded(html: str, action: str) -> bool:
    """Whether the form with this `action` comes to light only when somebody unfolds it."""
    return _read(html, action).is_folded


def _read(html: str, action: str) -> _Reader:
    reader = _Reader(action)
    reader.feed(html)
    assert reader.fields, f"no form posts to {action}"
    return reader
