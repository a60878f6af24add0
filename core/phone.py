"""Phone numbers as E.164, whatever way they were typed.

Fictional ranges are not "valid" to the library, so a number is accepted when it is *possible*.
"""

import phonenumbers


class BadPhoneError(ValueError):
    """A text that cannot be a phone number."""


def to_e164(text: str, country: str | None = None) -> str:
    """`text` as +<country code><number>; `country` (ISO 3166-1) reads national spellings.

    Raises BadPhoneError when it cannot be a number that exists.
    """
    try:
        number = phonenumbers.parse(text.strip(), country or None)
    except phonenumbers.NumberParseException as error:
        raise BadPhoneError(text) from error
    if number.extension or not phonenumbers.is_possible_number(number):
        raise BadPhoneError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
