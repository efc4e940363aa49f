"""Tables 3 and 4 of the annual report, the statistics table of 2014 to 2018, and single figures: all of them queries.

In each column of Table 3, A1 + A2 = ΣA3 + A4 by construction: an application that was received by the end of the year
and was not closed before it began is counted once on each side (国办公开办函〔2021〕30号).
"""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.api import (
    COLUMN_CODE,
    QUANTITY,
    ROW_CODE,
    AnySelect,
    Crosstab,
    Edition,
    Figure,
    ListColumn,
    Metric,
    Period,
    Tally,
    editions,
)  # fmt: skip

from .models import Application, Case, CaseKind, Channel, Consultation, ConsultationKind, FeeNotice, Outcome
from .terms import CHANNEL_WORDS

#: What is tallied where applications are not entered one by one.
METRICS = (
    Metric(
        code="applications", label="收到依申请公开", unit="件",
        help="只在没有逐件登记的年份使用；逐件登记的申请自动计入，不要重复计数。",
    ),
)  # fmt: skip

_LIST = (
    ListColumn(name="id", label="编号"),
    ListColumn(name="number", label="申请编号"),
    ListColumn(name=COLUMN_CODE, label="申请人"),
    ListColumn(name="received_on", label="收到申请"),
    ListColumn(name="closed_on", label="办结"),
    ListColumn(name="result", label="办理结果"),
    ListColumn(name="title", label="申请内容", public=False),
)
CLASSES = (
    ("NP", "自然人"), ("CE", "商业企业"), ("RI", "科研机构"), ("PW", "社会公益组织"), ("LS", "法律服务机构"),
    ("OT", "其他"),
)  # fmt: skip
#: The edition whose results are the rows of Table 3, and the one of the table before it.
_NEW, _OLD = "2019", "2007"
RECEIVED, CARRIED_IN, CARRIED_OUT = "A1", "A2", "A4"


def _edition(id: str) -> Edition:
    return next(one for one in editions() if one.id == id)


def counted() -> ColumnElement[bool]:
    """Return the condition that an application counts at all: received by art. 31, and not void."""
    return Application.received_on.is_not(None) & Application.voided_at.is_(None)


def _moved(result: InstrumentedAttribute[str], moves: Mapping[str, str]) -> SQLColumnExpression[str]:
    """Return a result as the other edition calls it; a code of that edition itself stays."""
    return case(moves, value=result, else_=result) if moves else result


def _crosswalk(id: str) -> dict[str, str]:
    edition = _edition(id)
    moves = {one.code: edition.crosswalk(one.code) for one in edition.results}
    return {code: moved for code, moved in moves.items() if moved}


def _lines(row: SQLColumnExpression[str] | str, *conditions: ColumnElement[bool]) -> AnySelect:
    code = literal(row) if isinstance(row, str) else row
    return select(
        Application.id, Application.number, cast(code, String).label(ROW_CODE),
        cast(Application.applicant_class, String).label(COLUMN_CODE), Application.received_on, Application.closed_on,
        Application.result, Application.title,
    ).where(counted(), *conditions)  # fmt: skip


def table_three(_session: Session, period: Period) -> AnySelect:
    """Return the lines of Table 3: one for each row in which an application counts."""
    first, last = period.first, period.last
    received, closed = Application.received_on, Application.closed_on
    result = _moved(Application.result, _crosswalk(_OLD))
    parts = union_all(
        _lines(RECEIVED, received >= first, received <= last),
        _lines(CARRIED_IN, received < first, or_(closed.is_(None), closed >= first)),
        _lines(result, closed >= first, closed <= last),
        _lines(CARRIED_OUT, received <= last, or_(closed.is_(None), closed > last)),
    ).subquery()
    return select(parts).order_by(parts.c.received_on, parts.c.id)


def table_three_rows() -> tuple[tuple[str, str], ...]:
    """Return the rows of Table 3 without its sum."""
    results = tuple((one.code, f"{one.group}{one.label}") for one in _edition(_NEW).results)
    return (
        (RECEIVED, "一、本年新收政府信息公开申请数量"), (CARRIED_IN, "二、上年结转政府信息公开申请数量"), *results,
        (CARRIED_OUT, "四、结转下年度继续办理"),
    )  # fmt: skip


_CHANNEL_ROWS = {
    Channel.ONSITE.value: "S3.1.1", Channel.ORAL.value: "S3.1.1", Channel.FAX.value: "S3.1.2",
    Channel.WEB.value: "S3.1.3", Channel.POST.value: "S3.1.4", Channel.LETTER.value: "S3.1.4",
}  # fmt: skip
_ALL = "n"


