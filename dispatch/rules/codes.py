"""The four characters by which an offer is answered. Where randomness comes from is not its matter.

Each code mixes letters and digits, so that no word of any language is ever taken for one: without
that, "2 days" would decline an offer called DAYS.
"""

from collections.abc import Callable, Container

from dispatch.rules.terms import CODE_LENGTH, CODE_LETTERS

MOST_TRIES = 1000


class NoCodeLeftError(RuntimeError):
    """No code was found that is free: far more offers are open than was ever meant."""


def new_code(choose: Callable[[str], str], taken: Container[str]) -> str:
    """A code that is not in `taken`; `choose` picks one of the letters, as secrets.choice does.

    Raises NoCodeLeftError.
    """
    for _ in range(MOST_TRIES):
        code = "".join(choose(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if is_code(code) and code not in taken:
            return code
    raise NoCodeLeftError


def is_code(text: str) -> bool:
    """Whether `text`, in capitals, has the form of a code."""
    return (
        len(text) == CODE_LENGTH
        and set(text) <= set(CODE_LETTERS)
        and not text.isalpha()
        and not text.isdigit()
    )
