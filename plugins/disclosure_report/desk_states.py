"""After freezing, in the desk: submission with its receipt, publication as an item of the site, errata."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, Form, IntegerField, SelectField, StringField, TextAreaField

from cms.api import (
    META,
    Content,
    Invalid,
    NotFound,
    Page,
    Section,
    Snapshot,
    add_asset,
    current_actor,
    get_cms,
    load_settings,
    local_date,
    read_session,
    render_in_desk,
    tree,
)  # fmt: skip
from cms.api import gettext as _

from . import lifecycle, submission
from .desk_pages import Crumb, crumbs, current_of, report_url, show_errors
from .format_file import formats
from .models import AnnualReport
from .outputs import changed
from .pages import item_body
from .report import Correction, Number
from .settings import ReportSettings, due_on

#: Name of the part of an item with its catalogue entry.
_CATALOGUE = "catalogue"
#: Titles of the section that is offered first.
_WORDS = ("年报", "年度报告")


class SubmitForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """Noting that the report was submitted. The service checks it."""

    to = StringField(_("报送机关"), description=_("政府信息公开工作主管部门，例如：衡山县人民政府办公室。"))
    on = StringField(_("报送日期"), description=_("例如：2025-01-20"))
    receipt_no = StringField(_("回执编号"), description=_("没有可不填。"))
    file = FileField(_("回执扫描件"), description=_("可不传。只有登录工作台的人员能查看。"))


class ItemForm(Form):  # type: ignore[misc]  # as above
    """Choosing the section in which the report is published."""

    section_id = SelectField(_("栏目"), coerce=int)


class LinkForm(Form):  # type: ignore[misc]  # as above
    """Naming the item that is the published report."""

    content_id = IntegerField(_("内容编号"), description=_("已发布的那条内容的编号，在内容列表或网址中可以看到。"))


class LateForm(Form):  # type: ignore[misc]  # as above
    """Saying why the report was published late."""

    reason = StringField(_("逾期公布的原因"))


class ErratumForm(Form):  # type: ignore[misc]  # as above
    """An erratum."""

    on = StringField(_("更正日期"), description=_("例如：2025-03-01"))
    text = TextAreaField(_("更正说明"), description=_("哪里有误、原因和更正的内容；会显示在公开页面和 JSON 中。"))
    changes = TextAreaField(
        _("更正的数字"), description=_("每行一个：代码和更正后的数值，例如 T3.A1.NP = 12。原来的数值自动列出。")
    )


@dataclass(frozen=True, kw_only=True)
class StatePage(Page):
    """A page of one step after freezing."""

    template: ClassVar[str] = "desk/disclosure_report/submit.html"
    crumbs: Sequence[Crumb]
    year: int
    row: AnnualReport
    due: date
    form: SubmitForm


@dataclass(frozen=True, kw_only=True)
class PublishPage(Page):
    """``/desk/report/<year>/publish``. ``item`` is the item that shows the report, once there is one."""

    template: ClassVar[str] = "desk/disclosure_report/publish.html"
    crumbs: Sequence[Crumb]
    year: int
    row: AnnualReport
    state: str
    due: date
    days_late: int
    item: Content | None
    form: ItemForm
    link_form: LinkForm
    late_form: LateForm


@dataclass(frozen=True, kw_only=True)
class ErrataPage(Page):
    """``/desk/report/<year>/errata``."""

    template: ClassVar[str] = "desk/disclosure_report/errata.html"
    crumbs: Sequence[Crumb]
    lead: str
    year: int
    form: ErratumForm
    errata: Sequence[Correction]
    sentences: Sequence[Sequence[str]]
    numbers: Sequence[Number]


def due_of(year: int) -> date:
    """Return the last day for the report of ``year`` on this site."""
    form = formats().for_year(year)
    return due_on(formats().edition_of(form), load_settings(read_session(), ReportSettings), year)


def submit(year: int) -> ResponseReturnValue:
    """Note that the report was submitted to the 主管部门."""
    row = lifecycle.get(read_session(), year)
    today = local_date(get_cms().clock.now()).isoformat()
    stored = {"to": load_settings(read_session(), ReportSettings).superior, "on": today}
    form = SubmitForm(request.form, data=stored)
    if request.method == "POST":
        try:
            _submit(year, form)
        except Invalid as error:
            show_errors(form, error)
        else:
            flash(_("已登记报送。"), "success")
            return redirect(report_url(year))
    page = StatePage(title=_("登记报送"), crumbs=crumbs(year), year=year, row=row, due=due_of(year), form=form)
    return render_in_desk(page), 422 if form.errors else 200


def _submit(year: int, form: SubmitForm) -> None:
    cms, actor, upload = get_cms(), current_actor(), request.files.get("file")
    with cms.unit_of_work() as uow:
        asset_id = None
        if upload is not None and upload.filename:
            asset_id = add_asset(
                uow, cms.store, actor=actor, filename=upload.filename, content=upload.read(),
                max_mb=cms.settings.max_upload_mb,
            ).id  # fmt: skip
        given = submission.SubmissionInput(
            to=form.to.data or "", on=_day(form.on.data), receipt_no=form.receipt_no.data or "", receipt_id=asset_id
        )
        submission.submit(uow, lifecycle.get(uow.session, year), given, actor=actor)


def publish(year: int) -> ResponseReturnValue:
    """Have the report published as an item: written anew, or one that is there already."""
    session, row = read_session(), lifecycle.get(read_session(), year)
    form, link_form, late_form = ItemForm(request.form), LinkForm(request.form), LateForm(request.form)
    form.section_id.choices = _sections()
    if request.method == "POST":
        action = request.form.get("action", "")
        try:
            done = {"write": _write, "link": _link, "late": _late}[action](year)
        except KeyError as error:
            raise NotFound(action) from error
        except Invalid as error:
            show_errors({"link": link_form, "late": late_form}.get(action, form), error)
        else:
            flash(done, "success")
            return redirect(url_for("disclosure_report_desk.publish", year=year))
    item = session.get(Content, row.content_id) if row.content_id else None
    due = due_of(year)
    page = PublishPage(
        title=_("公布报告"), crumbs=crumbs(year), year=year, row=row, state=row.state.value, due=due,
        days_late=submission.lateness(row, due), item=item, form=form, link_form=link_form, late_form=late_form,
    )  # fmt: skip
    return render_in_desk(page), 422 if form.errors or link_form.errors or late_form.errors else 200


def _sections() -> list[tuple[int, str]]:
    sections = tree(read_session())
    known = [one for one in sections.walk() if get_cms().types.get(one.default_type) is not None]
    known.sort(key=lambda one: not any(word in one.title for word in _WORDS))
    return [(one.id, _section_label(one)) for one in known]


def _section_label(section: Section) -> str:
    return _("{title}（/{path}/）").format(title=section.title, path=section.path)


def _write(year: int) -> str:
    cms, report = get_cms(), current_of(year).report
    section_id = request.form.get("section_id", 0, type=int)
    section = tree(read_session()).by_id.get(section_id)
    kind = cms.types.get(section.default_type) if section is not None else None
    if section is None or kind is None:
        raise Invalid({"section_id": [_("请选择栏目。")]})
    disclosed = {"doc_kind": "报告", "catalog_node": "20.15"} if _CATALOGUE in kind.parts else None
    snapshot = Snapshot(
        title=report.title, section_id=section.id, body=item_body(report), issuer=report.organ,
        parts={META: {}, **({_CATALOGUE: disclosed} if disclosed else {})},
    )  # fmt: skip
    with cms.unit_of_work() as uow:
        submission.write_item(uow, lifecycle.get(uow.session, year), kind, snapshot, actor=current_actor())
    return _("已生成网站内容，按栏目的审核流程发布后，报告即为“已公布”。")


def _link(year: int) -> str:
    with get_cms().unit_of_work() as uow:
        submission.link_item(
            uow, lifecycle.get(uow.session, year), request.form.get("content_id", 0, type=int), actor=current_actor()
        )
    return _("已登记公布。")


def _late(year: int) -> str:
    reason = request.form.get("reason", "")
    with get_cms().unit_of_work() as uow:
        submission.explain_lateness(uow, lifecycle.get(uow.session, year), reason, actor=current_actor())
    return _("已保存。")


def errata(year: int) -> ResponseReturnValue:
    """List the errata of a frozen report, and publish a new one."""
    lifecycle.get(read_session(), year)
    report = current_of(year).report
    form = ErratumForm(request.form, data={"on": local_date(get_cms().clock.now()).isoformat()})
    if request.method == "POST":
        try:
            _correct(year, form)
        except Invalid as error:
            lines = [f"{code}：{line}" for code, told in error.errors.items() if code not in form for line in told]
            known = {name: told for name, told in error.errors.items() if name in form}
            show_errors(form, Invalid({**known, "changes": lines} if lines else known))
        else:
            flash(_("更正已公布。"), "success")
            return redirect(url_for("disclosure_report_desk.errata", year=year))
    page = ErrataPage(
        title=_("更正"), crumbs=crumbs(year), year=year, form=form, errata=report.errata,
        numbers=list(report.numbers()),
        lead=_("固化的报告不改动；更正说明显示在公开页面、文本和 JSON 中，下一年度的上年结转按更正后的数计算。"),
        sentences=[[changed(change) for change in one.changes] for one in report.errata],
    )  # fmt: skip
    return render_in_desk(page), 422 if form.errors else 200


def _correct(year: int, form: ErratumForm) -> None:
    cms, actor = get_cms(), current_actor()
    given = submission.ErratumInput(
        on=_day(form.on.data), text=form.text.data or "",
        changes=submission.codes_in((form.changes.data or "").splitlines()),
    )  # fmt: skip
    report = current_of(year).report
    with cms.unit_of_work() as uow:
        row = lifecycle.get(uow.session, year)
        submission.add_erratum(uow, row, report, given, actor=actor)
        # The notice is made of what was stored.
        uow.session.flush()
        told = submission.corrections_of(uow.session, row)[-1]
        if submission.revise_item(uow, row, cms.types.get, notice_of(told), actor=actor):
            flash(_("已在网站内容上生成带更正说明的新版本，请按栏目的审核流程发布。"), "info")


def notice_of(erratum: Correction) -> str:
    """Return an erratum as HTML for the top of an item."""
    lines = [_("更正（{day}）：{text}").format(day=erratum.corrected_on.isoformat(), text=erratum.text)]
    lines += [changed(change) for change in erratum.changes]
    return "<blockquote>" + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</blockquote>"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
