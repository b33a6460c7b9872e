"""Whatever a file holds, the answer is a scenario or a list of problems."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.config.load import load
from flowsim.config.problems import ConfigError
from flowsim.config.reader import parse

pytestmark = pytest.mark.unit

quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_words = st.sampled_from(
    ["name", "clock", "start", "life", "slots", "from", "steps", "hospital", "wards", "cohorts", "extends", "shape"]
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["unlimited", "2017-10-02", "lognormal", "base.yaml", ".nan", "010", "*a", "!x", "P0"]),
)
_trees = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(_words, st.text(max_size=4)), inner, max_size=4)
    ),
    max_leaves=15,
)


def outcome(tmp_path, data, *settings):
    """What loading says; anything but a scenario or told problems is an error of its own."""
    path = tmp_path / "f.yaml"
    path.write_bytes(data)
    try:
        return load(path, settings).name
    except ConfigError as error:
        return str(error)


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_a_scenario_or_problems(tmp_path, data):
    assert outcome(tmp_path, data)


@quick
@given(st.text(alphabet=":-?[]{},&*!|>'\"%@`#ab01.~\n\t \\xuU\ud7ff", max_size=80))
def test_any_text_near_to_yaml_is_a_tree_or_problems(text):
    document = parse(text, "f.yaml")
    assert document.tree is not None or document.problems


@quick
@given(st.dictionaries(_words, _trees, max_size=5))
def test_any_tree_is_a_scenario_or_problems(tmp_path, tree):
    text = "extends: base.yaml\n" + "".join(f"{key}: {value!r}\n" for key, value in tree.items())
    assert outcome(tmp_path, text.encode("utf-8", "replace"))


@quick
@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", "life.", "life.slots.", "hospital.wards."]))
def test_any_setting_is_laid_on_or_a_problem(tmp_path, path, value, within):
    assert outcome(tmp_path, b"extends: base.yaml\n", f"{within}{path}={value}", "life.slots=" + value)
