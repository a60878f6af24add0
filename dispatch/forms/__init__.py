"""The forms of dispatch: asking for help, answering an offer, and the duty officer's moves."""

from dispatch.forms.crisis import AmendForm, CrisisForm
from dispatch.forms.moves import AnswerForm, ChoiceForm, MoveForm, ReasonForm

__all__ = ["AmendForm", "AnswerForm", "ChoiceForm", "CrisisForm", "MoveForm", "ReasonForm"]
