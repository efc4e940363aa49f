"""The paper sheet of a week: one table for each channel, strokes in its cells, to be entered the next day."""

from collections.abc import Sequence
from datetime import date

from cms.api import Align, Block, Cell, Document, PageNumbers, PageSetup, Paragraph, Table
from cms.api import gettext as _

from .tallying import CHANNELS

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_TOPIC_WIDTH, _DAY_WIDTH, _SUM_WIDTH = 4.0, 3.0, 2.0


def sheet_document(days: Sequence[date], topics: Sequence[str], organ: str) -> Document:
    """Return the sheet for the week of ``days``, on one A4 page that lies on its side."""
    title = _("{organ}咨询计数表（{first} 至 {last}）").format(organ=organ, first=_day(days[0]), last=_day(days[-1]))
    hint = _("每接待一人次画“正”字一笔；当天没有的不填。次日由经办人录入系统，本表存档作为依据。")
    tables = [_table(_(label), days, topics) for _code, label in CHANNELS]
    foot = _("经办人：＿＿＿＿＿＿　　审核：＿＿＿＿＿＿　　录入日期：＿＿＿＿年＿＿月＿＿日　　台账页码：＿＿＿＿")
    blocks: list[Block] = [Paragraph(hint, indent=False), *tables]
    return Document(
        title=title, blocks=blocks, footer=foot, page_numbers=PageNumbers.NONE,
        page=PageSetup(landscape=True, top=12, right=12, bottom=16, left=12),
    )  # fmt: skip


def _table(channel: str, days: Sequence[date], topics: Sequence[str]) -> Table:
    head = [Cell(channel, is_header=True)]
    head += [
        Cell(_("周{weekday} {day}").format(weekday=WEEKDAYS[day.weekday()], day=f"{day.month}.{day.day}"),
             is_header=True)
        for day in days
    ]  # fmt: skip
    head.append(Cell(_("合计"), is_header=True))
    rows = [[Cell(topic, is_header=True, align=Align.LEFT), *(Cell("") for _day in days), Cell("")] for topic in topics]
    widths = [_TOPIC_WIDTH, *(_DAY_WIDTH for _day in days), _SUM_WIDTH]
    return Table([head, *rows], widths=widths)


def _day(day: date) -> str:
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)
