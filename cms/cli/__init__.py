"""The command line: one module for each noun, loaded when it is needed."""

import importlib
import sys

import click

from cms import __version__
from cms.kernel.errors import CmsError

#: Command → module and attribute; a command costs its import only when it is used.
COMMANDS = {
    "backup": ("cms.cli.backup", "backup"),
    "restore": ("cms.cli.backup", "restore"),
    "init": ("cms.cli.site", "init"),
    "run": ("cms.cli.serve", "run"),
    "worker": ("cms.cli.serve", "worker"),
    "db": ("cms.cli.database", "database"),
    "user": ("cms.cli.users", "users"),
    "plugin": ("cms.cli.plugins", "plugins"),
    "theme": ("cms.cli.themes", "themes"),
    "data-key": ("cms.cli.data_keys", "data_keys"),
    "search": ("cms.cli.search", "search"),
    "doctor": ("cms.cli.doctor", "doctor"),
    "import": ("cms.cli.exchange", "import_"),
    "export": ("cms.cli.exchange", "export"),
    "sheets": ("cms.cli.sheets", "sheets"),
    "demo": ("cms.cli.demonstration", "demo"),
    "dev": ("cms.cli.dev", "dev"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, those of enabled plugins too."""
        return sorted({*COMMANDS, *_of_plugins(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command."""
        if cmd_name not in COMMANDS:
            return _of_plugins(ctx).get(cmd_name)
        module, name = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None


def _of_plugins(ctx: click.Context) -> dict[str, click.Command]:
    from cms.cli.extensions import plugin_commands  # noqa: PLC0415 — builds an app; most commands do not need one

    return plugin_commands(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cms")
def cli() -> None:
    """Gongkai (公开): the website system of a county department."""


def main() -> None:
    """Run the command line; what we raise on purpose is shown as one message, not as a traceback."""
    try:
        cli()
    except CmsError as error:
        click.echo(f"cms: {error}", err=True)
        sys.exit(1)
