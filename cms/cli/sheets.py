"""``cms sheets``: filling registers from lists."""

import sys
from pathlib import Path

import click

from cms.accounts.policy import MACHINE
from cms.cli.context import done, drain, opened
from cms.kernel.errors import CmsError, Invalid
from cms.sheets.files import read_list
from cms.sheets.spec import SheetSpec
from cms.sheets.taking import take_rows
from cms.sheets.template import template_xlsx
from cms.web.state import Cms


@click.group("sheets")
def sheets() -> None:
    """Fill registers from lists (.csv, .xlsx)."""


@sheets.command("list")
def list_sheets() -> None:
    """List the registers that can be filled, with their columns; required ones are marked *."""
    with opened() as cms:
        for spec in cms.contributions.sheets.values():
            columns = "、".join(f"{one.label}{'*' if one.is_required else ''}" for one in spec.columns)
            done(f"{spec.code:20} {spec.label}: {columns}")


@sheets.command()
@click.argument("code")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The .xlsx to write."
)
def template(code: str, output: Path) -> None:
    """Write the empty table of the register CODE."""
    with opened() as cms, cms.reading() as session:
        output.write_bytes(template_xlsx(session, _spec(cms, code)))
    done(f"written: {output}")


@sheets.command("import")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--again", is_flag=True, help="Take in a list that was taken in before.")
def import_list(code: str, file: Path, dry_run: bool, again: bool) -> None:  # noqa: FBT001 — flags
    """Take FILE into the register CODE; one mistake keeps all rows out."""
    try:
        with opened() as cms:
            spec, rows = _spec(cms, code), read_list(file.read_bytes(), file.name)
            with cms.unit_of_work() as uow:
                result = take_rows(uow, spec, rows, actor=MACHINE, dry=dry_run, again=again)
            drain(cms)
    except Invalid as refused:
        for line in refused.errors.get("file", []):
            click.echo(f"{file}: {line}", err=True)
        sys.exit(1)
    for problem in result.problems:
        click.echo(f"{file}:{problem.line}: {problem.heading or '—'}: {problem.text}", err=True)
    if result.problems:
        click.echo(f"nothing was kept: {len(result.problems)} errors", err=True)
        sys.exit(1)
    done(f"{'checked' if dry_run else 'imported'}: {result.new} new, {result.known} known")


def _spec(cms: Cms, code: str) -> SheetSpec:
    spec = cms.contributions.sheets.get(code)
    if spec is None:
        raise CmsError(f"there is no sheet {code!r}; there are: {', '.join(sorted(cms.contributions.sheets))}")
    return spec
