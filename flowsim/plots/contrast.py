"""Contrast of colours as the Web Content Accessibility Guidelines measure it."""

from __future__ import annotations

from collections.abc import Sequence

TEXT, GRAPHIC = 4.5, 3.0
"""Least contrast of text, and of what is drawn (levels AA of criteria 1.4.3 and 1.4.11)."""

DARK, LIGHT = "#000000", "#ffffff"
"""Of these two one has a contrast of 4.58 or more on any colour."""

Colour = str | Sequence[float]
"""``#rrggbb`` or ``#rgb``, or three parts from 0 to 1."""


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio from 1 (none) to 21 (black on white).

    The formula is that of WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """Relative luminance from 0 (black) to 1 (white), of sRGB colours."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: Colour) -> str:
    """Dark or light words, whichever are read better on a colour."""
    return DARK if contrast(DARK, colour) >= contrast(LIGHT, colour) else LIGHT


def _parts(colour: Colour) -> list[float]:
    if not isinstance(colour, str):
        return [float(part) for part in colour[:3]]
    digits = colour.removeprefix("#")
    pairs = [2 * one for one in digits] if len(digits) == 3 else [digits[at : at + 2] for at in (0, 2, 4)]
    return [int(pair, 16) / 255 for pair in pairs]
