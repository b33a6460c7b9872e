"""What `flowsim explain` says, evidence, study folders and the schema."""

import json

import pytest

from flowsim.config.evidence import Evidence, EvidenceTable, load_evidence
from flowsim.config.explain import explain, unit_of
from flowsim.config.files import packaged
from flowsim.config.load import load, read
from flowsim.config.meaning import FORM_KEYS
from flowsim.config.problems import ConfigError
from flowsim.config.study import init, schema

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def loaded():
    return read("life_small", ["life.cap_days=30"])


def test_a_parameter_is_explained_with_value_unit_meaning_and_origin(loaded):
    (row,) = explain(loaded, "population.people", EvidenceTable(()))
    assert (row.value, row.unit) == (51384, "people")
    assert row.origin.startswith("configs/base.yaml:")
    (slots,) = explain(loaded, "life.slots", EvidenceTable(()))
    assert slots.origin.startswith("configs/life_small.yaml:")
    assert slots.value == {"from": 0, "steps": {"2017-09-25": 60, "2017-11-16": 100}}


def test_a_part_is_explained_in_full_with_its_defaults(loaded):
    rows = {row.path: row for row in explain(loaded, "life", EvidenceTable(()))}
    assert rows["life.cap_days"].origin == "--set"
    assert rows["life.by_locality"].origin == "default"
    assert all(row.meaning for row in rows.values())


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        (
            "life.visits_per_day",
            "Visits LIFE can make in a day, by date; given, it is the capacity instead of the slots.",
        ),
        ("life.exit_wait.shape", "Exponential: how long it has lasted says nothing about how long it will."),
        ("life.valve.after_days", "Longest wait for a slot, in days."),
        ("leaving.P1.delay.mean_days", "Days from ready to asking for the next place; none if not given. Mean days."),
        ("hospital.wards.Ward 1", "Beds of each ward, in the order in which they are tried and D2A reaches them."),
    ],
)
def test_without_evidence_the_model_says_what_a_parameter_is(loaded, path, meaning):
    assert [row.meaning for row in explain(loaded, path, EvidenceTable(()))] == [meaning]


def test_of_two_ways_to_state_a_distribution_the_one_used_is_explained(loaded):
    paths = [row.path for row in explain(loaded, "placements.stay")]
    assert paths == ["placements.stay.shape", "placements.stay.median_days", "placements.stay.sigma"]


def test_every_field_of_the_model_says_what_it_is():
    described = schema()
    fields = [(name, key, one) for name, node in described["$defs"].items() for key, one in node["properties"].items()]
    fields += [("Scenario", key, one) for key, one in described["properties"].items()]
    assert [f"{name}.{key}" for name, key, one in fields if key not in FORM_KEYS and "description" not in one] == []


def test_everything_is_explained_if_no_path_is_given(loaded):
    assert {row.path.split(".")[0] for row in explain(loaded)} >= {"clock", "hospital", "costs", "huddles"}


@pytest.mark.parametrize(("path", "near"), [("lief", "life"), ("life.slotz", "life.slots")])
def test_an_unknown_parameter_names_the_nearest(loaded, path, near):
    with pytest.raises(ConfigError, match=f"there is no such parameter; did you mean {near}\\?"):
        explain(loaded, path)


def test_the_longest_path_that_fits_is_the_evidence(loaded):
    table = EvidenceTable(
        (
            Evidence("life", meaning="all of LIFE", grade="D"),
            Evidence("*.cap_days", meaning="a cap", grade="C"),
            Evidence("life.cap_days", meaning="six weeks", grade="A", source="guidance", low=28, high=42),
        )
    )
    (row,) = explain(loaded, "life.cap_days", table)
    assert (row.meaning, row.grade, row.evidence, row.low, row.high) == ("six weeks", "A", "guidance", 28, 42)
    assert table.of(("step_down", "cap_days")).grade == "C"
    assert table.of(("life", "slots")).grade == "D"
    assert table.of(("clock",)) is None


def test_evidence_is_read_from_its_file(tmp_path):
    path = tmp_path / "evidence.yaml"
    path.write_text("life.slots: {meaning: m, unit: slots, source: s, id: [B-02], grade: A, low: 1, high: 2.5}\n")
    (row,) = load_evidence(path).rows
    assert row == Evidence("life.slots", "m", "slots", "s", ("B-02",), "A", 1, 2.5)


@pytest.mark.parametrize("text", ["life.slots: 3\n", "life.slots: {grad: A}\n", "life.slots: *x\n", ""])
def test_evidence_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "evidence.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        load_evidence(path)


@pytest.mark.parametrize(
    ("key", "unit"),
    [("mean_days", "days"), ("share", "share (0 to 1)"), ("per_day", "a day"), ("pounds", "pounds"), ("shape", "")],
)
def test_the_unit_is_in_the_name(key, unit):
    assert unit_of((key,), 1) == unit


def test_a_study_folder_loads_and_is_never_overwritten(tmp_path):
    files = init(tmp_path / "study")
    assert [path.name for path in files] == ["my_study.yaml", "README.md"]
    assert load(files[0]).name == "my_study"
    with pytest.raises(ConfigError, match="is already there"):
        init(tmp_path / "study")


def test_a_study_folder_that_cannot_be_made_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="cannot be made here"):
        init(tmp_path / "file" / "study")


def test_the_schema_knows_every_part_and_extends():
    properties = schema()["properties"]
    assert {"extends", "life", "hospital", "cohorts"} <= set(properties)
    assert "required" not in schema()


def test_the_shipped_schema_is_current():
    shipped = json.loads((packaged() / "schema.json").read_text(encoding="utf-8"))
    assert shipped == schema()
