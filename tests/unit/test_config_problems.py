"""Every fault of a file, in plain words, at its line, all at once."""

import pytest

from flowsim.config.load import load
from flowsim.config.problems import ConfigError, did_you_mean, shown

pytestmark = pytest.mark.unit

BASE = "extends: base.yaml\nname: faulty\n"


@pytest.fixture
def faults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def of(text, head=BASE):
        (tmp_path / "f.yaml").write_text(head + text)
        with pytest.raises(ConfigError) as caught:
            load("f.yaml")
        return [str(one) for one in caught.value.problems]

    return of


def test_the_file_that_is_wrong_on_purpose_has_every_fault_named():
    with pytest.raises(ConfigError) as caught:
        load("broken")
    assert str(caught.value).splitlines() == [
        "configs/broken.yaml:7:3: life.slotz: unknown key; did you mean slots?",
        "configs/broken.yaml:8:3: life.cap_days: must be a number, not 'forty-two'",
        "configs/broken.yaml:9:3: life.slots: dates must rise",
        "configs/broken.yaml:13:5: hospital.escalation.cap: -5 is not between 0 and 10000000",
        "configs/broken.yaml:16:3: cohorts.over_65: shares of pathways (live exits) must add to 1, not 1.1",
        "configs/broken.yaml:18:7: cohorts.over_65.arrivals.per_day: must be a finite number, not nan",
        "configs/broken.yaml:23:25: huddles.rollout.start: '2017-13-02' is not a date; write it as 2017-10-02",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lief: {}", "f.yaml:3:1: lief: unknown key; did you mean life?"),
        ("extend: x", "f.yaml:3:1: extend: unknown key; did you mean extends?"),
        ("life:\n  slots: many", "f.yaml:4:3: life.slots: 'many' is not a whole number, nor the word unlimited"),
        ("life: {slots: 5.5}", "f.yaml:3:8: life.slots: 5.5 is not a whole number, nor the word unlimited"),
        ("life: {slots: -1}", "f.yaml:3:8: life.slots: -1 is not between 0 and 10000000"),
        ("life: {slots: {frm: 1, steps: {}}}", "life.slots.frm: unknown key; did you mean from?"),
        ("life: {cap_days: .inf}", "life.cap_days: must be a finite number, not inf"),
        ("life: {cap_days: 42 days}", "the unit is in the name of the key, write the number alone"),
        ("life: {cap_days: '42'}", "life.cap_days: must be a number, not '42'; write it without quotes"),
        ("life: {cap_days: 0}", "life.cap_days: must be more than 0, not 0"),
        ("life: {cap_days: true}", "life.cap_days: must be a number, not true"),
        ("life: {at_cap: {package: 93%, placement: 0.07}}", "must be a number, not '93%'; write 0.93"),
        ("life: {at_cap: {package: 1.93}}", "life.at_cap.package: must be at most 1, not 1.93"),
        ("life: {at_cap: {package: 0.5}}", "f.yaml:3:8: life.at_cap: shares of outcome must add to 1, not 0.57"),
        ("life: {hold_until_admitted: no}", "must be true or false, not 'no'; write true or false"),
        ("life: {priority: [hospital, dor]}", "f.yaml:3:29: life.priority.1: unknown word 'dor'"),
        ("life: {valve: 4}", "life.valve: must be a mapping or null, not 4"),
        (
            "life: {episode: {shape: gama, mean_days: 3}}",
            "life.episode.shape: unknown shape 'gama'; did you mean gamma?",
        ),
        (
            "life: {exit_wait: 7}",
            "life.exit_wait: must be a mapping or null, not 7; its shape is one of fixed,",
        ),
        ("life: {exit_wait: {shape: gamma, mean_days: 3}}", "life.exit_wait.cv: is missing; it takes a number"),
        ("life: {exit_wait: {shape: fixed, dayz: 3}}", "life.exit_wait.dayz: unknown key; did you mean days?"),
        (
            "cohorts: {over_65: {pathways: {P9: {}}}}",
            "cohorts.over_65.pathways.P9: unknown key; known here: P0, P1,",
        ),
        ("cohorts: {over_65: {arrivals: {month_factors: [1, 2]}}}", "needs at least 12 values, not 2"),
        ("cohorts: {over_65: {arrivals: {hour_shares: 5}}}", "hour_shares: must be a list or null, not 5"),
        ("clock: {start: 3}", "clock.start: must be a date such as 2017-10-02, not 3"),
        ("clock: {start: 2017-02-30}", "'2017-02-30' is not a date; write it as 2017-10-02"),
        ("clock: {start: 20171002}", "clock.start: must be a date such as 2017-10-02, not 20171002"),
        ("clock: {start: '20171002'}", "'20171002' is not a date; write it as 2017-10-02"),
        ("clock: {start: 2017-W40-1}", "'2017-W40-1' is not a date; write it as 2017-10-02"),
        ("clock: {start: 9999-12-31}", "start 9999-12-31 is not between the years 1900 and 2200"),
        ("life: {slots: {from: 1, steps: {20171002: 2}}}", "key '20171002' is not a date; write it as 2017-10-02"),
        ("clock: null", "clock: must be a mapping, not null"),
        ("costs: {price_year: 2016}", "costs.price_year: must be text, not 2016"),
        ("costs: {price_year: '2016'}", "costs.price_year: '2016' is not of the right form; write it as 2016/17"),
        ("huddles: {rollout: {form: by_practice, dates: {x: 2017-05-01}}}", "dates.x: key 'x' is not a whole number"),
        ("huddles: {rollout: {form: by_practice, dates: {99: 2017-05-01}}}", "there are only 57 practices"),
        ("huddles: {rollout: {form: by_practice, dates: {01: 2017-05-01}}}", "key '01' is not a whole number"),
        ("huddles: {meetings: {every_days: 0.001}}", "huddles.meetings.every_days: must be at least 0.1, not 0.001"),
        ("life: {first_visit: {from_hour: 23}}", "life.first_visit: from_hour must be before to_hour"),
        ("home_care: {small_below_hours: 20}", "small_below_hours must not be above large_above_hours"),
        (
            "cohorts: {over_65: {arrivals: {per_day: 1e6}}}",
            "f.yaml:3:21: cohorts.over_65.arrivals: brings in up to 6.09e+08 people; at most 5000000 can be run",
        ),
        (
            "cohorts: {over_65: {arrivals: {growth_per_year: 0.9, growth_from: 0001-01-01}}}",
            "cohorts.over_65.arrivals: brings in up to",
        ),
        ("inflows: {many: {to: life, per_day: 5e5}}", "inflows.many: brings in up to 2.72e+08 people"),
        ("life: {community_per_day: 1e5}", "life.community_per_day: brings in up to 5.45e+07 people"),
        ("initial: {life: 9000000}", "initial: brings in up to 9e+06 people"),
        ("d2a: {order: [Ward 77]}", "f.yaml:3:7: d2a.order: 'Ward 77' is not a unit"),
        ("d2a: {units_live: 20}", "f.yaml:3:7: d2a.units_live: 20 is more than the 16 units; unlimited means all"),
        (
            "front_door: {turned_round_share: {from: 0, to: 1, start: 2018-01-01, end: 2017-01-01}}",
            "front_door.turned_round_share: dates out of order: start 2018-01-01 is not before end 2017-01-01",
        ),
        ("title: *x", "f.yaml:3:8: title: alias *x is not allowed"),
        ("title: !!python/name:os.system", "is not allowed; plain values only"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_is_allowed(faults, text, expected):
    (found,) = faults(text + "\n")
    assert expected in found


def test_faults_of_reading_and_of_meaning_are_told_together(faults):
    found = faults("life: {slots: 010, slotz: 3}\nlife: {}\nclock: {window_days: -1}\n")
    assert [one.split(":")[1] for one in found] == ["3", "3", "4", "5"]


def test_a_fault_stands_in_the_file_that_set_the_value(faults, tmp_path):
    (tmp_path / "mid.yaml").write_text("extends: base.yaml\nlife: {cap_days: -1}\n")
    found = faults("clock: {window_days: -1}\n", head="extends: mid.yaml\nname: top\n")
    assert [one.split(": ")[0] for one in found] == ["f.yaml:3:9", "mid.yaml:2:8"]


def test_a_check_over_several_values_is_not_hidden_by_a_fault_elsewhere(faults):
    found = faults(
        "name: 5\npopulation: {age_bands: {65-74: {share: 0.6}}}\nfront_door: {from_hour: 21}\n", "extends: base.yaml\n"
    )
    assert len(found) == 3
    assert "shares of age_bands must add to 1" in found[1]
    assert "from_hour must be before to_hour" in found[2]


def test_checks_of_the_whole_are_not_hidden_by_a_fault_that_nothing_can_replace(faults):
    plus = "{phase: '3', on: true, multiplies: {d2a_accepted: 1.2}}"
    cost = "{per: year, pounds: 1, payer: cgc, price_year: 2016/17}"
    found = faults(
        "extends: transition_year.yaml\ninitiatives:\n"
        f"  one: {plus}\n  two: {plus}\n  odd: {{phase: '4', note: none}}\n"
        f"  paid: {{phase: '3', note: none, costs: {{staff: {cost}}}}}\n",
        head="",
    )
    assert [one.split(": ")[1] for one in found] == [
        "initiatives.two.multiplies.d2a_accepted",
        "initiatives.odd.phase",
        "initiatives.paid.costs.staff.payer",
    ]


def test_a_value_that_is_wrong_by_itself_is_not_told_twice(faults):
    (found,) = faults("cohorts: {over_65: {pathways: {P0: {share: 1.62}}}}\n")
    assert "must be at most 1" in found


def test_a_file_without_a_base_has_its_missing_parts_named(faults):
    found = faults("hospital: {wards: {A: 3}, meeting: {hour: 9}}\n", head="")
    assert [one.split(": ")[1] for one in found] == [
        "name",
        "clock",
        "hospital.meeting.weekday_factors",
        "hospital.meeting.leaving_hours",
    ]


def test_no_jargon_of_the_validator_reaches_the_user(faults):
    for text in ("life: 3", "cohorts: []", "clock: {start: [1]}", "initial: {beds: {P0: x}}", "inflows: {a: {to: 3}}"):
        told = " ".join(faults(text + "\n"))
        assert not any(word in told for word in ("pydantic", "Input", "validat", "dictionary", "instance", "http"))


def test_a_thousand_faults_are_told_in_a_hundred_lines(faults, tmp_path):
    wards = "".join(f"    W{number}: -1\n" for number in range(1000))
    (tmp_path / "f.yaml").write_text(BASE + "hospital:\n  wards:\n" + wards)
    with pytest.raises(ConfigError, match="… and 900 more"):
        load(tmp_path / "f.yaml")


def test_the_nearest_word_is_proposed_whatever_its_case():
    assert did_you_mean("Slots", ["slots", "stay"]) == "did you mean slots?"
    assert did_you_mean("zzz", ["slots", "stay"]) == "known here: slots, stay"


def test_a_long_value_is_shown_short():
    assert len(shown("x" * 1000)) == 40
