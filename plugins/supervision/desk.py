"""The registers in the desk: a page for each with form, year and sums; ending a line and taking it back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import (
    DeskForm,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    UnitOfWork,
    add_asset,
    current_actor,
    day_of,
    decimal_of,
    fields_by_name,
    get_cms,
    local_date,
    paging,
    permission,
    read_session,
    render_in_desk,
    show_errors,
    whole_of,
)  # fmt: skip
from cms.api import gettext as _

from .desk_pages import NAME, CounterForm, EndForm, EntryForm, RegisterPage, StepPage, Tab, crumbs
from .entries import PERMISSION, EntryInput, add_entry, can_counter, can_end, counter_entry, end_entry, lines
from .kinds import REGISTERS, Kind, Register
from .models import Entry
from .shown import shown_lines, sums_of

PER_PAGE = 50
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_Value = TypeVar("_Value")


def make_blueprint() -> Blueprint:
    """Return the routes below ``/desk/supervision``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/desk/supervision")
    guard, both = permission(PERMISSION), ["GET", "POST"]
    blueprint.add_url_rule("", "index", guard(index))
    blueprint.add_url_rule("/<kind>", "register", guard(register), methods=both)
    blueprint.add_url_rule("/lines/<int:entry_id>/end", "end", guard(end), methods=both)
    blueprint.add_url_rule("/lines/<int:entry_id>/counter", "counter", guard(counter), methods=both)
    return blueprint


def index() -> ResponseReturnValue:
    """Go to the first register."""
    return redirect(url_for(f"{NAME}.register", kind=Kind.TRAINING.value))


