"""What every page of the desk has. Views define the contexts of their own pages beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from flask import get_flashed_messages

from cms.desk.menu import MenuGroup, menu_for
from cms.web.login import DeskUser, signed_in
from cms.web.render import Page


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """A page of the desk: menu, person, messages. ``flashes`` are pairs of category and text."""

    menu: Sequence[MenuGroup]
    user: DeskUser | None
    flashes: Sequence[tuple[str, str]]


class DeskValues(TypedDict):
    """The fields of :class:`DeskPage` that do not depend on the page."""

    menu: list[MenuGroup]
    user: DeskUser | None
    flashes: list[tuple[str, str]]


def desk_values() -> DeskValues:
    """Return what every page of the desk gets: ``SomePage(**desk_values(), title=…)``."""
    user = signed_in()
    flashes = [(str(pair[0]), str(pair[1])) for pair in get_flashed_messages(with_categories=True)]
    return {"menu": menu_for(user.actor) if user else [], "user": user, "flashes": flashes}
