"""``cms sheets``: filling registers from lists."""

import sys
from pathlib import Path

import click

from cms.accounts.policy import MACHINE
from cms.cli.context import done, drain, opened
from cms.kernel.clock import local
from cms.kernel.errors import CmsError, Invalid
from cms.sheets.batches import batches as all_batches
from cms.sheets.batches import get_batch, undo_batch
from cms.sheets.files import read_list
from cms.sheets.spec import SheetSpec
from cms.sheets.taking import BatchInput, repeated, take_rows
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
@click.option("--partial", is_flag=True, help="Keep the rows without mistakes.")
@click.option("--evidence", default="", help="Ledger and pages of the whole list, for rows that name none.")
def import_list(  # noqa: PLR0917 — one parameter for each option
    code: str, file: Path, dry_run: bool, again: bool, partial: bool, evidence: str  # noqa: FBT001 — flags
) -> None:  # fmt: skip
    """Take FILE into the register CODE as one batch; one mistake keeps all rows out."""
    given = BatchInput(evidence=evidence, origin=file.name, is_partial=partial, is_again=again)
    try:
        with opened() as cms:
            spec, rows = _spec(cms, code), read_list(file.read_bytes(), file.name)
            with cms.unit_of_work() as uow:
                result = take_rows(uow, spec, rows, actor=MACHINE, given=given, dry=dry_run)
            drain(cms)
    except Invalid as refused:
        for lines in refused.errors.values():
            for line in lines:
                click.echo(f"{file}: {line}", err=True)
        sys.exit(1)
    for problem in result.problems:
        click.echo(f"{file}:{problem.line}: {problem.heading or '—'}: {problem.text}", err=True)
    if result.repeats is not None:
        click.echo(f"{file}: {repeated()}", err=True)
    if result.batch is None and (result.problems or result.repeats is not None):
        click.echo(f"nothing was kept: {len(result.problems)} errors", err=True)
        sys.exit(1)
    batch = "" if result.batch is None else f", batch {result.batch}"
    done(f"{'checked' if dry_run else 'imported'}: {result.new} new, {result.known} known{batch}")
    if result.problems:
        click.echo(f"not kept: {len(result.problems)} errors", err=True)
        sys.exit(1)


@sheets.command()
@click.argument("code", required=False)
@click.option("--limit", default=50, show_default=True, help="How many, the newest first.")
def batches(code: str | None, limit: int) -> None:
    """List the batches of all registers, or of the register CODE."""
    with opened() as cms, cms.reading() as session:
        codes = [_spec(cms, code).code] if code else list(cms.contributions.sheets)
        for batch in session.scalars(all_batches(codes).limit(limit)):
            undone = f", undone {local(batch.undone_at):%Y-%m-%d %H:%M}" if batch.undone_at else ""
            done(
                f"{batch.id:6} {local(batch.recorded_at):%Y-%m-%d %H:%M} {batch.sheet:20} {batch.new} new, "
                f"{batch.known} known{undone}  {batch.evidence or batch.origin}"
            )


@sheets.command()
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="Why; it goes into the register and the log.")
def undo(batch: int, reason: str) -> None:
    """Take all entries of a batch back, or none if one has to stay."""
    with opened() as cms, cms.unit_of_work() as uow:
        found = get_batch(uow.session, batch)
        result = undo_batch(uow, _spec(cms, found.sheet), found, actor=MACHINE, reason=reason)
    for refusal in result.refusals:
        click.echo(f"line {refusal.line}: {refusal.text}", err=True)
    if result.refusals:
        click.echo(f"nothing was undone: {len(result.refusals)} entries have to stay", err=True)
        sys.exit(1)
    done(f"undone: {result.undone} entries, {result.gone} were taken back before")


def _spec(cms: Cms, code: str) -> SheetSpec:
    spec = cms.contributions.sheets.get(code)
    if spec is None:
        raise CmsError(f"there is no sheet {code!r}; there are: {', '.join(sorted(cms.contributions.sheets))}")
    return spec
