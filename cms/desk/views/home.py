"""The dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from cms.accounts.policy import can
from cms.catalogue.waiting import waiting_count
from cms.catalogue.withholding import due_count
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.desk.todo import LateSection, Tile, Worklist, attention_count, late_sections, tiles, worklists_for
from cms.kernel.clock import local, local_date
from cms.kernel.i18n import gettext as _
from cms.sections.queries import tree
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


@dataclass(frozen=True, kw_only=True)
class HomePage(DeskPage):
    """``/desk/``. ``attention`` counts imported items that lack something.

    For those who keep the catalogue: ``overdue`` items are not public in time, ``assessments`` are due.
    """

    template: ClassVar[str] = "desk/home.html"
    lists: Sequence[Worklist]
    late: Sequence[LateSection]
    attention: int
    overdue: int
    assessments: int
    tiles: Sequence[Tile]
    year: int
    may_write: bool
    may_list: bool


@blueprint.get("/")
@permission("desk.open")
def home() -> str:
    """Show what waits for the signed-in person."""
    session, cms, actor = read_session(), get_cms(), current_actor()
    sections, year = tree(session), local(cms.clock.now()).year
    may_list, keeps = can(actor, "content.list"), can(actor, "catalogue.manage")
    now = cms.clock.now()
    page = HomePage(
        **desk_values(), title=_("{name}，您好").format(name=actor.name), year=year, may_list=may_list,
        lists=worklists_for(session, cms, sections, actor) if may_list else [],
        late=late_sections(session, cms, sections) if may_list else [],
        attention=attention_count(session) if may_list else 0,
        tiles=tiles(session, cms.contributions.figures, year) if can(actor, "figures.view") else [],
        overdue=waiting_count(session, now) if keeps else 0,
        assessments=due_count(session, local_date(now)) if keeps else 0,
        may_write=can(actor, "content.create"),
    )  # fmt: skip
    return render(page)
