"""Distributions of evidence are read from a few words, and what cannot be read or drawn is named with its place."""

from __future__ import annotations

import pytest

from flowsim.config.evidence import Correlation, load_evidence
from flowsim.config.problems import ConfigError
from flowsim.config.spread import Spread, faults_of, read_spread

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("fixed; a definition", Spread("fixed", words="a definition")),
        ("uniform", Spread("uniform")),
        ("uniform 0.2 to 0.4", Spread("uniform", low=0.2, high=0.4)),
        ("triangular 1.7; most likely: half", Spread("triangular", mode=1.7, words="most likely: half")),
        ("normal 0.945 to 1.055", Spread("normal", low=0.945, high=1.055)),
        ("each scale 0.85 to 1.15", Spread("scale", each=True, low=0.85, high=1.15)),
        ("shift −0.5 to 1", Spread("shift", low=-0.5, high=1.0)),
        ("shares ±0.05", Spread("shares", width=0.05)),
        ("what-if", Spread("what-if", asked=Spread("uniform"))),
        ("what-if scale 0.7 to 1.3", Spread("what-if", asked=Spread("scale", low=0.7, high=1.3))),
    ],
)
def test_a_distribution_is_read(text, read):
    assert read_spread(text) == read


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "says nothing"),
        ("unifrom", "did you mean uniform?"),
        ("uniform over the range", "'over the range' after 'uniform' cannot be read"),
        ("scale", "needs two numbers"),
        ("each fixed", "does not begin with a word"),
        ("what-if sometimes", "does not begin with a word"),
    ],
)
def test_what_cannot_be_read_says_why(text, says):
    assert says in str(read_spread(text))


@pytest.mark.parametrize(
    ("text", "low", "high", "says"),
    [
        ("uniform", None, None, "needs low and high"),
        ("uniform", 3, 3, "is empty"),
        ("triangular 9", 1, 2, "the mode 9 is not between 1 and 2"),
        ("scale 1.1 to 1.2", None, None, "leaves out 1"),
        ("shift 1 to 2", None, None, "leaves out 0"),
        ("lognormal", 0, 2, "lies between 0 and inf"),
        ("beta", 0.5, 2, "lies between 0 and 1"),
    ],
)
def test_what_cannot_be_drawn_says_why(text, low, high, says):
    spread = read_spread(text)
    assert isinstance(spread, Spread)
    assert [text for text in faults_of(spread, low, high) if says in text] != []


def evidence(tmp_path, text):
    path = tmp_path / "evidence.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_faults_of_an_evidence_file_are_named_with_their_places(tmp_path):
    text = "life.slots:\n  distribution: unifrom\nlife.cap_days:\n  low: 3\n  high: 2\n  distribution: fixed\n"
    text += "correlations:\n  - between: [life.slots, life.slotz]\n    rank: 0.5\n    source: us\n"
    with pytest.raises(ConfigError) as caught:
        load_evidence(evidence(tmp_path, text))
    found = [(one.line, one.path) for one in caught.value.problems]
    assert found == [(2, "life.slots.distribution"), (4, "life.cap_days.low"), (8, "correlations.0")]


def test_correlations_are_read(tmp_path):
    text = "a.b:\n  low: 0\n  high: 1\n  distribution: uniform\na.c:\n  low: 0\n  high: 1\n  distribution: uniform\n"
    text += "correlations:\n  - {between: [a.b, a.c], rank: -0.5, source: us}\n"
    assert load_evidence(evidence(tmp_path, text)).correlations == (Correlation("a.b", "a.c", -0.5, "us"),)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{between: [a.b, a.c], rank: 1.5, source: us}", "rank must be a number between -1 and 1"),
        ("{between: [a.b, a.b], rank: 0.5, source: us}", "correlated with itself"),
        ("{between: [a.b, a.c], rank: 0.5}", "must state between"),
    ],
)
def test_a_correlation_that_makes_no_sense_is_refused(tmp_path, entry, says):
    with pytest.raises(ConfigError, match=says):
        load_evidence(evidence(tmp_path, f"a.b: {{}}\na.c: {{}}\ncorrelations:\n  - {entry}\n"))


def test_a_row_without_a_distribution_is_held(tmp_path):
    assert load_evidence(evidence(tmp_path, "a.b: {low: 0, high: 1}\n")).rows[0].spread.varied is False
