"""The figures of the registers, as the annual report's tables and sentences name them."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.api import QUANTITY, AnySelect, Figure, ListColumn, Period

from .entries import valid
from .kinds import FULL_TIME, PART_TIME, REGISTERS, Kind
from .models import Entry


def _figure(
    code: str, label: str, kind: Kind, counted: InstrumentedAttribute[int], *, unit: str = "", category: str = "",
    shows_subject: bool = True,
) -> Figure:  # fmt: skip
    register = REGISTERS[kind]

    def query(_session: Session, period: Period) -> AnySelect:
        return select(
            Entry.id.label("id"), Entry.occurred_on.label("occurred_on"), Entry.subject.label("subject"),
            Entry.outcome.label("outcome"), counted.label(QUANTITY), Entry.source.label("source"),
        ).where(*valid(kind, period, category)).order_by(Entry.occurred_on, Entry.id)  # fmt: skip

    outcome = (ListColumn(name="outcome", label=register.outcome),) if register.outcome else ()
    return Figure(
        code=code, label=label, unit=unit or register.number_unit, query=query, is_sum=True, public=True,
        columns=(
            ListColumn(name="id", label="编号"),
            ListColumn(name="occurred_on", label=register.day),
            ListColumn(name="subject", label=register.subject, public=shows_subject),
            *outcome,
            ListColumn(name=QUANTITY, label="数量"),
            ListColumn(name="source", label="依据", public=False),
        ),
        help="期末在册的，已终止的不计。" if register.is_state else "已冲销的不计；没有发生的，登记一行 0。",
    )  # fmt: skip


FIGURES = (
    _figure("trainings.sessions", "政府信息公开培训", Kind.TRAINING, Entry.quantity),
    _figure("trainings.people", "接受政府信息公开培训", Kind.TRAINING, Entry.people, unit="人次"),
    _figure("meetings.held", "政府信息公开会议", Kind.MEETING, Entry.quantity),
    _figure(
        "staff.full_time", "政府信息公开专职人员", Kind.STAFF, Entry.quantity, category=FULL_TIME, shows_subject=False
    ),
    _figure(
        "staff.part_time", "政府信息公开兼职人员", Kind.STAFF, Entry.quantity, category=PART_TIME, shows_subject=False
    ),
    _figure("funds.special", "政府信息公开专项经费", Kind.FUNDS, Entry.fen, unit="分"),
    _figure("offices.special", "政府信息公开工作专门机构", Kind.OFFICE, Entry.quantity),
    _figure("points.reading", "政府信息公开查阅点", Kind.POINT, Entry.quantity),
    _figure("supervision.appraisals", "政府信息公开工作考核", Kind.APPRAISAL, Entry.quantity),
    _figure("supervision.reviews", "政府信息公开工作社会评议", Kind.REVIEW, Entry.quantity),
    _figure(
        "supervision.accountability", "政府信息公开责任追究", Kind.ACCOUNTABILITY, Entry.quantity, shows_subject=False
    ),
)  # fmt: skip
