"""The one decision: what happens next to a request. All that happens ends here.

`advance` looks at what is stored and does what the policy says next; twice in a row, the second
time changes nothing. Nothing else makes offers. Nothing else ends them but people: whoever answers,
a duty officer who takes one back (`answers`), and who has an expert erased (`personal_data`).
"""

from dispatch.advance.chosen import NotDeployableError, offer_to
from dispatch.advance.delivery import delivery_failed, handed_over
from dispatch.advance.due import advance_due
from dispatch.advance.next import advance, advance_held, advance_new

__all__ = [
    "NotDeployableError",
    "advance",
    "advance_due",
    "advance_held",
    "advance_new",
    "delivery_failed",
    "handed_over",
    "offer_to",
]
