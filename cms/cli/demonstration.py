"""``cms demo``."""

from collections.abc import Callable
from typing import TypeVar

import click
from flask import Flask

from cms.app import create_app
from cms.cli.context import done, drain
from cms.cli.site import enable_bundled, make_empty_site
from cms.config import Settings, default_site
from cms.demo import building
from cms.web.state import Cms

T = TypeVar("T")


@click.command()
def demo() -> None:
    """Build the demo site 衡山县民政局 (2016); repeating it changes nothing."""
    settings = make_empty_site(default_site())
    _with_app(settings, building.prepare)
    enable_bundled(settings)
    passwords = _with_app(settings, _fill)
    done(f"demo site ready: {settings.site}")
    if passwords:
        done(f"accounts (shown once; also in {settings.site / building.ACCOUNTS_FILE}):")
        for username, full_name, _role, _department in building.STAFF:
            if username in passwords:
                done(f"  {username:10} {passwords[username]}  {full_name}")


def _fill(cms: Cms) -> dict[str, str]:
    building.refuse_other_site(cms)
    building.fill(cms)
    passwords = building.add_staff(cms)
    drain(cms)
    return passwords


def _with_app(settings: Settings, action: Callable[[Cms], T]) -> T:
    app: Flask = create_app(settings)
    cms: Cms = app.extensions["cms"]
    with app.app_context():
        try:
            return action(cms)
        finally:
            cms.close()
