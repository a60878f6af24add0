"""The forms of the expert's own page. What they ask for is judged by the roster's verbs."""

from dispatch.me.forms.hours import DAYS, QuietForm, WeekForm, ZoneForm
from dispatch.me.forms.leaving import ErasureForm, WithdrawalForm
from dispatch.me.forms.limits import LimitsForm, shown_limit
from dispatch.me.forms.reach import PhoneForm
from dispatch.me.forms.whereabouts import PlaceChoiceForm, PlaceForm

__all__ = [
    "DAYS",
    "ErasureForm",
    "LimitsForm",
    "PhoneForm",
    "PlaceChoiceForm",
    "PlaceForm",
    "QuietForm",
    "WeekForm",
    "WithdrawalForm",
    "ZoneForm",
    "shown_limit",
]
