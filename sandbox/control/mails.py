"""Mails that the application hands in instead of sending them."""

from flask import Blueprint, Response, jsonify, request

from sandbox.control.bodies import query_number, query_wait_s, read_body, text_of
from sandbox.records import Mail
from sandbox.rest import the_store

bp = Blueprint("control_mails", __name__, url_prefix="/sandbox")


def mail_json(mail: Mail) -> dict[str, object]:
    """A mail as the control interface shows it."""
    return {
        "seq": mail.seq,
        "to": mail.to,
        "subject": mail.subject,
        "body": mail.body,
        "at": mail.at,
        "link": mail.link,
    }


@bp.post("/mails")
def keep_mail() -> tuple[Response, int]:
    """Keep a mail: `to`, `subject`, `body`, `at` (ISO 8601)."""
    store = the_store()
    given = read_body()
    at = text_of(given, "at", "") or store.now().isoformat(timespec="seconds")
    to, subject = text_of(given, "to"), text_of(given, "subject", "")
    mail = store.keep_mail(to, subject, text_of(given, "body", ""), at)
    return jsonify(mail_json(mail)), 201


@bp.get("/api/mails")
def show_mails() -> Response:
    """Mails behind the `after`th, to one address (`to`) or all; `wait_s` for the first of them."""
    store = the_store()
    to, after = request.args.get("to"), int(query_number("after"))
    found = store.wait_for(lambda: store.mails_to(to, after=after), query_wait_s())
    cursor = found[-1].seq if found else after
    return jsonify(mails=[mail_json(mail) for mail in found], cursor=cursor)