def statistics(_session: Session, period: Period) -> AnySelect:
    """Return the lines of chapter 三 of 《政府信息公开情况统计表》 (国办发〔2014〕32号).

    按时办结 are those closed within the first limit; 延期办结 all others. An answer that the old table has no row for
    is left out of S3.3, as its notes say.
    """
    received, closed = Application.received_on, Application.closed_on
    in_year = (closed >= period.first, closed <= period.last)
    on_time = (Application.extension_days == 0) & or_(Application.due_on.is_(None), closed <= Application.due_on)
    old = tuple(one.code for one in _edition(_OLD).results)
    result = _moved(Application.result, _crosswalk(_NEW))
    channel = case(_CHANNEL_ROWS, value=cast(Application.channel, String))
    parts = union_all(
        _lines(channel, received >= period.first, received <= period.last),
        _lines(case((on_time, "S3.2.1"), else_="S3.2.2"), *in_year),
        _lines(result, *in_year, result.in_(old)),
    ).subquery()
    columns = [column for column in parts.c if column.name != COLUMN_CODE]
    return select(*columns, literal(_ALL).label(COLUMN_CODE)).order_by(parts.c.received_on, parts.c.id)


def statistics_rows() -> tuple[tuple[str, str], ...]:
    """Return the rows of :func:`statistics`."""
    results = tuple((one.code, f"{one.group}{one.label}") for one in _edition(_OLD).results)
    return (
        ("S3.1.1", "1.当面申请数"), ("S3.1.2", "2.传真申请数"), ("S3.1.3", "3.网络申请数"), ("S3.1.4", "4.信函申请数"),
        ("S3.2.1", "1.按时办结数"), ("S3.2.2", "2.延期办结数"), *results,
    )  # fmt: skip


_CASE_LIST = (
    ListColumn(name="id", label="编号"),
    ListColumn(name=ROW_CODE, label="种类"),
    ListColumn(name=COLUMN_CODE, label="结果"),
    ListColumn(name="occurred_on", label="收到"),
    ListColumn(name="decided_on", label="审结"),
    ListColumn(name="body", label="机关", public=False),
    ListColumn(name="number", label="案号", public=False),
    ListColumn(name="matter", label="事由", public=False),
)
_PENDING = "pending"
_TABLE_FOUR = (CaseKind.REVIEW, CaseKind.SUIT, CaseKind.SUIT_AFTER_REVIEW)


def _cases(*conditions: ColumnElement[bool]) -> Select:  # type: ignore[type-arg]  # of any columns
    return select(
        Case.id, cast(Case.kind, String).label(ROW_CODE), Case.occurred_on, Case.decided_on, Case.body, Case.number,
        Case.matter,
    ).where(Case.voided_at.is_(None), *conditions).order_by(Case.occurred_on, Case.id)  # fmt: skip


def table_four(_session: Session, period: Period) -> AnySelect:
    """Return the lines of Table 4: a case counts by its result in the year of the decision, as pending before."""
    in_year = (Case.decided_on >= period.first) & (Case.decided_on <= period.last)
    column = case((in_year, cast(Case.result, String)), else_=_PENDING).label(COLUMN_CODE)
    running = or_(Case.decided_on.is_(None), Case.decided_on >= period.first)
    return _cases(Case.kind.in_(_TABLE_FOUR), Case.occurred_on <= period.last, running).add_columns(column)


def _cases_received(kind: CaseKind, code: str, label: str) -> Figure:
    def query(_session: Session, period: Period) -> AnySelect:
        inside = (Case.occurred_on >= period.first, Case.occurred_on <= period.last)
        return _cases(Case.kind == kind, *inside).add_columns(null().label(COLUMN_CODE))

    columns = tuple(one for one in _CASE_LIST if one.name not in {ROW_CODE, COLUMN_CODE})
    return Figure(code=code, label=label, unit="件", query=query, columns=columns, public=True)


def _received(_session: Session, period: Period) -> AnySelect:
    """Return applications entered one by one, and those that were only tallied; 20160001 is application 2016-0001."""
    entered = select(
        cast(func.replace(Application.number, "-", ""), Integer).label("id"),
        Application.received_on.label("occurred_on"), cast(Application.channel, String).label("channel"),
        literal("").label("topic"), literal(1).label(QUANTITY), literal("依申请公开登记簿").label("source"),
    ).where(counted(), Application.received_on >= period.first, Application.received_on <= period.last)  # fmt: skip
    tallied = select(
        Tally.id, Tally.occurred_on, Tally.channel, Tally.topic, Tally.quantity.label(QUANTITY), Tally.source
    ).where(Tally.metric == "applications", Tally.occurred_on >= period.first, Tally.occurred_on <= period.last)
    parts = union_all(entered, tallied).subquery()
    return select(parts).order_by(parts.c.occurred_on, parts.c.id)


