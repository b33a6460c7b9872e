"""What happens to a person: one story, told once.

Nothing is drawn, counted or measured here. Durations come with the :class:`~flowsim.population.spell.Spell`, places
note their own stays, and the :class:`~flowsim.world.World` knows the rules in force at the moment.
"""

from __future__ import annotations

from flowsim import events as e
from flowsim.kernel import Steps
from flowsim.population.spell import DIES, Begins, Spell
from flowsim.services import Service
from flowsim.world import Programme, World


def life_story(w: World, first: Spell) -> Steps:
    """A spell, and every readmission it leads to."""
    spell: Spell | None = first
    while spell is not None:
        w.begin(spell)
        yield from _CHAPTERS[spell.begins](w, spell)
        spell = yield from readmission(w, spell)


def presentation(w: World, spell: Spell) -> Steps:
    """Somebody falls ill: averted by a Huddle or an initiative, turned round at the front door, or admitted."""
    if w.huddles_avert(spell):
        spell.door = e.AVERTED_HUDDLE
    elif spell.averted_by >= 0:
        spell.door = e.AVERTED_INITIATIVE
    elif (team := w.front_door_team(spell)) is not None:
        yield from front_door(w, spell, team)
    elif (yield from w.admit(spell)):
        yield from ward_stay(w, spell)
        yield from leave_hospital(w, spell)


def front_door(w: World, spell: Spell, team: Programme) -> Steps:
    """Home again from A&E with a LIFE start instead of an admission."""
    spell.door = e.TURNED_ROUND
    yield from team.service.enter(spell)
    w.discharge(spell)
    yield from reablement(w, spell, team)


def ward_stay(w: World, spell: Spell) -> Steps:
    """From the bed until fit, and on until the morning meeting lets them go; moves between beds happen beside it."""
    spell.bed_at = w.now
    spell.fit_at = w.now + spell.clinical
    yield w.env.hold(w.ready_at(spell) - w.now)
    spell.ready_at = w.now


def leave_hospital(w: World, spell: Spell) -> Steps:
    """By the pathway that was meant for them; the bed is kept until the next place can take them."""
    if spell.pathway == DIES:
        w.die_in_hospital(spell)
    else:
        yield from _WAYS_OUT[spell.pathway](w, spell)


def straight_home(w: World, spell: Spell) -> Steps:
    """P0, P1 and the Escalation route: home, or to a bespoke solution, once it is arranged."""
    yield from w.arrange(spell, w.by_d2a(spell))
    w.discharge(spell)


def home_first(w: World, spell: Spell) -> Steps:
    """P2 at home: with D2A a LIFE slot at once and the assessment at home; otherwise the old process on the ward."""
    if w.by_d2a(spell) and w.life is not None:
        yield from w.arrange(spell, by_d2a=True)
        asked = w.now
        if (yield from w.next_place(spell, w.life.service, "life", w.rank("hospital"), w.valve)):
            spell.d2a = True
            w.discharge(spell)
            yield from reablement(w, spell, w.life)
            return
        spell.fell_back = True
        yield from w.arrange_rest(spell, waited=w.now - asked)
    else:
        yield from w.arrange(spell)
    yield from old_process(w, spell)


def old_process(w: World, spell: Spell) -> Steps:
    """Home with the reablement of before LIFE, or with a package at once."""
    if w.reablement is not None and spell.to_reablement:
        yield from w.next_place(spell, w.reablement.service, "package")
        w.discharge(spell)
        yield from reablement(w, spell, w.reablement)
    elif w.home_care is not None:
        yield from w.next_place(spell, w.home_care, "home_care")
        w.discharge(spell)
        yield from home_care(w, spell, w.home_care)
    else:
        w.discharge(spell)


def step_down(w: World, spell: Spell) -> Steps:
    """P2 in a bed: intermediate care, then home, a package or a placement."""
    by_d2a = w.by_d2a(spell)
    yield from w.arrange(spell, by_d2a)
    if w.step_down is None:
        w.discharge(spell)
    else:
        yield from w.next_place(spell, w.step_down, "step_down")
        spell.d2a = by_d2a
        w.discharge(spell)
        yield from intermediate_care(w, spell, w.step_down, spell.step_down, spell.after_step_down)


def complex_discharge(w: World, spell: Spell) -> Steps:
    """P3: a placement found from the ward, or with D2A from a step-down bed."""
    by_d2a = w.by_d2a(spell)
    yield from w.arrange(spell, by_d2a)
    if by_d2a and w.step_down is not None:
        yield from w.next_place(spell, w.step_down, "step_down")
        spell.d2a = True
        w.discharge(spell)
        yield from intermediate_care(w, spell, w.step_down, spell.p3_step_down, e.PLACEMENT)
    elif w.placements is not None:
        yield from w.next_place(spell, w.placements, "placement")
        w.discharge(spell)
        yield from placement(w, spell, w.placements)
    else:
        w.discharge(spell)


