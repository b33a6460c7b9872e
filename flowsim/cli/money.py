"""`money`: net saving by partner and year of a comparison, shared by the Alliance's principles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import InputError, new_folder, user_errors
from flowsim.cli.options import AsJson, Quiet, TermsFile

if TYPE_CHECKING:
    from flowsim.experiment.manifest import Manifest
    from flowsim.money.book import Book


def money(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that compare wrote.")],
    terms: TermsFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the tables, new or empty; by default RUN_DIR."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also replace tables that were changed since flowsim wrote them.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say who saves what: net saving by partner and year.

    Against do-nothing of the same year, programme costs counted, risk and gain shared. Nothing is run again. Writes
    money.csv, the open book, the shares, what the papers say of money beside what the model gives, which factors on
    costs are applied and why not the others, the council's ten-year table, and a picture.

    \b
    Examples
      flowsim money runs/20261122-101500-do_nothing-transition_year
      flowsim money runs/mine --terms my_terms.yaml --out runs/mine_money
      flowsim money runs/mine --json
    """
    with user_errors():
        book, manifest = book_in(run_dir, terms)
        folder = new_folder(out, "money") if out is not None else run_dir
        _keep(book, folder, manifest if out is None else None, force=force)
        if as_json:
            from flowsim.money.book import tree_of

            tree = {**tree_of(book), "run_dir": str(run_dir)}
            typer.echo(json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False))
            return
        if not quiet:
            from flowsim.cli.show_money import show

            show(book)
        typer.echo(f"money: {folder / 'money.csv'}")


def book_in(run_dir: Path, terms: str | None) -> tuple[Book, Manifest]:
    """The money of a run folder, with its manifest.

    Raises
    ------
    InputError
        If it is no whole run folder, the terms have faults, or run and terms do not fit one another.
    """
    from flowsim.config.problems import ConfigError
    from flowsim.experiment.folder import FolderError
    from flowsim.experiment.reading import read
    from flowsim.money.book import book_of
    from flowsim.money.reader import read_terms

    try:
        file = read_terms(terms).file  # faults of the file before those of the run
        results, _, manifest = read(run_dir)
        book = book_of(results, terms)
    except (FolderError, ConfigError) as error:
        raise InputError(str(error)) from None
    except ValueError as error:
        raise InputError("\n".join(_placed(line, run_dir, file) for line in str(error).splitlines())) from None
    return book, manifest


def _placed(line: str, run_dir: Path, terms: str) -> str:
    """A fault with its file: the run folder, unless it names a place in the terms itself."""
    return line if line.startswith(f"{terms}:") else f"{run_dir}: {line}"


def _keep(book: Book, folder: Path, manifest: Manifest | None, *, force: bool) -> None:
    """Write tables and picture; those in a run folder are put into its manifest."""
    from flowsim.experiment.folder import FolderError, check_unchanged, reseal
    from flowsim.money.book import write_tables
    from flowsim.plots.money import PICTURES, write_picture

    names = [*(f"{name}.csv" for name in book.tables), *PICTURES]
    try:
        if manifest is not None:
            for name in names:
                check_unchanged(folder / name, manifest, force=force)
        folder.mkdir(parents=True, exist_ok=True)
        write_tables(book, folder)
        write_picture(book.tables["money"], folder)
        if manifest is not None:
            reseal(folder, manifest, names)
    except FolderError as error:
        raise InputError(str(error)) from None
    except OSError as error:
        words = f"{folder}: the tables cannot be written there: {error.strerror or error}; name a folder with --out"
        raise InputError(words) from None
