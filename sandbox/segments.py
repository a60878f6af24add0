"""How many SMS segments a text takes, by GSM 03.38 and GSM 03.40 (3GPP TS 23.038, 23.040).

Pure: text goes in, a number comes out.
"""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")


def is_gsm7(text: str) -> bool:
    """Whether every character is in the GSM 7-bit alphabet or its extension table."""
    return all(char in _GSM7 or char in _GSM7_EXTENSION for char in text)


def count_segments(text: str) -> int:
    """Segments of a text: 160 or 153 septets each, or 70 or 67 UTF-16 units; at least one."""
    if is_gsm7(text):
        return _pack([2 if char in _GSM7_EXTENSION else 1 for char in text], 160, 153)
    return _pack([len(char.encode("utf-16-le")) // 2 for char in text], 70, 67)


def _pack(widths: list[int], whole: int, part: int) -> int:
    """Fill segments in order; a character of two units is never split between two of them."""
    if sum(widths) <= whole:
        return 1
    segments, used = 1, 0
    for width in widths:
        if used + width > part:
            segments, used = segments + 1, 0
        used += width
    return segments