def reablement(w: World, spell: Spell, team: Programme) -> Steps:
    """An episode with LIFE or its forerunner, at most to the cap; whoever still needs care waits for it in the slot."""
    w.first_visit(spell, team)
    planned, reaches_cap = team.episode(spell, w.now)
    team.service.taper_off(spell, planned)
    if not (yield from w.spend(spell, planned)):
        w.cut_short(spell, team.service, team.hold_until_admitted)
    elif not reaches_cap:
        spell.support_end = e.ENDED
        team.service.leave(spell)
    else:
        yield from move_on(w, spell, team.service, team.need(spell), team.exit_wait(spell), team.hold_until_admitted)


def intermediate_care(w: World, spell: Spell, beds: Service, planned: int, need: int) -> Steps:
    """A stay in a step-down bed, and what is needed afterwards."""
    spell.support_end = e.STILL_SUPPORTED
    if (yield from w.spend(spell, planned)):
        yield from move_on(w, spell, beds, need, 0, w.step_down_holds)
    else:
        w.cut_short(spell, beds, w.step_down_holds)


def move_on(w: World, spell: Spell, service: Service, need: int, exit_wait: int, holds: bool) -> Steps:
    """From support to what is needed next, keeping the slot or bed until that is there."""
    after = {e.PACKAGE: w.home_care, e.PLACEMENT: w.placements}.get(need)
    if after is not None:
        arranged = yield from w.spend(spell, exit_wait)
        if not arranged or not (yield from after.enter(spell, patience=spell.home_until - w.now)):
            w.cut_short(spell, service, holds)
            return
    spell.support_end = need
    service.leave(spell)
    if after is not None:
        yield from (home_care if need == e.PACKAGE else placement)(w, spell, after)


def home_care(w: World, spell: Spell, care: Service) -> Steps:
    """A package at home until recovery, readmission or death; the person is already on the provider's books."""
    spell.package_at = w.now
    yield from w.spend(spell, spell.package_stay)
    care.leave(spell)


def placement(w: World, spell: Spell, homes: Service) -> Steps:
    """A residential, nursing or specialist place until the stay ends, readmission or death."""
    yield from w.spend(spell, spell.placement_stay)
    homes.leave(spell)


def readmission(w: World, spell: Spell) -> Steps:
    """Wait for the next spell of the chain, if there is one in this run."""
    if spell.next is None or spell.readmitted_at < 0:
        return None
    if spell.readmitted_at > w.now:
        yield w.env.hold(spell.readmitted_at - w.now)
    return spell.next


def inpatient(w: World, spell: Spell) -> Steps:
    """Somebody in a bed when the clock starts."""
    if (yield from w.admit(spell)):
        yield from ward_stay(w, spell)
        yield from leave_hospital(w, spell)


def ready_elsewhere(w: World, spell: Spell) -> Steps:
    """Somebody who joins in mid-flow, ready to leave a hospital that is not modelled."""
    spell.ready_at = w.now
    yield from leave_hospital(w, spell)


def referred_to_life(w: World, spell: Spell) -> Steps:
    """A referral from the community, or somebody with LIFE when the clock starts."""
    if w.life is not None and (yield from w.life.service.enter(spell, w.rank("community"), w.referral_patience)):
        yield from reablement(w, spell, w.life)


def referred_to_step_down(w: World, spell: Spell) -> Steps:
    """Straight to a step-down bed."""
    if w.step_down is not None:
        yield from w.step_down.enter(spell)
        yield from intermediate_care(w, spell, w.step_down, spell.step_down, spell.after_step_down)


def referred_to_placement(w: World, spell: Spell) -> Steps:
    """Straight to a placement."""
    if w.placements is not None:
        yield from w.placements.enter(spell)
        yield from placement(w, spell, w.placements)


def referred_to_home_care(w: World, spell: Spell) -> Steps:
    """Straight to a package of home care."""
    if w.home_care is not None:
        yield from w.home_care.enter(spell)
        yield from home_care(w, spell, w.home_care)


_WAYS_OUT = (straight_home, straight_home, home_first, step_down, complex_discharge, straight_home)
"""By pathway, in the order of ``params.people.PATHWAYS``."""

_CHAPTERS = {
    Begins.PRESENTS: presentation,
    Begins.IN_BED: inpatient,
    Begins.READY: ready_elsewhere,
    Begins.REFERRED_TO_LIFE: referred_to_life,
    Begins.REFERRED_TO_STEP_DOWN: referred_to_step_down,
    Begins.REFERRED_TO_PLACEMENT: referred_to_placement,
    Begins.REFERRED_TO_HOME_CARE: referred_to_home_care,
    Begins.IN_LIFE: referred_to_life,
    Begins.IN_STEP_DOWN: referred_to_step_down,
    Begins.IN_PLACEMENT: referred_to_placement,
    Begins.IN_HOME_CARE: referred_to_home_care,
}
"""Where a spell enters the story."""
