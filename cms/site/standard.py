"""``/zwgk/standard/``: 基层政务公开标准目录 for citizens, in the columns of the published catalogues."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.catalogue import standard_rows
from cms.catalogue.standard_rows import LEVELS, StandardRow
from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _
from cms.site.contexts import Link
from cms.site.frame import frame
from cms.web.public import SitePage
from cms.web.render import render
from cms.web.state import read_session
from cms.web.urls import absolute, path_of

PATH = "/zwgk/standard/"
_SECTION = "zwgk"

blueprint = Blueprint("standard", __name__)


@dataclass(frozen=True)
class Matter:
    """A row, in plain values. Marks are yes or no; ``levels`` has one for each of :data:`LEVELS`."""

    serial: int
    first: str
    second: str
    elements: str
    basis: str
    time_limit: str
    agency: str
    channels: Sequence[str]
    is_for_all: bool
    groups: str
    is_active: bool
    is_on_request: bool
    levels: Sequence[bool]


@dataclass(frozen=True)
class Field:
    """A field of work (领域) with its rows."""

    name: str
    anchor: str
    matters: Sequence[Matter]


@dataclass(frozen=True, kw_only=True)
class StandardPage(SitePage):
    """``/zwgk/standard/``."""

    template: ClassVar[str] = "site/standard.html"
    fields: Sequence[Field]
    levels: Sequence[str]


def standard_link(session: Session) -> Link | None:
    """Return the way to the page, for the disclosure entrance; nothing while there are no rows."""
    if session.scalar(select(StandardRow.id).where(StandardRow.is_retired.is_(False)).limit(1)) is None:
        return None
    return Link(_("基层政务公开标准目录"), path_of(PATH))


@blueprint.get(PATH)
def standard() -> str:
    """Show the rows of every field, as one table each."""
    here = frame()
    by_field: dict[str, list[Matter]] = {}
    for row in read_session().scalars(standard_rows.rows()):
        by_field.setdefault(row.domain, []).append(_matter(row))
    if not by_field:
        raise NotFound(PATH)
    section = here.sections.by_path.get(_SECTION)
    title = _("基层政务公开标准目录")
    fields = [Field(name, f"field-{n}", matters) for n, (name, matters) in enumerate(by_field.items(), 1)]
    page = StandardPage(
        **here.values(section), title=title, breadcrumbs=here.breadcrumbs(section),
        labels=here.labels(section), canonical=absolute(PATH), fields=fields, levels=LEVELS,
    )  # fmt: skip
    return render(page)


def _matter(row: StandardRow) -> Matter:
    return Matter(
        serial=row.serial, first=row.first, second=row.second, elements=row.elements, basis=row.basis,
        time_limit=row.time_limit, agency=row.agency, channels=tuple(row.channels), is_for_all=row.is_for_all,
        groups=row.groups, is_active=row.is_active, is_on_request=row.is_on_request,
        levels=[level in row.levels for level in LEVELS],
    )  # fmt: skip
