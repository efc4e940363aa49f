"""When a notice is over, and what its pages show of that."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from cms.api import Extras, ItemView, ListView, local_date

from .models import Notice


@dataclass(frozen=True)
class Tag:
    """What a list shows beside the title of a notice."""

    kind: str
    is_closed: bool


def is_closed(closes_on: date | None, day: date) -> bool:
    """Tell whether a notice is over on ``day``; its last day is still open, and without one it never closes."""
    return closes_on is not None and closes_on < day


def notice_extras(view: ItemView) -> Extras:
    """Return whether the notice is over."""
    closes_on = view.meta.closes_on if isinstance(view.meta, Notice) else None
    return {"is_closed": is_closed(closes_on, local_date(view.now))}


def notice_list_extras(view: ListView) -> Extras:
    """Return a tag for each notice of the list, by id."""
    rows = view.session.execute(
        select(Notice.content_id, Notice.kind, Notice.closes_on).where(Notice.content_id.in_(view.ids))
    )
    day = local_date(view.now)
    return {"tags": {row.content_id: Tag(row.kind, is_closed(row.closes_on, day)) for row in rows}}
