"""What the forms of all rooms share: GOV.UK's inputs as questions that stand out, with a hint at
each choice that needs one, and kinds of input that its own widgets lack.
"""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)

LABEL, LEGEND = "govuk-label--s", "govuk-fieldset__legend--s"


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


class TextQuestion(GovTextInput):
    """One line of the HTML type `kind`; `said` are GOV.UK's parameters, such as autocomplete."""

    def __init__(self, kind: str = "text", **said: str) -> None:
        super().__init__(kind)
        self._said = said

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        return _asked(super().map_gov_params(field, **kwargs)) | self._said


class FileQuestion(GovFileInput):
    """A file."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        return _asked(super().map_gov_params(field, **kwargs))


class LongQuestion(GovTextArea):
    """Several lines."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        return _asked(super().map_gov_params(field, **kwargs)) | {"rows": 4}


class ListQuestion(GovSelect):
    """One of many, in a list that opens."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        return _asked(super().map_gov_params(field, **kwargs)) | {"classes": "govuk-!-width-full"}


class OneQuestion(GovRadioInput):
    """One of a few; the field's `hints`, if it has any, explain the choices by their values."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        return _explained(super().map_gov_params(field, **kwargs), field)


class SomeQuestion(GovCheckboxesInput):
    """Any of a few."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        params = _explained(super().map_gov_params(field, **kwargs), field)
        return params | {"classes": "govuk-checkboxes--small"}


class YesQuestion(GovCheckboxInput):
    """A single yes."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """What GOV.UK's macro is called with."""
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        return params | {"classes": "govuk-checkboxes--small", "hint": None}


def _asked(params: dict[str, Any]) -> dict[str, Any]:
    params["label"]["classes"] = LABEL
    return params


def _explained(params: dict[str, Any], field: Any) -> dict[str, Any]:
    params["fieldset"]["legend"]["classes"] = LEGEND
    if not field.description:
        params["hint"] = None
    hints: dict[str, str] = getattr(field, "hints", {})
    for item in params["items"]:
        if hint := hints.get(item["value"]):
            item["hint"] = {"text": hint}
    return params
