"""``cms import`` and ``cms export``."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cms.cli.context import done, drain, opened
from cms.exchange.exporting import CONTENT, PERSONAL, REGISTERS, export_file
from cms.exchange.files import open_lines
from cms.exchange.importing import ImportOptions, ImportReport, RecordReader, import_lines
from cms.exchange.records import Renaming
from cms.exchange.registers import core_importers
from cms.kernel.errors import CmsError
from cms.web.state import Cms

#: Notes on incomplete items are many; this many are shown, all are listed in the desk.
SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "keys", default="", help="Rename keys: kind=type,date=published_on,licence=- (- drops a key).")
@click.option("--map-type", "types", default="", help="Rename type values: qa=notice,report=page.")
@click.option("--state", type=click.Choice(["published", "draft"]), default="published", show_default=True)
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--force", is_flag=True, help="Overwrite items that were changed or withdrawn in the desk since.")
def import_(  # noqa: PLR0917 — the options of the command
    file: Path,
    keys: str,
    types: str,
    state: str,
    dry_run: bool,  # noqa: FBT001 — a flag
    force: bool,  # noqa: FBT001 — a flag
) -> None:
    """Import items from FILE (JSON lines, .gz allowed). Repeating it, also after a kill, changes nothing twice."""
    with opened() as cms:
        options = ImportOptions(
            folder=file.parent, filename=file.name, renaming=Renaming.parse(keys, types), state=state,
            dry_run=dry_run, force=force,
        )  # fmt: skip
        report = run_import(cms, file, options)
        drain(cms)
    for number, problem in report.errors:
        click.echo(f"{file}:{number}: {problem}", err=True)
    for number, note in report.attention[:SHOWN]:
        click.echo(f"{file}:{number}: needs attention: {note}", err=True)
    if len(report.attention) > SHOWN:
        click.echo(f"… and {len(report.attention) - SHOWN} more, listed in the desk as 待完善", err=True)
    done(
        f"{'checked' if dry_run else 'imported'}: {report.created} new, {report.updated} updated, "
        f"{report.unchanged} unchanged, {len(report.errors)} errors"
    )
    sys.exit(1 if report.errors else 0)


def run_import(cms: Cms, file: Path, options: ImportOptions) -> ImportReport:
    """Import ``file`` with a progress bar on standard error; return what was done."""
    importers = {**core_importers(cms.contributions.metrics), **cms.contributions.importers}
    reader = RecordReader(cms.types, cms.store, options, importers)
    report = ImportReport()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} lines"),
        TimeRemainingColumn(),
    )
    with open_lines(file) as lines, Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(file.name, total=None)
        for state_now in import_lines(lines, cms.unit_of_work, reader):
            report = state_now
            progress.update(task, completed=report.total)
    return report


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--what",
    default=f"{CONTENT},{REGISTERS}",
    show_default=True,
    help="Comma-separated: content, registers, personal (sealed; readable only with the data key of this site).",
)
def export(file: Path, what: str) -> None:
    """Write everything that another site needs to FILE (JSON lines, .gz allowed); assets go beside it."""
    chosen = frozenset(part.strip() for part in what.split(",") if part.strip())
    known = (CONTENT, REGISTERS, PERSONAL)
    if unknown := chosen - set(known):
        raise CmsError(f"--what: unknown {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    with opened() as cms, cms.reading() as session:
        lines = export_file(session, cms.store, file, chosen, cms.contributions.exporters)
    done(f"exported: {lines} records to {file}")
