"""Changing the calendar: notices, holidays of the place. Every change is audited, and told to those who count by it."""

from datetime import date

from sqlalchemy import func, select

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.workdays.calendar import FESTIVALS, DayKind, Notice, WorkCalendar, fixed_holidays, plain
from cms.workdays.events import CalendarChanged
from cms.workdays.models import CalendarDay, CalendarNotice, LocalHoliday
from cms.workdays.notice_text import FIRST_YEAR, LAST_YEAR
from cms.workdays.queries import load_calendar

MANAGE = "workdays.manage"
_MAX_NAME, _MAX_SOURCE = 40, 200
_DECEMBER = 12


def check_notice(notice: Notice) -> None:
    """Refuse a notice that cannot be right.

    :raises Invalid: by field (``year``, ``source``, ``text``): days outside its year, make-up days that are no
        weekend, statutory holidays that are missing.
    """
    errors: dict[str, list[str]] = {}
    if not FIRST_YEAR <= notice.year <= LAST_YEAR:
        errors["year"] = [_("年份应在 {first} 到 {last} 之间。").format(first=FIRST_YEAR, last=LAST_YEAR)]
    if not notice.source:
        errors["source"] = [_("请写明通知的名称和文号。")]
    elif len(notice.source) > _MAX_SOURCE:
        errors["source"] = [_("最多 {n} 个字。").format(n=_MAX_SOURCE)]
    if "year" not in errors and (problems := [*_day_problems(notice), *_missing(notice)]):
        errors["text"] = problems
    if errors:
        raise Invalid(errors)


def _day_problems(notice: Notice) -> list[str]:
    problems = []
    for day in sorted({*notice.holidays, *notice.workdays}):
        if day.year != notice.year and (day.year, day.month) != (notice.year - 1, _DECEMBER):
            text = _("{day} 不在 {year} 年，也不在上年 12 月。")
        elif day in notice.holidays and day in notice.workdays:
            text = _("{day} 既写了放假又写了上班。")
        elif day in notice.workdays and plain(day).kind is not DayKind.WEEKEND:
            text = _("{day} 不是星期六或星期日，不会是调休上班日。")
        else:
            continue
        problems.append(text.format(day=day, year=notice.year))
    return problems


def _missing(notice: Notice) -> list[str]:
    """Return the statutory holidays that the notice lacks, so that half a notice is never taken for a whole one."""
    named = "".join(notice.holidays.values())
    problems = [_("没有“{name}”的安排。").format(name=name) for name in FESTIVALS if name not in named]
    for (month, day), name in fixed_holidays(notice.year).items():
        if date(notice.year, month, day) not in notice.holidays:
            text = _("{month}月{day}日（{name}）没有放假，请核对。")
            problems.append(text.format(month=month, day=day, name=name))
    return problems


def import_notice(uow: UnitOfWork, notice: Notice, *, actor: Actor) -> CalendarNotice:
    """Let ``notice`` stand for its year; what stood before stays on record.

    :raises NotAllowed: without permission. :raises Invalid: see :func:`check_notice`, or if nothing would change.
    """
    require(actor, MANAGE)
    check_notice(notice)
    before = load_calendar(uow.session)
    if before.knows(notice.year) and before.notice(notice.year).days == notice.days:
        raise Invalid({"text": [_("与现在使用的 {year} 年安排完全相同，不需要导入。").format(year=notice.year)]})
    newest = select(func.max(CalendarNotice.version)).where(CalendarNotice.year == notice.year)
    _set_current(uow, notice.year, None)
    row = CalendarNotice(
        year=notice.year, version=(uow.session.scalar(newest) or 0) + 1, source=notice.source, is_current=True,
        imported_at=uow.clock.now(), imported_by_id=actor.id,
        days=[CalendarDay(day=day.day, kind=day.kind, name=day.name[:_MAX_NAME]) for day in notice.days.values()],
    )  # fmt: skip
    uow.session.add(row)
    # The calendar after it is read from the tables, and the audit entry names the id.
    uow.session.flush()
    _changed(uow, before, "workdays.import", row.id, actor, year=row.year, version=row.version, source=row.source)
    return row


def withdraw_notice(uow: UnitOfWork, row: CalendarNotice, *, actor: Actor, reason: str) -> None:
    """Take back a notice that was imported by mistake; the one before it, or the bundled one, stands again.

    :raises NotAllowed: without permission, or if it does not stand now. :raises Invalid: without a reason.
    """
    require(actor, MANAGE)
    if not row.is_current:
        raise NotAllowed(_("只能撤回正在使用的安排。"))
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明撤回的原因。")]})
    before = load_calendar(uow.session)
    row.withdrawn_at, row.withdrawn_by_id = uow.clock.now(), actor.id
    row.withdrawn_reason = one_line(reason)[:_MAX_SOURCE]
    earlier = select(CalendarNotice).where(CalendarNotice.year == row.year, CalendarNotice.withdrawn_at.is_(None))
    uow.session.flush()
    _set_current(uow, row.year, uow.session.scalars(earlier.order_by(CalendarNotice.version.desc()).limit(1)).first())
    _changed(uow, before, "workdays.withdraw", row.id, actor, year=row.year, version=row.version)


def add_local_holiday(uow: UnitOfWork, day: date, *, name: str, source: str, actor: Actor) -> LocalHoliday:
    """Let people of the place have ``day`` off.

    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, MANAGE)
    errors: dict[str, list[str]] = {}
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        errors["day"] = [_("年份应在 {first} 到 {last} 之间。").format(first=FIRST_YEAR, last=LAST_YEAR)]
    elif uow.session.scalar(select(LocalHoliday.id).where(LocalHoliday.day == day)):
        errors["day"] = [_("{day} 已经登记。").format(day=day)]
    for field, text, most in (("name", name, _MAX_NAME), ("source", source, _MAX_SOURCE)):
        if not 0 < len(one_line(text)) <= most:
            errors[field] = [_("请填写，最多 {n} 个字。").format(n=most)]
    if errors:
        raise Invalid(errors)
    before = load_calendar(uow.session)
    row = LocalHoliday(
        day=day, name=one_line(name), source=one_line(source), added_at=uow.clock.now(), added_by_id=actor.id
    )
    uow.session.add(row)
    # As above: the calendar is read from the tables.
    uow.session.flush()
    _changed(uow, before, "workdays.add", row.id, actor, day=day.isoformat(), name=row.name, source=row.source)
    return row


def remove_local_holiday(uow: UnitOfWork, row: LocalHoliday, *, actor: Actor) -> None:
    """Take a holiday of the place off the calendar; the audit log keeps what it was.

    :raises NotAllowed: without permission.
    """
    require(actor, MANAGE)
    before = load_calendar(uow.session)
    uow.session.delete(row)
    uow.session.flush()
    _changed(
        uow, before, "workdays.delete", row.id, actor, day=row.day.isoformat(), name=row.name, source=row.source
    )  # fmt: skip


def _set_current(uow: UnitOfWork, year: int, chosen: CalendarNotice | None) -> None:
    for row in uow.session.scalars(select(CalendarNotice).where(CalendarNotice.year == year)):
        row.is_current = row is chosen
    uow.session.flush()


def _changed(
    uow: UnitOfWork, before: WorkCalendar, action: str, subject: int, actor: Actor, **details: str | int
) -> None:
    years = before.differs_in(load_calendar(uow.session))
    record(
        uow, action, actor_id=actor.id, subject_type="workdays", subject_id=subject, years=list(years), **details
    )  # fmt: skip
    if years:
        uow.emit(CalendarChanged(years=years))
