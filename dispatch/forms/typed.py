"""What people type, as a crisis report wants it: digits of any script."""

import re

AFTER_POINT = str.maketrans({",": ".", "٫": ".", "，": "."})


def read_digits(text: str) -> int | float | str:
    """`text` as the number it is; as it stands when it is none, so that the report says so."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text.strip())
    digits = digits.translate(AFTER_POINT)
    if digits.isascii() and digits.isdigit():
        return int(digits) if len(digits) < 10 else text
    return float(digits) if re.fullmatch(r"\d{1,6}\.\d{1,6}", digits, re.ASCII) else text
