"""规章 and 行政规范性文件 of a year: made, disclosed, repealed, in force (条例 art. 20 (一), Table 2 of the report).

Only texts of the site's own organ count. Made is decided by 成文日期; whether a text is in force on 31 December by the
same rules as its page (disclosure-rules d.5), so that table and page cannot disagree.
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, literal, not_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from cms.api import (
    COLUMN_CODE,
    ROW_CODE,
    AnySelect,
    CatalogueEntry,
    Content,
    Crosstab,
    ListColumn,
    Period,
    first_publications,
    local_instant,
)  # fmt: skip

from .models import RULES, Regulation, Relation
from .validity import REPEALS

NORMATIVE = "规范性文件"
_EVER = Period(date(1900, 1, 1), date(9998, 12, 31))
_DAY = timedelta(days=1)


def norms(_session: Session, period: Period) -> AnySelect:
    """Return a line for each own text and each column of the table in which it counts."""
    parts = union_all(
        _texts("made", CatalogueEntry.formed_on >= period.first, CatalogueEntry.formed_on <= period.last),
        _texts("disclosed", published=period),
        _texts("repealed", has_ended(period.last), not_(has_ended(period.first - _DAY))),
        _texts("valid", is_in_force(period.last)),
    ).subquery()
    return select(*parts.c).order_by(parts.c.formed_on, parts.c.content_id)


def _texts(column: str, *conditions: ColumnElement[bool], published: Period = _EVER) -> AnySelect:
    own = first_publications(published, "regulation").order_by(None).subquery()
    row = case((Regulation.level == NORMATIVE, "NORM"), else_="REG")
    return (
        select(
            own.c.content_id, own.c.title, CatalogueEntry.doc_no, CatalogueEntry.formed_on, Regulation.effective_on,
            Regulation.repealed_on, Regulation.valid_until, row.label(ROW_CODE), literal(column).label(COLUMN_CODE),
        )
        .select_from(own)
        .join(Regulation, Regulation.content_id == own.c.content_id)
        .join(CatalogueEntry, CatalogueEntry.content_id == own.c.content_id)
        .join(Content, Content.id == own.c.content_id)
        .where(Regulation.level.in_((NORMATIVE, *RULES)), *conditions)
    )  # fmt: skip


def has_ended(day: date) -> ColumnElement[bool]:
    """Return the condition that a text was repealed or had expired on ``day``: what ``validity_on`` says, in SQL."""
    repealing, its_dates = aliased(Relation), aliased(Regulation)
    other = aliased(Content)
    by_another = exists(
        select(repealing.id)
        .join(other, other.id == repealing.content_id)
        .outerjoin(its_dates, its_dates.content_id == repealing.content_id)
        .where(
            repealing.kind == REPEALS,
            or_(
                repealing.target_content_id == Regulation.content_id,
                and_(Content.external_id.is_not(None), repealing.target_external_id == Content.external_id),
            ),
            other.live_revision_id.is_not(None),
            or_(
                its_dates.effective_on <= day,
                and_(its_dates.effective_on.is_(None), other.first_published_at < local_instant(day + _DAY)),
            ),
        )
    )
    return or_(
        by_another,
        and_(Regulation.repealed_on.is_not(None), Regulation.repealed_on <= day),
        and_(Regulation.valid_until.is_not(None), Regulation.valid_until < day),
    )


def is_in_force(day: date) -> ColumnElement[bool]:
    """Return the condition that a text that existed on ``day`` was in force then."""
    return and_(
        not_(has_ended(day)),
        or_(CatalogueEntry.formed_on.is_(None), CatalogueEntry.formed_on <= day),
        or_(Regulation.effective_on.is_(None), Regulation.effective_on <= day),
    )


NORM_TABLE = Crosstab(
    code="regulations.norm", label="规章和行政规范性文件", unit="件",
    rows=(("REG", "规章"), ("NORM", "行政规范性文件")),
    columns=(("made", "本年制发"), ("disclosed", "本年新公开"), ("repealed", "本年废止"), ("valid", "现行有效")),
    query=norms, public=True, help="本单位制发的文件：按成文日期计制发，按废止或失效日期计废止，按期末效力计有效。",
    list_columns=(
        ListColumn(name="content_id", label="编号"),
        ListColumn(name="title", label="标题"),
        ListColumn(name="doc_no", label="发文字号"),
        ListColumn(name="formed_on", label="成文日期"),
        ListColumn(name="effective_on", label="施行日期"),
        ListColumn(name="repealed_on", label="废止日期"),
        ListColumn(name="valid_until", label="有效期至"),
    ),
)  # fmt: skip
