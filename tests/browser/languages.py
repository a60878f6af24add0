"""In which languages a page is looked at: two at every run, all six in the long campaign.

Arabic runs from right to left and English is what the others are translated from: together they
show what is wrong with a page. What is wrong with one translation is shown by `make test-long`.
"""

import pytest

from core.i18n import LANGUAGES

ALWAYS = ("ar", "en")
EACH_LANGUAGE = pytest.mark.parametrize(
    "language",
    [code if code in ALWAYS else pytest.param(code, marks=pytest.mark.long) for code in LANGUAGES],
)
