"""Building the report of a year from live records: one function, one value, all outputs."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from cms.api import FigureRegistry, Period, SiteSettings, load_settings
from cms.api import gettext as _

from .cells import Known, figure_number, table_of
from .checks import find_all
from .collecting import source_of
from .dismissals import marked, set_aside
from .drafting import draft_of
from .format_file import Format
from .manual import valid_values
from .measuring import Measures
from .models import ChapterText, Collects
from .past import history_of, previous_of
from .report import Chapter, Number, Previous, Report
from .texts import edited_texts
from .tokens import Fragment, fill


def build(session: Session, figures: FigureRegistry, *, year: int, form: Format) -> Report:
    """Return the report of ``year`` in the format ``form``, as the records stand now.

    A figure whose plugin is disabled has no value; it is never taken for 0. Each cross table takes one query, however
    many cells show it.
    """
    settings = load_settings(session, SiteSettings)
    organ = settings.organ_name or settings.site_name
    previous = previous_of(session, year)
    history = history_of(session, year, previous)
    collects, sums = source_of(session, year)
    known = Known(
        entered=valid_values(session, year), measures=Measures(session, figures, Period.year(year)),
        previous=previous.cells if previous is not None else {}, collected=sums, adds_own=collects is Collects.BOTH,
    )  # fmt: skip
    numbers = {spec.code: figure_number(spec, known) for spec in form.figures}
    tables = {
        spec.code: table_of(spec, numbers, known, chapter=form.chapter_of(spec.code)) for spec in form.tables_of(year)
    }
    every = numbers | {code: cell for table in tables.values() for code, cell in table.cells.items()}
    contact = _contact(settings)
    shown, words = {code: number.shown for code, number in every.items()}, _words(form, year, organ, contact)
    chapters = _chapters(form, edited_texts(session, year), every, previous, words)
    built = Report(
        year=year, format=form.id, organ=organ, title=_plain(fill(form.title, shown, words)),
        opening=_plain(fill(form.opening, shown, words)), figures=numbers, tables=tables, chapters=chapters,
        contact=contact, previous=previous,
        history={past: {code: one for code, one in values.items() if code in form.charted}
                 for past, values in history.items()},
    )  # fmt: skip
    return replace(built, findings=marked(find_all(built, form), set_aside(session, str(year))))


def draft(report: Report, form: Format, code: str) -> str:
    """Return the draft of a chapter as the numbers of ``report`` make it now, whatever its present text is.

    :raises NotFound: without such a chapter.
    """
    return draft_of(form.chapter(code), {one.code: one.value for one in report.numbers()}, report.previous)


def _chapters(
    form: Format, edited: Mapping[str, ChapterText], every: Mapping[str, Number], previous: Previous | None,
    words: Mapping[str, str],
) -> tuple[Chapter, ...]:  # fmt: skip
    shown = {code: number.shown for code, number in every.items()}
    values = {code: number.value for code, number in every.items()}
    chapters = []
    for spec in form.chapters:
        text = edited[spec.code].text if spec.code in edited else draft_of(spec, values, previous)
        paragraphs = _paragraphs(text, shown, words)
        chapters.append(Chapter(code=spec.code, title=spec.title, text=text, paragraphs=paragraphs, table=spec.table))
    return tuple(chapters)


def preview(report: Report, form: Format, text: str) -> tuple[tuple[Fragment, ...], ...]:
    """Return ``text`` as a chapter of ``report`` would show it."""
    shown = {number.code: number.shown for number in report.numbers()}
    return _paragraphs(text, shown, _words(form, report.year, report.organ, report.contact))


def _paragraphs(text: str, shown: Mapping[str, str], words: Mapping[str, str]) -> tuple[tuple[Fragment, ...], ...]:
    return tuple(fill(line.strip(), shown, words) for line in text.splitlines() if line.strip())


def _words(form: Format, year: int, organ: str, contact: str) -> dict[str, str]:
    titles = _("、").join(chapter.title for chapter in form.chapters)
    return {"year": str(year), "organ": organ, "chapters": titles, "contact": contact}


def _contact(settings: SiteSettings) -> str:
    """Return the sentence that says where to ask; empty while the site's settings name no contact."""
    parts = [_("地址：{text}").format(text=settings.address)] if settings.address else []
    parts += [_("电话：{text}").format(text=settings.phone)] if settings.phone else []
    if not parts:
        return ""
    organ = settings.organ_name or settings.site_name
    return _("如对本报告有疑问，请与{organ}联系（{ways}）。").format(organ=organ, ways=_("；").join(parts))


def _plain(fragments: tuple[Fragment, ...]) -> str:
    return "".join(fragment.text for fragment in fragments)
