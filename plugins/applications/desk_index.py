"""The register in the desk: list, filters, search by number; what waits to be taken up from other registers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from cms.api import (
    can,
    current_actor,
    is_late_entry,
    late_after,
    paging,
    read_session,
    render_in_desk,
    waiting_hand_overs,
)
from cms.api import gettext as _

from .desk_pages import NAME, Filters, IndexPage, Row, alarm_tag, countdown, show_url, state_tag, today
from .models import Application
from .states import OPEN, State, state_label
from .terms import HANDLE, SUBJECT, channel_labels, class_labels
from .watching import alarm_of, alarming, soon_until

PER_PAGE = 30
_LIKE = {"%": r"\%", "_": r"\_", "\\": r"\\"}
_OPEN, _ALL = "open", ""


def index() -> str:
    """Show the register."""
    session, filters = read_session(), _filters()
    query = select(Application).where(*_conditions(session, filters))
    here = paging(session.scalar(select(func.count()).select_from(query.subquery())) or 0, PER_PAGE)
    page = IndexPage(
        title=_("依申请公开"), lead=_("登记、审核、办理、答复、归档；年报表三、表四由这里的记录得出。"),
        rows=_rows(session, _sorted(query, filters).limit(here.per_page).offset(here.offset)), filters=filters,
        paging=here, tabs=_tabs(session, filters), years=_years(session),
        states=[(_OPEN, _("未办结")), *((one.value, state_label(one)) for one in State)],
        kinds=[(one.value, label) for one, label in class_labels().items()],
        channels=[(one.value, label) for one, label in channel_labels().items()],
        may_handle=can(current_actor(), HANDLE), waiting=_waiting(session),
    )  # fmt: skip
    return render_in_desk(page)


def _filters() -> Filters:
    given = request.args
    return Filters(
        q=given.get("q", "").strip()[:100], state=given.get("state", ""), year=given.get("year", "")[:4],
        kind=given.get("kind", ""), channel=given.get("channel", ""), alarm=given.get("alarm") == "1",
            )  # fmt: skip


def _conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.q:
        text = "".join(_LIKE.get(character, character) for character in filters.q)
        columns = (Application.number, Application.title, Application.doc_no, Application.external_no)
        found.append(or_(*(column.like(f"%{text}%", escape="\\") for column in columns)))
    if filters.state == _OPEN:
        found.append(Application.state.in_((*OPEN, State.SUBMITTED)) & Application.voided_at.is_(None))
    elif filters.state:
        found.append(Application.state == filters.state if filters.state in list(State) else false())
    if filters.year:
        found.append(Application.number.like(f"{filters.year}-%") if filters.year.isdigit() else false())
    for column, value in ((Application.applicant_class, filters.kind), (Application.channel, filters.channel)):
        if value:
            found.append(column.in_([one for one in column.type.enum_class if one.value == value]))
    if filters.alarm:
        found.append(alarming(today(), soon_until(session, today())))
    return found


def _sorted(query: Select[Application], filters: Filters) -> Select[Application]:
    if filters.alarm or filters.state == _OPEN:
        return query.order_by(Application.next_on.is_(None), Application.next_on, Application.id)
    return query.order_by(Application.id.desc())


def _rows(session: Session, query: Select[Application]) -> list[Row]:
    day = today()
    soon, classes, channels = soon_until(session, day), class_labels(), channel_labels()
    late = late_after(session)
    return [
        Row(
            number=one.number, title=one.title or one.doc_no or _("（只有描述）"), url=show_url(one.id),
            name=one.masked_name, kind=classes[one.applicant_class], channel=channels[one.channel],
            received_on=one.received_on, due_on=one.due_on if one.closed_on is None else None,
            is_estimated=one.is_estimated, countdown=countdown(one, day), state=state_tag(one),
            alarm=alarm_tag(alarm_of(one, day, soon)), result=one.result,
            is_late_entry=is_late_entry(one.occurred_on, one.recorded_at, late),
        ) for one in session.scalars(query)
    ]  # fmt: skip


def _tabs(session: Session, filters: Filters) -> list[Mapping[str, Any]]:
    alarmed = select(func.count()).where(alarming(today(), soon_until(session, today())))
    running = select(func.count()).where(*_conditions(session, Filters(state=_OPEN)))
    chosen = "alarm" if filters.alarm else filters.state if filters.state == _OPEN else _ALL
    tabs: Sequence[tuple[str, str, str, int | None]] = (
        (_ALL, _("全部"), url_for(f"{NAME}.index"), None),
        (_OPEN, _("未办结"), url_for(f"{NAME}.index", state=_OPEN), session.scalar(running)),
        ("alarm", _("需要注意"), url_for(f"{NAME}.index", alarm=1), session.scalar(alarmed)),
    )  # fmt: skip
    return [{"label": label, "url": url, "active": key == chosen, "count": count} for key, label, url, count in tabs]


def _years(session: Session) -> list[str]:
    newest, oldest = session.execute(select(func.max(Application.number), func.min(Application.number))).one()
    if newest is None:
        return []
    return [str(year) for year in range(int(newest[:4]), int(oldest[:4]) - 1, -1)]


def _waiting(session: Session) -> Sequence[tuple[str, str]]:
    """Return what other registers have handed over, with the address that takes it up."""
    return [
        (_("{number}：{title}").format(number=one.number, title=one.title), url_for(f"{NAME}.new", take=one.id))
        for one in waiting_hand_overs(session, SUBJECT)
    ]
