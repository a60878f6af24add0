"""One kept-alive client of Twilio's REST interface, with a time limit on everything.

Protocol: https://www.twilio.com/docs/usage/api. Knows what an error means for the call itself, not
what follows from it.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from core.settings import TWILIO, Settings, is_loopback
from dispatch.channels.handover import Lost, NotReached, Refused, Result, Taken

SID = re.compile(r"(SM|MM|CA)[0-9a-f]{32}")
CONNECT_S = 3.05  # just over one lost SYN
BUSY = 20429  # what Twilio's own code for 429 is, when a gateway says it without a body


class ApiClient:
    """What Twilio's client asks to send its requests: kept-alive, timed, pointed where we say.

    Stands in for the library's own TwilioHttpClient, whose time limit is none and which keeps too
    few connections; `connections` threads may share one.
    """

    is_async = False

    def __init__(self, base_url: str, connections: int, timeout_s: float) -> None:
        self.session = requests.Session()
        # Proxies of the environment are for the way out, not for a sandbox on this machine.
        self.session.trust_env = not is_loopback(base_url)
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)
        self._base_url = base_url
        self._limits = (min(CONNECT_S, timeout_s), timeout_s)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        **_theirs: object,
    ) -> Response:
        """One request; the library's own wishes for a time limit and redirects are not heeded.

        A redirect is an answer: followed, a POST could be sent twice. Raises
        requests.RequestException.
        """
        answer = self.session.request(
            method.upper(),
            self._base_url + url.removeprefix(TWILIO),
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=self._limits,
            allow_redirects=False,
        )
        return Response(int(answer.status_code), answer.text, answer.headers)


def open_client(settings: Settings, *, connections: int, timeout_s: float) -> Client:
    """A client for `connections` threads at once; each request takes `timeout_s` at most."""
    return Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        http_client=ApiClient(settings.twilio_api_url, connections, timeout_s),
    )


def close_client(client: Client) -> None:
    """Lets go of the connections."""
    client.http_client.session.close()


def hand_over(create: Callable[[], object]) -> Result:
    """What became of `create`, which asks the provider to take something and returns its SID.

    Creating is not idempotent: only what surely did not arrive, or was refused, counts as not
    taken; everything else is lost until the provider's own list says what it holds.
    """
    try:
        sid = create()
    except (TwilioRestException, TwilioServiceException) as error:
        return _answered(error)
    except requests.RequestException as error:
        why = type(error).__name__
        return NotReached(why) if never_connected(error) else Lost(why)
    except (TwilioException, ValueError, TypeError, KeyError) as error:
        return Lost(f"unreadable answer: {type(error).__name__}")
    if not isinstance(sid, str) or not SID.fullmatch(sid):
        return Lost("an answer without a SID")
    return Taken(sid)


def never_connected(error: requests.RequestException) -> bool:
    """Whether not a byte of the request can have reached the other side."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | NameResolutionError)


def read_time(moment: object) -> datetime | None:
    """A time that the library read, aware and in UTC; it leaves what it cannot read as text."""
    return moment if isinstance(moment, datetime) and moment.tzinfo else None


def _answered(error: TwilioRestException | TwilioServiceException) -> Result:
    status, code = int(error.status), _number(error.code)
    if status == 429:
        return Refused(code if code and code != 429 else BUSY, "HTTP 429")
    if 400 <= status < 500:
        return Refused(code, f"HTTP {status}")
    return Lost(f"HTTP {status}")


def _number(code: object) -> int | None:
    try:
        return int(str(code))
    except ValueError:
        return None