def register(kind: str) -> ResponseReturnValue:
    """Show a register of a year; record a line."""
    try:
        chosen = Kind(kind)
    except ValueError as error:
        raise NotFound(kind) from error
    if request.method == "POST":
        form = EntryForm(request.form).of(REGISTERS[chosen])
        try:
            entry = _record(chosen, form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
            return render_in_desk(_page(chosen, form, problems)), 422
        flash(_("已登记，可继续录入下一条。"), "success")
        return redirect(
            url_for(f"{NAME}.register", kind=kind, year=entry.occurred_on.year, source=form.source.data or None)
        )
    blank = {"quantity": "1", "source": request.args.get("source", "")}
    return render_in_desk(_page(chosen, EntryForm(data=blank).of(REGISTERS[chosen]), ()))


def _record(kind: Kind, form: EntryForm) -> Entry:
    errors: dict[str, list[str]] = {}
    register, day = REGISTERS[kind], form.occurred_on.data
    begun = _read(day_of, day, "occurred_on", _("请填写日期，例如 2016-03-08。"), errors, needed=True)
    number = _("应为整数；没有发生填 0。")
    given = EntryInput(
        occurred_on=begun or date.min, subject=form.subject.data or "", source=form.source.data or "",
        category=form.category.value,
        quantity=(_read(whole_of, form.quantity.data, "quantity", number, errors, needed=bool(register.number)) or 0),
        people=_read(whole_of, form.people.data, "people", number, errors),
        amount=_read(decimal_of, form.amount.data, "amount", _("请填写数字，例如 1.5。"), errors),
        until=_read(day_of, form.until.data, "until", _("请填写日期，例如 2016-12-31。"), errors),
        outcome=form.outcome.data or "", note=form.note.data or "",
    )  # fmt: skip
    cms, actor = get_cms(), current_actor()
    with cms.unit_of_work() as uow:
        try:
            entry = add_entry(uow, kind, given, actor=actor)
        except Invalid as refused:
            raise Invalid({**refused.errors, **errors}) from refused
        if errors:
            raise Invalid(errors)
        entry.evidence_id = _evidence(uow)
    return entry


def _read(
    parse: Callable[[str], _Value], text: str | None, name: str, sentence: str, errors: dict[str, list[str]], *,
    needed: bool = False,
) -> _Value | None:  # fmt: skip
    """Return what was typed, nothing if it was nothing; note what is wrong in ``errors``."""
    if not (text or "").strip() and not needed:
        return None
    try:
        return parse(text or "")
    except ValueError:
        errors[name] = [sentence]
        return None


def _evidence(uow: UnitOfWork) -> int | None:
    cms, upload = get_cms(), request.files.get("file")
    if upload is None or not upload.filename:
        return None
    return add_asset(
        uow, cms.store, actor=current_actor(), filename=upload.filename, content=upload.read(),
        max_mb=cms.settings.max_upload_mb,
    ).id  # fmt: skip


def _page(kind: Kind, form: EntryForm, problems: Sequence[Problem]) -> RegisterPage:
    session, register = read_session(), REGISTERS[kind]
    year = request.args.get("year", 0, type=int)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        year = local_date(get_cms().clock.now()).year
    query = lines(kind, year)
    here = paging(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0, PER_PAGE)
    return RegisterPage(
        title=_("监督保障"), lead=_(register.lead), register=register, tabs=_tabs(kind, year), year=year,
        fields=form.fields(register), problems=problems, headings=_headings(register), kind=kind.value,
        lines=shown_lines(session, kind, query.limit(here.per_page).offset(here.offset)),
        sums=sums_of(session, kind, year), paging=here,
    )  # fmt: skip


def _tabs(kind: Kind, year: int) -> list[Tab]:
    return [
        {
            "label": _(one.label),
            "url": url_for(f"{NAME}.register", kind=other.value, year=year),
            "active": other is kind,
        }
        for other, one in REGISTERS.items()
    ]


def _headings(register: Register) -> list[Mapping[str, object]]:
    names = [register.subject, register.day, register.category]
    numbers = [register.number, register.people, "金额（万元）" if register.has_amount else ""]
    rest = [register.outcome, "依据", "登记"]
    return [
        *({"label": _(name)} for name in names if name),
        *({"label": _(name), "number": True} for name in numbers if name),
        *({"label": _(name)} for name in rest if name), {"label": _("操作"), "hidden": True},
    ]  # fmt: skip


def end(entry_id: int) -> ResponseReturnValue:
    """Say until when a line was in force."""
    form = EndForm(request.form)

    def save(uow: UnitOfWork, entry: Entry) -> None:
        errors: dict[str, list[str]] = {}
        until = _read(day_of, form.until.data, "until", _("请填写日期，例如 2016-12-31。"), errors, needed=True)
        if until is None:
            raise Invalid(errors)
        end_entry(uow, entry, until, source=form.source.data or "", actor=current_actor())

    if not can_end(read_session(), _find(read_session(), entry_id)):
        raise NotFound(f"nothing to end in line {entry_id}")
    return _step(
        entry_id, form, save, title=_("终止登记"), button=_("终止"), done=_("已登记终止日期。"), is_grave=False,
        explanation=_("会新增一行终止记录；年末数按最后一天之后不再计算。"),
    )  # fmt: skip


def counter(entry_id: int) -> ResponseReturnValue:
    """Take a wrong line back."""
    form = CounterForm(request.form)

    def save(uow: UnitOfWork, entry: Entry) -> None:
        counter_entry(uow, entry, reason=form.reason.data or "", actor=current_actor())

    if not can_counter(read_session(), _find(read_session(), entry_id)):
        raise NotFound(f"nothing to take back in line {entry_id}")
    return _step(
        entry_id, form, save, title=_("冲销一行"), button=_("冲销"), is_grave=True,
        done=_("已冲销，原记录保留。请重新登记正确的内容。"),
        explanation=_("会新增一行数量相反的记录，原记录保留，合计随之更正。"),
    )  # fmt: skip


def _step(
    entry_id: int, form: DeskForm, save: Callable[[UnitOfWork, Entry], None], *, title: str, button: str, done: str,
    explanation: str, is_grave: bool,
) -> ResponseReturnValue:  # fmt: skip
    entry = _find(read_session(), entry_id)
    back = url_for(f"{NAME}.register", kind=entry.kind.value, year=entry.occurred_on.year)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                save(uow, _find(uow.session, entry_id))
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            # Somebody else was faster.
            problems = [Problem(line) for line in refused.problems]
        else:
            flash(done, "success")
            return redirect(back)
    page = StepPage(
        title=title, crumbs=crumbs(entry.kind, title), problems=problems, explanation=explanation, button=button,
        line=shown_lines(read_session(), entry.kind, select(Entry).where(Entry.id == entry_id))[0], back=back,
        fields=[field for field in form if field.name != "csrf_token"], is_grave=is_grave,
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200


def _find(session: Session, entry_id: int) -> Entry:
    entry = session.get(Entry, entry_id)
    if entry is None:
        raise NotFound(f"supervision entry {entry_id}")
    return entry
