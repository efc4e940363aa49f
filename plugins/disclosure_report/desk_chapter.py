"""Editing the text of a chapter in the desk: preview, save, and the way back to the draft, which asks first."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from cms.api import Conflict, Invalid, NotFound, current_actor, get_cms, read_session, render_in_desk
from cms.api import gettext as _

from . import desk_lint, texts
from .building import draft, preview
from .desk_pages import ChapterForm, ChapterPage, crumbs, current_of, report_url, show_errors
from .reports import Current


def edit(year: int, code: str) -> ResponseReturnValue:
    """Edit a chapter.

    ``action=preview`` shows it without saving. ``action=regenerate`` shows the draft beside the text;
    ``action=replace``, offered there, takes the draft.
    """
    found = current_of(year)
    spec = found.form.chapter(code)
    if spec.table:
        raise NotFound(code)
    row = texts.edited_texts(read_session(), year).get(code)
    now = next(chapter for chapter in found.report.chapters if chapter.code == code)
    form = ChapterForm(request.form, data={"text": now.text, "version": str(row.version if row else 0)})
    action, status = request.form.get("action", "save"), 200
    if request.method == "POST" and action in ("save", "replace"):
        try:
            _act(found, year, code, form, action)
        except Invalid as error:
            show_errors(form, error)
            status = 422
        except Conflict as error:
            flash(str(error), "error")
            status = 409
        else:
            flash(_("已保存。") if action == "save" else _("已恢复为自动生成的草稿。"), "success")
            return redirect(report_url(year, "texts", code))
    offered = draft(found.report, found.form, code) if action in ("regenerate", "replace") else None
    panel, marks = desk_lint.chapter_findings(found, code, form.text.data or "")
    page = ChapterPage(
        title=spec.title, crumbs=crumbs(year), year=year, code=code, form=form, is_edited=row is not None,
        panel=panel, marks=marks,
        preview=preview(found.report, found.form, form.text.data or ""), numbers=list(found.report.numbers()),
        draft=preview(found.report, found.form, offered) if offered is not None else None,
    )  # fmt: skip
    return render_in_desk(page), status


def _act(found: Current, year: int, code: str, form: ChapterForm, action: str) -> None:
    typed = form.version.data or ""
    version = int(typed) if typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 — nobody saves that often
    with get_cms().unit_of_work() as uow:
        if action == "replace":
            texts.discard_text(uow, found.form, year, code, actor=current_actor(), version=version)
        else:
            text = form.text.data or ""
            texts.save_text(uow, found.form, year, code, text, actor=current_actor(), version=version)
