"""Reading TwiML: the answer to a text, and what a voice call is told to do.

Pure. It understands Message, Say, Play, Pause, Gather, Redirect, Hangup and Reject.
"""

from dataclasses import dataclass
from typing import TypeAlias
from xml.etree.ElementTree import Element, ParseError, fromstring


class BadTwimlError(ValueError):
    """An answer that Twilio could not read either (its errors 12100 and 12200)."""


@dataclass(frozen=True)
class Say:
    """Words spoken, or in brackets what else is heard; `language` is as the document says."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Gather:
    """Wait for key presses; `action` may be relative or empty (the document itself)."""

    prompts: tuple[Say, ...]
    action: str
    num_digits: int | None
    timeout_s: float
    finish_on_key: str
    on_empty: bool


@dataclass(frozen=True)
class Redirect:
    """Go on with another document."""

    url: str


@dataclass(frozen=True)
class Hangup:
    """End the call; `status` is how it then counts."""

    status: str = "completed"


Verb: TypeAlias = Say | Gather | Redirect | Hangup


def read_texts(document: str) -> list[str]:
    """The texts that a messaging answer asks to send back, in order. Raises BadTwimlError."""
    texts = []
    for element in _children(document):
        if element.tag == "Message":
            bodies = element.findall("Body")
            texts.append("".join("".join(part.itertext()) for part in bodies or [element]).strip())
        elif element.tag != "Redirect":
            raise BadTwimlError(f"<{element.tag}> is not a verb of messaging")
    return [text for text in texts if text]


def read_script(document: str) -> list[Verb]:
    """What a voice answer asks to do, in order. Raises BadTwimlError."""
    return [_verb(element) for element in _children(document)]


def _children(document: str) -> list[Element]:
    if not document.strip():
        return []
    if "<!DOCTYPE" in document:
        raise BadTwimlError("a document type is not allowed")
    try:
        root = fromstring(document.strip())  # noqa: S314 - no DTD, so no entities to expand
    except ParseError as error:
        raise BadTwimlError(f"not well-formed: {error}") from error
    if root.tag != "Response":
        raise BadTwimlError(f"<{root.tag}> instead of <Response>")
    return list(root)


def _verb(element: Element) -> Verb:
    if element.tag in {"Say", "Play", "Pause"}:
        return _sound(element)
    if element.tag == "Gather":
        return _gather(element)
    if element.tag == "Redirect":
        return Redirect(_text(element))
    if element.tag in {"Hangup", "Reject"}:
        busy = element.get("reason") == "busy"
        return Hangup("busy" if busy else "completed")
    raise BadTwimlError(f"<{element.tag}> is not a verb of voice that the sandbox knows")


def _gather(element: Element) -> Gather:
    try:
        num_digits = int(element.get("numDigits", "0")) or None
        timeout_s = float(element.get("timeout", "5"))
    except ValueError as error:
        raise BadTwimlError("numDigits and timeout of <Gather> must be numbers") from error
    return Gather(
        prompts=tuple(_sound(child) for child in element),
        action=element.get("action", ""),
        num_digits=num_digits,
        timeout_s=timeout_s,
        finish_on_key=element.get("finishOnKey", "#"),
        on_empty=element.get("actionOnEmptyResult", "false").lower() == "true",
    )


def _sound(element: Element) -> Say:
    if element.tag == "Say":
        return Say(_text(element), element.get("language", ""))
    if element.tag == "Play":
        return Say(f"[plays {_text(element)}]")
    if element.tag == "Pause":
        return Say(f"[silence, {element.get('length', '1')} s]")
    raise BadTwimlError(f"<{element.tag}> can't be inside <Gather>")


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
