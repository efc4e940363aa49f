"""The queries of public pages, put together once for each app: that costs more than running them.

What they ask depends on the moment at which they run, so one statement serves every request. Rows of lists are read
as columns, without the machinery of mapped objects and without bodies.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased, undefer

from cms.accounts.models import Department
from cms.content.enums import PublicationAction
from cms.content.models import Content, ContentAsset, Publication
from cms.content.queries import LISTED, Listed, Used, Whole, visible
from cms.content.types import RegisteredType, TypeRegistry
from cms.db.base import TZDateTime
from cms.kernel.clock import Clock
from cms.media.models import Asset

#: Columns of an item's row before those of its metadata.
_OWN = 4 + 2 * len(LISTED)
_NEWEST = (Content.published_at.desc(), Content.id.desc())


class PublicItems:
    """Reads of what citizens see now, for the types of one app."""

    def __init__(self, clock: Clock, types: TypeRegistry) -> None:
        self._types = types
        #: The condition under which citizens see an item at the moment at which the query runs.
        self._now = bindparam("cms_now", type_=TZDateTime(), callable_=clock.now)
        self.condition = visible(self._now, types.keys)
        self._some_sections = self._listed(Content.section_id.in_(_parameter("sections", expanding=True)))
        self._one_section = self._listed(Content.section_id == _parameter("section"))
        self._everywhere = self._listed(true())
        self._with_cover = self._listed(Content.cover_id.is_not(None))
        self._addresses = (
            select(Content.id, Content.section_id, _LIVE_SINCE)
            .where(self.condition)
            .order_by(*_NEWEST)
            .limit(_parameter("limit"))
        )
        self._blocks: dict[tuple[int, ...], Any] = {}
        self._wholes: dict[str, Select[Any]] = {}
        self._count = (
            select(func.count())
            .select_from(Content)
            .where(self.condition, Content.section_id.in_(_parameter("sections", expanding=True)))
        )
        self._changes = select(
            select(func.min(Content.expires_at))
            .where(Content.expires_at > _parameter("now"), Content.live_revision_id.is_not(None))
            .scalar_subquery(),
            select(func.min(Content.published_at))
            .where(Content.published_at > _parameter("now"), Content.live_revision_id.is_not(None))
            .scalar_subquery(),
        )

    def next_change(self, session: Session, now: datetime) -> datetime | None:
        """Return the first moment after ``now`` at which an item begins or ceases to be public by itself."""
        return min(filter(None, session.connection().execute(self._changes, {"now": now}).one()), default=None)

    def newest(
        self, session: Session, section_ids: Sequence[int] | None = None, *, limit: int, offset: int = 0
    ) -> list[Listed]:
        """Return the newest items of some sections, or of all."""
        given: dict[str, Any] = {"limit": limit, "offset": offset}
        if section_ids is None:
            return _lines(session, self._everywhere, given)
        if len(section_ids) == 1:
            return _lines(session, self._one_section, {"section": section_ids[0], **given})
        return _lines(session, self._some_sections, {"sections": list(section_ids), **given})

    def newest_with_cover(self, session: Session, *, limit: int) -> list[Listed]:
        """Return the newest items that have a cover picture."""
        return _lines(session, self._with_cover, {"limit": limit, "offset": 0})

    def addresses(self, session: Session, *, limit: int) -> Iterator[tuple[int, int, datetime | None]]:
        """Yield id, section and date of the live version of the newest items; for the sitemap."""
        for row in session.connection().execute(self._addresses, {"limit": limit}):
            yield row[0], row[1], row[2]

    def count(self, session: Session, section_ids: Sequence[int]) -> int:
        """Return how many items some sections have."""
        return session.connection().execute(self._count, {"sections": list(section_ids)}).scalar_one()

    def latest_by_section(self, session: Session, section_ids: Sequence[int], *, limit: int) -> dict[int, list[Listed]]:
        """Return the newest items of each section, all in one query that walks the index of each section and stops."""
        found: dict[int, list[Listed]] = {section_id: [] for section_id in section_ids}
        key = tuple(section_ids)
        if key and key not in self._blocks:
            # The sections of the home page seldom change; what they were before is of no use any more.
            self._blocks = {key: union_all(*(
                select(self._listed(Content.section_id == section_id).subquery()) for section_id in section_ids
            ))}  # fmt: skip
        for listed in _lines(session, self._blocks[key], {"limit": limit, "offset": 0}) if key else ():
            found[listed.section_id].append(listed)
        return found

    def whole(self, session: Session, content_id: int, *, likely: str = "") -> Whole | None:
        """Return an item, its body and metadata, whoever may see it; nothing if there is none.

        :param likely: the type that the item probably has; then one query is enough.
        """
        kind = self._types.get(likely)
        row = session.execute(self._whole(kind), {"content_id": content_id}).first()
        if row is None:
            return None
        content, department, since, has_assets, *others = row[:_OWN]
        own = self._types.get(content.type)
        if own is not kind and own is not None:
            row = session.execute(self._whole(own), {"content_id": content_id}).one()
        parts = dict(zip(own.parts, row[_OWN:], strict=True)) if own else {}
        older, newer = (
            Listed._make(side) if side[0] else None for side in (others[: len(LISTED)], others[len(LISTED) :])
        )
        return Whole(content, parts, department or "", since, has_assets, older, newer)

    def assets(self, session: Session, content_id: int) -> list[Used]:
        """Return the assets of the live revision in their order."""
        return [Used(*row) for row in session.execute(_ASSETS, {"content_id": content_id})]

    def _listed(self, condition: ColumnElement[bool]) -> Any:  # noqa: ANN401 — a select of the columns of Listed
        listed = select(*LISTED).where(self.condition, condition).order_by(*_NEWEST)
        return listed.limit(_parameter("limit")).offset(_parameter("offset"))

    def _whole(self, kind: RegisteredType | None) -> Select[Any]:
        key = kind.key if kind else ""
        if key not in self._wholes:
            classes = list(kind.parts.values()) if kind else []
            older, newer = aliased(Content), aliased(Content)
            sides = [getattr(side, column.key) for side in (older, newer) for column in LISTED]
            query = select(Content, Department.name, _LIVE_SINCE, _HAS_ASSETS, *sides, *classes).select_from(Content)
            query = query.outerjoin(Department, Department.id == Content.department_id)
            query = query.outerjoin(older, older.id == self._beside(self._now, is_newer=False))
            query = query.outerjoin(newer, newer.id == self._beside(self._now, is_newer=True))
            for meta_class in classes:
                query = query.outerjoin(meta_class, meta_class.content_id == Content.id)
            found = query.where(Content.id == _parameter("content_id")).options(undefer(Content.body))
            self._wholes[key] = found
        return self._wholes[key]

    def _beside(self, moment: Any, *, is_newer: bool) -> Any:  # noqa: ANN401 — a bound parameter, a scalar subquery
        """Return the id of the visible item next to ``Content`` in its section."""
        other = aliased(Content)
        at, here = tuple_(other.published_at, other.id), tuple_(Content.published_at, Content.id)
        # The bound on the column alone is what an index is walked from.
        bound, condition, order = (
            (other.published_at >= Content.published_at, at > here, (other.published_at, other.id))
            if is_newer
            else (other.published_at <= Content.published_at, at < here, (other.published_at.desc(), other.id.desc()))
        )
        return (
            select(other.id)
            .where(bound, condition, other.section_id == Content.section_id)
            .where(visible(moment, self._types.keys, other))
            .order_by(*order)
            .limit(1)
            .correlate(Content)
            .scalar_subquery()
        )


def _lines(session: Session, statement: Any, given: Mapping[str, Any]) -> list[Listed]:  # noqa: ANN401 — any select
    return [Listed._make(row) for row in session.connection().execute(statement, given).all()]


def _parameter(name: str, **more: Any) -> BindParameter[Any]:  # noqa: ANN401 — passed on
    return bindparam(name, **more)


_LIVE_SINCE = (
    select(func.max(Publication.effective_at))
    .where(Publication.content_id == Content.id, Publication.action == PublicationAction.PUBLISHED)
    .scalar_subquery()
)
_HAS_ASSETS = exists().where(ContentAsset.content_id == Content.id)
_ASSETS = (
    select(Asset, ContentAsset.role, ContentAsset.caption, ContentAsset.alt)
    .join(ContentAsset, ContentAsset.asset_id == Asset.id)
    .where(ContentAsset.content_id == _parameter("content_id"))
    .order_by(ContentAsset.position)
)
