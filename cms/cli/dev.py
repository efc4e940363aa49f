"""``cms dev``: what developers of the product need beside the tests."""

import sys
from pathlib import Path

import click

from cms.cli.context import done
from cms.cli.reference.commands import commands_page
from cms.cli.reference.markdown import page
from cms.cli.reference.plugins import hooks_page, plugin_api_page
from cms.cli.reference.rules import permissions_page, settings_page
from cms.cli.reference.templates import page_contexts_page
from cms.kernel.errors import CmsError

ROOT = Path(__file__).parents[2]


@click.group()
def dev() -> None:
    """Commands for developers; they work in a checkout."""


@dev.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the pages that are out of date.")
@click.pass_context
def docs(ctx: click.Context, check: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Write the generated pages of docs/reference from the code."""
    folder = ROOT / "docs" / "reference"
    if not (ROOT / "pyproject.toml").exists():
        raise CmsError(f"{ROOT} is no checkout; the documentation is made where the sources are")
    late = [name for name, text in reference_pages(ctx).items() if _text_of(folder / name) != text]
    if check:
        for name in late:
            click.echo(f"out of date: docs/reference/{name}; run: make docs", err=True)
        sys.exit(1 if late else 0)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference_pages(ctx).items():
        (folder / name).write_text(text, "utf-8")
    done(f"written: {', '.join(late)}" if late else "the generated pages are up to date")


@dev.command()
def calendar() -> None:
    """Write the holiday notices of cms/workdays/data anew, from the installed chinesecalendar."""
    from cms.cli.dev_calendar import write_notices  # noqa: PLC0415 — needed by this command only

    changed = write_notices()
    done(f"written: {', '.join(changed)}" if changed else "the notices are up to date")


def reference_pages(ctx: click.Context) -> dict[str, str]:
    """Return the generated pages: name of the file → text."""
    cli = ctx.find_root().command
    if not isinstance(cli, click.Group):
        raise CmsError("the page of commands needs the whole command line; call: cms dev docs")
    made = {
        "hooks.md": hooks_page(),
        "settings.md": settings_page(),
        "commands.md": commands_page(cli),
        "page-contexts.md": page_contexts_page(),
        "plugin-api.md": plugin_api_page(),
        "permissions.md": permissions_page(),
    }
    return {name: page(blocks) for name, blocks in made.items()}


def _text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
