"""Crisis requests, offers, attempts, texts received, missions: what dispatch remembers.

Promises that two rows could break are unique indexes here, not checks before a write.
"""

from dispatch.models.attempts import Attempt
from dispatch.models.decisions import Decision
from dispatch.models.escalation import EscalationPolicy, EscalationStep
from dispatch.models.feeds import CalendarFeed
from dispatch.models.inbound import InboundMessage
from dispatch.models.missions import Mission
from dispatch.models.offers import Offer
from dispatch.models.operations import Heartbeat, Incident
from dispatch.models.requests import CrisisRequest
from dispatch.models.sending import Sender

__all__ = [
    "Attempt",
    "CalendarFeed",
    "CrisisRequest",
    "Decision",
    "EscalationPolicy",
    "EscalationStep",
    "Heartbeat",
    "InboundMessage",
    "Incident",
    "Mission",
    "Offer",
    "Sender",
]
