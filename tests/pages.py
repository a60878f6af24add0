"""Reads the forms of a page as a browser does."""

from html.parser import HTMLParser

Typed = dict[str, list[str] | str]
PLAIN = {"text", "email", "tel", "hidden", "number"}


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: Typed = {}
        self._open: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, kind = said.get("name") or "", said.get("type") or "text"
        if tag == "input" and name and kind in PLAIN:
            self.fields[name] = said.get("value") or ""
        elif tag == "input" and name and kind == "checkbox":
            ticked = self.fields.setdefault(name, [])
            if "checked" in said and isinstance(ticked, list):
                ticked.append(said.get("value") or "on")
        elif tag == "input" and name and kind == "radio" and "checked" in said:
            self.fields[name] = said.get("value") or ""
        elif tag in {"select", "textarea"} and name:
            self._open = (tag, name)
            self.fields[name] = ""
        elif tag == "option" and self._open and "selected" in said:
            self.fields[self._open[1]] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[0]:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[0] == "textarea":
            self.fields[self._open[1]] = f"{self.fields[self._open[1]]}{data}"


def fields_of(html: str) -> Typed:
    """What a browser would send of the forms on a page, nothing changed; buttons left out."""
    form = _Form()
    form.feed(html)
    return form.fields
