"""The figures of the core: what the publication log and the tally register can tell."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cms.content.enums import Exclusion, PublicationAction
from cms.content.models import Publication
from cms.figures.figure import QUANTITY, AnySelect, Figure, ListColumn, Period
from cms.registers.models import Tally

PUBLICATION_COLUMNS = (
    ListColumn(name="content_id", label="编号"),
    ListColumn(name="title", label="标题"),
    ListColumn(name="type", label="类型"),
    ListColumn(name="effective_at", label="首次发布"),
)
TALLY_COLUMNS = (
    ListColumn(name="id", label="编号"),
    ListColumn(name="occurred_on", label="日期"),
    ListColumn(name="channel", label="渠道"),
    ListColumn(name="topic", label="主题"),
    ListColumn(name=QUANTITY, label="数量"),
    ListColumn(name="source", label="依据", public=False),
)


def first_publications(period: Period, type_key: str | None = None) -> AnySelect:
    """Return what the site's own organ published for the first time in ``period``, one line for each item.

    Later withdrawal does not change a past year; items withdrawn as 误发 or 重复 are left out until they are published
    again.
    """
    withdrawn, again = aliased(Publication), aliased(Publication)
    republished = select(again.id).where(
        again.content_id == withdrawn.content_id,
        again.action == PublicationAction.PUBLISHED,
        again.id > withdrawn.id,
    )
    mistaken = select(withdrawn.content_id).where(
        withdrawn.action == PublicationAction.WITHDRAWN,
        withdrawn.exclusion != Exclusion.NONE,
        ~republished.correlate(withdrawn).exists(),
    )
    query = select(
        Publication.content_id, Publication.title, Publication.type, Publication.effective_at
    ).where(
        Publication.action == PublicationAction.PUBLISHED,
        Publication.is_first.is_(True),
        Publication.is_own.is_(True),
        Publication.effective_at >= period.begins_at,
        Publication.effective_at < period.ends_before,
        Publication.content_id.not_in(mistaken),
    )  # fmt: skip
    if type_key is not None:
        query = query.where(Publication.type == type_key)
    return query.order_by(Publication.effective_at, Publication.id)


def publications_figure(code: str, label: str, *, type_key: str | None = None, unit: str = "条") -> Figure:
    """Return the figure that counts first publications, of one type or of all."""

    def query(_session: Session, period: Period) -> AnySelect:
        return first_publications(period, type_key)

    return Figure(code=code, label=label, unit=unit, query=query, columns=PUBLICATION_COLUMNS, public=True)


def tally_figure(
    code: str, label: str, *, metric: str, unit: str, channel: str | None = None, public: bool = False
) -> Figure:
    """Return the figure that adds up a metric of the tally register, of one channel or of all.

    :param public: citizens may see days, channels, topics and quantities; sources stay in the desk.
    """

    def query(_session: Session, period: Period) -> AnySelect:
        lines = select(
            Tally.id, Tally.occurred_on, Tally.channel, Tally.topic, Tally.quantity.label(QUANTITY), Tally.source
        ).where(Tally.metric == metric, Tally.occurred_on >= period.first, Tally.occurred_on <= period.last)
        if channel is not None:
            lines = lines.where(Tally.channel == channel)
        return lines.order_by(Tally.occurred_on, Tally.id)

    return Figure(code=code, label=label, unit=unit, query=query, columns=TALLY_COLUMNS, is_sum=True, public=public)


def core_figures() -> tuple[Figure, ...]:
    """Return the figures that exist without any plugin."""
    return (publications_figure("site.items", "本网站发布信息总数"),)
