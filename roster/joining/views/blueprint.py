"""What the pages of an application share: its draft behind the link, and how a page is shown."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import links
from core.clock import now
from core.db import db, writing
from core.i18n import current_language
from roster.joining.drafts import OWNED
from roster.joining.known import read_known
from roster.joining.letters import BEGUN, PURPOSE, VALID_DAYS
from roster.joining.sending import hold
from roster.joining.steps import ORDER, TITLES, Draft
from roster.joining.views.reader import note_reader
from roster.models import Application
from roster.papers.names import told_apart

bp = Blueprint("apply", __name__)
MOST_SENT = 12 * 1024 * 1024  # bytes: enough that a file over the limit gets a sentence of its own


def find_draft(token: str, *, sent: bool = False) -> Draft:
    """The draft behind a link. 404 when it is forged, 410 when too old or gone.

    One that was sent is found with `sent` alone; otherwise the reader is led to what became of it.
    """
    purpose = next((one for one in (PURPOSE, BEGUN) if links.read(one, token) is not None), None)
    if purpose is None:
        abort(404)
    public_id = links.read(purpose, token, max_age_s=VALID_DAYS * 86_400)
    found = db.session.scalar(select(Application).where(Application.public_id == public_id))
    # Anybody can begin in somebody's name: what its owner types is not for them.
    if found is None or (purpose == BEGUN and OWNED in found.answers):
        abort(410, description=_("This link is too old. Begin again, or ask for a new link."))
    known = read_known(db.session(), current_language())
    draft = Draft(found, known, by_mail=purpose == PURPOSE)
    if draft.by_mail:
        note_reader(found.email)
    if draft.is_sent and not sent:
        abort(redirect(url_for("apply.overview", token=token), 303))
    return draft


def change(
    draft: Draft, act: Callable[[Session, Application, datetime], Mapping[str, Any]]
) -> Draft:
    """Stores the answers that `act` returns, in one transaction that holds the draft."""
    application_id = draft.application.id
    with writing() as session:
        application = hold(session, application_id)
        moment = now(session)
        if application.sent_at is None:
            if OWNED in application.answers and not draft.by_mail:
                abort(410)  # its owner was quicker
            changed = act(session, application, moment)
            owned = {OWNED: True} if draft.by_mail else {}
            # Another object: the ORM would not see a change inside of the old one.
            application.answers = {**application.answers, **changed, **owned}
            application.updated_at = moment
    return replace(draft, application=db.session.get_one(Application, application_id))


def keep(draft: Draft, **answers: Any) -> Draft:
    """Stores `answers` over what was there."""
    return change(draft, lambda _session, _application, _now: answers)


def page(template: str, draft: Draft, token: str, step: str = "", **shown: Any) -> str:
    """One page of the application; `step` says which."""
    return render_template(
        f"joining/{template}.html", draft=draft, token=token, step=step, titles=TITLES,
        number=ORDER.index(step) + 1 if step else 0, steps=len(ORDER), told_apart=told_apart,
        **shown,
    )  # fmt: skip


def address_after(draft: Draft, token: str, step: str) -> str:
    """Where `step` leads when it is done: to the next open page, else to the check of all."""
    following = draft.after(step)
    if following:
        return url_for("apply.show", token=token, step=following)
    return url_for("apply.check", token=token)
