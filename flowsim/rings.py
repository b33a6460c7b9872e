"""Circular waits: people each holding what another needs, which nothing can open."""

from __future__ import annotations

from typing import Protocol

from flowsim.clock import DAY


class CircularWaitError(RuntimeError):
    """The run is stuck: a ring of full places whose every occupant waits for another place of the ring."""


class Holder(Protocol):
    """Something that can be full of people who wait for something else."""

    def occupants(self) -> int:
        """How many people are in it."""

    def may_open(self) -> bool:
        """Whether a place in it could come free although nobody leaves."""


class Rings:
    """Who holds what while waiting, without limit, for something else.

    A holder is *stuck* when it cannot open by itself and each of its occupants waits for a stuck holder. The set is
    found by starting from every full holder and taking out, until nothing changes, those with an occupant who waits
    elsewhere.
    """

    def __init__(self) -> None:
        self._waits: dict[int, tuple[Holder, Holder]] = {}

    def block(self, spell: int, holding: Holder, wanted: Holder, now: int) -> None:
        """Someone holds one thing and begins to wait for another.

        Raises
        ------
        CircularWaitError
            If this closes a ring that nothing can open.
        """
        self._waits[spell] = (holding, wanted)
        if sum(one is holding for one, _ in self._waits.values()) >= holding.occupants():
            self._check(now)

    def unblock(self, spell: int) -> None:
        """The wait is over."""
        self._waits.pop(spell, None)

    def _check(self, now: int) -> None:
        by_holder: dict[int, list[Holder]] = {}
        holders: dict[int, Holder] = {}
        for holding, wanted in self._waits.values():
            by_holder.setdefault(id(holding), []).append(wanted)
            holders[id(holding)] = holding
        stuck = {
            key
            for key, holder in holders.items()
            if len(by_holder[key]) >= holder.occupants() and not holder.may_open()
        }
        while True:
            free = {key for key in stuck if any(id(wanted) not in stuck for wanted in by_holder[key])}
            if not free:
                break
            stuck -= free
        if stuck:
            names = " and ".join(str(holder) for key, holder in holders.items() if key in stuck)
            people = sum(len(by_holder[key]) for key in stuck)
            raise CircularWaitError(
                f"circular wait on day {now / DAY:.6g}: all {people} people in {names} wait for a place held by "
                "another of them; add capacity, or let people free their place before they are admitted "
                "(hold_until_admitted: false)"
            )
