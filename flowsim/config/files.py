"""Which file a name means, and its text: small, ordinary, UTF-8; the packaged configurations; what may be extended."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from flowsim.config.problems import Mark, Problem, did_you_mean, problem_at
from flowsim.config.reader import Document, parse

LARGEST = 1_000_000
"""Bytes a configuration may have."""

_TEN_YEARS = "ten_year"
_NOT_SCENARIOS = ("broken", "claims", "evidence")


@dataclass(frozen=True, slots=True)
class Source:
    """A file on disk and the name by which messages call it."""

    path: Path
    shown: str


def packaged() -> Path:
    """Folder of the shipped configurations: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "configs"
    return inside if inside.is_dir() else package.parent / "configs"


def packaged_names() -> list[str]:
    """Names of the shipped scenarios: one year first, sorted, then ten years, such as ``ten_year/do_nothing``."""
    root = packaged()
    one = sorted(path.stem for path in root.glob("*.yaml") if path.stem not in _NOT_SCENARIOS)
    return one + sorted(f"{_TEN_YEARS}/{path.stem}" for path in (root / _TEN_YEARS).glob("*.yaml"))


def find(source: str) -> Source:
    """The file that a user named: a path, or the name of a shipped scenario if there is no such file."""
    path = Path(source)
    try:
        if path.exists() or path.is_symlink():
            return Source(path, source)
    except (OSError, ValueError):
        return Source(path, source)
    return _shipped(source) or Source(path, source)


def _shipped(name: str) -> Source | None:
    pure = PurePosixPath(name)
    if not name or pure.is_absolute() or ".." in pure.parts or "\0" in name:
        return None
    for candidate in (name, f"{name}.yaml"):
        path = packaged() / candidate
        if path.suffix in (".yaml", ".yml") and path.is_file():
            return Source(path, f"configs/{candidate}")
    return None


def find_extended(name: str, by: Source, study: Path) -> Source | str:
    """The file that ``extends: name`` means, or why it means none.

    Parameters
    ----------
    name : str
        As written; relative to the folder of the extending file, else the name of a shipped scenario.
    by : Source
        The file that extends.
    study : Path
        Folder of the first file; nothing outside it is read but shipped configurations.
    """
    if "://" in name:
        return "must be a file of the study, not an address"
    if not name.strip() or "\0" in name:
        return "must be the name of a file"
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or name.startswith(("~", "\\")):
        return "must be a relative path"
    try:
        path = (by.path.resolve().parent / name).resolve()
        inside = any(path.is_relative_to(root.resolve()) for root in (study, packaged()))
        there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:
        return f"cannot be followed: {_reason(error)}"
    if there and inside:
        return Source(path, _shown(path, name, by))
    if there or ".." in PurePosixPath(name).parts:
        return "leads outside the study folder"
    return _shipped(name) or "there is no such file"


def _shown(path: Path, name: str, by: Source) -> str:
    """The name of an extended file beside the name of the file that extends it, without the machine's own folders."""
    root = packaged().resolve()
    if path.is_relative_to(root):
        return f"configs/{path.relative_to(root).as_posix()}"
    parts: list[str] = list(PurePosixPath(by.shown).parent.parts)
    for part in PurePosixPath(name).parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return str(PurePosixPath(*parts))


def nearby(path: Path, *, scenario: bool = True) -> str:
    """A hint for a file that is not there: the nearest name beside it, of a scenario also among the shipped ones."""
    try:
        files = (one.name for one in path.parent.iterdir() if one.suffix in (".yaml", ".yml"))
        beside = sorted(name for name in files if name != path.name)  # a dangling link is no help
    except (OSError, ValueError):
        beside = []
    shipped = packaged_names() if scenario else []
    same = [name for name in shipped if "/" in name and name.endswith(f"/{path.stem}")]
    if same:
        return f"did you mean {same[0]}?"
    word = path.as_posix().removesuffix(path.suffix) if path.parts[:1] == (_TEN_YEARS,) else path.name
    return did_you_mean(word, [*beside, *shipped], "there are")


def read_file(source: Source, *, scenario: bool = False) -> Document:
    """Read one file; whatever prevents it is a problem of the document.

    Parameters
    ----------
    scenario : bool
        Whether it is to be a scenario: if it is not there, a shipped one may have been meant.
    """
    text = _text(source, scenario)
    if isinstance(text, Problem):
        return Document(source.shown, None, problems=(text,))
    return parse(text, source.shown)


def _text(source: Source, scenario: bool) -> str | Problem:
    try:
        status = source.path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _refused(source, "is a folder", "name a .yaml file")
        if not stat.S_ISREG(status.st_mode):
            return _refused(source, "is not an ordinary file", "name a .yaml file")
        if status.st_size > LARGEST:
            return _refused(source, f"has {status.st_size / 1e6:.1f} MB", f"at most {LARGEST / 1e6:g} MB are read")
        with source.path.open("rb") as stream:
            data = stream.read(LARGEST + 1)  # the file may have grown since
    except FileNotFoundError:
        return _refused(source, "there is no such file", nearby(source.path, scenario=scenario))
    except (OSError, ValueError) as error:
        return _refused(source, f"cannot be read: {_reason(error)}")
    if len(data) > LARGEST:
        return _refused(source, "is too large", f"at most {LARGEST / 1e6:g} MB are read")
    return _decoded(data, source)


def _decoded(data: bytes, source: Source) -> str | Problem:
    if b"\0" in data:
        return _refused(source, "is not text (it holds zero bytes)", "save it as plain text in UTF-8")
    try:
        return data.decode("utf-8-sig")  # editors on Windows begin files with a byte-order mark
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Mark(source.shown, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        return problem_at(place, (), "is not UTF-8 text", "save it as UTF-8")


def _refused(source: Source, message: str, hint: str = "") -> Problem:
    return problem_at(Mark(source.shown), (), message, hint)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
