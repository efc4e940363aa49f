"""The reply limits in the desk: which are in force, which will be, which were, and a form for a new one."""

from collections.abc import Sequence
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    Invalid,
    Problem,
    current_actor,
    get_cms,
    local_date,
    read_session,
    render_in_desk,
    show_errors,
)  # fmt: skip
from cms.api import gettext as _

from .clocks import URGENT, LimitSpec, Unit
from .desk_forms import LimitForm, day_of, number_of
from .desk_pages import NAME, LimitRow, LimitsPage, crumbs, limit_words
from .limits import limits, set_limit
from .shown import channel_label
from .terms import CATEGORY_LABELS, Category


def limits_page() -> ResponseReturnValue:
    """Show the limits; set a new one."""
    today = local_date(get_cms().clock.now())
    form = LimitForm(request.form) if request.method == "POST" else LimitForm(data={"valid_from": today.isoformat()})
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            _save(form, today)
        except Invalid as refused:
            problems = show_errors({field.name: field for field in form}, refused.errors)
        else:
            flash(_("已保存，今后收到的信件按新的期限计算。"), "success")
            return redirect(url_for(f"{NAME}.limits"))
    page = LimitsPage(
        title=_("答复期限"), crumbs=crumbs(_("答复期限")), form=form, problems=problems, rows=_rows(today),
        lead=_("渠道和诉求类型都相符的优先；另有底线：超过 3 个月未答复，政府网站检查单项否决。"),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200


def _save(form: LimitForm, today: date) -> None:
    errors: dict[str, list[str]] = {}
    n = number_of(form.n.data, "n", errors, empty=True)
    given = LimitSpec(
        channel=form.channel.value, category=form.category.value, n=n,
        unit=Unit(form.unit.value) if form.unit.value in set(Unit) else Unit.WORKDAY,
        warn_before=number_of(form.warn_before.data, "warn_before", errors, empty=n is None) or 0,
        basis=form.basis.data or "", valid_from=day_of(form.valid_from.data, "valid_from", errors) or today,
    )  # fmt: skip
    with get_cms().unit_of_work() as uow:
        try:
            set_limit(uow, given, actor=current_actor())
        except Invalid as refused:
            raise Invalid(refused.errors | errors) from refused
        if errors:
            raise Invalid(errors)


def _rows(today: date) -> list[LimitRow]:
    known = limits(read_session())
    newest = {one.key: one for one in known if one.valid_from <= today}
    rows = [(one.key, _row(one, today, is_newest=newest.get(one.key) is one)) for one in known]
    order = {"now": 0, "later": 1, "past": 2}
    return [row for _key, row in sorted(rows, key=lambda pair: (order[pair[1].state], pair[0]))]


def _row(limit: LimitSpec, today: date, *, is_newest: bool) -> LimitRow:
    state = "later" if limit.valid_from > today else "now" if is_newest else "past"
    labels = {URGENT: _("加急"), **{one.value: _(CATEGORY_LABELS[one]) for one in Category}}
    return LimitRow(
        channel=channel_label(limit.channel) if limit.channel else _("任何渠道"), basis=_(limit.basis), state=state,
        category=labels.get(limit.category, _("任何类型")), limit=limit_words(limit),
        warn=_("提前 {n}").format(n=limit.warn_before) if limit.warn_before else _("到期当天"),
        valid_from=limit.valid_from if limit.valid_from > date.min else None,
    )  # fmt: skip
