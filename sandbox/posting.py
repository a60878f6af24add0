"""Posts to the application: signed with the account's token, and remembered with their outcome."""

from sandbox.records import WebhookPost
from sandbox.store import Store
from sandbox.webhooks import WebhookError, sign


def post_webhook(store: Store, url: str, fields: dict[str, str]) -> str:
    """Post to the application and return its answer. Raises WebhookError.

    It must not be called with the store's lock held: the application may take its time.
    """
    headers = {
        "X-Twilio-Signature": sign(store.config.auth_token, url, fields),
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": store.new_sid(""),
    }
    error = ""
    try:
        return store.config.post(url, fields, headers)
    except WebhookError as failure:
        error = str(failure)
        raise
    finally:
        with store.change():
            store.posts.append(WebhookPost(store.now(), url, fields, error))
