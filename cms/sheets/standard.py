"""基层政务公开标准目录 as a list: taken in from .xlsx, .csv and JSON, and written as the same.

Rows are known by field (领域) and number (序号): one that is there already is changed. All rows are taken in or none.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from cms.accounts.policy import Actor
from cms.catalogue.standard import MANAGE, SIZES, RowInput, save_row
from cms.catalogue.standard_rows import CHANNELS, LEVELS, StandardRow, row_numbered
from cms.db.uow import UnitOfWork
from cms.documents.blocks import Cell, Table
from cms.documents.writers.xlsx import Sheet, as_xlsx
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.sheets.files import MAX_BYTES, MAX_ROWS, ListRow, read_list
from cms.sheets.spec import CellKind, SheetColumn, SheetSpec, Value
from cms.sheets.taking import ListResult, take_rows

#: What a marked cell has; the first is what we write.
_MARKS = ("√", "✓", "是", "1", "■", "☑")
_NO_MARKS = ("", "否", "0", "□", "☐")
#: Spreadsheets run what begins like this; an apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FLAGS = {"is_for_all": "全社会", "is_active": "主动", "is_on_request": "依申请"}
_TEXTS = {
    "domain": "领域", "first": "一级事项", "second": "二级事项", "elements": "公开内容（要素）", "basis": "公开依据",
    "time_limit": "公开时限", "agency": "公开主体", "groups": "特定群体",
}  # fmt: skip
_CHANNELS, _SERIAL, _LIMIT = "公开渠道和载体", "序号", "工作日数"
#: Headings in the order of the published catalogues, behind the field and before the working days of the limit.
_ORDER = (
    "domain", "serial", "first", "second", "elements", "basis", "time_limit", "agency", "channels", "is_for_all",
    "groups", "is_active", "is_on_request", *LEVELS, "limit_days",
)  # fmt: skip


def standard_sheet() -> SheetSpec:
    """Return the sheet of the standard catalogue."""
    return SheetSpec(
        code="standard", label="基层政务公开标准目录", permission=MANAGE, take=_take,
        columns=tuple(_column(name) for name in _ORDER),
    )  # fmt: skip


def _column(name: str) -> SheetColumn:
    needed = {"domain", "serial", "first", "elements"}
    if name in {"serial", "limit_days"}:
        label = _SERIAL if name == "serial" else _LIMIT
        return SheetColumn(name=name, label=label, kind=CellKind.WHOLE, is_required=name in needed)
    label = {**_TEXTS, **_FLAGS, "channels": _CHANNELS}.get(name, name)
    return SheetColumn(name=name, label=label, length=SIZES.get(name, 400), is_required=name in needed)


def _take(uow: UnitOfWork, row: Mapping[str, Value], /, *, actor: Actor) -> int | None:
    given = _input(row)
    known = row_numbered(uow.session, given.domain, given.serial)
    stamp = known.updated_at if known else None
    if known is not None:
        given = RowInput(**{**_values(given), "is_retired": known.is_retired})
    kept = save_row(uow, known, given, actor=actor)
    return None if known is not None and kept.updated_at == stamp else kept.id


def _values(given: RowInput) -> dict[str, Any]:
    return {one.name: getattr(given, one.name) for one in fields(given)}


def _input(row: Mapping[str, Value]) -> RowInput:
    errors: dict[str, list[str]] = {}
    marks = {name: _is_marked(name, str(row[name] or ""), errors) for name in (*_FLAGS, *LEVELS)}
    if errors:
        raise Invalid(errors)
    serial, limit = row["serial"], row["limit_days"]
    values: dict[str, Any] = {name: _bare(str(row[name] or "")) for name in _TEXTS}
    values |= {name: marks[name] for name in _FLAGS}
    values |= {"serial": serial if isinstance(serial, int) else 0}
    values |= {"limit_days": limit if isinstance(limit, int) else None}
    values |= {"channels": tuple(_words(str(row["channels"] or "")))}
    return RowInput(**values, levels=tuple(level for level in LEVELS if marks[level]))


def _is_marked(name: str, text: str, errors: dict[str, list[str]]) -> bool:
    if text not in (*_MARKS, *_NO_MARKS):
        errors[name] = [_("“{text}”应为 √ 或留空。").format(text=text[:20])]
    return text in _MARKS


def _words(text: str) -> Iterator[str]:
    """Yield the ways that a cell names: as we write them, or as published catalogues tick them."""
    ticked = text.replace("■", "、").replace("\n", "、").replace("；", "、").replace("，", "、")
    yield from (word for part in ticked.split("、") if (word := part.strip()) and not word.startswith("□"))


def _bare(text: str) -> str:
    """Take off the apostrophe with which we keep spreadsheets from running a text."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def take_file(uow: UnitOfWork, content: bytes, filename: str, *, actor: Actor, dry: bool = False) -> ListResult:
    """Take in a list; with problems nothing is kept, and each names its line.

    :raises Invalid: field ``file``, for a file that cannot be read, and for columns that are missing or unknown.
    """
    if not filename:
        raise Invalid({"file": [_("请选择文件。")]})
    rows = _from_json(content) if filename.lower().endswith(".json") else read_list(content, filename)
    # The same list again brings the catalogue back to what the list says, so it is never refused.
    return take_rows(uow, standard_sheet(), rows, actor=actor, dry=dry, again=True)


