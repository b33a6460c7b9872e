"""What YAML text means, and what of it is refused."""

import math
from pathlib import Path

import pytest

from flowsim.config.files import LARGEST, Source, find, nearby, packaged, packaged_names, read_file
from flowsim.config.literals import RefusedWordError, plain
from flowsim.config.problems import Mark
from flowsim.config.reader import DEEPEST, parse, parse_value

pytestmark = pytest.mark.unit


def problems(text):
    return [str(one) for one in parse(text, "f.yaml").problems]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("+4", 4),
        ("0", 0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("2.50", 2.5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("12:30", "12:30"),
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("2017-12-01", "2017-12-01"),
        ("65-74", "65-74"),
        ("1.2.3", "1.2.3"),
        ("e3", "e3"),
        (".", "."),
    ],
)
def test_an_unquoted_word_is_read_as_yaml_1_2_reads_it(word, value):
    assert repr(plain(word)) == repr(value)


def test_nan_is_read_so_that_the_model_can_say_where_it_stands():
    assert math.isnan(plain(".nan"))


@pytest.mark.parametrize("word", ["010", "-007", "00.5", "0x1F", "0o17", "0b11", "1_000", "1_0.5", "1" * 401])
def test_a_number_that_readers_disagree_about_is_refused_with_a_remedy(word):
    with pytest.raises(RefusedWordError) as caught:
        plain(word)
    assert caught.value.hint


def test_a_quoted_word_is_text():
    assert parse("a: '12'\nb: \"true\"\nc: |\n  3\n", "f").tree == {"a": "12", "b": "true", "c": "3\n"}


def test_keys_are_text_and_know_their_place():
    document = parse("1: x\nlife:\n  slots: {from: 3}\n  list: [5, 6]\n", "f.yaml")
    assert document.tree == {"1": "x", "life": {"slots": {"from": 3}, "list": [5, 6]}}
    assert document.marks[("life", "slots", "from")] == Mark("f.yaml", 3, 11)
    assert document.marks[("life", "list", "1")] == Mark("f.yaml", 4, 13)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", ["f.yaml:2:1: a: duplicate key, first given on line 1; keep one"]),
        ("a: &x 1\n", ["f.yaml:1:4: a: anchor &x is not allowed; aliases are refused; use extends"]),
        ("a: *x\n", ["f.yaml:1:4: a: alias *x is not allowed; write the value out, or use extends"]),
        ("a: !!python/object:os.system x\n", ["tag:yaml.org,2002:python/object:os.system is not allowed"]),
        ("a: !mine {b: 1}\n", ["f.yaml:1:4: a: tag !mine is not allowed; plain values only"]),
        ("? [1, 2]\n: 3\n", ["f.yaml:1:3: a key must be a plain word"]),
        ("<<: {a: 1}\n", ["merge key << is not allowed; use extends"]),
        (": 1\n", ["a key is missing before the colon"]),
        ("a: 1\n---\nb: 2\n", ["f.yaml:2:1: a second document begins here"]),
        ("- 1\n", ["f.yaml:1:1: the top level is not a mapping"]),
        ("", ["f.yaml: the file is empty"]),
        ("# only a comment\n", ["the file is empty"]),
        ("---\n", ["the file is empty"]),
        ("a: [1, 2\n", ["f.yaml:2:1: not readable as YAML"]),
        ("a: b: c\n", ["f.yaml:1:5: not readable as YAML"]),
        ("\tb: 1\n", ["f.yaml:1:1: not readable as YAML"]),
        ("a: 'x\x07y'\n", ["f.yaml:1:6: a character that YAML does not allow"]),
        ('a: "\\ud800"\n', ["f.yaml:1:4: a: text holds half a character"]),
        ('"\\ud800": 1\n', ["f.yaml:1:1: text holds half a character"]),
        ('a: "\\e[31mred"\n', ["f.yaml:1:4: a: text holds a control character, '\\x1b'"]),
        ('a: {"\\e[31mred": 1}\n', ["f.yaml:1:5: a: text holds a control character, '\\x1b'"]),
        ('"a\\nb": 1\n', ["f.yaml:1:1: text holds a control character, '\\n'"]),
        ('a: "\\u202eb"\n', ["f.yaml:1:4: a: text holds a control character, '\\u202e'"]),
        ("!!map {a: 1}\n", ["f.yaml:1:1: tag tag:yaml.org,2002:map is not allowed"]),
        ("a: 010\nb: 1_000\n", ["f.yaml:1:4: a: 010 is a number", "f.yaml:2:4: b: 1_000 is a number"]),
    ],
)
def test_what_is_doubtful_is_refused_where_it_stands(text, expected):
    found = problems(text)
    assert len(found) == len(expected)
    assert all(words in one for words, one in zip(expected, found, strict=True))


