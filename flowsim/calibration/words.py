"""A calibration in sentences: the answer, what pulls against what, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence

from flowsim.calibration.findings import Findings, ParameterFound, TargetFound
from flowsim.calibration.question import Question
from flowsim.calibration.space import CANDIDATES

_COARSE = 0.5  # share of the variance an emulator must explain to be of use
_SHOWN = 5


def share_left(share: float) -> str:
    """A share of the space in words."""
    if share <= 0.0:
        return f"less than one in {CANDIDATES:,} candidates"
    return f"{100.0 * share:.3g} %"


def sentence(found: Findings) -> str:
    """The answer: how many targets are met, what is left, what cannot be."""
    fitted = [one for one in found.targets if not one.target.hold_out]
    held = [one for one in found.targets if one.target.hold_out]
    text = f"{_met(fitted)} fitted targets are met at the best point{_possible(fitted)}"
    text += f", and {_met(held)} held out{_possible(held)}" if held else ""
    missed = [one.target.name for one in fitted if one.verdict == "missed"]
    text += f"; missed: {', '.join(missed)}" if missed else ""
    if found.empty:
        return f"{text}. No parameter set in the ranges meets all targets at once."
    waves = len(found.shares)
    text += f". After {waves} wave{'s' if waves > 1 else ''} {share_left(found.shares[-1])} of the space is left"
    return f"{text}; the scenario as configured is {'still possible' if found.configured_left else 'ruled out'}."


def _met(targets: Sequence[TargetFound]) -> str:
    return f"{sum(one.verdict == 'met' for one in targets)} of {len(targets)}"


def _possible(targets: Sequence[TargetFound]) -> str:
    names = [one.target.name for one in targets if one.verdict == "possible"]
    return f" (beyond its tolerance, yet not ruled out: {', '.join(names)})" if names else ""


def conflicts(found: Findings) -> list[str]:
    """What cannot be met, alone or together, and what pulls against what."""
    lines = [
        f"{name}: no value of the parameters inside their ranges meets it, even alone" for name in found.impossible
    ]
    for names in found.conflicts:
        fewer = "each" if len(names) == 2 else "in smaller groups"
        lines.append(f"{', '.join(names[:-1])} and {names[-1]} can be met {fewer}, but not together")
    if found.empty and not lines:
        lines.append("targets can be met a few at a time, but not all of them")
    which = "that miss least" if found.empty else "left"
    for one, two, r in found.trade_offs[:_SHOWN]:
        way = "more" if r > 0.0 else "less"
        lines.append(f"of the sets {which}, those with more {one} have {way} {two} (r = {r:.2f})")
    return lines


def cautions(asked: Question, found: Findings) -> list[str]:
    """What to beware of in using the best point."""
    lines = [*_edges(found.parameters), *_open_questions(found), *_emulated(found)]
    lines += [
        f"{one.path} may lie outside its evidence: {one.reason}"
        for one in asked.parameters
        if one.reason and one.evidence and not (one.evidence[0] <= one.low and one.high <= one.evidence[1])
    ]
    bare = [one.path for one in asked.parameters if not one.evidence]
    if bare:
        lines.append(f"the evidence states no range for {', '.join(bare)}; it is that of the targets file")
    lines += [f"{one.target.name} is undefined in the runs" for one in found.targets if one.verdict == "unknown"]
    if found.failed:
        lines.append(f"{found.failed} runs failed; see the logs of the waves")
    return lines


def _edges(parameters: Sequence[ParameterFound]) -> list[str]:
    return [
        f"{one.parameter.path} = {one.best:g} is at the edge of its range, {one.parameter.low:g} to "
        f"{one.parameter.high:g}: the targets may pull it further than the range allows"
        for one in parameters
        if one.at_edge
    ]


def _open_questions(found: Findings) -> list[str]:
    """What the targets do not decide."""
    if found.empty:
        return []
    free = [one.parameter.path for one in found.parameters if not one.identified]
    lines = [f"these targets say next to nothing of {', '.join(free)} alone"] if free else []
    for one, two, r in found.together[:_SHOWN]:
        way = "higher" if r > 0.0 else "lower"
        lines.append(f"only a combination is known: a higher {one} goes with a {way} {two} (r = {r:.2f})")
    lines.append("the best point is one of many that fit equally well; vary the parameters over what is left of them")
    return lines


def _emulated(found: Findings) -> list[str]:
    lines = [
        f"the emulator of {one.target.name} explains only {100.0 * one.explained:.0f} % of its differences between "
        "points; more points or replications would rule out more"
        for one in found.targets
        if one.explained < _COARSE and not one.target.hold_out and _still_wide(one)
    ]
    loud = [one.target.name for one in found.targets if one.chance**2 > one.target.variance and not one.target.hold_out]
    if loud:
        lines.append(
            f"chance hides more than the tolerance of {', '.join(loud)}; more replications would rule out more"
        )
    missed = [one.target.name for one in found.targets if one.verdict == "missed" and not one.target.hold_out]
    if missed and not found.empty:
        lines.append(
            f"emulators hold sets possible that would meet {', '.join(missed)}, runs have not found one; add waves"
        )
    if not found.stable and len(found.shares) > 1 and not found.empty:
        lines.append(f"the space left was still shrinking after {len(found.shares)} waves; more may rule out more")
    return lines


def _still_wide(one: TargetFound) -> bool:
    """Whether a target varies over what is left by more than it is known; else an emulator has nothing to explain."""
    return one.left[1] - one.left[0] > one.target.tolerance