def _from_json(content: bytes) -> list[ListRow]:
    if len(content) > MAX_BYTES:
        raise Invalid({"file": [_("文件超过 {n} MB，请分成几个文件。").format(n=MAX_BYTES // 1_000_000)]})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid({"file": [_("JSON 文件应为 UTF-8 编码。")]}) from error
    rows = [ListRow(line, _cells(line, value)) for line, value in _objects(text)]
    if not rows:
        raise Invalid({"file": [_("表中没有内容。")]})
    if len(rows) > MAX_ROWS:
        raise Invalid({"file": [_("一次最多 {n} 行，请分成几个文件。").format(n=MAX_ROWS)]})
    return rows


def _objects(text: str) -> Iterator[tuple[int, object]]:
    """Yield the values of a JSON array, each with the line on which it begins."""
    decoder, place = json.JSONDecoder(), 0

    def skip(characters: str) -> int:
        position = place
        while position < len(text) and text[position] in characters:
            position += 1
        return position

    place = skip(" \t\r\n")
    if text[place : place + 1] != "[":
        raise Invalid({"file": [_("JSON 文件应是一个数组，每个事项一个对象。")]})
    place += 1
    while (place := skip(" \t\r\n,")) < len(text) and text[place] != "]":
        line = text.count("\n", 0, place) + 1
        try:
            value, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError) as error:
            raise Invalid({"file": [_("第 {n} 行起的 JSON 不能读取。").format(n=line)]}) from error
        yield line, value
    if text[place : place + 1] != "]":
        raise Invalid({"file": [_("JSON 文件没有结束：缺少“]”。")]})


def _cells(line: int, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, (str, int, list, type(None))) for one in value.values()):
        raise Invalid({"file": [_("第 {n} 行：每个事项应是一个对象，值为文字、数字或 true/false。").format(n=line)]})
    return {key: _cell(one) for key, one in value.items()}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return _MARKS[0] if value else ""
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)


def _line(row: StandardRow) -> list[str | int]:
    marks = {**{name: getattr(row, name) for name in _FLAGS}, **{level: level in row.levels for level in LEVELS}}
    values: dict[str, str | int] = {name: _MARKS[0] if marked else "" for name, marked in marks.items()}
    values |= {name: getattr(row, name) for name in _TEXTS}
    values |= {"serial": row.serial, "channels": "、".join(row.channels)}
    values["limit_days"] = "" if row.limit_days is None else row.limit_days
    return [values[name] for name in _ORDER]


def as_standard_xlsx(rows: Iterable[StandardRow]) -> bytes:
    """Return the rows as a spreadsheet that :func:`take_file` reads."""
    head = [Cell(heading, is_header=True) for heading in standard_sheet().headings]
    lines = [[Cell(value) for value in _line(row)] for row in rows]
    return as_xlsx([Sheet(_("标准目录"), Table([head, *lines]))], title=_("基层政务公开标准目录"))


def as_standard_csv(rows: Iterable[StandardRow]) -> str:
    """Return the rows as CSV that :func:`take_file` reads and no spreadsheet runs."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(standard_sheet().headings)
    for row in rows:
        writer.writerow([_safe(value) for value in _line(row)])
    return file.getvalue()


def _safe(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_standard_json(rows: Sequence[StandardRow]) -> str:
    """Return the rows as a JSON array that :func:`take_file` reads, one object on each line."""
    headings = standard_sheet().headings
    flags = {*_FLAGS.values(), *LEVELS}
    lines = []
    for row in rows:
        values: dict[str, object] = dict(zip(headings, _line(row), strict=True))
        values |= {heading: bool(value) for heading, value in values.items() if heading in flags}
        values[_CHANNELS] = [one for one in CHANNELS if one in row.channels]
        values[_LIMIT] = row.limit_days
        lines.append(json.dumps(values, ensure_ascii=False))
    return "[\n" + ",\n".join(lines) + "\n]\n"
