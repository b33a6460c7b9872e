"""What `compare` gives back: paired differences, and which part of the programme made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowsim.experiment import tables, years
from flowsim.experiment.results import Results
from flowsim.experiment.words import answers

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.params import Scenario


class Comparison(Results):
    """Replications of a base and its alternatives, each replication on the same people and luck."""

    @property
    def base(self) -> Scenario:
        """What the alternatives are held against."""
        return self.record.scenarios[0]

    @property
    def alternatives(self) -> list[Scenario]:
        """The other scenarios."""
        return list(self.record.scenarios[1:])

    def differences(self) -> pd.DataFrame:
        """Paired differences (alternative − base; saved and equivalent beds the other way round) with intervals."""
        return tables.differences_frame(self.record)

    def yearly_differences(self) -> pd.DataFrame:
        """Differences within the same financial year, paired by replication, with intervals.

        Returns
        -------
        DataFrame
            Columns year and those of :meth:`differences`; no rows if the window is not longer than 400 days.
        """
        return years.yearly_differences_frame(self.record)

    def attribution(self) -> pd.DataFrame:
        """Bed days saved by cause and in total, with intervals; in each replication the causes add up to the total."""
        return tables.attribution_frame(self.record)

    def answers(self) -> list[str]:
        """One sentence for each alternative that says what it saves, and by what."""
        return answers(self.record)
