"""``cms doctor``: whether the site is well."""

import json
import sys
from dataclasses import asdict

import click

from cms.cli.context import done, opened
from cms.web.doctor import Level, examine, worst

_MARKS = {Level.OK: ("✓", "green"), Level.WARN: ("!", "yellow"), Level.FAIL: ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print an array of id, label, level, message, hint.")
def doctor(as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Examine the site; exit 1 if something fails."""
    with opened() as cms:
        checks = examine(cms)
    if as_json:
        done(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            mark, colour = _MARKS[check.level]
            done(f"{click.style(mark, fg=colour)} {check.label}：{check.message}")
            if check.hint and check.level is not Level.OK:
                done(f"    → {check.hint}")
    sys.exit(1 if worst(checks) is Level.FAIL else 0)
