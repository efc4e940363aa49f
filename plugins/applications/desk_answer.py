"""Answers in the desk: the composer with its live preview, the letter, its files; notices as files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    AnswerKind,
    Conflict,
    Document,
    FileLine,
    Invalid,
    NotAllowed,
    NotFound,
    Page,
    Problem,
    as_docx,
    as_pdf,
    current_actor,
    fields_by_name,
    files_of,
    get_cms,
    note_access,
    read_session,
    render_in_desk,
    show_errors,
)  # fmt: skip
from cms.api import gettext as _

from . import answer_letters, answering, dues, handling, letters, notices, terms
from .desk_forms import AnswerForm, id_of
from .desk_pages import NAME, Crumb, StepLink, crumbs, show_url, today
from .history import get
from .letters import Letter
from .models import Answer, AnswerState, Application
from .responses import AnswerInput

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: Mapping[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (as_docx, _DOCX), "pdf": (as_pdf, "application/pdf"),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A ground or row of results that can be ticked."""

    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class ComposePage(Page):
    """``/desk/applications/<id>/answer``: writing an answer."""

    template: ClassVar[str] = "desk/applications/compose.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: AnswerForm
    problems: Sequence[Problem]
    kind: AnswerKind
    shown: frozenset[str]
    grounds: Sequence[Choice]
    letter: Letter | None
    files: Sequence[FileLine]
    application: Application
    back: str


@dataclass(frozen=True, kw_only=True)
class LetterPage(Page):
    """``/desk/applications/<id>/answers/<answer>``: the letter, the applicant's name masked."""

    template: ClassVar[str] = "desk/applications/letter.html"
    crumbs: Sequence[Crumb]
    lead: str
    letter: Letter
    is_draft: bool
    downloads: Sequence[StepLink]


def compose(application_id: int) -> ResponseReturnValue:
    """Write an answer; ``action=preview`` shows it without saving."""
    session = read_session()
    one = get(session, application_id)
    if not answering.may_draft(one):
        raise NotAllowed(_("现在不能起草答复。"))
    draft = answering.current_answer(session, one)
    form = AnswerForm.from_request(**_stored(draft))
    kind = _offer(one, form)
    chosen = request.form.getlist("grounds") if request.method == "POST" else list(draft.grounds if draft else ())
    given = AnswerInput(
        kind=kind.code, result=form.result.value,
        grounds=answering.grounds_of(kind, form.result.value, chosen), reasons=str(form.reasons.data or ""),
        provided=str(form.provided.data or ""), organ=str(form.organ.data or ""),
    )  # fmt: skip
    problems, code = _posted(application_id, form, given)
    if code == _SAVED:
        flash(_("答复稿已保存。"), "success")
        return redirect(show_url(application_id))
    page = ComposePage(
        title=_("起草答复"), crumbs=crumbs(one), form=form,
        lead=_("法律文书用语随法规版本和答复日期自动写入，在右侧预览。"), problems=problems, kind=kind,
        shown=letters.tokens(kind), back=show_url(one.id), application=one,
        grounds=[
            Choice(ground, f"{row.group}{row.label}", ground in chosen)
            for ground in kind.grounds for row in [dues.edition_of(one).result(ground)]
        ] if len(kind.results) == 1 else [],
        letter=_preview(one, given), files=_provided(one, draft),
    )  # fmt: skip
    return render_in_desk(page), code


_SAVED = 302


def _posted(application_id: int, form: AnswerForm, given: AnswerInput) -> tuple[list[Problem], int]:
    """Save what was typed if that is wanted; return the problems and the status."""
    if request.method != "POST" or request.form.get("action") != "save":
        return [], 200
    try:
        _save(application_id, form, given)
    except Invalid as refused:
        return show_errors(fields_by_name(form), refused.errors), 422
    except NotAllowed as refused:
        return [Problem(line) for line in refused.problems], 422
    except Conflict as refused:
        return [Problem(str(refused))], 409
    return [], _SAVED


