"""The words that the carrier itself obeys, and what it answers to them.

Pure. They count only when they are the whole text, in any case. Source:
https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out.
"""

STOP = "STOP"
START = "START"
HELP = "HELP"

_KINDS = {
    STOP: "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT ARRET",
    START: "START YES UNSTOP",
    HELP: "HELP INFO",
}
_WORDS = {word: kind for kind, words in _KINDS.items() for word in words.split()}

ANSWERS = {
    STOP: (
        "You have successfully been unsubscribed. You will not receive any more messages "
        "from this number. Reply START to resubscribe."
    ),
    START: (
        "You have successfully been re-subscribed to messages from this number. "
        "Reply HELP for help. Reply STOP to unsubscribe."
    ),
    HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def read_keyword(body: str) -> str | None:
    """STOP, START or HELP when the whole text is one of the carrier's words, else None."""
    return _WORDS.get(body.strip().upper())
