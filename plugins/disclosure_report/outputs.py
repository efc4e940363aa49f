"""The report as JSON and as plain text."""

import json
import unicodedata
from decimal import Decimal

from cms.api import gettext as _

from .report import Change, Correction, Layout, Number, Origin, Report, Row, Table

Scalar = str | int | float | None
_ONES = "零一二三四五六七八九"
_TEN = 10


def as_json(report: Report) -> str:
    """Return the report in the shape of the product's contract, with a line end."""
    return json.dumps(contract(report), ensure_ascii=False, indent=2) + "\n"


def contract(report: Report) -> dict[str, object]:
    """Return the report as JSON values: names and shape are binding for other programs.

    A value that is not known is ``null``. A figure reported with another value than the records give also has
    ``reported_value``, ``computed_value`` and ``reason``. ``errata`` is there if a frozen report was corrected; its
    figures and tables stay as they were frozen.
    """
    found: dict[str, object] = {
        "year": report.year,
        "format": report.format,
        "organ": report.organ,
        "figures": {code: _figure(number) for code, number in report.figures.items()},
        "tables": tables_json(report),
        "chapters": [
            {"code": chapter.code, "title": chapter.title, "text": chapter.plain} for chapter in report.chapters
        ],
        "findings": [finding.as_json() for finding in report.findings],
    }  # fmt: skip
    if report.errata:
        found["errata"] = [_erratum(one) for one in report.errata]
    return found


def _erratum(one: Correction) -> dict[str, object]:
    changes = [
        {"code": change.code, "label": change.label, "unit": change.unit,
         "old": _scalar(Decimal(change.old)) if change.old else None, "new": _scalar(change.new)}
        for change in one.changes
    ]  # fmt: skip
    return {"date": one.corrected_on.isoformat(), "text": one.text, "changes": changes}


def tables_json(report: Report) -> dict[str, object]:
    """Return the tables by code, in the shape of the contract."""
    return {table.code: table_values(table) for table in report.tables.values()}


def table_values(table: Table) -> dict[str, object]:
    """Return the numbers of a table in the shape of the contract: by row, in blocks by row and column."""
    if table.layout is Layout.LIST:
        return {code: _scalar(number.value) for code, number in table.cells.items()}
    return {
        row.code: {column.code: _scalar(number.value) for column, number in zip(block.columns, row.cells, strict=True)}
        for block in table.blocks for row in block.rows
    }  # fmt: skip


def _figure(number: Number) -> dict[str, Scalar]:
    shown: dict[str, Scalar] = {
        "value": _scalar(number.value),
        "unit": number.unit,
        "source": "manual" if number.origin is Origin.MANUAL else "computed",
        "label": number.label,
    }
    if number.is_overridden:
        shown |= {
            "reported_value": _scalar(number.value),
            "computed_value": _scalar(number.computed),
            "reason": number.reason,
        }
    return shown


def _scalar(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_text(report: Report) -> str:
    """Return the report in the official layout: title, opening, numbered chapters with their tables, annexed tables.

    Cells of tables of blocks stand between tabs, so that they can be pasted into a spreadsheet.
    """
    lines = [report.title, "", f"　　{report.opening}", ""]
    for number, chapter in enumerate(report.chapters, 1):
        lines += [f"{chinese_number(number)}、{chapter.title}", ""]
        lines += [f"　　{line}" for line in chapter.lines]
        if chapter.table:
            lines += _blocks(report.tables[chapter.table])
        lines.append("")
    for table in report.annexes:
        lines += _list(table, report.year)
    for one in report.errata:
        lines += [_("更正（{day}）").format(day=one.corrected_on.isoformat()), "", f"　　{one.text}"]
        lines += [f"　　{changed(change)}" for change in one.changes] + [""]
    return "\n".join(lines).rstrip() + "\n"


def changed(change: Change) -> str:
    """Return the sentence that says how an erratum corrects a number."""
    return _("{code} {label}：原为 {old}，更正为 {new}{unit}。").format(
        code=change.code, label=change.label, old=change.old or _("空缺"), new=change.new_shown, unit=change.unit
    )


def _blocks(table: Table) -> list[str]:
    lines = [table.corner] if table.corner and len(table.blocks) == 1 else []
    corner = table.corner if len(table.blocks) > 1 else {Layout.ACROSS: _("类别")}.get(table.layout, _("项目"))
    for block in table.blocks:
        lines += [block.title] if block.title else []
        lines.append("\t".join([corner, *(column.label for column in block.columns)]))
        lines += ["\t".join([_name(table, row), *(number.shown for number in row.cells)]) for row in block.rows]
    return lines


def _name(table: Table, row: Row) -> str:
    """Return the name of a row on one line: 三、本年度办理结果 （一）予以公开; 行政诉讼（复议后起诉）."""
    if table.layout is Layout.ACROSS and row.above:
        return _("{group}（{row}）").format(group=" ".join(row.above), row=row.label)
    return " ".join((*row.above, row.label))


def _list(table: Table, year: int) -> list[str]:
    cells = [(_indented(row.depth, row.label), row.number) for row in table.rows]
    head = (_("统计指标"), _("单位"), _("统计数"))
    wide = max(width(text) for text, _number in [(head[0], None), *cells])
    lines = [
        _("附：{title}（{year}年度）").format(title=table.title, year=year),
        "",
        f"{_padded(head[0], wide)}  {_padded(head[1], 4)}  {head[2]}",
    ]
    for label, number in cells:
        unit, value = (number.unit, number.shown) if number else ("", "")
        lines.append(f"{_padded(label, wide)}  {_padded(unit, 4)}  {value}".rstrip())
    return [*lines, ""]


def _indented(depth: int, label: str) -> str:
    return "　" * depth + label


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def width(text: str) -> int:
    """Return how many columns ``text`` takes in a fixed-width font; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def chinese_number(number: int) -> str:
    """Return 1 to 99 as a Chinese numeral, as chapters are numbered."""
    tens, ones = divmod(number, _TEN)
    if not tens:
        return _ONES[ones]
    return (_ONES[tens] if tens > 1 else "") + "十" + (_ONES[ones] if ones else "")
