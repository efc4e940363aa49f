"""Findings in the desk: setting them aside, quick fixes in our own chapters, and checking the report of anybody."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    current_actor,
    get_cms,
    permission,
    read_session,
    render_in_desk,
)  # fmt: skip
from cms.api import gettext as _

from . import checking, dismissals
from .building import preview
from .checks import find_all
from .desk_pages import NAME, crumbs, current_of, report_url, show_errors
from .findings_view import FindingsPanel, Segment, panel, segments
from .fixing import apply_fix
from .format_file import formats
from .lifecycle import require_open
from .lint.organs import Level
from .lint_pages import (
    CheckForm,
    CheckPage,
    ChecksPage,
    check_urls,
    level_labels,
    own_urls,
)  # fmt: skip
from .linting import Outcome, Wanted, source_of_file, source_of_text
from .manual import PERMISSION
from .models import State, StoredCheck
from .reports import Current


def add_routes(blueprint: Blueprint) -> None:
    """Add the routes of findings and checks."""
    guard, post = permission(PERMISSION), ["POST"]
    own, other = "/<int:year>/findings/<fingerprint>", "/check/<int:check_id>"
    blueprint.add_url_rule("/check/", "checks", guard(checks), methods=["GET", "POST"])
    blueprint.add_url_rule(f"{other}/", "check", guard(check))
    blueprint.add_url_rule(f"{other}/remove", "check_remove", guard(remove), methods=post)
    found = f"{other}/findings/<fingerprint>"
    blueprint.add_url_rule(f"{found}/dismiss", "check_dismiss", guard(check_dismiss), methods=post)
    blueprint.add_url_rule(f"{found}/restore", "check_restore", guard(check_restore), methods=post)
    blueprint.add_url_rule(f"{own}/dismiss", "finding_dismiss", guard(dismiss), methods=post)
    blueprint.add_url_rule(f"{own}/restore", "finding_restore", guard(restore), methods=post)
    blueprint.add_url_rule(f"{own}/fix", "finding_fix", guard(fix), methods=post)


def own_panel(found: Current, *, is_open: bool) -> FindingsPanel:
    """Return the findings of our own report; they can be mended and set aside while it is open."""
    year = found.report.year
    chapters = {one.code: (one.title, report_url(year, "texts", one.code)) for one in found.report.chapters}
    return panel(found.report.findings, urls=own_urls(year) if is_open else {}, chapters=chapters, can_fix=is_open)


def chapter_findings(found: Current, code: str, text: str) -> tuple[FindingsPanel, list[Segment]]:
    """Return what is found in a chapter with ``text`` in it, saved or not, and its rendered text with marks."""
    report = found.report
    chapters = tuple(
        replace(one, text=text, paragraphs=preview(report, found.form, text)) if one.code == code else one
        for one in report.chapters
    )
    every = find_all(replace(report, chapters=chapters), found.form)
    reasons = dismissals.set_aside(read_session(), str(report.year))
    mine = [one for one in dismissals.marked(every, reasons) if one.chapter == code]
    is_saved = any(one.code == code and one.text == text for one in report.chapters)
    urls = own_urls(report.year) if is_saved and found.state is State.OPEN else {}
    shown = panel(mine, urls=urls, can_fix=True)
    plain = next(one.plain for one in chapters if one.code == code)
    return shown, segments(plain, shown.open)


def dismiss(year: int, fingerprint: str) -> ResponseReturnValue:
    """Set a finding of our own report aside."""
    found = current_of(year)
    one = dismissals.find(found.report.findings, fingerprint)
    try:
        with get_cms().unit_of_work() as uow:
            require_open(uow.session, year)
            dismissals.dismiss(uow, str(year), one, request.form.get("reason", ""), actor=current_actor())
    except Invalid as error:
        _flash(error)
    else:
        flash(_("已忽略，理由已记下。"), "success")
    return _back(year)


def restore(year: int, fingerprint: str) -> ResponseReturnValue:
    """Show a finding of our own report again."""
    with get_cms().unit_of_work() as uow:
        require_open(uow.session, year)
        dismissals.restore(uow, str(year), fingerprint, actor=current_actor())
    flash(_("已恢复显示。"), "success")
    return _back(year)


def fix(year: int, fingerprint: str) -> ResponseReturnValue:
    """Put the quick fix of a finding into the chapter."""
    found = current_of(year)
    one = dismissals.find(found.report.findings, fingerprint)
    if one.fix is None or not one.chapter:
        raise NotFound(fingerprint)
    try:
        with get_cms().unit_of_work() as uow:
            apply_fix(uow, found.report, found.form, one.chapter, one.fix, actor=current_actor())
    except (Conflict, NotAllowed, Invalid) as error:
        flash(str(error), "error")
    else:
        flash(_("已修改，请核对上下文。"), "success")
    return _back(year)


def _back(year: int) -> ResponseReturnValue:
    """Return to where the button was: the overview, or the text of a chapter."""
    tab, anchor = request.form.get("tab", ""), request.form.get("anchor", "")
    return redirect(report_url(year, tab if tab == "texts" else "overview", anchor[:20] or "findings"))


def _flash(error: Invalid) -> None:
    for lines in error.errors.values():
        for line in lines:
            flash(line, "error")


def checks() -> ResponseReturnValue:
    """Take a report to be checked, and list the checks that are kept."""
    form = CheckForm(request.form)
    form.level.choices = [("", _("按名称判断")), *((level.value, label) for level, label in level_labels().items())]
    status = 200
    if request.method == "POST":
        try:
            row_id = _add(form)
        except Invalid as error:
            show_errors(form, error)
            status = 422
        except NotFound as error:
            form.year.errors = [str(error)]
            status = 422
        else:
            return redirect(url_for(f"{NAME}.check", check_id=row_id))
    page = ChecksPage(
        title=_("校核一份报告"), crumbs=crumbs(), form=form, checks=checking.newest(read_session()),
        lead=_("检查本单位或其他单位的年度报告：勾稽关系、正文与表格、年份、概数、章节、称呼等。内容只在工作台保留。"),
    )  # fmt: skip
    return render_in_desk(page), status


def _add(form: CheckForm) -> int:
    upload, typed = request.files.get("file"), form.text.data or ""
    year, level = (form.year.data or "").strip(), form.level.data or ""
    if year and not (year.isdigit() and len(year) == len("2016")):
        raise Invalid({"year": [_("请填写四位数的年度，例如 2016。")]})
    if level and level not in list(Level):
        raise Invalid({"level": [_("请从列表中选择。")]})
    if upload is not None and upload.filename:
        source, filename = source_of_file(upload.read(), upload.filename), upload.filename
    else:
        source, filename = source_of_text(typed), ""
    wanted = Wanted(year=int(year) if year else None, level=Level(level) if level else None)
    with get_cms().unit_of_work() as uow:
        return checking.add_check(uow, formats(), source, wanted, filename=filename, actor=current_actor()).id


def check(check_id: int) -> ResponseReturnValue:
    """Show the result of a check."""
    return _result(checking.get(read_session(), check_id))


def _result(row: StoredCheck, rejected: str = "", typed: str = "", problem: str = "") -> ResponseReturnValue:
    outcome = checking.outcome_of(read_session(), formats(), row)
    shown = panel(outcome.findings, urls=check_urls(row))
    page = CheckPage(
        title=_("校核：{title}").format(title=row.title), check=row, facts=_facts(outcome), panel=shown,
        crumbs=[*crumbs(), {"label": _("校核一份报告"), "url": url_for(f"{NAME}.checks")}],
        segments=segments(outcome.context.source.text, shown.open), rejected=rejected, typed=typed, problem=problem,
    )  # fmt: skip
    return render_in_desk(page), 422 if problem else 200


def _facts(outcome: Outcome) -> list[tuple[str, str]]:
    context = outcome.context
    tables = "、".join(table.shape.title for table in context.tables.values())
    return [
        (_("机关"), context.organ.name if context.organ else _("未能识别")),
        (_("年度"), str(context.year)),
        (_("格式"), outcome.form.label),
        (_("层级"), level_labels()[context.level]),
        (_("章节"), _("{n} 章").format(n=len(context.document.chapters))),
        (_("读出的表格"), tables or _("没有")),
    ]


def remove(check_id: int) -> ResponseReturnValue:
    """Remove a check."""
    with get_cms().unit_of_work() as uow:
        checking.remove_check(uow, checking.get(uow.session, check_id), actor=current_actor())
    flash(_("已删除。"), "success")
    return redirect(url_for(f"{NAME}.checks"))


def check_dismiss(check_id: int, fingerprint: str) -> ResponseReturnValue:
    """Set a finding of a check aside."""
    session = read_session()
    row = checking.get(session, check_id)
    one = dismissals.find(checking.outcome_of(session, formats(), row).findings, fingerprint)
    reason = request.form.get("reason", "")
    try:
        with get_cms().unit_of_work() as uow:
            dismissals.dismiss(uow, checking.scope_of(row), one, reason, actor=current_actor())
    except Invalid as error:
        return _result(row, fingerprint, reason, " ".join(line for lines in error.errors.values() for line in lines))
    flash(_("已忽略，理由已记下。"), "success")
    return redirect(url_for(f"{NAME}.check", check_id=check_id, _anchor="findings"))


def check_restore(check_id: int, fingerprint: str) -> ResponseReturnValue:
    """Show a finding of a check again."""
    with get_cms().unit_of_work() as uow:
        row = checking.get(uow.session, check_id)
        dismissals.restore(uow, checking.scope_of(row), fingerprint, actor=current_actor())
    flash(_("已恢复显示。"), "success")
    return redirect(url_for(f"{NAME}.check", check_id=check_id, _anchor="findings"))
