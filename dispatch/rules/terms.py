"""The words of dispatch: the states of requests, offers, attempts and missions."""

AWAITING, SEARCHING, PAUSED = "awaiting_confirmation", "searching", "paused"
ASSIGNED, UNFILLED, CLOSED, CANCELLED = "assigned", "unfilled", "closed", "cancelled"
REQUEST_STATES = (AWAITING, SEARCHING, PAUSED, ASSIGNED, UNFILLED, CLOSED, CANCELLED)
ASKING = (SEARCHING, PAUSED, UNFILLED)  # somebody may be asked, and a message leave

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
LAPSED, UNDELIVERABLE, WITHDRAWN = "expired", "undeliverable", "withdrawn"
OFFER_STATES = (OPEN, ACCEPTED, DECLINED, LAPSED, UNDELIVERABLE, WITHDRAWN)

QUEUED, SENDING, SENT = "queued", "sending", "sent"
DELIVERED, FAILED, UNKNOWN = "delivered", "failed", "unknown"
ATTEMPT_STATES = (QUEUED, SENDING, SENT, DELIVERED, FAILED, UNKNOWN)
DROPPED = "dropped"  # never handed over, on purpose: the offer ended before it left

STARTED, DONE, REVIEWED = "started", "done", "reviewed"
MISSION_STATES = (ACCEPTED, STARTED, DONE, REVIEWED, WITHDRAWN)
ACTIVE = (ACCEPTED, STARTED)  # somebody is on their way or at work: a seat is taken

SMS, VOICE, EMAIL = "sms", "voice", "email"
CHANNELS = (SMS, VOICE, EMAIL)

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # A-H J-N P-Z 2-9
CODE_LENGTH = 4
SEVERITIES = (1, 2, 3, 4)