def _overdue(_session: Session, period: Period) -> AnySelect:
    late = (Application.closed_on > Application.due_on, Application.outcome == Outcome.ANSWERED)
    inside = (Application.closed_on >= period.first, Application.closed_on <= period.last)
    return (
        select(
            Application.id,
            Application.number,
            Application.received_on,
            Application.due_on,
            Application.closed_on,
            Application.title,
        )
        .where(counted(), *late, *inside)
        .order_by(Application.closed_on, Application.id)
    )


def _third_party(_session: Session, period: Period) -> AnySelect:
    inside = (Consultation.occurred_on >= period.first, Consultation.occurred_on <= period.last)
    return (
        select(Consultation.id, Application.number, Consultation.occurred_on, Consultation.ended_on)
        .join(Application, Application.id == Consultation.application_id)
        .where(Consultation.kind == ConsultationKind.THIRD_PARTY, Application.voided_at.is_(None), *inside)
        .order_by(Consultation.occurred_on, Consultation.id)
    )


def _fees(_session: Session, period: Period) -> AnySelect:
    inside = (FeeNotice.paid_on >= period.first, FeeNotice.paid_on <= period.last)
    return (
        select(
            FeeNotice.id, Application.number, FeeNotice.paid_on, (FeeNotice.amount - FeeNotice.waived).label(QUANTITY)
        )
        .join(Application, Application.id == FeeNotice.application_id)
        .where(Application.voided_at.is_(None), *inside)
        .order_by(FeeNotice.paid_on, FeeNotice.id)
    )


_ID, _NUMBER = ListColumn(name="id", label="编号"), ListColumn(name="number", label="申请编号")
_TITLE = ListColumn(name="title", label="申请内容", public=False)
FIGURES = (
    Figure(
        code="applications.received", label="收到依申请公开", unit="件", query=_received, is_sum=True, public=True,
        value_labels={"channel": {one.value: label for one, label in CHANNEL_WORDS.items()}},
        columns=(
            _ID, ListColumn(name="occurred_on", label="日期"), ListColumn(name="channel", label="渠道"),
            ListColumn(name=QUANTITY, label="数量"), ListColumn(name="source", label="依据", public=False),
        ),
    ),
    Figure(
        code="applications.overdue", label="逾期答复的申请", unit="件", query=_overdue,
        columns=(
            _ID, _NUMBER, ListColumn(name="received_on", label="收到申请"), ListColumn(name="due_on", label="到期"),
            ListColumn(name="closed_on", label="答复"), _TITLE,
        ),
    ),
    Figure(
        code="applications.third_party", label="征求第三方意见", unit="次", query=_third_party,
        columns=(
            _ID, _NUMBER, ListColumn(name="occurred_on", label="发出"), ListColumn(name="ended_on", label="结束"),
        ),
    ),
    Figure(
        code="applications.fees", label="信息处理费", unit="分", query=_fees, is_sum=True, public=True,
        columns=(_ID, _NUMBER, ListColumn(name="paid_on", label="缴费"), ListColumn(name=QUANTITY, label="金额（分）")),
    ),
    _cases_received(CaseKind.APPEAL, "applications.appeals", "政府信息公开申诉"),
    _cases_received(CaseKind.COMPLAINT, "applications.complaints", "政府信息公开举报投诉"),
)  # fmt: skip

CROSSTABS = (
    Crosstab(
        code="applications.t3", label="收到和处理政府信息公开申请情况", unit="件", rows=table_three_rows(),
        columns=CLASSES, query=table_three, list_columns=_LIST, public=True,
    ),
    Crosstab(
        code="applications.t14", label="依申请公开情况", unit="件", rows=statistics_rows(), columns=((_ALL, "件数"),),
        query=statistics, list_columns=tuple(one for one in _LIST if one.name != COLUMN_CODE), public=True,
    ),
    Crosstab(
        code="applications.cases", label="政府信息公开行政复议、行政诉讼情况", unit="件",
        rows=(("R", "行政复议"), ("L0", "未经复议直接起诉"), ("L1", "复议后起诉")),
        columns=(("keep", "结果维持"), ("fix", "结果纠正"), ("other", "其他结果"), (_PENDING, "尚未审结")),
        query=table_four, list_columns=_CASE_LIST, public=True,
    ),
)  # fmt: skip
