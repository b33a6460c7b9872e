"""What an outcome hangs on: the assumptions of a sensitivity analysis, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowsim.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from flowsim.uncertain.sensitivity import Sensitivity


@style.picture
def tornado(found: Sensitivity, outcome: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Bars of the assumptions an outcome hangs on most, with 95 % intervals and the grade of their evidence.

    Of a tornado analysis each assumption has two bars, at its low and high end; of the other methods (Morris, Sobol,
    rank correlation) one.

    Parameters
    ----------
    found : Sensitivity
        As ``fs.sensitivity`` gives it.
    outcome : str, optional
        The first of its outcomes when not given.

    Raises
    ------
    ValueError
        If the analysis has no such outcome.
    """
    from flowsim.uncertain.pictures import effects

    outcomes = list(found.question.design.outcomes)
    if outcome is not None and outcome not in outcomes:
        raise ValueError(f"there is no outcome {outcome!r}; there is {', '.join(outcomes)}")
    return effects(found, outcome or outcomes[0], ax=ax)
