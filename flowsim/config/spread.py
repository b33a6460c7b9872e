"""How a number may vary, in words that a program reads: the ``distribution`` of a row of evidence.

===================  ===================================================================================================
``fixed``            known, or so by definition: never varied
``what-if [how]``    a choice or a claim, not an unknown: held unless asked for by name, then varied as said or evenly
``uniform``          evenly between ``low`` and ``high``
``triangular [m]``   between them, most likely at the mode ``m``, by default the configured value
``normal``           ``low`` and ``high`` are the 2.5 % and the 97.5 % point; so ``lognormal``, ``gamma``, ``beta``
``scale A to B``     the configured values times one factor
``shift A to B``     the configured values plus one term
``shares [±W]``      shares that add to one, each within W of its value (or from ``low`` to ``high``): drawn evenly,
                     then multiplied by one factor, each held in its range
===================  ===================================================================================================

``uniform``, ``normal``, ``lognormal``, ``gamma`` and ``beta`` take ``A to B`` where that is not ``low`` to ``high``.
``each`` before a word draws every number under the row for itself; without it all share one draw. Scaled and shifted
numbers are held between ``low`` and ``high`` if the row has them. What follows a semicolon is for people. In a dated
value a 0 stays 0: what has not begun is not varied.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from flowsim.config.problems import did_you_mean

ABSOLUTE = ("uniform", "triangular", "normal", "lognormal", "gamma", "beta")
RELATIVE = ("scale", "shift")
WORDS = ("fixed", "what-if", *ABSOLUTE, *RELATIVE, "shares")

_NUMBER = r"[-−]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER}) to ({_NUMBER})")
_ONE = re.compile(rf"({_NUMBER})")
_WIDTH = re.compile(r"±(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Spread:
    """One reading of a distribution.

    Attributes
    ----------
    word : str
        One of :data:`WORDS`; ``fixed`` and ``what-if`` are never varied unasked.
    each : bool
        Every number for itself, rather than one draw for all.
    low, high : float, optional
        The numbers after the word; None where the range of the row holds.
    mode : float, optional
        Of ``triangular``.
    width : float, optional
        Of ``shares``.
    asked : Spread, optional
        How a what-if varies once it is asked for.
    words : str
        What is said to people.
    """

    word: str
    each: bool = False
    low: float | None = None
    high: float | None = None
    mode: float | None = None
    width: float | None = None
    asked: Spread | None = None
    words: str = ""

    @property
    def varied(self) -> bool:
        """Whether it is an unknown, drawn without being asked for."""
        return self.word not in ("fixed", "what-if")

    @property
    def needs_range(self) -> bool:
        """Whether the row must say low and high."""
        own = self.low is not None or self.width is not None
        return (self.word in ABSOLUTE or self.word == "shares") and not own


FIXED = Spread("fixed")


def read_spread(text: str) -> Spread | str:
    """A distribution as read, or what is wrong with it: the message, ``; `` and a hint."""
    said, _, words = text.partition(";")
    parts = said.split()
    if not parts:
        return f"says nothing; begin with one of {', '.join(WORDS)}"
    if parts[0] == "what-if":
        asked = read_spread(" ".join(parts[1:])) if parts[1:] else Spread("uniform")
        if isinstance(asked, str):
            return asked
        return Spread("what-if", asked=asked, words=words.strip())
    each = parts[0] == "each"
    return _of_word(parts[1:] if each else parts, each, words.strip())


def _of_word(parts: list[str], each: bool, words: str) -> Spread | str:
    word, rest = (parts[0] if parts else ""), " ".join(parts[1:])
    if word not in WORDS or (each and word not in (*ABSOLUTE, *RELATIVE)):
        return f"does not begin with a word that can be read, {word!r}; {did_you_mean(word, WORDS, 'one of')}"
    ends = _RANGE.fullmatch(rest)
    if ends and word in (*ABSOLUTE, *RELATIVE) and word != "triangular":
        low, high = (_value(one) for one in ends.groups())
        return Spread(word, each, low, high, words=words)
    if word in RELATIVE:
        return f"{word!r} needs two numbers; for example {word} 0.9 to 1.1"
    if word == "triangular" and (one := _ONE.fullmatch(rest)):
        return Spread(word, each, mode=_value(one.group(1)), words=words)
    if word == "shares" and (one := _WIDTH.fullmatch(rest)):
        return Spread(word, width=_value(one.group(1)), words=words)
    if rest:
        return f"{rest!r} after {word!r} cannot be read; put words for people behind a semicolon"
    return Spread(word, each, words=words)


def _value(text: str) -> float:
    return float(text.replace("−", "-"))


def faults_of(spread: Spread, low: float | None, high: float | None) -> list[str]:
    """What keeps a row with this distribution and range from being drawn, in words; nothing if it can be."""
    if spread.word == "what-if" and spread.asked is not None:
        return faults_of(spread.asked, low, high) if low is not None or not spread.asked.needs_range else []
    if not spread.varied:
        return []
    if spread.needs_range and (low is None or high is None):
        return [f"{spread.word} needs low and high"]
    first, last = (low, high) if spread.low is None else (spread.low, spread.high)
    if first is None or last is None:
        return []
    if spread.word in RELATIVE:
        own = _NEUTRAL[spread.word]
        holds = first <= own <= last and first < last
        return [] if holds else [f"{spread.word} {first:g} to {last:g} leaves out {own:g}, the configured value itself"]
    if first >= last:
        return [f"the range from {first:g} to {last:g} is empty; fixed does not vary"]
    return _about_ends(spread, first, last)


_NEUTRAL = {"scale": 1.0, "shift": 0.0}
_LIMITS = {"lognormal": (0.0, math.inf), "gamma": (0.0, math.inf), "beta": (0.0, 1.0)}


def _about_ends(spread: Spread, first: float, last: float) -> list[str]:
    found = []
    least, most = _LIMITS.get(spread.word, (-math.inf, math.inf))
    if first <= least or last >= most:
        found.append(f"{spread.word} lies between {least:g} and {most:g}, not from {first:g} to {last:g}")
    if spread.mode is not None and not first <= spread.mode <= last:
        found.append(f"the mode {spread.mode:g} is not between {first:g} and {last:g}")
    return found
