"""Reports as JSON of the contract, ours or of others: read with everything that is wrong told at once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from cms.api import Invalid, one_line
from cms.api import gettext as _

from .format_file import Format, Formats

#: Value by row, or by row and column.
Tables = Mapping[str, Mapping[str, object]]
#: Largest file that is read; a report is some hundred kilobytes.
LARGEST = 5_000_000
_TOLD = 8


@dataclass(frozen=True, kw_only=True)
class Given:
    """A report as it was given. Only what is there is known; a value that is ``null`` is not."""

    year: int
    format: str
    organ: str
    tables: Tables = field(default_factory=dict)
    figures: Mapping[str, object] = field(default_factory=dict)
    chapters: tuple[Mapping[str, str], ...] = ()


def read_contract(content: bytes, known: Formats) -> Given:
    """Read the JSON of ``cms report build --as json``, or tables alone with year and organ.

    :raises Invalid: at ``file``, with every problem and its place.
    """
    if len(content) > LARGEST:
        raise Invalid({"file": [_("文件过大，年度报告的 JSON 不超过 {n} MB。").format(n=LARGEST // 1_000_000)]})
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Invalid({"file": [_("文件不是 JSON：请上传“下载”中的 JSON 文件。")]}) from error
    if not isinstance(found, dict) or not isinstance(found.get("tables"), dict):
        raise Invalid({"file": [_("文件中没有年度报告的表格（tables）。")]})
    year = found.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise Invalid({"file": [_("文件没有写明年度（year）。")]})
    form = known.for_year(year)
    problems = list(table_problems(form, found["tables"]))
    if problems:
        raise Invalid({"file": problems[:_TOLD]})
    figures = found.get("figures")
    return Given(
        year=year, format=form.id, organ=one_line(str(found.get("organ") or ""))[:100], tables=found["tables"],
        figures=_figures(figures) if isinstance(figures, dict) else {}, chapters=_chapters(found.get("chapters")),
    )  # fmt: skip


def table_problems(form: Format, tables: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with tables in the shape of the contract: unknown tables and cells, and what is no number."""
    specs = {table.code: table for table in form.tables}
    for code, rows in tables.items():
        if code not in specs or not isinstance(rows, dict):
            yield _("{format}没有“{code}”这张表。").format(format=form.label, code=code)
            continue
        signed = {cell.code for cell in specs[code].cells() if cell.signed}
        shown = {row.code for row in specs[code].rows if row.figure} if specs[code].is_list else set()
        known = {cell.code for cell in specs[code].cells()} | shown
        for address, value in flat({code: rows}).items():
            if address not in known:
                yield _("{code}：没有这个单元格。").format(code=address)
            elif value is not None and not _is_number(value, is_signed=address in signed):
                yield _("{code}：“{value}”不是数值。").format(code=address, value=str(value)[:40])


def flat(tables: Tables) -> dict[str, object]:
    """Return values by address: the row's code in a list, ``TABLE.ROW.COLUMN`` in a table of blocks."""
    found: dict[str, object] = {}
    for code, rows in tables.items():
        for row, value in rows.items():
            if isinstance(value, dict):
                found |= {f"{code}.{row}.{column}": one for column, one in value.items()}
            else:
                found[row] = value
    return found


def numbers_of(values: Mapping[str, object]) -> dict[str, Decimal]:
    """Return the values that are known."""
    return {code: Decimal(str(value)) for code, value in values.items() if _is_number(value, is_signed=True)}


def _is_number(value: object, *, is_signed: bool) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    amount = Decimal(str(value))
    return amount.is_finite() and (is_signed or amount >= 0)


def _figures(figures: Mapping[str, object]) -> dict[str, object]:
    return {
        code: one["value"] for code, one in figures.items()
        if isinstance(one, dict) and _is_number(one.get("value"), is_signed=True)
    }  # fmt: skip


def _chapters(chapters: object) -> tuple[Mapping[str, str], ...]:
    listed = chapters if isinstance(chapters, list) else []
    return tuple(
        {name: str(one.get(name, "")) for name in ("code", "title", "text")} for one in listed if isinstance(one, dict)
    )
