"""Links between texts, in both directions, each page in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from cms.api import Content, Section, gettext, item_path, path_of

from .models import BASED_ON, INTERPRETS, Regulation, Relation, effect_day, target_of
from .validity import AMENDS, REPEALS, Effect

TYPE = "regulation"


@dataclass(frozen=True)
class Linked:
    """A text at the other end of a relation; without ``path`` it is not on this site."""

    title: str
    path: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Group:
    """Links under one heading, for instance 被下列文件废止."""

    heading: str
    items: Sequence[Linked]


@dataclass(frozen=True)
class Neighbourhood:
    """All links of an item, and what the texts that point here do to it."""

    groups: Sequence[Group]
    effects: Sequence[Effect]


@dataclass(frozen=True)
class _Other:
    kind: str
    type: str
    linked: Linked


def neighbourhood(
    session: Session,
    content_id: int | None,
    relations: Iterable[dict[str, Any]],
    visible: ColumnElement[bool],
    *,
    type: str = TYPE,
) -> Neighbourhood:
    """Return the links of an item of ``type``.

    :param relations: the rows of its own field; those of others are read from the table.
    """
    wanted = [(row["kind"], target_of(row["target"] or ""), row["title"] or "") for row in relations]
    found = session.execute(union_all(*_selects(content_id, [target for _kind, target, _title in wanted], visible)))
    by_id: dict[int, _Other] = {}
    by_external_id: dict[str, _Other] = {}
    reverse: list[_Other] = []
    for row in found:
        other = _Other(row.kind or "", row.type, _linked(row))
        if row.kind is not None:
            reverse.append(other)
        else:
            by_id[row.id] = other
            by_external_id[row.external_id] = other
    headed: dict[str, list[Linked]] = {}
    for kind, (target_id, external_id), title in wanted:
        known = by_id.get(target_id or 0) or by_external_id.get(external_id or "")
        _put(headed, _forward_heading(kind, known.type if known else None), known.linked if known else Linked(title))
    for other in reverse:
        _put(headed, _reverse_heading(other.kind, type), other.linked)
    effects = [Effect(other.kind, other.linked.day) for other in reverse]
    return Neighbourhood([Group(heading, headed[heading]) for heading in _in_order(headed)], effects)


def named_items(session: Session) -> frozenset[int]:
    """Return the ids of the items that any text names, whoever may see either of them."""
    by_external_id = select(Content.id).join(Relation, Relation.target_external_id == Content.external_id)
    by_id = select(Relation.target_content_id).where(Relation.target_content_id.is_not(None))
    return frozenset(session.scalars(union_all(by_id, by_external_id)))


def _selects(
    content_id: int | None, targets: Sequence[tuple[int | None, str | None]], visible: ColumnElement[bool]
) -> list[Select[*tuple[Any, ...]]]:
    columns = (
        Content.id, Content.type, Content.title, Content.external_id, Section.path, Regulation.effective_on,
        Content.first_published_at,
    )  # fmt: skip
    item = (
        select(*columns)
        .join(Section, Section.id == Content.section_id)
        .outerjoin(Regulation, Regulation.content_id == Content.id)
        .where(visible)
    )
    here = select(Content.external_id).where(Content.id == content_id).scalar_subquery()
    points_here = or_(Relation.target_content_id == content_id, Relation.target_external_id == here)
    reverse = item.add_columns(Relation.kind).join(Relation, Relation.content_id == Content.id).where(points_here)
    ids, external_ids = [one for one, _ in targets if one], [one for _, one in targets if one]
    forward = item.add_columns(cast(null(), String).label("kind")).where(
        or_(Content.id.in_(ids), Content.external_id.in_(external_ids)) if targets else literal(value=False)
    )
    return [reverse, forward]


def _linked(row: Row[*tuple[Any, ...]]) -> Linked:
    day = effect_day(row.effective_on, row.first_published_at)
    return Linked(row.title, path_of(item_path(row.path, row.id)), day)


def _put(headed: dict[str, list[Linked]], heading: str, linked: Linked) -> None:
    items = headed.setdefault(heading, [])
    # A pair may be declared at both ends.
    if linked.title and linked not in items:
        items.append(linked)


def _forward_heading(kind: str, target_type: str | None) -> str:
    if kind == INTERPRETS:
        # A text of law explains another one; an item of any other kind can only explain this text.
        return gettext("解读的文件") if target_type == TYPE else gettext("政策解读")
    return {AMENDS: gettext("修改的文件"), REPEALS: gettext("废止的文件"), BASED_ON: gettext("制定依据")}[kind]


def _reverse_heading(kind: str, type: str) -> str:
    if kind == INTERPRETS:
        return gettext("政策解读") if type == TYPE else gettext("解读的文件")
    return {
        AMENDS: gettext("被下列文件修改"), REPEALS: gettext("被下列文件废止"), BASED_ON: gettext("以本文件为依据"),
    }[kind]  # fmt: skip


def _in_order(headed: dict[str, list[Linked]]) -> list[str]:
    order = (
        gettext("被下列文件废止"), gettext("被下列文件修改"), gettext("废止的文件"), gettext("修改的文件"),
        gettext("制定依据"), gettext("以本文件为依据"), gettext("政策解读"), gettext("解读的文件"),
    )  # fmt: skip
    return [heading for heading in order if headed.get(heading)]
