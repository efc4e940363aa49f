"""The page of commands: what ``--help`` says of every command, also of those of bundled plugins."""

from collections.abc import Iterator

import click

from cms.cli import COMMANDS
from cms.cli.reference.bundled import bundled_plugins
from cms.cli.reference.declarations import markdown
from cms.cli.reference.markdown import code, table


def commands_page(cli: click.Group) -> Iterator[str]:
    """Yield the page.

    :param cli: the whole command line.
    """
    yield "# Commands"
    yield "`cms COMMAND --help` says the same. Every command works on the site in `CMS_SITE`."
    context = click.Context(cli, info_name="cms")
    # Not those of the group: they depend on which plugins the site at hand has enabled.
    for name in sorted(COMMANDS):
        command = cli.get_command(context, name)
        if command is not None:
            yield from _command(command, f"cms {name}")
    for key, plugin in bundled_plugins().items():
        for command in plugin.commands():
            yield f"# Commands of the plugin `{key}`"
            yield from _command(command, f"cms {command.name}")


def _command(command: click.Command, path: str) -> Iterator[str]:
    arguments = "".join(f" {_argument(one)}" for one in command.params if isinstance(one, click.Argument))
    yield f"## `{path}{arguments}`"
    yield markdown(" ".join((command.help or "").split()))
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    yield table(("Option", "Value", "Meaning"), (_option(one) for one in options))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _command(below, f"{path} {name}")


def _argument(argument: click.Argument) -> str:
    name = (argument.name or "").upper().rstrip("_") + ("…" if argument.nargs < 0 else "")
    return name if argument.required else f"[{name}]"


def _option(option: click.Option) -> tuple[str, str, str]:
    names = ", ".join(code(name) for name in option.opts)
    choices = option.type.choices if isinstance(option.type, click.Choice) else ()
    value = "" if option.is_flag else code("|".join(map(str, choices))) or option.type.name
    text = " ".join((option.help or "").split())
    if option.show_default and not option.is_flag:
        text = f"{text} Default: `{option.default}`.".strip()
    return names, value, text
