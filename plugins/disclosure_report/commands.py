"""``cms report``: the annual report on the command line. An app context is open when these run."""

import sys
from pathlib import Path

import click

from cms.api import get_cms

from .commands_lint import lint
from .files import OUTPUTS
from .format_file import formats
from .reports import current

#: Kinds that a terminal cannot show.
_BINARY = frozenset({"docx", "pdf", "xlsx"})


def report_group() -> click.Group:
    """Return the group ``report``; a new object at each call."""
    group = click.Group("report", help="The annual disclosure report (政府信息公开年度报告).")
    group.add_command(build)
    group.add_command(lint)
    return group


@click.command()
@click.argument("year", type=click.IntRange(1949, 9999))
@click.option("--format", "format_name", default="auto", show_default=True, help="Format; auto goes by the year.")
@click.option("--as", "kind", type=click.Choice(sorted(OUTPUTS)), default="text", show_default=True)
@click.option("-o", "target", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def build(year: int, format_name: str, kind: str, target: Path | None) -> None:
    """Build the report of YEAR: from its snapshot if it is frozen, else from the live records."""
    cms = get_cms()
    with cms.reading() as session:
        found = current(session, cms.contributions.figures, formats(), year, format_name)
    made = OUTPUTS[kind].make(found)
    if target is not None:
        target.write_bytes(made)
        click.echo(str(target))
    elif kind in _BINARY and sys.stdout.isatty():
        raise click.UsageError(f"{kind} is no text; name a file with -o")
    else:
        click.echo(made, nl=False)
