"""``cms theme``: how the public site looks."""

import json
import sys

import click

from cms.accounts.policy import MACHINE
from cms.cli.context import app_of, done, opened
from cms.settings.services import SiteSettings, load
from cms.theming.services import use_theme
from cms.web.state import Cms
from cms.web.themes import check_theme, installed_themes


@click.group("theme")
def themes() -> None:
    """List, choose and check themes."""


@themes.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array of key, name, version, parent, active.")
def list_themes(as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List the installed themes; the active one has a star."""
    with opened() as cms, cms.reading() as session:
        active = load(session, SiteSettings).theme
        found = installed_themes(cms.settings.site)
    if as_json:
        lines = [
            {
                "key": theme.key,
                "name": theme.name,
                "version": theme.version,
                "parent": theme.parent,
                "active": theme.key == active,
            }
            for theme in found.values()
        ]
        done(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for theme in found.values():
        done(
            f"{'*' if theme.key == active else ' '} {theme.key:16} {theme.version:8} {theme.name}  {theme.description}"
        )


@themes.command()
@click.argument("key")
def use(key: str) -> None:
    """Give the site another theme; running servers follow within a second."""
    with opened() as cms, cms.unit_of_work() as uow:
        use_theme(uow, key, actor=MACHINE, themes=installed_themes(cms.settings.site))
    done(f"theme: {key}")


@themes.command()
@click.argument("key")
def check(key: str) -> None:
    """Compile every template of a theme and look for blocks that no parent has; exit 1 if there is a problem."""
    app = app_of()
    with app.app_context():
        problems = check_theme(app, key)
    state: Cms = app.extensions["cms"]
    state.close()
    for line in problems:
        click.echo(line, err=True)
    if not problems:
        done(f"{key}: ok")
    sys.exit(1 if problems else 0)