def test_nesting_is_allowed_to_its_limit_and_refused_beyond():
    assert problems("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)) == []
    assert f"nested more than {DEEPEST} deep" in problems("a: " + "[" * DEEPEST + "]" * DEEPEST)[0]


def test_endless_nesting_stops_at_the_limit():
    assert len(problems("a: " + "[" * 200_000)) == 1


def test_reading_goes_on_after_a_refused_value():
    document = parse("a: *x\nb: 010\nc: 5\n", "f.yaml")
    assert len(document.problems) == 2
    assert document.tree["c"] == 5


@pytest.mark.parametrize(
    ("text", "value"),
    [("140", 140), ("", None), ("[1, 2]", [1, 2]), ("{from: 1, steps: {2018-01-01: 2}}", None), ("'x: y'", "x: y")],
)
def test_a_value_on_the_command_line_follows_the_rules_of_files(text, value):
    found, wrong = parse_value(text, "--set", ("a",))
    assert wrong == ()
    assert found == (value or found)


@pytest.mark.parametrize("text", ["[", "a: b", "*x", "010", "1\nb: 2", "!t 1", "{a: 1, a: 2}"])
def test_a_value_on_the_command_line_that_is_none_is_a_problem(text):
    _, wrong = parse_value(text, "--set", ("a",))
    assert wrong


def test_a_folder_is_refused(tmp_path):
    assert "is a folder" in read_file(Source(tmp_path, "d")).problems[0].message


def test_a_large_file_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * LARGEST)
    assert str(read_file(Source(path, "large.yaml")).problems[0]) == "large.yaml: has 50.0 MB; at most 1 MB are read"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: 1\nb: \xff\n", "f.yaml:2:4: is not UTF-8 text"),
        (b"a: \x00\n", "f.yaml: is not text (it holds zero bytes)"),
        ("a: 1\n".encode("utf-16"), "f.yaml: is not text"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path, data, words):
    path = tmp_path / "f.yaml"
    path.write_bytes(data)
    assert words in str(read_file(Source(path, "f.yaml")).problems[0])


def test_a_byte_order_mark_is_ignored(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\n".encode("utf-8-sig"))
    assert read_file(Source(path, "f.yaml")).tree == {"a": 1}


def test_shipped_scenarios_are_found_by_name():
    assert {"base", "do_nothing", "transition_year", "ten_year/do_nothing", "ten_year/all_phases"} <= set(
        packaged_names()
    )
    assert "broken" not in packaged_names()
    assert (packaged() / "base.yaml").is_file()


@pytest.mark.parametrize("name", ["all_phases", "all_phases.yaml", "ten_year/all_phase"])
def test_the_name_of_a_ten_year_scenario_without_its_folder_is_put_right(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert nearby(Path(name)) == "did you mean ten_year/all_phases?"


@pytest.mark.parametrize("name", packaged_names())
def test_every_shipped_scenario_is_found_from_any_folder(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find(name).shown == f"configs/{name}.yaml"
