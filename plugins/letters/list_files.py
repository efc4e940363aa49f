"""Reading a list that another system gave: .csv or .xlsx, its rows as texts by heading. Bounded in size and rows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from cms.api import Invalid, clean, kind_of
from cms.api import gettext as _

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 5_000_000, 2000, 60
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT = "text/plain"


@dataclass(frozen=True)
class ListRow:
    """A row: its line in the file, counted as spreadsheets do, and its texts by heading."""

    number: int
    cells: dict[str, str]


def read_list(content: bytes, filename: str) -> list[ListRow]:
    """Return the rows below the line of headings; empty rows are left out.

    :raises Invalid: field ``file``, if it is too large, of another kind, has no headings, or one twice.
    """
    if len(content) > MAX_BYTES:
        raise Invalid({"file": [_("文件超过 {n} MB，请分成几个文件。").format(n=MAX_BYTES // 1_000_000)]})
    kind = kind_of(content, filename, {_XLSX, _TEXT})
    lines = _from_xlsx(content) if kind.media_type == _XLSX else _from_csv(content)
    # One more than allowed, to see whether there are more.
    return _rows(list(islice(lines, MAX_ROWS + 2)))


def _from_csv(content: bytes) -> Iterator[Sequence[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            # Spreadsheet programs write commas, or tabs when they say text.
            yield from csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text[:2000] else ",")
        except csv.Error as error:
            raise Invalid({"file": [_("不是有效的 CSV 文件。")]}) from error
        return
    raise Invalid({"file": [_("文件编码无法识别，请另存为 UTF-8 编码的 CSV 或 .xlsx。")]})


def _from_xlsx(content: bytes) -> Iterator[Sequence[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 — slow; used by imports only

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in islice(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), MAX_ROWS + 2):
            yield [_text(value) for value in row]
        book.close()
    except Exception as error:
        # Whatever a damaged file makes the library raise, the person can only send another one.
        raise Invalid({"file": [_("表格无法读取，请用 Excel 或 WPS 另存为 .xlsx 后再上传。")]}) from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _rows(lines: Sequence[Sequence[str]]) -> list[ListRow]:
    headings = [clean(cell) for cell in lines[0]] if lines else []
    named = [heading for heading in headings if heading]
    if not named:
        raise Invalid({"file": [_("第一行应为列名，例如：标题、收到时间。")]})
    if twice := sorted({heading for heading in named if named.count(heading) > 1}):
        raise Invalid({"file": [_("列名重复：{names}。").format(names="、".join(twice))]})
    rows = [ListRow(number, _cells(headings, line)) for number, line in enumerate(lines[1:], 2)]
    filled = [row for row in rows if any(row.cells.values())]
    if not filled:
        raise Invalid({"file": [_("表中没有内容。")]})
    if len(filled) > MAX_ROWS:
        raise Invalid({"file": [_("一次最多 {n} 行，请分成几个文件。").format(n=MAX_ROWS)]})
    return filled


def _cells(headings: Iterable[str], line: Sequence[str]) -> dict[str, str]:
    return {heading: clean(cell) for heading, cell in zip(headings, line, strict=False) if heading}
