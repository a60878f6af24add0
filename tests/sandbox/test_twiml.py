"""Reading TwiML, well-formed and not."""

import pytest

from sandbox.twiml import BadTwimlError, Gather, Hangup, Redirect, Say, read_script, read_texts


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        ("", []),
        ("<Response/>", []),
        ('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', []),
        (
            "<Response><Message>Hi</Message><Message><Body>Ho</Body></Message></Response>",
            ["Hi", "Ho"],
        ),
        ("<Response><Message> </Message></Response>", []),
        ("<Response><Message>a\nb</Message></Response>", ["a\nb"]),
    ],
)
def test_texts_are_read(document: str, texts: list[str]) -> None:
    assert read_texts(document) == texts


@pytest.mark.parametrize(
    "document",
    [
        "OK",
        "<Message>Hi</Message>",
        "<Response><Say>Hi</Say></Response>",
        "<Response>",
        '<!DOCTYPE x [<!ENTITY a "b">]><Response><Message>&a;</Message></Response>',
    ],
)
def test_what_twilio_could_not_read_is_refused(document: str) -> None:
    with pytest.raises(BadTwimlError):
        read_texts(document)


def test_a_voice_document_is_read_in_order() -> None:
    script = read_script(
        '<Response><Say language="fr-FR"> Bon\n jour </Say><Pause length="2"/><Play>x.mp3</Play>'
        '<Gather action="/g" numDigits="1" timeout="9" finishOnKey="*" actionOnEmptyResult="true">'
        "<Say>1?</Say></Gather><Redirect>/next</Redirect><Reject reason='busy'/></Response>"
    )
    assert script == [
        Say("Bon jour", "fr-FR"),
        Say("[silence, 2 s]"),
        Say("[plays x.mp3]"),
        Gather((Say("1?"),), "/g", 1, 9.0, "*", on_empty=True),
        Redirect("/next"),
        Hangup("busy"),
    ]


@pytest.mark.parametrize(
    "verb", ["<Dial>+1</Dial>", "<Gather numDigits='x'/>", "<Gather><Dial/></Gather>"]
)
def test_an_unknown_verb_of_voice_is_refused(verb: str) -> None:
    with pytest.raises(BadTwimlError):
        read_script(f"<Response>{verb}</Response>")
