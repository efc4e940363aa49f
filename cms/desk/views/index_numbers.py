"""索引号: the register of numbers that were given, and those that are void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms import StringField

from cms.catalogue import ledger
from cms.catalogue.ledger import FATES, Fate
from cms.desk.blueprint import blueprint
from cms.desk.catalogue_tabs import Tab, catalogue_tabs
from cms.desk.contexts import DeskPage, desk_values
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

PER_PAGE = 50
_MOST = 80


class VoidForm(DeskForm):
    """A number that is void, and why."""

    number = StringField(_("索引号"))
    reason = StringField(_("作废原因"), description=_("例如：误发，已撤回；或：原系统已用。登记后不能更改。"))


@dataclass(frozen=True)
class NumberLine:
    """A number as the register shows it; ``url`` is empty when the item is gone."""

    number: str
    title: str
    url: str
    given_at: datetime
    fate: str
    is_void: bool
    reason: str
    may_reason: bool


@dataclass(frozen=True, kw_only=True)
class NumbersPage(DeskPage):
    """``/desk/catalogue/numbers``: void numbers, or with ``all`` every number that was given."""

    template: ClassVar[str] = "desk/catalogue/numbers.html"
    tabs: Sequence[Tab]
    views: Sequence[Tab]
    form: VoidForm
    problems: Sequence[Problem]
    lines: Sequence[NumberLine]
    paging: Paging
    shows_all: bool
    text: str


@blueprint.route("/catalogue/numbers", methods=["GET", "POST"])
@permission("catalogue.manage")
def index_numbers() -> ResponseReturnValue:
    """Show the register; write down why a number is void."""
    form, problems = VoidForm(request.form or None, number=request.args.get("void", "")[:_MOST]), []
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                ledger.register_void(uow, form.number.data or "", form.reason.data or "", actor=current_actor())
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("已登记。这个索引号不会再使用。"), "success")
            return redirect(url_for("desk.index_numbers"))
    return render(_page(form, problems)), 422 if problems else 200


def _page(form: VoidForm, problems: Sequence[Problem]) -> NumbersPage:
    session, shows_all = read_session(), "all" in request.args
    text = request.args.get("q", "").strip()[:_MOST]
    query = ledger.numbers(only_void=not shows_all, text=text)
    here = paging(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0, PER_PAGE)
    views = [
        Tab(label=_("作废的"), url=url_for("desk.index_numbers"), active=not shows_all, count=None),
        Tab(label=_("全部"), url=url_for("desk.index_numbers", all=1), active=shows_all, count=None),
    ]
    found = ledger.lines(session, query.limit(here.per_page).offset(here.offset))
    return NumbersPage(
        **desk_values(), title=_("索引号"), tabs=catalogue_tabs("desk.index_numbers"), views=views, form=form,
        problems=problems, lines=[_line(one) for one in found], paging=here, shows_all=shows_all, text=text,
        lead=_("索引号一经分配不再变动，也不重复使用；改变编号规则只影响以后发布的内容。"),
    )  # fmt: skip


def _line(one: ledger.Line) -> NumberLine:
    entry, has_page = one.entry, one.entry.content_id is not None and one.fate is not Fate.GONE
    is_void = one.fate is not Fate.IN_USE
    return NumberLine(
        number=entry.number, title=entry.title, given_at=entry.given_at, fate=_(FATES[one.fate]), is_void=is_void,
        url=url_for("desk.content_show", content_id=entry.content_id) if has_page else "", reason=one.reason,
        may_reason=is_void and not entry.reason,
    )  # fmt: skip
