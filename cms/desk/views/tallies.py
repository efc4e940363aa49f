"""The register of tallies: quick entry, list, counter-entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from wtforms import StringField

from cms.accounts.queries import departments, names_of
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.kernel.clock import local_date
from cms.kernel.errors import Invalid, NotAllowed, NotFound
from cms.kernel.i18n import gettext as _
from cms.registers import services
from cms.registers.late import is_late_entry, late_after
from cms.registers.metrics import CHANNELS, Metric
from cms.registers.models import Tally
from cms.registers.services import TallyInput
from cms.registers.topics import offered_topics
from cms.sheets.batches import batches_of
from cms.web.forms.controls import ChoiceField, DayField, NumberField
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

PER_PAGE = 50
#: What the next line starts with, in the address after a line was saved.
KEPT = ("metric", "occurred_on", "channel", "source", "department_id")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


class TallyForm(DeskForm):
    """One line."""

    metric = ChoiceField(_("统计事项"), [])
    occurred_on = DayField(_("日期"))
    channel = ChoiceField(_("渠道"), [("", "—"), *CHANNELS])
    topic = StringField(_("主题"))
    quantity = NumberField(_("数量"))
    source = StringField(_("依据"), description=_("台账名称和页码，例如：来访登记簿第3页。"))
    department_id = ChoiceField(_("经办科室"), [])

    def offer(self, session: Session) -> "TallyForm":
        """Fill in what can be chosen."""
        self.metric.choices = (
            ("", _("（请选择）")),
            *((one.code, one.label) for one in get_cms().contributions.metrics),
        )
        self.department_id.choices = (
            ("", _("（未指定）")), *((str(one.id), one.name) for one in departments(session))
        )  # fmt: skip
        return self


class CounterForm(DeskForm):
    """Why a line is taken back."""

    reason = StringField(_("冲销原因"))


@dataclass(frozen=True)
class TallyRow:
    """A line of the register."""

    id: int
    metric: str
    occurred_on: date
    channel: str
    topic: str
    quantity: int
    unit: str
    source: str
    department: str
    recorded_by: str
    note: str
    corrects_id: int | None
    is_countered: bool
    is_late: bool
    batch: int | None


@dataclass(frozen=True)
class Sum:
    """The total of one metric in the year."""

    label: str
    total: int
    unit: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class TalliesPage(DeskPage):
    """``/desk/tallies``."""

    template: ClassVar[str] = "desk/tallies/list.html"
    form: TallyForm
    problems: Sequence[Problem]
    rows: Sequence[TallyRow]
    sums: Sequence[Sum]
    paging: Paging
    year: int
    chosen: str
    channel: str
    metrics: Sequence[Metric]
    channels: Sequence[tuple[str, str]]
    topics: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CounterPage(DeskPage):
    """``/desk/tallies/<id>/counter``."""

    template: ClassVar[str] = "desk/tallies/counter.html"
    row: TallyRow
    form: CounterForm
    problems: Sequence[Problem]


@blueprint.route("/tallies", methods=["GET", "POST"])
@permission("tally.record")
def tallies() -> ResponseReturnValue:
    """Record a line; show the register of a year."""
    if request.method == "POST":
        form = TallyForm(request.form)
        try:
            _record(form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
            return render(_page(form, problems)), 422
        flash(_("已登记，可继续录入下一条。"), "success")
        kept = {name: form[name].data for name in KEPT if form[name].data}
        return redirect(url_for("desk.tallies", year=(form.occurred_on.data or "")[:4], **kept))
    today = local_date(get_cms().clock.now()).isoformat()
    return render(_page(TallyForm(data={"occurred_on": today, **_kept()}), []))


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _record(form: TallyForm) -> None:
    errors: dict[str, list[str]] = {}
    quantity, day = _whole(form.quantity.data or "", errors), _day(form.occurred_on.data or "", errors)
    office = form.department_id.value
    given = TallyInput(
        metric=form.metric.value, occurred_on=day, quantity=quantity, channel=form.channel.value,
        topic=form.topic.data or "", source=form.source.data or "",
        department_id=int(office) if office.isdecimal() and len(office) < 10 else None,  # noqa: PLR2004 — ids are smaller
    )  # fmt: skip
    cms = get_cms()
    with cms.unit_of_work() as uow:
        try:
            services.add_tally(uow, cms.contributions.metrics, given, actor=current_actor())
        except Invalid as refused:
            errors = refused.errors | errors
        if errors:
            raise Invalid(errors)


def _whole(text: str, errors: dict[str, list[str]]) -> int:
    try:
        return int(text)
    except ValueError:
        errors["quantity"] = [_("请填写数量，应为整数；没有发生填 0。")]
        return 0


def _day(text: str, errors: dict[str, list[str]]) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        errors["occurred_on"] = [_("请填写日期，例如 2016-03-08。")]
        return date.min


def _page(form: TallyForm, problems: Sequence[Problem]) -> TalliesPage:
    session, metrics = read_session(), get_cms().contributions.metrics
    year = request.args.get("year", 0, type=int)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        year = local_date(get_cms().clock.now()).year
    chosen, channel = request.args.get("metric", ""), request.args.get("only", "")
    query = services.tallies(chosen, year, channel)
    here = paging(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0, PER_PAGE)
    return TalliesPage(
        **desk_values(), title=_("计数登记"), form=form.offer(session), problems=problems, paging=here, year=year,
        rows=_rows(session, query.limit(here.per_page).offset(here.offset)), chosen=chosen, channel=channel,
        sums=_sums(session, year, chosen), metrics=list(metrics), channels=CHANNELS,
        lead=_("一天一行；录错的行不修改，用“冲销”更正。"), topics=offered_topics(session, metrics),
    )  # fmt: skip


def _sums(session: Session, year: int, chosen: str) -> list[Sum]:
    totals, metrics = services.sums(session, year), get_cms().contributions.metrics
    labels = {one.code: (one.label, one.unit) for one in metrics}
    return [
        Sum(label, totals.get(code, 0), unit, url_for("desk.tallies", year=year, metric=code), code == chosen)
        for code, (label, unit) in ({code: (code, "") for code in sorted(totals)} | labels).items()
    ]


def _rows(session: Session, query: Select[Tally]) -> list[TallyRow]:
    found = session.scalars(query).all()
    countered = set(session.scalars(select(Tally.corrects_id).where(Tally.corrects_id.in_([one.id for one in found]))))
    names = names_of(session, {one.recorded_by_id for one in found})
    offices = {one.id: one.name for one in departments(session)}
    brought = batches_of(session, {"tallies"}, [one.id for one in found])
    days = late_after(session)
    return [
        _row(one, names, offices, is_countered=one.id in countered, batch=brought.get(one.id), days=days)
        for one in found
    ]


def _row(
    tally: Tally, names: dict[int, str], offices: dict[int, str], *, is_countered: bool, batch: int | None, days: int
) -> TallyRow:  # fmt: skip
    metric = get_cms().contributions.metrics.get(tally.metric)
    return TallyRow(
        id=tally.id, metric=metric.label if metric else tally.metric, occurred_on=tally.occurred_on,
        channel=dict(CHANNELS).get(tally.channel, tally.channel), topic=tally.topic, quantity=tally.quantity,
        unit=metric.unit if metric else "", source=tally.source, department=offices.get(tally.department_id or 0, ""),
        recorded_by=names.get(tally.recorded_by_id or 0, _("系统")), note=tally.note, corrects_id=tally.corrects_id,
        is_countered=is_countered, batch=batch,
        # A counter-entry is made when the mistake is seen; it says nothing of the day itself.
        is_late=not tally.corrects_id and is_late_entry(tally.occurred_on, tally.recorded_at, days),
    )  # fmt: skip


@blueprint.route("/tallies/<int:tally_id>/counter", methods=["GET", "POST"])
@permission("tally.record")
def tally_counter(tally_id: int) -> ResponseReturnValue:
    """Take a wrong line back by a counter-entry."""
    form, problems = CounterForm(request.form), []
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                tally = _find(uow.session, tally_id)
                services.counter_entry(uow, tally, actor=current_actor(), reason=form.reason.data or "")
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = [Problem(line) for line in refused.problems]
        else:
            flash(_("已冲销，原记录保留。请重新登记正确的数量。"), "success")
            return redirect(url_for("desk.tallies", year=tally.occurred_on.year, metric=tally.metric))
    return render(_counter_page(tally_id, form, problems)), 422 if problems else 200


def _counter_page(tally_id: int, form: CounterForm, problems: Sequence[Problem]) -> CounterPage:
    session = read_session()
    _find(session, tally_id)
    row = _rows(session, select(Tally).where(Tally.id == tally_id))[0]
    crumbs = [Crumb(_("计数登记"), url_for("desk.tallies")), Crumb(_("冲销"))]
    return CounterPage(**desk_values(), title=_("冲销一行"), crumbs=crumbs, row=row, form=form, problems=problems)


def _find(session: Session, tally_id: int) -> Tally:
    tally = session.get(Tally, tally_id)
    if tally is None:
        raise NotFound(f"tally {tally_id}")
    return tally
