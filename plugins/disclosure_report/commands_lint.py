"""``cms report lint``: checking a report on the command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cms.api import get_cms, local_date

from .format_file import formats
from .lint.organs import Level
from .lint.registry import Finding, Severity
from .linting import Wanted, check, contract, source_of_file
from .outputs import tables_json
from .reports import current, newest_year

_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "参考"}
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--year", type=click.IntRange(1949, 9999), help="Report year; by default the one that the title names.")
@click.option("--level", type=click.Choice([level.value for level in Level]), help="Level of the organ.")
@click.option("--previous", type=_FILE, help="Last year's report of the same organ, to compare with.")
@click.option("--part", "parts", type=_FILE, multiple=True, help="Report of a subordinate organ; give all of them.")
@click.option("--json", "as_json", is_flag=True, help="Print findings and tables as JSON.")
def lint(
    file: Path | None, year: int | None, level: str | None, previous: Path | None, parts: Sequence[Path], *,
    as_json: bool,
) -> None:  # fmt: skip
    """Check FILE (txt, html, docx, pdf), or without FILE our own report of the year.

    Exits with 1 if there is an error (E). A finding that somebody has set aside in the desk is no error.
    """
    if file is None:
        findings, found = _own(year)
    else:
        wanted = Wanted(
            year=year, level=Level(level) if level else None,
            previous=source_of_file(previous.read_bytes(), previous.name) if previous else None,
            parts=[source_of_file(part.read_bytes(), part.name) for part in parts],
        )  # fmt: skip
        outcome = check(source_of_file(file.read_bytes(), file.name), formats(), wanted)
        findings, found = outcome.findings, contract(outcome)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _show(findings)
    if any(one.is_open_error for one in findings):
        sys.exit(1)


def _own(year: int | None) -> tuple[Sequence[Finding], dict[str, object]]:
    cms = get_cms()
    with cms.reading() as session:
        chosen = year or newest_year(session) or local_date(cms.clock.now()).year - 1
        found = current(session, cms.contributions.figures, formats(), chosen)
    findings = found.report.findings
    tables = tables_json(found.report)
    shown: dict[str, object] = {"findings": [one.as_json() for one in findings], "year": chosen}
    return findings, shown | ({"tables": tables} if tables else {})


def _show(findings: Sequence[Finding]) -> None:
    for one in findings:
        place = f" [{one.start}–{one.end}]" if one.start is not None else ""
        chapter = f" {one.chapter}" if one.chapter else ""
        aside = f"（已忽略：{one.dismissed}）" if one.dismissed else ""
        click.echo(f"{one.severity.value} {one.rule}{chapter}{place} {one.message}{aside}")
        if one.excerpt:
            click.echo(f"    {one.excerpt}")
    counts = [f"{word} {sum(one.severity is severity for one in findings)}" for severity, word in _WORDS.items()]
    click.echo("，".join(counts) + "。")
