"""Control of texts: what reached which phone, what was made at all, and writing one."""

from flask import Blueprint, Response, jsonify

from sandbox import inbound
from sandbox.control.bodies import (
    LONGEST_WAIT_S,
    number_of,
    phone_of,
    query_number,
    query_phone,
    query_wait_s,
    read_body,
    text_of,
)
from sandbox.records import Message
from sandbox.rest import the_store

bp = Blueprint("control_texts", __name__, url_prefix="/sandbox/api")


def text_json(message: Message) -> dict[str, object]:
    """A text as the control interface shows it; times are ISO 8601 in UTC with microseconds."""
    return {
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.to,
        "phone": message.phone,
        "body": message.body,
        "code": message.code,
        "link": message.link,
        "status": message.status,
        "error_code": message.error_code,
        "segments": message.segments,
        "arrival": message.arrival,
        "created": message.created.isoformat(),
        "sent": message.sent.isoformat() if message.sent else None,
        "updated": message.updated.isoformat(),
        "answers": message.answers,
        "webhook_error": message.webhook_error,
    }


@bp.get("/health")
def show_health() -> Response:
    """Serving, and some counts."""
    store = the_store()
    return jsonify(
        status="ok",
        version=store.version,
        messages=len(store.messages),
        arrived=len(store.arrived),
        calls=len(store.calls),
        mails=len(store.mails),
    )


@bp.get("/texts")
def show_texts() -> Response:
    """Texts that reached phones: `phone`, `after` (an arrival), `wait_s` for the first of them."""
    store = the_store()
    phone, after = query_phone(), int(query_number("after"))
    found = store.wait_for(lambda: store.texts(phone, after=after), query_wait_s())
    cursor = found[-1].arrival if found else after
    return jsonify(texts=[text_json(text) for text in found], cursor=cursor)


@bp.get("/messages")
def show_messages() -> Response:
    """All texts of both directions as they were made, behind the `after`th; `wait_s`."""
    store = the_store()
    after = int(query_number("after"))
    found = store.wait_for(lambda: store.messages[after:], query_wait_s())
    return jsonify(messages=[text_json(text) for text in found], cursor=after + len(found))


@bp.post("/texts")
def write_text() -> tuple[Response, int]:
    """A phone sends a text: `phone`, `body`, maybe `to`; `wait_s` waits for the webhook."""
    store = the_store()
    given = read_body()
    message = inbound.write_text(
        store,
        phone_of(given, "phone"),
        text_of(given, "body"),
        to=phone_of(given, "to") if "to" in given else None,
    )
    store.wait_for(lambda: message.settled, min(number_of(given, "wait_s"), LONGEST_WAIT_S))
    return jsonify(text_json(message)), 201


@bp.post("/deliver")
def deliver() -> Response:
    """Bring everything that is due to its end."""
    return jsonify(steps=the_store().deliver_due())


@bp.post("/time")
def pass_time() -> Response:
    """Move the sandbox's clock forward by `seconds`."""
    store = the_store()
    store.pass_time(number_of(read_body(), "seconds"))
    return jsonify(now=store.now().isoformat())


@bp.post("/reset")
def reset() -> Response:
    """Forget everything."""
    the_store().reset()
    return jsonify(status="ok")


@bp.get("/webhooks")
def show_webhooks() -> Response:
    """The last posts to the application, oldest first, with what went wrong."""
    posts = [
        {"at": post.at.isoformat(), "url": post.url, "fields": post.fields, "error": post.error}
        for post in list(the_store().posts)
    ]
    return jsonify(webhooks=posts)
