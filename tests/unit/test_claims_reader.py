"""Claims in a file: what is read, and what is refused with its place."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from flowsim.claims import read_claims
from flowsim.config.problems import ConfigError

pytestmark = pytest.mark.unit

HEAD = """\
title: Mine
scenarios: {before: do_nothing, after: {config: transition_year, set: {life.slots: 90}}}
claims:
"""
LIVE = "{what: on_date, scenario: after, series: huddles_live, date: 2017-10-16}"


def one(**changes: str) -> str:
    """A file with one claim; a value of nothing leaves the key out."""
    keys = {"title": "T", "source": "S", "date": "D", "reported": "8", "unit": "practices", "compute": LIVE, "why": "W"}
    lines = [f"    {key}: {value}" for key, value in {**keys, **changes}.items() if value]
    return "\n".join([HEAD + "  A-1:", *lines, ""])


@pytest.fixture
def read(tmp_path):
    """Read a file of a given text."""

    def read_it(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return read_claims(path)

    return read_it


def faults(read, text):
    """What is wrong with a text, without the folder it lies in."""
    with pytest.raises(ConfigError) as caught:
        read(text)
    return [
        f"{one.line}:{one.column}: {one.path}: {one.message}; {one.hint}".rstrip("; ") for one in caught.value.problems
    ]


def test_a_claim_is_read_with_its_scenarios(read):
    found = read(one(tolerance="2", tolerance_reason="rounded", basis="given", also="[before]"))
    claim = found.claims[0]
    assert (claim.id, claim.low, claim.high, claim.tolerance, claim.basis) == ("A-1", 8.0, 8.0, 2.0, "given")
    assert claim.reading.arguments["date"] == dt.date(2017, 10, 16)
    assert [scenario.name for scenario in found.scenarios] == ["before", "after"]
    assert found.scenarios[1].life.slots == 90


def test_scenarios_nobody_reads_are_not_run(read):
    assert [scenario.name for scenario in read(one()).scenarios] == ["after"]


@pytest.mark.parametrize(
    ("written", "low", "high", "said"),
    [
        ("{from: 81, to: 100}", 81.0, 100.0, "81 to 100"),
        ("{at_least: 185}", 185.0, math.inf, "at least 185"),
        ("{at_most: 3}", -math.inf, 3.0, "at most 3"),
        ("15000", 15000.0, 15000.0, "15,000"),
    ],
)
def test_forms_of_what_was_reported(read, written, low, high, said):
    claim = read(one(reported=written)).claims[0]
    assert (claim.low, claim.high, claim.reported) == (low, high, said)


def test_a_claim_without_numbers_is_kept_with_its_reason(read):
    claim = read(one(compute="", unit="", reported="a picture")).claims[0]
    assert (claim.reading, claim.reported, claim.why) == (None, "a picture", "W")


def compute(old: str, new: str) -> str:
    return one(compute=LIVE.replace(old, new))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (compute("on_date", "on_dat"), "claims.A-1.compute.what: 'on_dat' is not a computation; did you mean on_date?"),
        (
            compute("after", "aftr"),
            "claims.A-1.compute.scenario: 'aftr' is no scenario of this file; did you mean after?",
        ),
        (
            compute("_live", "_liv"),
            "claims.A-1.compute.series: 'huddles_liv' is not one of the choices; did you mean huddles_live?",
        ),
        (
            compute("2017", "2027"),
            "claims.A-1.compute.date: 2027-10-16 is not a date of the run; it goes from 2016-10-03 to",
        ),
        (compute(", date: 2017-10-16", ""), "claims.A-1.compute.date: is missing"),
        (compute("{", "{times: no, "), "claims.A-1.compute.times: must be a number"),
        (compute("{", "{over: 0, "), "claims.A-1.compute.over: must be a number above 0"),
        (compute("{", "{tims: 2, "), "claims.A-1.compute.tims: unknown key; did you mean times?"),
        (
            one(compute="{what: measure, scenario: after, measure: bed_day}"),
            "claims.A-1.compute.measure: no measure is called 'bed_day'; did you mean bed_days?",
        ),
        (
            one(compute="{what: setting, scenario: after, path: life.slotz, date: 2017-10-16}"),
            "claims.A-1.compute.path: 'life.slotz' is no number of after; see flowsim explain",
        ),
        (
            one(compute="{what: fall, scenario: after, series: beds, first: 2017-12-01, last: 2017-11-21}"),
            "claims.A-1.compute.last: 2017-11-21 is before first, 2017-12-01",
        ),
        (
            one(compute="{what: largest_fall, scenario: after, series: beds, days: 0}"),
            "claims.A-1.compute.days: must be a whole number from 1",
        ),
        (one(reported="{from: 9, to: 8}"), "claims.A-1.reported: the range is empty: from 9 is above to 8"),
        (one(reported="{over: 9}"), "claims.A-1.reported: must be a number, {from, to}, {at_least} or {at_most}"),
        (one(reported="many"), "claims.A-1.reported: must be a number"),
        (one(compute=""), "claims.A-1.reported: must be text, where there is no compute"),
        (one(tolerance="1"), "claims.A-1.tolerance_reason: is missing"),
        (one(basis="guessed"), "claims.A-1.basis: 'guessed' is not one of the choices"),
        (one(also="[befor]"), "claims.A-1.also.0: 'befor' is no scenario of this file; did you mean before?"),
        (one(chance="[3]"), "claims.A-1.chance.0: must be a mapping, not 3"),
        (one(chance=f"[{{compute: {LIVE}, says: S}}]"), "claims.A-1.chance.0: needs one of at_least and at_most"),
        (one(why=""), "claims.A-1.why: is missing"),
        (one(whi="W"), "claims.A-1.whi: unknown key; did you mean why?"),
        (one().replace("do_nothing", "do_nothin"), "scenarios.before: do_nothin: there is no such file"),
        (
            one().replace("life.slots: 90", "life.slotz: 90"),
            "scenarios.after.config: life.slotz: unknown path; did you mean life.slots?",
        ),
        (HEAD + "  {}\n", "claims: there are none"),
    ],
    ids=lambda value: value[-60:] if "\n" not in value else "",
)
def test_a_fault_is_named_with_what_is_meant(read, text, fault):
    found = faults(read, text)
    assert any(fault in one for one in found), found


def test_all_faults_are_told_at_once_with_their_places(read):
    found = faults(read, one(compute=LIVE.replace("after", "aftr"), basis="guessed", why=""))
    assert [one.split(":")[2].strip() for one in found] == [
        "claims.A-1.why",
        "claims.A-1.compute.scenario",
        "claims.A-1.basis",
    ]


def test_a_scenario_with_faults_is_not_called_unknown_besides(read):
    assert len(faults(read, one().replace("life.slots: 90", "life.slotz: 90"))) == 1


def test_scenarios_of_different_dates_are_refused(read):
    text = one().replace("{life.slots: 90}", "{clock.window_days: 300}")
    assert any("the scenarios differ in their clock" in fault for fault in faults(read, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file"):
        read_claims(tmp_path / "nowhere.yaml")


def test_the_shipped_claims_hold_what_does_not_add_up():
    found = {claim.id: claim for claim in read_claims().claims}
    assert {"K-04", "X-05", "X-21", "K-02b", "X-09", "F-07a", "F-07b", "X-08", "X-11", "X-12", "X-01b"} <= set(found)
    assert all(found[name].chances for name in ("K-04", "X-09", "K-05", "C-04a"))
    assert all(claim.why and claim.source and claim.date for claim in found.values())


def test_some_claims_need_only_their_own_scenarios():
    few = read_claims().only("R-04", "K-04")
    assert [claim.id for claim in few.claims] == ["R-04", "K-04"]
    assert [one.name for one in few.scenarios] == ["do_nothing", "transition_year", "d2a_only", "full_effect"]
