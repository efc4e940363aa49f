"""工作日历: importing notices, and the holidays of the place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import FileField, StringField, TextAreaField

from cms.accounts.queries import names_of
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.desk.views.workdays import Tab, workdays_tabs
from cms.desk.year_view import spans
from cms.kernel.errors import Invalid, NotAllowed, NotFound
from cms.kernel.i18n import gettext as _
from cms.web.forms.controls import DayField, NumberField
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.workdays import services
from cms.workdays.bundled import bundled_notices
from cms.workdays.calendar import Notice, WorkCalendar
from cms.workdays.models import CalendarNotice, LocalHoliday
from cms.workdays.notice_text import read_notice
from cms.workdays.queries import all_notices, load_calendar, local_holidays
from cms.workdays.services import MANAGE

#: A file of a notice is a few kilobytes.
_MAX_FILE = 200_000


class NoticeForm(DeskForm):
    """A notice as it is typed in."""

    year = NumberField(_("年份"))
    source = StringField(
        _("通知名称和文号"), description=_("例如：国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）")
    )
    text = TextAreaField(
        _("放假安排"), description=_("从通知中复制各节日的段落粘贴在这里，一行一段；也可以粘贴 JSON。")
    )
    file = FileField(_("或者选择 JSON 文件"), description=_("选择文件后，上面的文字框以文件内容为准。"))


class WithdrawForm(DeskForm):
    """Why a notice is taken back."""

    reason = StringField(_("撤回原因"))


class LocalForm(DeskForm):
    """A holiday of the place."""

    day = DayField(_("日期"))
    name = StringField(_("名称"), description=_("例如：壮族三月三"))
    source = StringField(_("依据"), description=_("规定放假的文件名称和文号。"))


@dataclass(frozen=True)
class NoticeLine:
    """A notice of the list. A bundled one has no id, version and person."""

    year: int
    source: str
    state: str
    is_current: bool
    id: int | None = None
    version: int = 0
    imported_at: datetime | None = None
    imported_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Preview:
    """What a notice says, and the years whose working days it would change."""

    year: int
    holidays: Sequence[str]
    workdays: Sequence[str]
    worked: int
    changes: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class NoticesPage(DeskPage):
    """``/desk/workdays/notices``."""

    template: ClassVar[str] = "desk/workdays/notices.html"
    tabs: Sequence[Tab]
    form: NoticeForm
    problems: Sequence[Problem]
    preview: Preview | None
    lines: Sequence[NoticeLine]


@dataclass(frozen=True, kw_only=True)
class WithdrawPage(DeskPage):
    """``/desk/workdays/notices/<id>/withdraw``."""

    template: ClassVar[str] = "desk/workdays/withdraw.html"
    form: WithdrawForm
    problems: Sequence[Problem]
    notice: CalendarNotice


@dataclass(frozen=True, kw_only=True)
class LocalPage(DeskPage):
    """``/desk/workdays/local``."""

    template: ClassVar[str] = "desk/workdays/local.html"
    tabs: Sequence[Tab]
    form: LocalForm
    problems: Sequence[Problem]
    lines: Sequence[tuple[LocalHoliday, str]]


@blueprint.route("/workdays/notices", methods=["GET", "POST"])
@permission(MANAGE)
def workdays_notices() -> ResponseReturnValue:
    """List the notices; read a typed one, show what it says, import it."""
    if request.method == "GET":
        return render(_notices_page(NoticeForm(data={"year": request.args.get("year", "")}), (), None))
    form, preview = NoticeForm(request.form), None
    try:
        notice = _typed_notice(form)
        services.check_notice(notice)
        if request.form.get("step") == "import":
            with get_cms().unit_of_work() as uow:
                row = services.import_notice(uow, notice, actor=current_actor())
            flash(
                _("已导入 {year} 年放假安排（第 {n} 版），有关期限已重新计算。").format(year=row.year, n=row.version),
                "success",
            )
            return redirect(url_for("desk.workdays", year=row.year))
        preview = _preview(notice, load_calendar(read_session()))
    except Invalid as refused:
        problems = show_errors(fields_by_name(form), refused.errors)
        return render(_notices_page(form, problems, None)), 422
    return render(_notices_page(form, (), preview))


def _typed_notice(form: NoticeForm) -> Notice:
    file = request.files.get("file")
    if file is not None and file.filename:
        content = file.stream.read(_MAX_FILE + 1)
        try:
            form.text.data = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Invalid({"file": [_("文件不是 UTF-8 编码的 JSON。")]}) from error
    notice = read_notice(form.text.data or "", year=form.year.data or "", source=form.source.data or "")
    # JSON says both itself; the form shows what will be imported.
    form.year.data, form.source.data = str(notice.year), notice.source
    return notice


def _preview(notice: Notice, calendar: WorkCalendar) -> Preview:
    after = calendar.with_notice(notice)
    first, last = date(notice.year, 1, 1), date(notice.year, 12, 31)
    return Preview(
        year=notice.year, holidays=list(spans(notice.holidays)), workdays=list(spans(notice.workdays)),
        worked=after.is_workday(first) + after.count_between(first, last), changes=calendar.differs_in(after),
    )  # fmt: skip


def _notices_page(form: NoticeForm, problems: Sequence[Problem], preview: Preview | None) -> NoticesPage:
    return NoticesPage(
        **desk_values(), title=_("工作日历"), tabs=workdays_tabs("desk.workdays_notices"), form=form,
        problems=problems, preview=preview, lines=_lines(read_session()),
    )  # fmt: skip


def _lines(session: Session) -> list[NoticeLine]:
    rows = all_notices(session)
    names = names_of(session, {row.imported_by_id for row in rows} | {row.withdrawn_by_id for row in rows})
    taken = {row.year for row in rows if row.is_current}
    lines = [_line(row, names) for row in rows]
    for one in bundled_notices():
        state = _("已被取代") if one.year in taken else _("程序自带")
        lines.append(NoticeLine(one.year, one.source, state, one.year not in taken))
    return sorted(lines, key=lambda one: (one.year, one.version), reverse=True)


def _line(row: CalendarNotice, names: dict[int, str]) -> NoticeLine:
    state, note = _("已被取代"), ""
    if row.is_current:
        state = _("使用中")
    elif row.withdrawn_at is not None:
        state = _("已撤回")
        note = _("{who}撤回：{why}").format(
            who=names.get(row.withdrawn_by_id or 0, _("系统")), why=row.withdrawn_reason
        )
    return NoticeLine(
        row.year, row.source, state, row.is_current, row.id, row.version, row.imported_at,
        names.get(row.imported_by_id or 0, _("系统")), note,
    )  # fmt: skip


@blueprint.route("/workdays/notices/<int:notice_id>/withdraw", methods=["GET", "POST"])
@permission(MANAGE)
def workdays_withdraw(notice_id: int) -> ResponseReturnValue:
    """Take back a notice that was imported by mistake."""
    form, problems = WithdrawForm(request.form), []
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                row = _notice(uow.session, notice_id)
                services.withdraw_notice(uow, row, actor=current_actor(), reason=form.reason.data or "")
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = [Problem(line) for line in refused.problems]
        else:
            flash(_("已撤回，有关期限已重新计算。"), "success")
            return redirect(url_for("desk.workdays_notices"))
    page = WithdrawPage(
        **desk_values(), title=_("撤回放假安排"), form=form, problems=problems,
        notice=_notice(read_session(), notice_id),
    )  # fmt: skip
    return render(page), 422 if problems else 200


def _notice(session: Session, notice_id: int) -> CalendarNotice:
    row = session.get(CalendarNotice, notice_id)
    if row is None:
        raise NotFound(f"calendar notice {notice_id}")
    return row


@blueprint.route("/workdays/local", methods=["GET", "POST"])
@permission(MANAGE)
def workdays_local() -> ResponseReturnValue:
    """List the holidays of the place; add one."""
    form, problems = LocalForm(request.form), []
    if request.method == "POST":
        try:
            _add_local(form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("已登记，有关期限已重新计算。"), "success")
            return redirect(url_for("desk.workdays_local"))
    session = read_session()
    rows = local_holidays(session)
    names = names_of(session, {row.added_by_id for row in rows})
    page = LocalPage(
        **desk_values(), title=_("工作日历"), tabs=workdays_tabs("desk.workdays_local"), form=form, problems=problems,
        lines=[(row, names.get(row.added_by_id or 0, _("系统"))) for row in rows],
    )  # fmt: skip
    return render(page), 422 if problems else 200


def _add_local(form: LocalForm) -> None:
    day, errors = date.min, {}
    try:
        day = date.fromisoformat((form.day.data or "").strip())
    except ValueError:
        errors = {"day": [_("请填写日期，例如 2016-03-08。")]}
    with get_cms().unit_of_work() as uow:
        try:
            services.add_local_holiday(
                uow, day, name=form.name.data or "", source=form.source.data or "", actor=current_actor()
            )
        except Invalid as refused:
            errors = refused.errors | errors
        if errors:
            raise Invalid(errors)


@blueprint.post("/workdays/local/<int:holiday_id>/remove")
@permission(MANAGE)
def workdays_local_remove(holiday_id: int) -> ResponseReturnValue:
    """Take a holiday of the place off the calendar."""
    with get_cms().unit_of_work() as uow:
        row = uow.session.get(LocalHoliday, holiday_id)
        if row is None:
            raise NotFound(f"local holiday {holiday_id}")
        services.remove_local_holiday(uow, row, actor=current_actor())
    flash(_("已删除，有关期限已重新计算。"), "success")
    return redirect(url_for("desk.workdays_local"))
