"""The page ``docs/reliability.md``, from the results."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from pages import wrapped

_HEAD = """# Reliability of sweeps

Written by [`experiments/reliability/measure.py`](../experiments/reliability/measure.py) from
[`results.json`](../experiments/reliability/results.json), where every count of this page is. How the folder of a
sweep works is in [design.md](design.md#sweeps).

| Trial | n | Hoped for | Found | Day |
|---|---|---|---|---|
"""


def write_page(results: dict[str, Any], path: Path) -> None:
    """Write the page; a part that was not measured says so."""
    rows = [row for name, rows_of in _PARTS.items() for row in _rows(results, name, rows_of)]
    sections = [text(results[name]["of"]) for name, text in _SECTIONS.items() if name in results]
    last = f"{_HOW}\nThe trials took {_minutes(results)} on {results['cores']} cores, which did other work too.\n"
    text = _HEAD + "\n".join(rows) + "\n\n" + "\n\n".join([*sections, last])
    path.write_text(wrapped(text).rstrip() + "\n", encoding="utf-8")


def _rows(results: dict[str, Any], name: str, rows_of: Any) -> list[str]:
    if name not in results:
        return [f"| {name} | 0 | | not measured | |"]
    day = results[name]["day"]
    return [f"| {' | '.join(map(str, row))} | {day} |" for row in rows_of(results[name]["of"])]


def _minutes(results: dict[str, Any]) -> str:
    seconds = sum(results[name]["took"] for name in _PARTS if name in results)
    return f"{seconds / 60:.0f} minutes"


def _faults(listed: list[str]) -> str:
    return "; ".join(f"**{text}** ({n})" for text, n in Counter(listed).items()) or "0 faults"


def _killed(of: dict[str, Any]) -> list[tuple[Any, ...]]:
    hoped = "nothing lost, duplicated or left behind; same bytes"
    return [("kill -9 of the parent, then resume", of["kills"], hoped, _faults(of["faults"]))]


def _workers(of: dict[str, Any]) -> list[tuple[Any, ...]]:
    hoped = "goes on by itself; as above"
    return [("kill -9 of one of two workers, then resume", of["kills"], hoped, _faults(of["faults"]))]


def _damage(of: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for key, name in (("flips", "one bit of a stored shard flipped"), ("cuts", "a stored shard cut short")):
        ways = of[key]["with the hash"]
        total = sum(ways.values())
        rows.append((name, total, "all detected", f"{ways.get('noticed', 0)} detected"))
        rows.append(
            ("the same, and the sweep run again", of[key]["rescued"], "named, recomputed", _faults(of[key]["faults"]))
        )
    return rows


def _races(of: dict[str, Any]) -> list[tuple[Any, ...]]:
    ends = ", ".join(f"{name}: {n}" for name, n in of["endings"].items())
    return [
        ("two runs begun in one folder", of["races"], "same bytes, nothing lost", f"{ends}; {_faults(of['faults'])}")
    ]


def _equality(of: dict[str, Any]) -> list[tuple[Any, ...]]:
    same = sum(sum(one) for one in of.values())
    total = sum(len(one) for one in of.values())
    return [("one sweep run in other ways", total, "same bytes of all tables", f"{same} the same")]


def _refusals(of: dict[str, list[str]]) -> list[tuple[Any, ...]]:
    right = sum(one[0].startswith("refused") and one[1].startswith("goes on") for one in of.values())
    return [("resumed as another version or sweep", len(of), "refused, unless asked", f"{right} so")]


def _disks(of: dict[str, Any]) -> list[tuple[Any, ...]]:
    hoped = "a clear error, nothing lost"
    return [("disk full, then read-only, then resumed", of["disks"], hoped, _faults(of["faults"]))]


_PARTS = {
    "parents": _killed,
    "workers": _workers,
    "damage": _damage,
    "races": _races,
    "equality": _equality,
    "refusals": _refusals,
    "disks": _disks,
}


def _about_kills(of: dict[str, Any]) -> str:
    moments = ", ".join(f"{name} in {n}" for name, n in sorted(of["moments"].items()))
    return f"""## Killed parents

The moment is drawn evenly between the start and the usual end of a sweep; {of["too_late"]} came too late and are
not counted.
At the kill there were finished: {moments} of the {of["kills"]} trials ({of["blocks_finished"]} blocks in all). All
of these blocks
were the same files after the resume, not written again. {of["temporary_files_seen"]} temporary files were left by
a kill; none was there
after the resume. In {of["with_workers"]} trials there were two workers: these outlive a killed parent by half a
second or
the block they are at, whichever is longer; the longest was still there {of["orphans_seconds"]:.1f} s after the
resume had ended."""


def _about_workers(of: dict[str, Any]) -> str:
    return f"""## Killed workers

One worker of two, drawn by lot, at a moment drawn evenly over a sweep whose workers are ready.
{of["pools_broken"]} of the
{of["kills"]} kills broke a pool that was at work, and the sweep began a new one with what was left; the others hit
a worker that
had nothing left to do. {of["too_late"]} draws came after the end and are not counted."""


def _about_damage(of: dict[str, Any]) -> str:
    lines = ["| Read back | " + " | ".join(_OUTCOMES) + " |", "|---|" + "---|" * len(_OUTCOMES)]
    for key, name in (("flips", "flip"), ("cuts", "cut")):
        for way in ("neither", "page checksums only"):
            counts = of[key][way]
            lines.append(f"| {name}, {way} | " + " | ".join(str(counts.get(one, 0)) for one in _OUTCOMES) + " |")
    flips = of["flips"]["neither"]
    total = sum(flips.values())
    silent = flips.get("wrong numbers", 0) + flips.get("wrong notes", 0)
    checked = of["flips"]["page checksums only"]
    left = checked.get("wrong numbers", 0) + checked.get("wrong notes", 0)
    same = flips.get("same", 0), checked.get("same", 0)
    return f"""## What would Parquet alone have noticed?

Each damaged shard (of {of["shard_bytes"]:,.0f} bytes on average) was also read with pyarrow alone. "Wrong notes"
are wrong metadata: which
block it is, which runs failed.

{chr(10).join(lines)}

So without any checksum {silent / total:.0%} of the flipped bits would have been read back silently wrong, of which
{flips.get("wrong numbers", 0)} as wrong numbers; {same[0]} were read without harm. Page checksums bring it to
{left / total:.0%}, as they do not cover headers, statistics
and metadata, which are much of a small file. The hash of the whole file, kept in its name, leaves none."""


_OUTCOMES = ("error", "crash", "same", "wrong notes", "wrong numbers")


def _about_equality(of: dict[str, list[bool]]) -> str:
    lines = [
        f"| {name} | {' | '.join('same' if one else '**differs**' for one in same)} |" for name, same in of.items()
    ]
    return f"""## The same bytes in whatever way

Compared with a run of one process: results, summary, design, points, SALib files, and for the second sweep the daily
series and event logs too. The first sweep has 12 points × 4 replications; the second has a baseline and replicates
four
points until a precision is met. Steps follow each other in one folder.

| Way | fixed replications | to a precision |
|---|---|---|
{chr(10).join(lines)}"""


def _about_races(of: dict[str, Any]) -> str:
    return f"""## Two runs in one folder

The second is begun at the same moment or up to 0.3 s later; in {of["with_workers"]} of the races one of the two
has two workers. Both work
on the same blocks: what one has finished the other finds; what both do at once has the same name and bytes."""


def _about_refusals(of: dict[str, list[str]]) -> str:
    lines = [f"| {name} | {said[0]} | {said[1]} |" for name, said in of.items()]
    return f"""## Other versions, other sweeps

Half of a sweep was run, then another was begun in its folder; edits were made to a copy of the package and run by
command,
where a refusal exits with code 2.

| Begun with | What it says differs | With `--accept-other-version` |
|---|---|---|
{chr(10).join(lines)}"""


def _about_disks(of: dict[str, Any]) -> str:
    said = "\n".join(f"- {n} ×: `{text}`" for text, n in sorted(of["messages"].items()))
    return f"""## Full and read-only disks

On {of.get("how", "no disk, as none could be mounted")}, of which a random part was taken already. When the sweep
had stopped, the disk was made read-only and the sweep begun again;
then it was given room, and the sweep resumed. {of["blocks_kept"]} blocks had been finished in all; each was used,
none written again.
What the user is told:

{said}"""


_SECTIONS = {
    "parents": _about_kills,
    "workers": _about_workers,
    "damage": _about_damage,
    "races": _about_races,
    "equality": _about_equality,
    "refusals": _about_refusals,
    "disks": _about_disks,
}

_HOW = """## How it is done

Sweeps are of [`configs/theory/mmc.yaml`](../configs/theory/mmc.yaml) over 25 days: 12 points × 4 replications, a
shard for each point, half a second of work. One process imports everything, then forks a process for each trial,
so that
moments fall into the sweep and not into a second of imports; kills during imports are therefore not tried, and
nothing is
written then. Forked processes, workers, files, kills and disks are real. After each trial are checked: all tables
byte by
byte against those of an undisturbed run; one shard for each block; each shard that was there before is the same file;
every shard has the hash in its name; no temporary file anywhere. Kills are of processes: the power of the machine was
not cut, so of the forcing to disk only the order is tried here. Moments, bits and lengths are drawn from a fixed
seed."""
