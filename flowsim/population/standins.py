"""Nobody is in two places at once: a presentation that meets its person's own earlier spell belongs to a neighbour."""

from __future__ import annotations

from flowsim.clock import DAY, FOREVER
from flowsim.population.spell import DIES, Spell

_MARGIN = 30 * DAY


def give_standins(firsts: list[Spell]) -> None:
    """Relabel presentations of a person who has died, or whose last spell is planned to end less than 30 days before.

    The stand-in is an unnamed person of the same practice, age band and frailty tier, so nothing but the label changes.
    Huddle support is still looked up on the person first chosen.
    """
    by_person: dict[int, list[Spell]] = {}
    for spell in firsts:
        if spell.practice >= 0:
            by_person.setdefault(spell.person, []).append(spell)
    for spells in by_person.values():
        if len(spells) > 1:
            _relabel(sorted(spells, key=lambda spell: (spell.at, spell.key)))


def _relabel(spells: list[Spell]) -> None:
    busy_until = -1
    for spell in spells:
        if spell.averted or spell.averted_by >= 0:
            continue
        if spell.at < busy_until:
            link: Spell | None = spell
            while link is not None:
                link.person = spell.key
                link = link.next
        else:
            busy_until = _planned_end(spell)


def _planned_end(spell: Spell) -> int:
    end = spell.at
    link: Spell | None = spell
    while link is not None:
        end += link.clinical + link.delay + _MARGIN
        if link.pathway == DIES:
            return FOREVER
        if link.next is not None:
            end += link.gap
        elif link.lifetime < FOREVER:
            return FOREVER
        link = link.next
    return end
