"""Overlays, ``--set`` and where each value came from."""

import pytest

from flowsim.config.load import load, read
from flowsim.config.problems import ConfigError
from flowsim.config.resolved import resolved_yaml
from flowsim.sweeps import read_study

pytestmark = pytest.mark.unit

SMALL = """\
name: small
clock: {start: 2017-04-03, warm_up_days: 0, window_days: 10}
hospital:
  wards: {A: 10, St. Mary's: 5}
cohorts:
  all:
    arrivals: {per_day: 1.5}
    pathways:
      P0: {share: 1.0, stay: {shape: exponential, mean_days: 4}}
"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path


def refused(source, *settings):
    with pytest.raises(ConfigError) as caught:
        load(source, settings)
    return [str(one) for one in caught.value.problems]


def write(study, name, text):
    path = study / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_an_overlay_states_only_what_differs(study):
    top = write(study, "top.yaml", "extends: small.yaml\nname: top\nhospital: {wards: {A: 12}}\n")
    assert load(top).hospital.wards == {"A": 12, "St. Mary's": 5}


def test_each_value_knows_the_file_and_line_that_set_it(study, monkeypatch):
    monkeypatch.chdir(study)
    write(study, "top.yaml", "extends: small.yaml\nname: top\nhospital: {wards: {A: 12}}\n")
    loaded = read("top.yaml", ["clock.window_days=20"])
    origins = {path: origin.text for path, origin in loaded.origins.items()}
    assert origins["hospital.wards.A"] == "top.yaml:3"
    assert origins["hospital.wards.St. Mary's"] == "small.yaml:4"
    assert origins["clock.window_days"] == "--set"
    assert loaded.chain == ("top.yaml", "small.yaml")


def test_a_value_replaced_whole_keeps_no_old_part(study):
    top = write(study, "top.yaml", "extends: small.yaml\ncohorts: {all: {arrivals: {per_day: {from: 2, steps: {}}}}}\n")
    loaded = read(top)
    assert "cohorts.all.arrivals.per_day" not in loaded.origins
    assert loaded.origins["cohorts.all.arrivals.per_day.from"].line == 2


def test_extends_reaches_shipped_scenarios_by_name(study):
    top = write(study, "top.yaml", "extends: do_nothing.yaml\nname: mine\n")
    assert read(top).chain[1:] == ("configs/do_nothing.yaml", "configs/base.yaml")


def test_a_file_of_the_study_goes_before_a_shipped_one_of_its_name(study):
    write(study, "do_nothing.yaml", SMALL)
    top = write(study, "top.yaml", "extends: do_nothing.yaml\nname: mine\n")
    assert load(top).hospital.wards["A"] == 10


def test_extends_may_climb_inside_the_study(study):
    write(study, "parts/winter.yaml", "extends: ../small.yaml\nclock: {window_days: 5}\n")
    top = write(study, "top.yaml", "extends: parts/winter.yaml\nname: top\n")
    assert load(top).clock.window_days == 5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../small.yaml", "leads outside the study folder"),
        ("../nowhere.yaml", "leads outside the study folder"),
        ("/etc/passwd", "must be a relative path"),
        ("C:\\\\a.yaml", "must be a relative path"),
        ("~/a.yaml", "must be a relative path"),
        ("https://example.org/a.yaml", "must be a file of the study, not an address"),
        ("smal.yaml", "there is no such file"),
        ("''", "must be the name of a file"),
        ("[a, b]", "must be the name of one file"),
        ("3", "must be the name of one file"),
    ],
)
def test_extends_never_leaves_the_study(study, name, words):
    top = write(study, "inner/top.yaml", f"name: x\nextends: {name}\n")
    (found,) = refused(top)
    assert "top.yaml:2:1: extends: " in found
    assert words in found


def test_a_link_out_of_the_study_is_not_followed(study):
    inner = study / "inner"
    inner.mkdir()
    (inner / "base.yaml").symlink_to(study / "small.yaml")
    top = write(study, "inner/top.yaml", "extends: base.yaml\nname: x\n")
    assert "leads outside the study folder" in refused(top)[0]


def test_a_circle_of_files_is_shown(study):
    write(study, "a.yaml", "extends: b.yaml\n")
    write(study, "b.yaml", "extends: a.yaml\n")
    (found,) = refused(study / "a.yaml")
    assert found.count("a.yaml") >= 2
    assert "→" in found


def test_a_missing_file_names_a_near_one(study):
    assert refused(study / "smal.yaml")[0].endswith("there is no such file; did you mean small.yaml?")


def test_where_a_design_is_missing_no_scenario_is_offered(study):
    write(study, "design.yaml", "name: mine\n")
    with pytest.raises(ConfigError) as caught:
        read_study(study / "desgin.yaml")
    assert str(caught.value).endswith("there is no such file; did you mean design.yaml?")
    with pytest.raises(ConfigError) as caught:
        read_study(study / "transition_yaer.yaml")
    assert "transition_year" not in str(caught.value)


def test_a_link_that_leads_nowhere_is_no_help_for_itself(study):
    (study / "gone.yaml").symlink_to(study / "nowhere.yaml")
    assert "did you mean gone.yaml" not in refused(study / "gone.yaml")[0]


def test_a_name_of_two_lines_is_refused(study):
    top = write(study, "top.yaml", 'extends: small.yaml\nname: "two\\nlines"\n')
    assert refused(top) == [f"{top}:2:1: name: must be on one line, without control characters"]


def test_a_missing_overlaid_file_does_not_hide_other_faults(study):
    top = write(study, "top.yaml", "extends: smal.yaml\nlife: {slotz: 3}\n")
    found = refused(top)
    assert "did you mean small.yaml?" in found[0]
    assert "life.slotz: unknown key; did you mean slots?" in found[1]
    assert len(found) == 2


def test_settings_are_laid_on_last_and_the_last_one_wins(study):
    scenario = load(study / "small.yaml", ["clock.window_days=20", "clock.window_days=30", "hospital.wards.A=0"])
    assert scenario.clock.window_days == 30
    assert scenario.hospital.wards["A"] == 0


def test_a_setting_reaches_a_key_with_a_dot(study):
    assert load(study / "small.yaml", ["hospital.wards.St. Mary's=7"]).hospital.wards["St. Mary's"] == 7


def test_a_setting_replaces_a_dated_value_by_a_number():
    assert load("transition_year", ["life.slots=140"]).life.slots == 140


def test_a_setting_may_be_null_or_a_mapping():
    scenario = load("transition_year", ["life.valve=null", "d2a.pathways.P2_home.start=2017-10-01"])
    assert scenario.life.valve is None
    assert str(scenario.d2a.pathways["P2_home"].start) == "2017-10-01"
    assert load("base", ["life.slots={from: 1, steps: {2017-05-01: 2}}"]).life.slots.from_ == 1


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("life.slotz=1", "unknown path; did you mean life.slots?"),
        ("lief.slots=1", "unknown path; did you mean life.slots?"),
        ("hospital.wards.Wrd 1=3", "unknown path; did you mean hospital.wards.Ward 1?"),
        ("cohorts.under_65.priority=1", "unknown path; did you mean cohorts.over_65.priority?"),
        ("life.cap_days.x=1", "life.cap_days has no parts; it takes a number"),
        ("life.slots.steps.2017-02-30=1", "'2017-02-30' cannot be a key here; a key is a date such as 2017-10-02"),
        ("cohorts.over_65.arrivals.month_factors.0=1", "is a list; set it whole"),
        ("life.slots=-1", "-1 is not between 0 and 10000000"),
        ("life.slots=1.5", "1.5 is not a whole number"),
        ("life.cap_days=forty", "must be a number, not 'forty'"),
        ("life.cap_days=.nan", "must be a finite number, not nan"),
        ("life.cap_days=[", "not readable as YAML"),
        ("life.cap_days=010", "leading zero"),
        ("life", "is not of the form path=value"),
        ("=3", "is not of the form path=value"),
        ("", "is not of the form path=value"),
        ("life..slots=3", "unknown path"),
    ],
)
def test_a_wrong_setting_is_a_problem_that_names_it(setting, words):
    (found,) = refused("transition_year", setting)
    assert found.startswith(f"--set {setting}: ")
    assert words in found


def test_all_wrong_settings_are_named_at_once():
    assert len(refused("base", "life.slotz=1", "life.cap_days=x", "hospital.wards.Ward 1=-1")) == 3


@pytest.mark.parametrize("name", ["do_nothing", "transition_year", "full_effect", "winter_pressure"])
def test_the_resolved_file_loads_to_the_same_scenario(name, tmp_path):
    loaded = read(name, ['title="# odd: [\\u2028 é"', "name='no'", "life.slots=140"])
    path = tmp_path / "resolved.yaml"
    path.write_text(resolved_yaml(loaded), encoding="utf-8")
    again = load(path)
    assert again.fingerprint == loaded.scenario.fingerprint
    assert (again.name, again.title) == (loaded.scenario.name, loaded.scenario.title)


def test_the_resolved_file_says_where_each_value_came_from():
    text = resolved_yaml(read("life_small", ["life.cap_days=30"]))
    assert "  cap_days: 30.0  # --set\n" in text
    assert "    from: 0  # configs/life_small.yaml:" in text
    assert "  stay_factor: 1.0  # configs/base.yaml:" in text
    assert "# default\n" in text
