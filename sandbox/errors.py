"""Twilio's error codes as the sandbox speaks them, and the exception that carries one.

The texts follow https://www.twilio.com/docs/api/errors; a program must go by the numbers.
"""

# code -> (HTTP status, text) of a refused request
REFUSALS: dict[int, tuple[int, str]] = {
    10001: (403, "Account is not active"),
    20003: (401, "Authenticate"),
    20403: (403, "Forbidden"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url parameter is required"),
    21210: (400, "'From' phone number not verified"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid 'From' Phone Number"),
    21213: (400, "No 'From' number is specified"),
    21217: (400, "Phone number does not appear to be valid"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21266: (400, "'To' and 'From' number cannot be the same"),
    21408: (403, "Permission to send an SMS has not been enabled for the region"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number is not a valid, SMS-capable inbound phone number"),
    21609: (400, "The 'StatusCallback' URL is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' and 'From'"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21624: (400, "Invalid validity period value"),
    21635: (400, "'To' number cannot be a landline"),
}

# code -> text of a message that was accepted and did not arrive
DELIVERY_ERRORS: dict[int, str] = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30034: "Message from an unregistered number",
    30036: "Validity period expired",
    30450: "Message delivery blocked",
}

# These end a message before it left Twilio ("failed"); every other code ends it at the carrier.
NEVER_LEFT = frozenset({30001, 30002, 30036})


class RefusedError(Exception):
    """A request that the REST interface answers with an error."""

    def __init__(self, code: int | None, *, status: int = 0, detail: str = "") -> None:
        known = REFUSALS.get(code or 0, (400, "Error"))
        self.code = code
        self.status = status or known[0]
        self.message = f"{known[1]}: {detail}" if detail else known[1]
        super().__init__(self.message)

    def as_json(self) -> dict[str, str | int]:
        """The body that Twilio sends with an error."""
        return {
            "code": self.code or self.status,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
