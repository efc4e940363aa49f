"""行政许可, 行政处罚, 行政强制: decisions of the year (条例 art. 20 (五), (六); Table 2 of the annual report).

Business systems usually hold the real numbers, so the first source is the tally register, by day or by month. Where
nothing is tallied, the decisions that the site has published stand in.
"""

from sqlalchemy import ColumnElement, and_, case, literal, or_, select
from sqlalchemy.orm import Session

from cms.api import (
    COLUMN_CODE,
    QUANTITY,
    ROW_CODE,
    AnySelect,
    CatalogueEntry,
    Crosstab,
    ListColumn,
    Metric,
    Period,
    Tally,
    first_publications,
)  # fmt: skip

_COLUMNS = (("decisions", "处理决定"),)
_ROWS = (("LIC", "行政许可"), ("PUN", "行政处罚"), ("COE", "行政强制"))
_METRICS = {"decisions.licence": "LIC", "decisions.penalty": "PUN", "decisions.coercion": "COE"}
#: Row → node of the catalogue (art. 20) and what the title of a published decision has in it.
_PUBLISHED = {
    "LIC": ("20.05", ("许可决定", "准予行政许可", "不予行政许可")),
    "PUN": ("20.06", ("处罚决定",)),
    "COE": ("20.06", ("强制决定", "强制执行决定", "强制措施决定")),
}

METRICS = tuple(
    Metric(
        code=metric, label=f"{dict(_ROWS)[row]}决定", unit="件",
        help="按日或按月登记业务系统中的处理决定数量，依据写明系统和报表名称。",
    ) for metric, row in _METRICS.items()
)  # fmt: skip


def _tallied(_session: Session, period: Period) -> AnySelect:
    return select(
        Tally.id, Tally.occurred_on, Tally.quantity.label(QUANTITY), Tally.source,
        case(_METRICS, value=Tally.metric).label(ROW_CODE), literal("decisions").label(COLUMN_CODE),
    ).where(
        Tally.metric.in_(_METRICS), Tally.occurred_on >= period.first, Tally.occurred_on <= period.last
    ).order_by(Tally.occurred_on, Tally.id)  # fmt: skip


def _published(_session: Session, period: Period) -> AnySelect:
    own = first_publications(period).order_by(None).subquery()

    def is_one_of(row: str) -> ColumnElement[bool]:
        node, words = _PUBLISHED[row]
        titled = or_(*(own.c.title.contains(word, autoescape=True) for word in words))
        return and_(CatalogueEntry.catalog_node == node, titled)

    row = case(*((is_one_of(code), code) for code in _PUBLISHED))
    return (
        select(
            own.c.content_id, own.c.title, own.c.type, own.c.effective_at, row.label(ROW_CODE),
            literal("decisions").label(COLUMN_CODE),
        )
        .join(CatalogueEntry, CatalogueEntry.content_id == own.c.content_id)
        .where(or_(*(is_one_of(code) for code in _PUBLISHED)))
        .order_by(own.c.effective_at, own.c.content_id)
    )  # fmt: skip


CROSSTABS = (
    Crosstab(
        code="decisions.register", label="处理决定（计数登记）", unit="件", rows=_ROWS, columns=_COLUMNS,
        query=_tallied, is_sum=True, public=True,
        list_columns=(
            ListColumn(name="id", label="编号"),
            ListColumn(name="occurred_on", label="日期"),
            ListColumn(name=QUANTITY, label="数量"),
            ListColumn(name="source", label="依据", public=False),
        ),
    ),
    Crosstab(
        code="decisions.items", label="处理决定（本网站公开的）", unit="件", rows=_ROWS, columns=_COLUMNS,
        query=_published, public=True,
        help="公开目录为二十（五）、二十（六），标题中有“许可决定”“处罚决定”“强制决定”等字样的本单位信息。",
        list_columns=(
            ListColumn(name="content_id", label="编号"),
            ListColumn(name="title", label="标题"),
            ListColumn(name="type", label="类型"),
            ListColumn(name="effective_at", label="首次发布"),
        ),
    ),
)  # fmt: skip
