"""Letters on the site: writing, asking how a letter stands, reading answered ones, saying how good the answer was."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import (
    Invalid,
    Link,
    NotFound,
    Pager,
    Period,
    Problem,
    absolute,
    departments,
    fields_by_name,
    frame,
    get_cms,
    load_settings,
    local_date,
    look_up,
    one_line,
    path_of,
    read_session,
    render,
    show_errors,
    status_of,
)  # fmt: skip
from cms.api import gettext as _

from . import following, queries, site_writing
from .addresses import HOME, letter_path, with_query
from .models import Letter
from .settings import LetterSettings
from .shown import moment_of
from .site_pages import (
    Counts,
    LettersPage,
    PublicLetterPage,
    PublicLine,
    RateForm,
    Standing,
    StatusForm,
    StatusPage,
)  # fmt: skip
from .standing import standing_of
from .statistics import Rate, year_counts
from .steps import get_letter
from .terms import CATEGORY_LABELS, CHANNEL_LABELS, SATISFACTION_LABELS, Satisfaction

NAME = "letters"
PER_PAGE = 20
_MAX_WORDS = 100


def make_blueprint() -> Blueprint:
    """Return the routes below ``/letters/``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/letters")
    both = ["GET", "POST"]
    blueprint.add_url_rule("/", "index", index)
    blueprint.add_url_rule("/<int:letter_id>.html", "letter", letter, methods=both)
    blueprint.add_url_rule("/new", "new", site_writing.new, methods=both)
    blueprint.add_url_rule("/site-error", "site_error", site_writing.site_error, methods=both)
    blueprint.add_url_rule("/receipt", "receipt", site_writing.receipt)
    blueprint.add_url_rule("/status", "status", status, methods=both)
    return blueprint


