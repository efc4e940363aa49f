"""What every page of the desk has. Views define the contexts of their own pages beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from flask import get_flashed_messages, url_for

from cms.accounts.policy import Actor, can
from cms.catalogue.waiting import waiting_count
from cms.catalogue.withholding import due_count
from cms.content import worklists
from cms.desk.menu import MenuGroup, menu_for
from cms.kernel.clock import local_date
from cms.kernel.i18n import gettext as _
from cms.settings.services import SiteSettings, load
from cms.web.login import signed_in
from cms.web.render import Page
from cms.web.state import get_cms, read_session
from cms.web.urls import path_of


@dataclass(frozen=True)
class Person:
    """The signed-in person, as the frame shows them."""

    name: str
    department: str


@dataclass(frozen=True)
class Account:
    """Where people change their password and sign out."""

    url: str
    logout_url: str


@dataclass(frozen=True)
class SiteLink:
    """The public site: name and address of its home page."""

    name: str
    url: str


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page of the desk; the last one has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """A page of the desk: menu, person, messages. ``flashes`` are pairs of category and text."""

    menu: Sequence[MenuGroup]
    user: Person | None
    account: Account | None
    site: SiteLink
    flashes: Sequence[tuple[str, str]]
    crumbs: Sequence[Crumb] = ()
    lead: str = ""


class DeskValues(TypedDict):
    """The fields of :class:`DeskPage` that do not depend on the page."""

    menu: list[MenuGroup]
    user: Person | None
    account: Account | None
    site: SiteLink
    flashes: list[tuple[str, str]]


def desk_values() -> DeskValues:
    """Return what every page of the desk gets: ``SomePage(**desk_values(), title=…)``."""
    user = signed_in()
    flashes = [(str(pair[0]), str(pair[1])) for pair in get_flashed_messages(with_categories=True)]
    return {
        "menu": menu_for(user.actor, _badges(user.actor)) if user else [],
        "user": Person(user.actor.name, user.actor.department) if user else None,
        "account": Account(url_for("desk.password"), url_for("desk.logout")) if user else None,
        "site": SiteLink(load(read_session(), SiteSettings).site_name, path_of("/")),
        "flashes": flashes,
    }


def _badges(actor: Actor) -> dict[str, int]:
    session, badges = read_session(), {}
    if can(actor, "content.review"):
        badges["desk.review_queue"] = worklists.size(session, worklists.to_sign(actor.id))
    if can(actor, "catalogue.manage"):
        now = get_cms().clock.now()
        badges["desk.catalogue"] = waiting_count(session, now) + due_count(session, local_date(now))
    return badges


def content_crumbs(*labels: str) -> list[Crumb]:
    """Return the way from the content list to a page."""
    return [Crumb(_("内容管理"), url_for("desk.content_list")), *(Crumb(label) for label in labels)]
