"""Reading a list: .csv, .xlsx or pasted lines, its rows as texts by heading. Bounded in size, rows and columns."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean
from cms.media.kinds import kind_of

MAX_BYTES, MAX_ROWS, MAX_COLUMNS = 5_000_000, 2000, 60
#: What an .xlsx may unpack to: the library reads its shared texts as a whole.
MAX_UNPACKED = 60_000_000
#: Lines that are looked at, empty ones too; programs write formats far below the last row.
_MAX_LINES = 20_000
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
    return _rows(_from_xlsx(content) if kind.media_type == _XLSX else _from_csv(content))


def read_pasted(text: str, headings: Sequence[str]) -> list[ListRow]:
    """Return the rows of lines copied from a spreadsheet program.

    The first line may name the columns; without it they are ``headings`` in that order.

    :raises Invalid: field ``file``, as :func:`read_list` does.
    """
    lines = list(_split(text, "\t"))
    first = [cell for cell in map(clean, lines[0]) if cell] if lines else []
    if first and set(first) <= set(headings):
        return _rows(iter(lines))
    if any(clean(cell) for line in lines for cell in line[len(headings) :]):
        raise Invalid({"file": [_("列数多于 {n} 列；请核对列的次序，或把列名一起粘贴。").format(n=len(headings))]})
    return _filled(list(headings), enumerate(lines, 1))


def as_pasted(rows: Sequence[ListRow]) -> str:
    """Return ``rows`` as lines that :func:`read_pasted` reads, with their headings."""
    headings = list(rows[0].cells) if rows else []
    file = io.StringIO()
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([row.cells.get(heading, "") for heading in headings] for row in rows)
    return file.getvalue()


def _from_csv(content: bytes) -> Iterator[Sequence[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Spreadsheet programs write commas, or tabs when they say text.
        return _split(text, "\t" if "\t" in text[:2000] else ",")
    raise Invalid({"file": [_("文件编码无法识别，请另存为 UTF-8 编码的 CSV 或 .xlsx。")]})


def _split(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Invalid({"file": [_("不是有效的 CSV 文件。")]}) from error


def _from_xlsx(content: bytes) -> Iterator[Sequence[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 — slow; used by imports only

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise Invalid({"file": [_("表格解开后过大，请分成几个文件。")]})
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        # One column more than allowed, to see whether there are more.
        for row in book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS + 1):
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


def _rows(lines: Iterator[Sequence[str]]) -> list[ListRow]:
    headings = [clean(cell) for cell in next(lines, ())]
    named = [heading for heading in headings if heading]
    if not named:
        raise Invalid({"file": [_("第一行应为列名，例如：标题、收到时间。")]})
    if twice := sorted({heading for heading in named if named.count(heading) > 1}):
        raise Invalid({"file": [_("列名重复：{names}。").format(names="、".join(twice))]})
    return _filled(headings, enumerate(lines, 2))


def _filled(headings: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]]) -> list[ListRow]:
    """Return the rows that say something; nothing is dropped without a word."""
    filled: list[ListRow] = []
    for number, line in lines:
        if any(map(clean, line[MAX_COLUMNS:])):
            raise Invalid({"file": [_("第 {n} 行超过 {m} 列。").format(n=number, m=MAX_COLUMNS)]})
        row = ListRow(number, _cells(headings, line))
        if any(row.cells.values()):
            filled.append(row)
        if len(filled) > MAX_ROWS:
            raise Invalid({"file": [_("一次最多 {n} 行，请分成几个文件。").format(n=MAX_ROWS)]})
        if number > _MAX_LINES:
            raise Invalid({"file": [_("表格超过 {n} 行，请删除末尾的空行。").format(n=_MAX_LINES)]})
    if not filled:
        raise Invalid({"file": [_("表中没有内容。")]})
    return filled


def _cells(headings: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    return {heading: clean(cell) for heading, cell in zip(headings, line, strict=False) if heading}
