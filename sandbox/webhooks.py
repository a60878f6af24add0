"""Signing and posting requests as Twilio does, to loopback only.

The signature is described at https://www.twilio.com/docs/usage/security: HMAC-SHA1 over the
URL and the sorted names and values of the fields, in base64.
"""

import base64
import hashlib
import hmac
from urllib.parse import urlsplit

import requests

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
ANSWER_LIMIT_S = 15.0  # Twilio gives up after 15 seconds.


class WebhookError(Exception):
    """A webhook got no usable answer; the text says why."""


def sign(auth_token: str, url: str, fields: dict[str, str]) -> str:
    """The value of X-Twilio-Signature for a form post of `fields` to `url`."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_loopback(url: str) -> bool:
    """Whether an http(s) URL stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK_HOSTS


def post_form(url: str, fields: dict[str, str], headers: dict[str, str]) -> str:
    """Post a form over the network and return the answer's body. Raises WebhookError.

    Every post has its own connection: a kept one that the other side closes at the wrong moment
    would lose a webhook for no reason. Proxies of the environment are not used.
    """
    if not is_loopback(url):
        raise WebhookError(f"The sandbox posts to loopback only, not to {url}")
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                url, data=fields, headers=headers, timeout=ANSWER_LIMIT_S, allow_redirects=False
            )
    except requests.RequestException as error:
        raise WebhookError(f"{type(error).__name__} at {url}") from error
    if answer.status_code >= 300:
        raise WebhookError(f"{url} answered {answer.status_code}")
    answer.encoding = answer.encoding if "charset" in _content_type(answer) else "utf-8"
    return answer.text


def _content_type(answer: requests.Response) -> str:
    return answer.headers.get("Content-Type", "").lower()
