"""Which message leaves first when several wait: the smaller number.

The gravest requests first, and among messages of one severity the offers: nobody comes because an
office has read that its request was received.
"""

URGENT = 1


def urgency_of_offer(severity: int) -> int:
    """The place of an offer in the queue."""
    return 2 * severity - 1


def urgency_of_notice(severity: int) -> int:
    """The place of everything that is told about a request of this severity."""
    return 2 * severity