def _save(application_id: int, form: AnswerForm, given: AnswerInput) -> None:
    cms, actor, version = get_cms(), current_actor(), str(form.version.data or "")
    with cms.unit_of_work() as uow:
        one = get(uow.session, application_id)
        answering.save_draft(uow, one, given, actor=actor, version=int(version) if version.isdigit() else None)
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            handling.provide_file(uow, cms, one, upload.filename, upload.read(), actor=actor)


def _stored(draft: Answer | None) -> dict[str, str]:
    if draft is None:
        return {"kind": request.args.get("kind", ""), "version": ""}
    return {
        "kind": draft.kind, "result": draft.result, "reasons": draft.reasons, "provided": draft.provided,
        "organ": draft.organ, "version": str(draft.lock_version),
    }  # fmt: skip


def _offer(one: Application, form: AnswerForm) -> AnswerKind:
    """Fill in kinds and results; return the kind that is chosen, the first if none is."""
    kinds = answering.kinds_for(one)
    chosen = next((kind for kind in kinds if kind.code == form.kind.value), kinds[0])
    form.kind.choices = tuple(
        (kind.code, f"{kind.label}（{kind.article}）" if kind.article else kind.label) for kind in kinds
    )
    form.kind.data = chosen.code
    rows = [dues.edition_of(one).result(code) for code in chosen.results]
    form.result.choices = tuple((row.code, f"{row.code} {row.group}{row.label}") for row in rows)
    if form.result.value not in chosen.results:
        form.result.data = chosen.results[0]
    return chosen


def _preview(one: Application, given: AnswerInput) -> Letter:
    return answer_letters.shown_letter(read_session(), get_cms().keyring, one, given, dated=today())


def _provided(one: Application, draft: Answer | None) -> list[FileLine]:
    subject = terms.files_of_answer(draft) if draft is not None else terms.subject_of(one)
    found = files_of(read_session(), get_cms().sealed_files, subject)
    return [line for line in found if line.purpose == terms.PROVIDED]


def letter(application_id: int, answer_id: int) -> str:
    """Show the letter of an answer."""
    session = read_session()
    one = get(session, application_id)
    answer = answering.get_answer(session, one, answer_id)
    shown = answer_letters.shown_letter(session, get_cms().keyring, one, answer, dated=answer.dated or today())
    downloads = [
        StepLink(label, url_for(
            f"{NAME}.letter_file", application_id=one.id, answer_id=answer.id, extension=extension
        ), True, False) for extension, label in (("docx", _("下载 Word")), ("pdf", _("下载 PDF")))
    ] if terms.HANDLE in current_actor().permissions else []  # fmt: skip
    page = LetterPage(
        title=shown.title, crumbs=crumbs(one), lead=answer.number or "", letter=shown, downloads=downloads,
        is_draft=answer.state in {AnswerState.DRAFT, AnswerState.REVIEW},
    )  # fmt: skip
    return render_in_desk(page)


def letter_file(application_id: int, answer_id: int, extension: str) -> Response:
    """Give the letter of an answer as a file, with the applicant's name; noted in the access log."""
    session = read_session()
    one = get(session, application_id)
    answer = answering.get_answer(session, one, answer_id)
    found = answer_letters.letter_of(session, get_cms().keyring, one, answer, dated=answer.dated or today())
    return _sent(one, found, extension, found.number or _("答复稿"))


def notice(application_id: int, kind: str, extension: str) -> Response:
    """Give a notice as a file, with the applicant's name; noted in the access log."""
    session = read_session()
    one = get(session, application_id)
    found = notices.notice(session, get_cms().keyring, one, kind, item_id=id_of(request.args.get("item", "")) or 0)
    return _sent(one, found, extension, f"{found.title}-{one.number}")


def _sent(one: Application, found: Letter, extension: str, name: str) -> Response:
    if extension not in _WRITERS:
        raise NotFound(extension)
    cms = get_cms()
    write, media_type = _WRITERS[extension]
    content = write(found.document())
    with cms.unit_of_work() as uow:
        note_access(
            uow, terms.subject_of(one), ["name"], actor=current_actor(), why=_("制作{title}").format(title=found.title)
        )
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{extension}")
    answer.headers["Cache-Control"] = "no-store"
    return answer
