"""The redaction tool in the desk (条例 art. 37): choose a file, say what to remove, get a file without it."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    FileLine,
    Invalid,
    Page,
    Problem,
    current_actor,
    draw_pdf,
    fields_by_name,
    files_of,
    get_cms,
    open_file,
    read_session,
    render_in_desk,
    show_errors,
)  # fmt: skip
from cms.api import gettext as _

from . import handling, terms
from .desk_forms import RedactForm
from .desk_pages import NAME, Crumb, Fact, crumbs, show_url
from .history import get
from .models import Application
from .redaction.files import PDF, PICTURES
from .redaction.order import Box, Order, kind_labels
from .redaction.picture import opened, painted
from .redaction.word import MEDIA_TYPE as WORD

_PERCENT = 100
_SPARE_BOXES = 3
_MAX_SHOWN = 60
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})?", re.ASCII)
_RANGE = re.compile(r"(\d{1,3})(?:\s*[-－—~至]\s*(\d{1,3}))?", re.ASCII)
_PARTS = ("page", "left", "top", "width", "height")


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    """``/desk/applications/<id>/redact``: choosing the file."""

    template: ClassVar[str] = "desk/applications/redact_choose.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: RedactForm
    problems: Sequence[Problem]
    sources: Sequence[tuple[FileLine, str]]
    made: Sequence[Fact]
    back: str


@dataclass(frozen=True, kw_only=True)
class RedactPage(Page):
    """``/desk/applications/<id>/redact/<file>``: saying what to remove."""

    template: ClassVar[str] = "desk/applications/redact.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: RedactForm
    problems: Sequence[Problem]
    kinds: Sequence[tuple[str, str, bool]]
    boxes: Sequence[Sequence[str]]
    pages: Sequence[tuple[int, str]]
    is_pdf: bool
    is_picture: bool
    is_word: bool
    as_text: bool
    keep_pictures: bool
    back: str


def choose(application_id: int) -> ResponseReturnValue:
    """Take the original of a file, or choose one that is here already."""
    session, cms = read_session(), get_cms()
    one = get(session, application_id)
    form, problems = RedactForm.from_request(), []
    if request.method == "POST":
        try:
            source = _keep(one.id)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            return redirect(_url(one, source))
    sources = [
        (line, _url(one, line.id)) for line in files_of(session, cms.sealed_files, terms.subject_of(one))
        if line.purpose == terms.SOURCE
    ]  # fmt: skip
    made = [
        Fact(f"{job.recorded_at:%Y-%m-%d}", "；".join([_("去除 {n} 处").format(n=job.removed), *job.notes]))
        for job in handling.jobs_of(session, one.id)
    ]
    page = ChoosePage(
        title=_("区分处理"), crumbs=crumbs(one), form=form, problems=problems, sources=sources, made=made,
        lead=_("把不予公开的内容从文件中真正去除，不是遮盖；去除后的文件随答复提供。"), back=show_url(one.id),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200


def _keep(application_id: int) -> int:
    cms, upload = get_cms(), request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid({"file": [_("请选择文件。")]})
    with cms.unit_of_work() as uow:
        one = get(uow.session, application_id)
        return handling.keep_source(uow, cms, one, upload.filename, upload.read(), actor=current_actor())


def _url(one: Application, source_id: int) -> str:
    return url_for(f"{NAME}.redact_file", application_id=one.id, source_id=source_id)


def redact_file(application_id: int, source_id: int) -> ResponseReturnValue:
    """Say what to remove from a file, and remove it; ``action=preview`` shows the marked places first."""
    session, cms = read_session(), get_cms()
    one = get(session, application_id)
    media_type = handling.source_of(session, cms, one, source_id)
    form, problems = RedactForm.from_request(), []
    if request.method == "POST" and request.form.get("action") != "preview":
        try:
            order = _order(form)
            with cms.unit_of_work() as uow:
                job = handling.redact_file(uow, cms, get(uow.session, one.id), source_id, order, actor=current_actor())
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash("；".join([_("已去除 {n} 处，结果在“文件”中。").format(n=job.removed), *job.notes]), "success")
            return redirect(show_url(one.id))
    ticked = request.form.getlist("kinds")
    page = RedactPage(
        title=_("区分处理"), crumbs=crumbs(one), lead=_("先去除，再打开结果逐页核对。"), form=form, problems=problems,
        kinds=[(key, label, key in ticked) for key, label in kind_labels().items()], boxes=_typed_boxes(),
        pages=_pages(one, source_id, media_type), is_pdf=media_type == PDF, is_picture=media_type in PICTURES,
        is_word=media_type == WORD, as_text=request.form.get("as_text") == "1",
        keep_pictures=request.form.get("keep_pictures") == "1", back=url_for(f"{NAME}.redact", application_id=one.id),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200


def _order(form: RedactForm) -> Order:
    errors: dict[str, list[str]] = {}
    phrases = tuple(line.strip() for line in str(form.phrases.data or "").split("\n") if line.strip())
    order = Order(
        phrases=phrases, kinds=frozenset(request.form.getlist("kinds")), boxes=tuple(_boxes(errors)),
        drop_pages=_page_numbers(str(form.drop_pages.data or ""), errors),
        keep_pictures=request.form.get("keep_pictures") == "1", as_text=request.form.get("as_text") == "1",
    )  # fmt: skip
    if errors:
        raise Invalid(errors)
    return order


def _rows() -> list[tuple[str, ...]]:
    columns = [request.form.getlist(f"box-{part}") for part in _PARTS]
    return [row for row in zip(*columns, strict=False) if any(value.strip() for value in row)]


def _typed_boxes() -> list[Sequence[str]]:
    return [*_rows(), *([""] * len(_PARTS) for _at in range(_SPARE_BOXES))]


def _boxes(errors: dict[str, list[str]]) -> list[Box]:
    found = []
    for row in _rows():
        page, *rest = (value.strip() or "1" if at == 0 else value.strip() for at, value in enumerate(row))
        if not page.isascii() or not page.isdigit() or not all(_NUMBER.fullmatch(value) for value in rest):
            errors["boxes"] = [_("遮盖区域的页码和位置应为数字，位置按页面的百分比填写。")]
            continue
        found.append(Box(int(page), *(float(value) / _PERCENT for value in rest)))
    return found


def _page_numbers(text: str, errors: dict[str, list[str]]) -> frozenset[int]:
    found: set[int] = set()
    for part in filter(None, re.split(r"[,，、;；\s]+", text.strip())):
        match = _RANGE.fullmatch(part)
        if match is None:
            errors["drop_pages"] = [_("页码请写成：2、5-7。")]
            continue
        first = int(match[1])
        found |= set(range(first, int(match[2] or first) + 1))
    return frozenset(found)


def _pages(one: Application, source_id: int, media_type: str) -> list[tuple[int, str]]:
    """Return the pictures on which places can be marked, with what has been marked so far."""
    errors: dict[str, list[str]] = {}
    boxes = _boxes(errors)
    if media_type in PICTURES:
        numbers = [1]
    elif media_type == PDF:
        wanted = {box.page for box in boxes} | {request.args.get("page", 1, type=int)}
        numbers = sorted(number for number in wanted if number > 0)[:_MAX_SHOWN]
    else:
        return []
    return [
        (number, url_for(
            f"{NAME}.redact_page", application_id=one.id, source_id=source_id, number=number,
            boxes=";".join(
                f"{box.left:.4f},{box.top:.4f},{box.width:.4f},{box.height:.4f}" for box in boxes if box.page == number
            ) or None,
        )) for number in numbers
    ]  # fmt: skip


def redact_page(application_id: int, source_id: int, number: int) -> Response:
    """Give a page of the original as a picture, with the marked places painted; noted in the access log."""
    cms = get_cms()
    with cms.unit_of_work() as uow:
        one = get(uow.session, application_id)
        source = open_file(
            uow, cms.sealed_files, source_id, subject=terms.subject_of(one), actor=current_actor(),
            why=_("作区分处理"),
        )  # fmt: skip
    content = draw_pdf(source.content, [number]).pages[0].png if source.media_type == PDF else source.content
    written = io.BytesIO()
    painted(opened(content), tuple(_boxes_in_address())).save(written, "PNG")
    return Response(written.getvalue(), mimetype="image/png", headers={"Cache-Control": "no-store"})


def _boxes_in_address() -> list[Box]:
    found = []
    for part in filter(None, request.args.get("boxes", "").split(";")):
        values = part.split(",")
        if len(values) == len(_PARTS) - 1 and all(_NUMBER.fullmatch(value) for value in values):
            found.append(Box(1, *map(float, values)))
    return found
