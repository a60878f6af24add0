"""What a call says, as TwiML: the request in a sentence, then 1 to accept and 2 to decline.

Protocol: https://www.twilio.com/docs/voice/twiml. Knows nothing of what a key press leads to.
"""

from datetime import datetime

from twilio.twiml.voice_response import Gather, VoiceResponse

from core.i18n import nearest_language, speaking
from dispatch.models import Offer
from dispatch.wording.catalogue import _
from dispatch.wording.names import distance_text, kind_name, local_deadline, office_name
from dispatch.wording.offers import works_remotely

# language and voice must belong together, or <Say> fails: Amazon Polly's codes.
SPEAKERS = {
    "ar": ("arb", "Polly.Zeina"),
    "zh": ("cmn-CN", "Polly.Zhiyu"),
    "en": ("en-GB", "Polly.Amy"),
    "fr": ("fr-FR", "Polly.Lea"),
    "ru": ("ru-RU", "Polly.Tatyana"),
    "es": ("es-ES", "Polly.Lucia"),
}
TIMES_SAID = 2
WAIT_S = 8


def offer_call(offer: Offer, now: datetime, gather_url: str) -> str:
    """TwiML that asks; a key press is posted to `gather_url`, silence ends with a goodbye."""
    request, expert = offer.request, offer.expert
    language = nearest_language(expert.language)
    with speaking(language):
        asked = _(
            "This is I P Rock. An intellectual property office needs you: %(kind)s, %(office)s, "
            "%(distance)s. Please answer by %(deadline)s. Press 1 to accept. Press 2 to decline.",
            kind=kind_name(request),
            office=office_name(request.office),
            distance=distance_text(None if works_remotely(offer) else offer.distance_km),
            deadline=local_deadline(offer.deadline, expert.time_zone, now, offer.window_s),
        )
        asked = _("This is an exercise. %(text)s", text=asked) if request.exercise else asked
        goodbye = _("We have also sent you a text. Goodbye.")
    response = VoiceResponse()
    for _time in range(TIMES_SAID):
        gather = Gather(action=gather_url, method="POST", num_digits=1, timeout=WAIT_S)
        say(gather, asked, language)
        response.append(gather)
    say(response, goodbye, language)
    return str(response)


def spoken(text: str, language: str) -> str:
    """TwiML that says `text` and hangs up."""
    response = VoiceResponse()
    say(response, text, nearest_language(language))
    response.hangup()
    return str(response)


def over_call(language: str) -> str:
    """TwiML for a call that rings after its offer has ended."""
    with speaking(language):
        return spoken(_("This request has been settled. Thank you. Goodbye."), language)


def outcome_call(language: str, *, accepted: bool, in_time: bool) -> str:
    """TwiML after a key press: what the answer led to."""
    with speaking(language):
        if not in_time:
            text = _("Thank you. This request has been settled. Nothing is expected of you.")
        elif accepted:
            text = _("Thank you. The case is yours. A text with the contact follows. Goodbye.")
        else:
            text = _("Thank you for your answer. We will ask somebody else. Goodbye.")
        return spoken(text, language)


def say(where: VoiceResponse | Gather, text: str, language: str) -> None:
    """Lets `where` say `text` in the voice of `language`, one of the six."""
    code, voice = SPEAKERS[nearest_language(language)]
    where.say(text, language=code, voice=voice)
