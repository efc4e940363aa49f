"""A plugin with cross tables, as one with registers of its own has them: tally by tally, the topic names the cell."""

from sqlalchemy import func, select

from cms.api import COLUMN_CODE, QUANTITY, ROW_CODE, Crosstab, ListColumn, Metric, Plugin, Tally

CLASSES = tuple((code, code) for code in ("NP", "CE", "RI", "PW", "LS", "OT"))
RESULTS = ("A3.1", "A3.2", *(f"A3.3.{n}" for n in range(1, 9)), *(f"A3.4.{n}" for n in range(1, 4)),
           *(f"A3.5.{n}" for n in range(1, 6)), *(f"A3.6.{n}" for n in range(1, 4)))  # fmt: skip
COLUMNS = (
    ListColumn(name="id", label="编号"),
    ListColumn(name="occurred_on", label="日期"),
    ListColumn(name=COLUMN_CODE, label="申请人"),
    ListColumn(name=QUANTITY, label="数量"),
    ListColumn(name="source", label="依据", public=False),
)


def tallied(metric):
    """Return the query over the tallies of ``metric``, whose topic is ``ROW COLUMN``."""

    def query(_session, period):
        space = func.instr(Tally.topic, " ")
        return select(
            Tally.id, Tally.occurred_on, Tally.source, Tally.quantity.label(QUANTITY),
            func.substr(Tally.topic, 1, space - 1).label(ROW_CODE), func.substr(Tally.topic, space + 1).label(COLUMN_CODE),
        ).where(
            Tally.metric == metric, Tally.occurred_on >= period.first, Tally.occurred_on <= period.last
        ).order_by(Tally.id)  # fmt: skip

    return query


class Ledger(Plugin):
    metrics = (Metric(code="ledger", label="申请", unit="件"), Metric(code="cases", label="案件", unit="件"))
    crosstabs = (
        Crosstab(
            code="ledger.t3", label="申请", unit="件", rows=tuple((code, code) for code in ("A1", "A2", *RESULTS, "A4")),
            columns=CLASSES, query=tallied("ledger"), list_columns=COLUMNS, is_sum=True, public=True,
        ),
        Crosstab(
            code="ledger.cases", label="案件", unit="件", rows=(("R", "复议"), ("L0", "诉讼"), ("L1", "复议后")),
            columns=tuple((code, code) for code in ("keep", "fix", "other", "pending")), query=tallied("cases"),
            list_columns=COLUMNS, is_sum=True,
        ),
    )  # fmt: skip


plugin = Ledger()
