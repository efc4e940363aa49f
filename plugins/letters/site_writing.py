"""Writing to the office: a letter, or a note about a mistake on the site; then the receipt."""

from collections.abc import Callable, Sequence

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    Gate,
    Invalid,
    Link,
    NotFound,
    Problem,
    ServiceForm,
    Upload,
    absolute,
    clean,
    excerpt,
    frame,
    get_cms,
    load_settings,
    local,
    offered_topics,
    one_line,
    open_gate,
    path_of,
    read_session,
    receipt_of,
    render,
    status_of,
)  # fmt: skip
from cms.api import gettext as _

from .addresses import HOME
from .receiving import LetterInput, Sender, receive
from .settings import LetterSettings
from .site_pages import ErrorForm, ReceiptPage, WriteForm, WritePage
from .terms import Category, Channel
from .viewing import subject_of

NEW, ERROR = "letters", "letters.error"
_UPLOADS = {"files": Upload("attachment", "附件", "照片、文件等，可不传；最多 3 个。")}
_MOST_FILES = 3
_FIELDS = ("category", "topic", "title", "text", "name", "phone", "email", "address", "wants_public")
_ERROR_FIELDS = ("page_url", "text", "name", "phone")
_TITLE_LENGTH = 60


def new() -> ResponseReturnValue:
    """Write a letter."""
    session = read_session()
    settings = load_settings(session, LetterSettings)
    form = WriteForm.from_request()
    topics = offered_topics(session, get_cms().contributions.metrics)
    form.topic.choices = (("", _("（请选择）")), *((topic, topic) for topic in topics))
    gate = open_gate(NEW, uploads=_UPLOADS, most_files=_MOST_FILES)
    return _answer(form, gate, settings, _("我要写信"), _FIELDS, lambda: _letter(form, settings), topics)


def site_error() -> ResponseReturnValue:
    """Report a mistake on the site (我为政府网站找错)."""
    settings = load_settings(read_session(), LetterSettings)
    # The page that somebody comes from is most likely the one that they mean.
    came_from = request.args.get("page", "") or (request.referrer or "")
    form = ErrorForm.from_request(page_url=came_from[:500])
    gate = open_gate(ERROR)
    return _answer(form, gate, settings, _("我为政府网站找错"), _ERROR_FIELDS, lambda: _note(form), ())


def _letter(form: WriteForm, settings: LetterSettings) -> LetterInput:
    texts = {field.name: str(field.data or "") for field in form}
    return LetterInput(
        channel=Channel(settings.mailbox), title=texts["title"], text=texts["text"], topic=texts["topic"],
        category=Category(texts["category"]) if texts["category"] in set(Category) else None,
        wants_public={"yes": True, "no": False}.get(texts["wants_public"]),
        sender=Sender(name=texts["name"], phone=texts["phone"], email=texts["email"], address=texts["address"]),
    )  # fmt: skip


def _note(form: ErrorForm) -> LetterInput:
    page, text = one_line(form.page_url.data or ""), clean(form.text.data or "")
    title = excerpt(text, _TITLE_LENGTH) or _("网页有错误")
    return LetterInput(
        channel=Channel.SITE_ERROR, category=Category.OTHER, title=title, text=text, page_url=page,
        sender=Sender(name=form.name.data or "", phone=form.phone.data or ""),
    )  # fmt: skip


def _answer(  # noqa: PLR0917 — the parts of one page
    form: ServiceForm, gate: Gate, settings: LetterSettings, title: str, fields: Sequence[str],
    given: Callable[[], LetterInput], topics: tuple[str, ...],
) -> ResponseReturnValue:  # fmt: skip
    problems: Sequence[Problem] = ()
    status = 200
    if request.method == "POST":
        if not settings.is_open:
            raise NotFound(gate.name)
        if gate.receipt is None:
            try:
                _receive(gate, given(), topics)
            except Invalid as refused:
                problems, status = gate.problems(form, refused), status_of(refused)
        if not problems:
            return redirect(url_for("letters.receipt", form=gate.form_id, kind=gate.name))
    here = frame()
    page = WritePage(
        **here.values(), title=title, breadcrumbs=[*here.breadcrumbs(), Link(_("互动交流"), path_of(HOME))],
        labels=here.labels(), canonical=absolute(request.path), form=form, gate=gate, problems=problems,
        intro=settings.intro if gate.name == NEW else "", privacy=settings.privacy, fields=fields,
        is_open=settings.is_open,
    )  # fmt: skip
    return render(page), status


def _receive(gate: Gate, given: LetterInput, topics: tuple[str, ...]) -> None:
    cms = get_cms()
    with gate.unit_of_work() as uow:
        letter, code = receive(uow, cms.keyring, given, topics=topics)
        gate.claim_files(uow, subject_of(letter))
        due = f"{local(letter.due_at):%Y-%m-%d}" if letter.due_at else ""
        gate.accept(uow, {"number": letter.number, "code": code, "due": due})


def receipt() -> str:
    """Show number and query code; for an hour, so that nobody loses them to a broken connection."""
    kind = request.args.get("kind", NEW)
    found = receipt_of(kind, request.args.get("form", "")) if kind in {NEW, ERROR} else None
    if found is None:
        raise NotFound("receipt")
    here = frame()
    values = here.values()
    values["is_noindex"] = True
    page = ReceiptPage(
        **values, title=_("已收到"), labels=here.labels(),
        breadcrumbs=[*here.breadcrumbs(), Link(_("互动交流"), path_of(HOME))], number=found["number"],
        code=found["code"], due=found["due"], status_path=url_for("letters.status"),
    )  # fmt: skip
    return render(page)
