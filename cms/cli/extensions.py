"""Commands of enabled plugins: they run inside the app of the site."""

import click

from cms.cli.context import app_of
from cms.kernel.errors import CmsError
from cms.web.state import Cms


def plugin_commands(ctx: click.Context) -> dict[str, click.Command]:
    """Return the commands of enabled plugins by name; none where there is no site yet.

    The app stays open, and its context pushed, until the command line ends.
    """
    commands: dict[str, click.Command] | None = ctx.meta.get(__name__)
    if commands is None:
        try:
            app = app_of()
        except CmsError:
            return {}
        context = app.app_context()
        context.push()
        cms: Cms = app.extensions["cms"]
        ctx.call_on_close(cms.close)
        ctx.call_on_close(context.pop)
        commands = {str(one.name): one for loaded in cms.loaded for one in loaded.plugin.commands()}
        ctx.meta[__name__] = commands
    return commands
