"""Tables of laws, regulations and normative documents, and of what they do to each other."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, String, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from cms.api import CHINA, Column, Content, FieldKind, Meta, Model, Row, UnitOfWork, announce, local_date, meta, rows

from .validity import AMENDS, REPEALS, Effect, Validity, validity_on

LEVELS = ("法律", "行政法规", "部门规章", "地方性法规", "地方政府规章", "规范性文件")
#: The levels that are 规章: only ministries, provinces and cities with districts make them (立法法 2023 arts 91, 93).
RULES = ("部门规章", "地方政府规章")
BASED_ON = "依据"
INTERPRETS = "解读"
KINDS = (AMENDS, REPEALS, BASED_ON, INTERPRETS)
#: An item of this site, named by its address or by its number: ``/zcfg/flfg/12.html``, ``#12``.
_OWN_ITEM = re.compile(r"(?:.*/|#)(\d{1,9})(?:\.html)?")


class Relation(Model, table="relation"):
    """A line of the public ``relations`` of a text: it amends, repeals, is based on or is explained by the target.

    Written anew whenever the text is published, so that the page of the target can show the way back.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    target_content_id: Mapped[int | None] = mapped_column(ForeignKey("content.id", ondelete="SET NULL"), index=True)
    #: Kept although the item may be known, because a target can be imported after the text that names it.
    target_external_id: Mapped[str | None] = mapped_column(String(200), index=True)
    title: Mapped[str] = mapped_column(default="")


class Regulation(Meta, table="regulation"):
    """A law, regulation or normative document. Its state follows from its dates and from other texts."""

    level: Mapped[str] = meta("效力级别", choices=LEVELS, facet=True, report=True, search=True)
    effective_on: Mapped[date | None] = meta("施行日期", report=True, index=True, group="效力")
    repealed_on: Mapped[date | None] = meta(
        "废止日期", report=True, group="效力", help="自这一天起不再有效；须写明废止依据"
    )
    valid_until: Mapped[date | None] = meta(
        "有效期至", report=True, group="效力", help="有效期的最后一天，规范性文件一般载明有效期"
    )
    validity_basis: Mapped[str] = meta(
        "效力变化依据", length=300, search=True, group="效力", help="废止、修改或者宣布失效的文件名称和文号"
    )
    relations: Mapped[list[Row]] = rows(
        "相关文件",
        (
            Column(
                name="kind", label="关系", kind=FieldKind.CHOICE, choices=tuple((k, k) for k in KINDS), required=True
            ),
            Column(name="target", label="目标（网址、#编号或导入编号）"),
            Column(name="title", label="目标名称", wide=True),
        ),
        group="相关文件",
        help="本文件修改、废止、依据或解读哪个文件；对方的页面会自动显示反向链接",
    )

    @property
    def validity(self) -> str:
        """Return today's state in Asia/Shanghai in the words of the search index; empty while not yet in force."""
        session = object_session(self)
        effects = effects_on(session, [self.content_id], Content.live_revision_id.is_not(None)) if session else {}
        state = validity_on(self, datetime.now(CHINA).date(), effects.get(self.content_id, ()))
        return "" if state is Validity.PENDING else state.value

    def applied(self, uow: UnitOfWork, content: Content) -> None:
        """Write the relations anew and have the search look again at the texts that they touch."""
        mine = Relation.content_id == content.id
        touched = set(uow.session.scalars(select(Relation.target_content_id).where(mine)))
        uow.session.execute(delete(Relation).where(mine))
        for row in self.relations:
            relation = _relation(uow.session, content.id, row)
            uow.session.add(relation)
            touched.add(relation.target_content_id)
        for other in uow.session.scalars(select(Content).where(Content.id.in_(touched - {None, content.id}))):
            announce(uow, other)


def target_of(text: str) -> tuple[int | None, str | None]:
    """Return what an editor means by ``text``: the number of an item of this site, else an external id."""
    match = _OWN_ITEM.fullmatch(text)
    if match:
        return int(match[1]), None
    return None, text or None


def effects_on(session: Session, ids: list[int], visible: ColumnElement[bool]) -> dict[int, list[Effect]]:
    """Return what visible texts do to the items ``ids``, in one query."""
    target = select(Content.id, Content.external_id).where(Content.id.in_(ids)).subquery()
    is_target = or_(Relation.target_content_id == target.c.id, Relation.target_external_id == target.c.external_id)
    found: dict[int, list[Effect]] = {}
    query = (
        select(target.c.id, Relation.kind, Regulation.effective_on, Content.first_published_at)
        .join(Relation, is_target)
        .join(Content, Content.id == Relation.content_id)
        .outerjoin(Regulation, Regulation.content_id == Content.id)
        .where(visible, Relation.kind.in_((AMENDS, REPEALS)))
    )
    for row in session.execute(query):
        found.setdefault(row.id, []).append(Effect(row.kind, effect_day(row.effective_on, row.first_published_at)))
    return found


def effect_day(effective_on: date | None, first_published_at: datetime | None) -> date | None:
    """Return the day from which a text changes others: when it takes effect, else when it was published."""
    if effective_on is not None:
        return effective_on
    return local_date(first_published_at) if first_published_at else None


def _relation(session: Session, content_id: int, row: Mapping[str, object]) -> Relation:
    target_id, external_id = target_of(str(row["target"] or ""))
    if external_id is not None:
        target_id = session.scalar(select(Content.id).where(Content.external_id == external_id))
    elif target_id is not None and session.get(Content, target_id) is None:
        target_id = None
    return Relation(
        content_id=content_id, kind=row["kind"], target_content_id=target_id, target_external_id=external_id,
        title=row["title"] or "",
    )  # fmt: skip
