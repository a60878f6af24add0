"""Making things go wrong by hand, and seeing what was posted to the application."""

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.checks import is_e164, tidy_number
from sandbox.faults import ALL, VOICE, Fault, Kind
from sandbox.pages.wall import show_page
from sandbox.rest import the_store

bp = Blueprint("faults", __name__)

# What a person chooses from: name -> (sentence, the fault)
CHOICES: dict[str, tuple[str, Fault]] = {
    "unreachable": (
        "The next text is not delivered: phone unreachable (30003)",
        Fault(Kind.FAIL_DELIVERY, code=30003),
    ),
    "unknown": (
        "The next text is not delivered: number unknown (30005)",
        Fault(Kind.FAIL_DELIVERY, code=30005),
    ),
    "filtered": (
        "The next text is filtered by the carrier (30007)",
        Fault(Kind.FAIL_DELIVERY, code=30007),
    ),
    "lost": ("The next text is lost without a word", Fault(Kind.LOSE_TEXT)),
    "late": ("The next text waits for a minute", Fault(Kind.DELAY_TEXT, seconds=60)),
    "no-receipts": ("The next text arrives, its receipts do not", Fault(Kind.LOSE_CALLBACKS)),
    "twice": ("The next text's receipts come twice", Fault(Kind.DUPLICATE_CALLBACKS)),
    "backwards": ("The next text's receipts come in reverse", Fault(Kind.REVERSE_CALLBACKS)),
    "invalid": (
        "The next request is refused: invalid number (21211)",
        Fault(Kind.REJECT, code=21211),
    ),
    "busy": ("The next request is refused: too many (20429)", Fault(Kind.REJECT, code=20429)),
    "cut": ("The next request is accepted, the answer is lost", Fault(Kind.RESET_AFTER)),
    "down": (
        "Twilio is down (503) until cleared",
        Fault(Kind.REJECT, where=ALL, times=None, status=503),
    ),
    "suspended": (
        "The account is refused (401, 20003) until cleared",
        Fault(Kind.REJECT, where=ALL, times=None, code=20003),
    ),
    "slow": (
        "Every request takes two seconds until cleared",
        Fault(Kind.SLOW, where=ALL, times=None, seconds=2),
    ),
    "answers-twice": ("The next answer is posted twice", Fault(Kind.DUPLICATE_INBOUND)),
    "answer-lost": ("The next answer is not posted", Fault(Kind.LOSE_INBOUND)),
    "call-fails": (
        "The next call can't be connected",
        Fault(Kind.FAIL_DELIVERY, where=VOICE),
    ),
}


@bp.get("/faults")
def show_faults() -> Response:
    """What can go wrong, what is waiting to, and the last posts to the application."""
    store = the_store()
    return show_page(
        "faults.html",
        choices=[(name, sentence) for name, (sentence, _) in CHOICES.items()],
        waiting=store.faults.all(),
        posts=list(store.posts)[:-31:-1],
        phone=request.args.get("phone", ""),
    )


@bp.post("/faults")
def add_fault() -> AnyResponse:
    """Let the chosen thing go wrong, for one phone or for whichever comes first."""
    choice = CHOICES.get(request.form.get("choice", ""))
    phone = tidy_number(request.form.get("phone", ""))
    if choice is None or (phone and not is_e164(phone)):
        abort(400)
    store = the_store()
    with store.change():
        store.faults.add(replace(choice[1], phone=phone or None))
    return redirect("/faults", 303)


@bp.post("/faults/clear")
def clear_faults() -> AnyResponse:
    """Forget one fault, or all."""
    given = request.form.get("id", "")
    store = the_store()
    with store.change():
        store.faults.clear(int(given) if given.isdecimal() else None)
    return redirect("/faults", 303)
