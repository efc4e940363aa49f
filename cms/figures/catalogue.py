"""The figures of the disclosure catalogue: what was made actively public, and what of it later than it had to be."""

from sqlalchemy.orm import Session

from cms.catalogue.clock import PublicationClock
from cms.catalogue.models import CatalogueEntry
from cms.content.models import Publication
from cms.figures.core import first_publications
from cms.figures.figure import AnySelect, Figure, ListColumn, Period

#: Code of the late ones; the desk links to it.
LATE, PUBLISHED = "catalogue.late", "catalogue.published"
_COLUMNS = (
    ListColumn(name="content_id", label="编号"),
    ListColumn(name="title", label="标题"),
    ListColumn(name="type", label="类型"),
    ListColumn(name="index_no", label="索引号"),
    ListColumn(name="formed_on", label="成文日期"),
)
_PUBLISHED_AT = ListColumn(name="effective_at", label="首次发布")


def published(_session: Session, period: Period) -> AnySelect:
    """Return our own items of the catalogue that became actively public in ``period``, one line for each."""
    return (
        first_publications(period)
        .join(CatalogueEntry, CatalogueEntry.content_id == Publication.content_id)
        .where(CatalogueEntry.openness == "public")
        .add_columns(CatalogueEntry.index_no, CatalogueEntry.formed_on)
    )


def late(session: Session, period: Period) -> AnySelect:
    """Return those of :func:`published` that became public after the limit (条例 art. 26)."""
    return (
        published(session, period)
        .join(PublicationClock, PublicationClock.content_id == Publication.content_id)
        .where(Publication.effective_at >= PublicationClock.late_from)
        .add_columns(PublicationClock.due_on, PublicationClock.limit_days, Publication.department_id)
    )


def catalogue_figures() -> tuple[Figure, ...]:
    """Return the figures of the catalogue."""
    return (
        Figure(
            code=PUBLISHED, label="主动公开信息", unit="条", query=published, public=True,
            columns=(*_COLUMNS, _PUBLISHED_AT),
            help="本机关首次公开、列入信息公开目录且公开属性为主动公开的信息。",
        ),
        Figure(
            code=LATE, label="逾期公开的信息", unit="条", query=late,
            columns=(*_COLUMNS, ListColumn(name="due_on", label="公开期限"), _PUBLISHED_AT),
            help="首次公开的日期晚于《条例》第二十六条规定的期限，或标准目录规定的较短期限。",
        ),
    )  # fmt: skip
