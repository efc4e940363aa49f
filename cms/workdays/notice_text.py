"""Reading a notice as people have it: the paragraphs of the State Council's notice, or JSON like the bundled files.

The notice says everything twice (date and weekday, span and number of days); what does not agree is an error with its
line, so that a slip of the pen or a notice of another year is found before anybody counts by it.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.workdays.calendar import ONE_DAY, Notice

FIRST_YEAR, LAST_YEAR = 2008, 2100
#: Characters of a whole notice with room to spare.
_MAX_TEXT = 50_000
#: A longer span is a slip of the pen.
_LONGEST = 31
_WEEKDAYS = "一二三四五六日"
_TOKEN = re.compile(
    r"(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})|(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日)"
    r"(?:\s*\((?P<note>[^()]*)\))?"
    r"|(?P<to>[至到~—–-])|(?P<off>放假|补休|休息)(?:(?P<days>\d{1,3})天)?|(?P<on>上班)|共\s*(?P<count>\d{1,3})\s*天"
)
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+|\d+)[、.\s]\s*")
_NOTED_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")


def read_notice(text: str, *, year: str, source: str) -> Notice:
    """Return the notice in ``text``; ``year`` and ``source`` may be left empty where JSON says them.

    :raises Invalid: by field (``text``, ``year``), with the line of each mistake.
    """
    if len(text) > _MAX_TEXT:
        raise Invalid({"text": [_("内容太长，请只保留各节日的段落。")]})
    if text.lstrip().startswith("{"):
        return _from_json(text, year=year.strip(), source=source)
    if not re.fullmatch(r"\d{4}", year.strip()):
        raise Invalid({"year": [_("请填写年份，例如 2027。")]})
    reader = _Reader(int(year))
    for number, line in enumerate(text.splitlines(), 1):
        reader.read(number, unicodedata.normalize("NFKC", line).strip())
    if not reader.errors and not reader.off:
        reader.errors.append(_("没有找到放假日期；请粘贴通知中各节日的段落。"))
    if reader.errors:
        raise Invalid({"text": reader.errors})
    return Notice(year=int(year), source=one_line(source), holidays=reader.off, workdays=reader.on)


@dataclass
class _Reader:
    """What has been read so far; ``line`` and ``name`` are those of the present paragraph."""

    year: int
    off: dict[date, str] = field(default_factory=dict)
    on: dict[date, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    line: int = 0
    name: str = ""

    def read(self, number: int, text: str) -> None:
        """Read a paragraph; one without dates is a heading or a sentence to nobody."""
        self.line = number
        tokens = list(_TOKEN.finditer(text))
        dates = [token for token in tokens if token["iso"] or token["day"]]
        if not dates or self._is_signature(text, dates):
            return
        head = text[: dates[0].start()]
        if ":" in head:
            self.name = one_line(_NUMBERED.sub("", head.split(":")[0].strip()))[:40]
        if not self.name:
            self._wrong(_("请在日期前写上节日名称和冒号，例如“元旦：1月1日放假”。"))
            return
        waiting = list(self._walk(tokens))
        if waiting:
            self._wrong(_("{day}没有写明“放假”还是“上班”。").format(day=_spoken(waiting[0])))

    def _walk(self, tokens: list[re.Match[str]]) -> Iterator[date]:
        """Put each group of dates where the word behind it says; yield the days that no word follows."""
        group: list[date] = []
        first: date | None = None
        last_off, month = 0, None
        for token in tokens:
            if token["iso"] or token["day"]:
                day = self._date(token, month)
                if day is None:
                    return
                month = day.month
                group += self._span(first, day) if first is not None else [day]
                first = None
            elif token["to"]:
                first = group[-1] if group else None
            elif token["off"] or token["on"]:
                target = self.off if token["off"] else self.on
                self._take(target, group)
                last_off = len(group) if token["off"] else last_off
                self._count(token["days"], last_off)
                group = []
            else:
                self._count(token["count"], last_off)
        yield from group

    def _date(self, token: re.Match[str], month: int | None) -> date | None:
        try:
            if token["iso"]:
                year, written_month, day = map(int, token["iso"].split("-"))
            else:
                year = int(token["year"] or self.year)
                written_month, day = int(token["month"] or month or 0), int(token["day"])
            found = date(year, written_month, day)
        except ValueError:
            self._wrong(_("“{text}”不是有效的日期。").format(text=token[0]))
            return None
        said = _NOTED_WEEKDAY.search(token["note"] or "")
        actual = _WEEKDAYS[found.weekday()]
        if said and said[1].replace("天", "日") != actual:
            text = _("{day}是星期{actual}，这里写的是星期{said}；请核对年份和日期。")
            self._wrong(text.format(day=_spoken(found), actual=actual, said=said[1]))
        return found

    def _span(self, first: date, last: date) -> Iterator[date]:
        """Yield the days after ``first`` until ``last``."""
        length = (last - first).days
        if not 0 < length < _LONGEST:
            self._wrong(_("从{first}到{last}不像一段假期。").format(first=_spoken(first), last=_spoken(last)))
            return
        yield from (first + ONE_DAY * step for step in range(1, length + 1))

    def _take(self, target: dict[date, str], group: list[date]) -> None:
        for day in group:
            if day in self.off or day in self.on:
                self._wrong(_("{day}重复出现。").format(day=_spoken(day)))
            target[day] = self.name

    def _count(self, said: str | None, actual: int) -> None:
        if said is not None and int(said) != actual:
            self._wrong(_("写的是{said}天，日期算下来是{actual}天。").format(said=said, actual=actual))

    def _is_signature(self, text: str, dates: list[re.Match[str]]) -> bool:
        """Tell whether the line is nothing but the day on which the notice was issued, in the year before."""
        return len(dates) == 1 and dates[0][0] == text and dates[0]["year"] == str(self.year - 1)

    def _wrong(self, problem: str) -> None:
        self.errors.append(_("第 {n} 行：{problem}").format(n=self.line, problem=problem))


def _spoken(day: date) -> str:
    return _("{month}月{day}日").format(month=day.month, day=day.day)


def _from_json(text: str, *, year: str, source: str) -> Notice:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid({"text": [_("第 {n} 行：不是有效的 JSON。").format(n=error.lineno)]}) from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits, or thousands of brackets.
        raise Invalid({"text": [_("不是节假日安排的 JSON。")]}) from error
    errors: list[str] = []
    of_year = raw.get("year")
    if not isinstance(of_year, int) or isinstance(of_year, bool):
        errors.append(_("JSON 的 year 应为年份，例如 2027。"))
    elif year and year != str(of_year):
        errors.append(_("JSON 是 {year} 年的，与填写的年份不同。").format(year=of_year))
    off, on = (_json_days(raw, name, errors) for name in ("holidays", "workdays"))
    if errors:
        raise Invalid({"text": errors})
    return Notice(year=of_year, source=one_line(source or str(raw.get("source", ""))), holidays=off, workdays=on)


def _json_days(raw: Mapping[str, object], name: str, errors: list[str]) -> dict[date, str]:
    lines, days = raw.get(name), dict[date, str]()
    for number, line in enumerate(lines if isinstance(lines, list) else [None], 1):
        said = {"date": line, "name": _("调休")} if isinstance(line, str) else line
        try:
            day = date.fromisoformat(str(said["date"]))
            days[day] = one_line(str(said["name"]))[:40]
        except (TypeError, KeyError, ValueError):
            place = _('{name} 第 {n} 项应为 {{"date": "2027-01-01", "name": "元旦"}} 的形式。')
            errors.append(place.format(name=name, n=number))
    return days
