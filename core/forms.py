"""What the forms of all rooms share: inputs in GOV.UK looks that GOV.UK's own widgets lack."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput


class TextInput(GovTextInput):
    """A GOV.UK text input of the HTML type `kind`: email, tel, …"""

    def __init__(self, kind: str = "text") -> None:
        super().__init__(kind)


class SecretInput(TextInput):
    """A password: never sent back to the browser, and no script is needed to type it."""

    def __init__(self) -> None:
        super().__init__("password")

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        return super().__call__(field, **(kwargs | {"value": ""}))
