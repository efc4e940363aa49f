"""Lines and sums of the registers as the desk shows them."""

from collections.abc import Sequence
from decimal import Decimal

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cms.api import gettext as _
from cms.api import local_date, names_of

from .desk_pages import NAME, Line, Sum
from .entries import FEN, sums
from .kinds import FULL_TIME, PART_TIME, REGISTERS, Kind
from .models import Entry

#: What of the sums each register shows: the figure of the report, its name, and which sum it is.
_SUMS: dict[Kind, tuple[tuple[str, str, str, str], ...]] = {
    Kind.TRAINING: (
        ("trainings.sessions", "举办培训", "quantity", "次"), ("trainings.people", "接受培训", "people", "人次"),
    ),
    Kind.MEETING: (("meetings.held", "召开会议", "quantity", "次"),),
    Kind.STAFF: (
        ("staff.full_time", "年末专职", f"{FULL_TIME}.quantity", "人"),
        ("staff.part_time", "年末兼职", f"{PART_TIME}.quantity", "人"),
    ),
    Kind.FUNDS: (("funds.special", "专项经费", "fen", "万元"),),
    Kind.OFFICE: (("offices.special", "年末专门机构", "quantity", "个"),),
    Kind.POINT: (("points.reading", "年末查阅点", "quantity", "个"),),
    Kind.APPRAISAL: (("supervision.appraisals", "考核", "quantity", "次"),),
    Kind.REVIEW: (("supervision.reviews", "社会评议", "quantity", "次"),),
    Kind.ACCOUNTABILITY: (("supervision.accountability", "责任追究", "quantity", "人次"),),
}  # fmt: skip


def sums_of(session: Session, kind: Kind, year: int) -> list[Sum]:
    """Return the sums of a year with the addresses of the records behind them."""
    found = sums(session, kind, year)
    return [
        Sum(
            _(label), in_wan(found.get(name, 0)) if name == "fen" else str(found.get(name, 0)), _(unit),
            url_for("desk.figure_show", code=code, year=year),
        ) for code, label, name, unit in _SUMS[kind]
    ]  # fmt: skip


def in_wan(fen: int) -> str:
    """Return an amount in 分 as 万元."""
    return f"{(Decimal(fen) / FEN).normalize():f}"


def shown_lines(session: Session, kind: Kind, query: Select[Entry]) -> list[Line]:
    """Return lines of a register; a bounded number of queries, however many lines there are."""
    found = session.scalars(query).all()
    ids = [one.id for one in found]
    endings = session.scalars(select(Entry).where(Entry.ends_id.in_(ids))).all()
    countered = set(session.scalars(
        select(Entry.corrects_id).where(Entry.corrects_id.in_([*ids, *(one.id for one in endings)]))
    ))  # fmt: skip
    ended = {one.ends_id: one for one in endings if one.id not in countered}
    names = names_of(session, {one.recorded_by_id for one in found})
    return [
        _line(kind, one, names.get(one.recorded_by_id or 0, _("系统")), ended.get(one.id), countered) for one in found
    ]


def _line(kind: Kind, entry: Entry, name: str, ending: Entry | None, countered: set[int | None]) -> Line:
    register = REGISTERS[kind]
    is_valid = entry.corrects_id is None and entry.id not in countered
    state = "countered" if entry.id in countered else "counter" if entry.corrects_id else "end" if entry.ends_id else ""
    may_end = register.is_state and is_valid and entry.ends_id is None and ending is None
    return Line(
        id=entry.id, occurred_on=entry.occurred_on, subject=entry.subject, outcome=entry.outcome, source=entry.source,
        category=_(dict(register.categories).get(entry.category, entry.category)), numbers=_numbers(kind, entry),
        evidence=url_for("media.asset", asset_id=entry.evidence_id, filename="file") if entry.evidence_id else "",
        note=entry.note,
        recorded_by=name, recorded_on=local_date(entry.recorded_at), state=state or "valid",
        other=entry.corrects_id or entry.ends_id, ended_on=ending.occurred_on if ending else None,
        end_url=url_for(f"{NAME}.end", entry_id=entry.id) if may_end else "",
        counter_url=url_for(f"{NAME}.counter", entry_id=entry.id) if is_valid else "",
    )  # fmt: skip


def _numbers(kind: Kind, entry: Entry) -> Sequence[tuple[str, str]]:
    register = REGISTERS[kind]
    found = [(_(register.number), f"{entry.quantity}")] if register.number else []
    found += [(_(register.people), f"{entry.people}")] if register.people else []
    return found + ([(_("金额（万元）"), in_wan(entry.fen))] if register.has_amount else [])
