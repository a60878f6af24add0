"""Limits that hold across processes: how often something was tried of late.

Keys are digests, so that no address and no name is stored here.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.accounts.models import Throttle
from core.inserting import else_add, for_kind

KEPT = timedelta(days=1)
COUNT = else_add(Throttle, ["key", "window"], "count")


def key_of(purpose: str, *parts: str) -> str:
    """The key under which tries of `purpose` by `parts` (address, account, …) are counted."""
    secret = current_app.config["SECRET_KEY"].encode()
    text = "\n".join((purpose, *parts)).encode()
    return f"{purpose}:{hmac.new(secret, text, hashlib.sha256).hexdigest()}"


def place_of(address: str | None) -> str:
    """Where a request came from: of IPv6 the /64 network, which is what one subscriber is given.

    They may write from any of its 2⁶⁴ addresses (RFC 6177, RFC 8981).
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((parsed.packed, 64), strict=False))


def count_try(session: Session, key: str, now: datetime, window_s: int, amount: int = 1) -> int:
    """Counts one more try; returns how many there were in the last `window_s` seconds.

    What is counted may weigh more than one: `amount` then, in whatever unit the key stands for.
    """
    session.execute(delete(Throttle).where(Throttle.window < now - KEPT))
    row = {"key": key, "window": now.replace(second=0, microsecond=0), "count": amount}
    session.connection().execute(for_kind(session, COUNT), row)
    return tries(session, key, now, window_s)


def tries(session: Session, key: str, now: datetime, window_s: int) -> int:
    """How many tries there were in the last `window_s` seconds, to the minute."""
    since = now - timedelta(seconds=window_s)
    counted = select(func.sum(Throttle.count)).where(Throttle.key == key, Throttle.window > since)
    return session.scalar(counted) or 0


def forget_tries(session: Session, key: str) -> None:
    """Starts anew: whoever tried has proved to be the right one."""
    session.execute(delete(Throttle).where(Throttle.key == key))
