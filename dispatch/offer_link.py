"""The link in an offer's text: short, signed, for this one offer."""

from flask import current_app
from sqlalchemy.orm import Session

from core.settings import Settings
from core.short_links import read_number, sign_number
from dispatch.models import Offer

PURPOSE = "offer"


def link_of(offer: Offer) -> str:
    """The address at which `offer`, which must have been flushed, is seen and answered."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.public_url}/offer/{sign_number(PURPOSE, offer.id)}"


def offer_behind(session: Session, token: str) -> Offer | None:
    """The offer that `token` was made for; None when it was not made by us."""
    number = read_number(PURPOSE, token)
    return None if number is None else session.get(Offer, number)