def index() -> str:
    """List the answered letters that are public."""
    session, here = read_session(), frame()
    words, topic = one_line(request.args.get("q", ""))[:_MAX_WORDS], request.args.get("topic", "")
    query = queries.public_letters(topic, words)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page, pages = request.args.get("page", 1, type=int), max(1, ceil(total / PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound(HOME)
    found = session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    offices = {one.id: one.name for one in departments(session)}
    settings = load_settings(session, LetterSettings)
    path = with_query(f"{NAME}.index", {"topic": topic, "q": words})
    title = _("互动交流")
    return render(
        LettersPage(
            **here.values(), title=title, breadcrumbs=here.breadcrumbs(), labels=_labels(title),
            canonical=absolute(HOME), lines=[_line(one, offices) for one in found], words=words, topic=topic,
            topics=_topics(session, topic, words),
            pager=Pager(page=page, pages=pages, total=total, path=f"{path}{'&' if '?' in path else '?'}page={{page}}"),
            counts=_counts(session) if settings.shows_statistics else None, is_open=settings.is_open,
            write_path=url_for(f"{NAME}.new"), status_path=url_for(f"{NAME}.status"),
            error_path=url_for(f"{NAME}.site_error"),
        )
    )  # fmt: skip


def _labels(title: str) -> dict[str, str]:
    """Return the 网页标签 of the column 互动交流 (site-rules a.4)."""
    words = {"ColumnName": title, "ColumnDescription": title, "ColumnKeywords": title, "ColumnType": "互动交流"}
    return {**frame().labels(), **words}


def _topics(session: Session, chosen: str, words: str) -> list[Link]:
    links = [Link(_("全部"), with_query(f"{NAME}.index", {"q": words}), not chosen)]
    for topic, number in queries.public_topics(session):
        label = _("{topic}（{n}）").format(topic=topic, n=number)
        links.append(Link(label, with_query(f"{NAME}.index", {"topic": topic, "q": words}), topic == chosen))
    return links


def _line(found: Letter, offices: dict[int, str]) -> PublicLine:
    return PublicLine(
        title=found.public_title, path=letter_path(found.id), topic=found.topic,
        category=_(CATEGORY_LABELS[found.category]), received_on=found.occurred_on,
        answered_on=found.answered_on or found.occurred_on, answered_by=_office(found, offices),
    )  # fmt: skip


def _office(found: Letter, offices: dict[int, str]) -> str:
    return offices.get(found.answered_by_id or 0, frame().settings.organ_name)


def _counts(session: Session) -> Counts:
    today = local_date(get_cms().clock.now())
    valid, answered, is_open = year_counts(session, Period(date(today.year, 1, 1), today))
    return Counts(today.year, valid, answered, is_open, Rate(part=answered, whole=valid).percent)


def letter(letter_id: int) -> ResponseReturnValue:
    """Show a public letter; its writer may rate the answer with the query code."""
    session, here = read_session(), frame()
    found = get_letter(session, letter_id)
    if found.published_at is None or found.answered_at is None:
        raise NotFound(f"letter {letter_id}")
    form, answer = RateForm.from_request(), 200
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        form.number.data = found.number
        try:
            _rate(form)
        except Invalid as refused:
            problems, answer = _shown(form, refused), status_of(refused)
        else:
            return redirect(url_for(f"{NAME}.letter", letter_id=letter_id, _anchor="rating"))
    offices = {one.id: one.name for one in departments(session)}
    title = found.public_title
    page = PublicLetterPage(
        **here.values(), title=title, breadcrumbs=[*here.breadcrumbs(), Link(_("互动交流"), path_of(HOME))],
        labels=_labels(_("互动交流")), canonical=absolute(f"{HOME}{found.id}.html"), text=found.public_text,
        answer=found.public_answer, topic=found.topic, category=_(CATEGORY_LABELS[found.category]),
        channel=_(CHANNEL_LABELS[found.channel]), received=moment_of(found.received_at),
        answered=moment_of(found.answered_at),
        answered_by=_office(found, offices), problems=problems, back=path_of(HOME),
        rating=_(SATISFACTION_LABELS[found.satisfaction]) if found.satisfaction else "",
        rate_form=form if found.code and found.satisfaction is None else None,
    )  # fmt: skip
    return render(page), answer


def find(session: Session, number: str) -> tuple[Letter, str] | None:
    """Return the letter with this number and its sealed query code."""
    found = session.scalars(select(Letter).where(Letter.number == number)).first()
    return (found, found.code) if found is not None else None


def _look_up(number: str | None, code: str | None) -> Letter:
    return look_up("letters", number=number or "", code=code or "", find=find, at=Letter.code)


def _rate(form: RateForm) -> Letter:
    found = _look_up(form.number.data, form.code.data)
    given = form.satisfaction.data
    with get_cms().unit_of_work() as uow:
        current = get_letter(uow.session, found.id)
        following.rate(
            uow, current, Satisfaction(given) if given in set(Satisfaction) else None,
            note=one_line(form.note.data or "")[:200],
        )  # fmt: skip
    return current


def status() -> ResponseReturnValue:
    """Tell the writer how their letter stands; take their rating."""
    form, rating = StatusForm.from_request(), RateForm.from_request()
    problems: Sequence[Problem] = ()
    answer, standing = 200, None
    if request.method == "POST":
        try:
            standing = _standing(form, rating)
        except Invalid as refused:
            problems, answer = _shown(form, refused), status_of(refused)
    here = frame()
    values = here.values()
    values["is_noindex"] = True
    page = StatusPage(
        **values, title=_("信件查询"),
        breadcrumbs=[*here.breadcrumbs(), Link(_("互动交流"), path_of(HOME))], labels=_labels(_("互动交流")),
        canonical=absolute(f"{HOME}status"), form=form, rate_form=rating, problems=problems, standing=standing,
        contact={"phone": here.settings.phone},
    )  # fmt: skip
    return render(page), answer


def _standing(form: StatusForm, rating: RateForm) -> Standing:
    if "rate" in request.form:
        _rate(rating)
        with get_cms().reading() as fresh:
            return standing_of(fresh, find_again(fresh, form))
    return standing_of(read_session(), _look_up(form.number.data, form.code.data))


def find_again(session: Session, form: StatusForm) -> Letter:
    """Return the letter that was just rated, as it is now."""
    found = find(session, one_line(form.number.data or "").upper())
    if found is None:
        raise NotFound("letter")
    return found[0]


def _shown(form: StatusForm | RateForm, refused: Invalid) -> list[Problem]:
    return show_errors(fields_by_name(form), refused.errors)
