"""Who may do what: CONTRACT.md's table as one dict, and deny by default for every endpoint.

A view says what it needs with `@may("…")` or `@open_to_all`. What says nothing is refused, and an
exception while checking ends the request before the view runs. Knows no room above.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, abort, current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])

GRANTS: dict[str, frozenset[str]] = {
    "focal_point": frozenset(
        {"crisis.file", "crisis.see", "crisis.change", "office.edit", "roster.nominate", "account"}
    ),
    "duty_officer": frozenset(
        {
            "crisis.file", "crisis.see", "crisis.change",
            "desk.see", "desk.act", "roster.see", "account",
        }
    ),
    "vetter": frozenset(
        {
            "roster.see", "roster.edit", "roster.nominate",
            "vetting.see", "vetting.act", "account",
        }
    ),
    "admin": frozenset({"admin.see", "admin.edit", "audit.see", "office.edit", "account"}),
    "auditor": frozenset(
        {
            "crisis.see", "desk.see", "roster.see", "vetting.see", "admin.see", "audit.see",
            "account",
        }
    ),
    # `own` is the expert's own page; `account` everybody's own name, phone and password.
    "expert": frozenset({"own", "account"}),
}  # fmt: skip
PERMISSIONS = frozenset().union(*GRANTS.values())
# Whoever has a permission through one of these has it for their own office only.
OWN_OFFICE_ONLY = frozenset({"focal_point"})
ANONYMOUS = "anonymous"
API = "/api/"
# Where somebody wanted to go whose password was right, in their session while their code is owed.
AFTER = "after"
CODE_PAGE = "/sign-in/code"
_NEEDS = "access_needs"
_OPEN: frozenset[str] = frozenset()


def may(*permissions: str) -> Callable[[View], View]:
    """Lets in whoever has at least one of `permissions`; what they may see is the view's matter.

    Raises ValueError for a permission that nobody has: it would be a spelling mistake.
    """
    if not permissions or set(permissions) - PERMISSIONS:
        raise ValueError(f"no role has one of {permissions}")

    def declare_view(view: View) -> View:
        setattr(view, _NEEDS, frozenset(permissions))
        return view

    return declare_view


def open_to_all(view: View) -> View:
    """Lets everybody in; a view that shows one person's or one office's things checks itself."""
    setattr(view, _NEEDS, _OPEN)
    return view


def declare(app: Flask, endpoint: str, *permissions: str) -> None:
    """Declares a library's endpoint, whose view we do not write; without permissions: open."""
    _declared(app)[endpoint] = frozenset(permissions)


def needs(app: Flask, endpoint: str) -> frozenset[str] | None:
    """What `endpoint` asks for: any one of these, nothing when empty; None when undeclared."""
    declared = _declared(app).get(endpoint)
    if declared is not None:
        return declared
    return getattr(app.view_functions.get(endpoint), _NEEDS, None)


def allowed(permission: str, office: str | None = None) -> bool:
    """Whether the present user has `permission`, for the office with code `office` when given.

    A focal point has theirs for their own office only; without `office`, for some office.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"no role has {permission}")
    for role in _roles():
        if permission not in GRANTS.get(role, ()):
            continue
        if office is None or role not in OWN_OFFICE_ONLY or own_office(office):
            return True
    return False


def own_office(code: str) -> bool:
    """Whether the present user is registered with the office `code`."""
    return bool(code) and "focal_point" in _roles() and current_user.office_code == code


def require(permission: str, office: str | None = None) -> None:
    """Ends the request with 403 unless `allowed(permission, office)`."""
    if not allowed(permission, office):
        abort(403)


def current_actor() -> str:
    """The public id of whoever is signed in, for the audit; `anonymous` for everybody else."""
    return str(current_user.public_id) if current_user.is_authenticated else ANONYMOUS


def init_app(app: Flask) -> None:
    """Asks the question before every request; the pages' templates may ask it too."""
    declare(app, "static")
    app.before_request(check)
    app.context_processor(lambda: {"allowed": allowed, "own_office": own_office})


def check() -> ResponseReturnValue | None:
    """Refuses unless the endpoint's declaration lets the present user in."""
    if request.endpoint is None:
        return None  # no such page or method: the router answers that itself
    needed = needs(current_app, request.endpoint)
    if needed is None:
        abort(403)
    if needed == _OPEN:
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not any(allowed(permission) for permission in needed):
        abort(403)
    return None


def _declared(app: Flask) -> dict[str, frozenset[str]]:
    return cast("dict[str, frozenset[str]]", app.extensions.setdefault("access", {}))


def _roles() -> frozenset[str]:
    if not current_user.is_authenticated or not current_user.active:
        return frozenset()
    return cast("frozenset[str]", current_user.role_names)


def ask_to_sign_in() -> ResponseReturnValue:
    """Sends a stranger to the sign-in page and back; 401 for programs and for changes."""
    if request.path.startswith(API) or request.method not in {"GET", "HEAD"}:
        abort(401)
    if "HX-Request" in request.headers:
        # A part of a page asked for itself: let the whole page ask again, and be sent to sign in.
        return Response(status=401, headers={"HX-Refresh": "true"})
    if AFTER in session:
        return redirect(CODE_PAGE)
    return redirect("/login?" + urlencode({"next": request.full_path.rstrip("?")}))
