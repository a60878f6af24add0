"""What we say to find out whether a phone is somebody's: by text, by call, by link.

Every function opens the reader's language itself. What an answer leads to is not known here.
"""

from twilio.twiml.voice_response import Gather, VoiceResponse

from core.i18n import nearest_language, speaking
from dispatch.wording.catalogue import _
from dispatch.wording.replies import finish
from dispatch.wording.voice import TIMES_SAID, WAIT_S, say, spoken


def proof_text(language: str, code: str) -> str:
    """The text that is to be answered with `code`."""
    with speaking(language):
        return finish(
            _(
                "IP-ROC: is this your phone? Please answer this text with %(code)s . Then we know "
                "that we can reach you here.",
                code=code,
            )
        )


def proof_link_text(language: str, link: str) -> str:
    """The last way: a text with the link."""
    with speaking(language):
        return finish(
            _(
                "IP-ROC: is this your phone? Open this page and press the button: %(link)s",
                link=link,
            )
        )


def proved_text(language: str) -> str:
    """To whoever answered with the code."""
    with speaking(language):
        return finish(
            _("Thank you. This phone is now known to be yours. There is nothing more to do.")
        )


def taken_text(language: str) -> str:
    """To whoever answered from a phone that another entry holds."""
    with speaking(language):
        return finish(_("Somebody else on the roster has this number. Please tell us by mail."))


def taken_call(language: str) -> str:
    """TwiML after the right key on such a phone."""
    with speaking(language):
        said = _("Somebody else on the roster has this number. Please tell us by mail. Goodbye.")
        return spoken(said, language)


def wrong_proof_text(language: str) -> str:
    """To another code than the one that was sent."""
    with speaking(language):
        return finish(_("That is not the code that we sent. Please look at our last text again."))


def no_more_tries_text(language: str) -> str:
    """To the last of too many wrong codes."""
    with speaking(language):
        return finish(_("That was not the code, either. A member of the team will contact you."))


def proof_call(language: str, gather_url: str) -> str:
    """TwiML that asks for a key; the key is posted to `gather_url`, silence ends the call."""
    language = nearest_language(language)
    with speaking(language):
        asked = _(
            "This is I P Rock. We would like to know whether we reach you on this phone. "
            "Press 1 if it is yours. Otherwise, just hang up."
        )
    response = VoiceResponse()
    for _time in range(TIMES_SAID):
        gather = Gather(action=gather_url, method="POST", num_digits=1, timeout=WAIT_S)
        say(gather, asked, language)
        response.append(gather)
    response.hangup()
    return str(response)


def proved_call(language: str) -> str:
    """TwiML after the right key."""
    with speaking(language):
        return spoken(_("Thank you. This phone is now known to be yours. Goodbye."), language)


def proof_over_call(language: str) -> str:
    """TwiML for a call that rings when there is nothing to prove any more."""
    with speaking(language):
        return spoken(_("Thank you. There is nothing more to do. Goodbye."), language)
