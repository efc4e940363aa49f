"""Rules X01 to X11, X18, R03 and R04: what the tables of a report must add up to, among themselves and with others."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from cms.api import gettext as _

from .layout import Lack
from .organs import Level
from .reading import ReadTable
from .registry import Context, Hit, Severity
from .rules import RULES, shown
from .source import Span

_TABLES = "年度报告表间勾稽"
#: Cells that a finding about many of them names.
_NAMED = 4


def _place(table: ReadTable, row: str, column: str) -> Span:
    value = table.cells.get((row, column))
    return Span(value.start, max(value.end, value.start)) if value is not None else Span(table.start, table.start)


@RULES.rule(
    "X01", Severity.ERROR, "申请数量勾稽不平",
    "表中每一列：本年新收 + 上年结转 = 办理结果总计 + 结转下年度。请核对台账后更正其中有误的数。",
    source="国办公开办函〔2021〕30号（表内勾稽关系）", tables="T3",
)  # fmt: skip
def balance(context: Context) -> Iterator[Hit]:
    """∀ column: A1 + A2 = A3.7 + A4."""
    table = context.tables["T3"]
    for column in table.shape.column_labels:
        new, old, done, left = (table.amount(row, column) for row in ("A1", "A2", "A3.7", "A4"))
        if new is None or old is None or done is None or left is None or new + old == done + left:
            continue
        message = _(
            "“{column}”列：本年新收 {a} + 上年结转 {b} = {ab}，而办理结果总计 {c} + 结转下年度 {d} = {cd}。"
        ).format(
            column=table.shape.column_labels[column],
            a=shown(new),
            b=shown(old),
            ab=shown(new + old),
            c=shown(done),
            d=shown(left),
            cd=shown(done + left),
        )
        yield Hit(message=message, span=_place(table, "A4", column))


@RULES.rule(
    "X02", Severity.ERROR, "办理结果各项之和不等于总计",
    "表中每一列：（一）至（六）各项之和 = （七）总计。", source="国办公开办函〔2021〕30号", tables="T3",
)  # fmt: skip
def results_add_up(context: Context) -> Iterator[Hit]:
    """∀ column: A3.7 = Σ of the result rows."""
    table = context.tables["T3"]
    leaves = [row.code for row in table.shape.rows if row.code.startswith("A3.") and row.code != "A3.7"]
    for column, label in table.shape.column_labels.items():
        parts = [table.amount(row, column) for row in leaves]
        total = table.amount("A3.7", column)
        added = sum((part for part in parts if part is not None), Decimal())
        if total is not None and None not in parts and added != total:
            message = _("“{column}”列：（一）至（六）各项之和为 {added}，（七）总计为 {total}。").format(
                column=label, added=shown(added), total=shown(total)
            )
            yield Hit(message=message, span=_place(table, "A3.7", column))


def _rows_add_up(table: ReadTable) -> Iterator[Hit]:
    last = table.shape.total_column
    for row in table.shape.rows:
        parts = [table.amount(row.code, column) for column in row.columns if column != last]
        total = table.amount(row.code, last)
        added = sum((part for part in parts if part is not None), Decimal())
        if total is not None and added != total:
            message = _("“{row}”行：各列之和为 {added}，总计为 {total}。").format(
                row=f"{row.group.split('/')[-1]}{row.label}", added=shown(added), total=shown(total)
            )
            yield Hit(message=message, span=_place(table, row.code, last))


@RULES.rule(
    "X03", Severity.ERROR, "申请人各列之和不等于总计",
    "每一行：自然人与五类法人或其他组织之和 = 总计。", source="国办公开办函〔2021〕30号", tables="T3",
)  # fmt: skip
def applicants_add_up(context: Context) -> Iterator[Hit]:
    """∀ row of table 3: T = Σ of the applicant classes."""
    yield from _rows_add_up(context.tables["T3"])


@RULES.rule(
    "X04", Severity.ERROR, "复议诉讼各种结果之和不等于总计",
    "行政复议和两类行政诉讼：结果维持 + 结果纠正 + 其他结果 + 尚未审结 = 总计。",
    source="国办公开办函〔2021〕30号", tables="T4",
)  # fmt: skip
def cases_add_up(context: Context) -> Iterator[Hit]:
    """∀ group of table 4: total = Σ of the outcomes."""
    yield from _rows_add_up(context.tables["T4"])


@RULES.rule(
    "X05", Severity.ERROR, "上年结转与上年度报告不符",
    "本年“上年结转”的每一列应等于上年度报告“结转下年度继续办理”的同一列。上年度报告事后更正的，请写明理由后忽略本条。",
    source="《条例》第四十五条、第五十条", tables="T3",
)  # fmt: skip
def carried_over(context: Context) -> Iterator[Hit]:
    """∀ column: A2 of this year = A4 of the year before."""
    table, before = context.tables["T3"], context.previous
    for column, label in table.shape.column_labels.items():
        now, then = table.amount("A2", column), before.amount("T3", "A4", column) if before else None
        if now is not None and then is not None and now != then:
            message = _("“{column}”列：上年结转为 {now}，{year}年度报告结转下年度继续办理为 {then}。").format(
                column=label, now=shown(now), then=shown(then), year=context.year - 1
            )
            yield Hit(message=message, span=_place(table, "A2", column))


@RULES.rule(
    "X06", Severity.ERROR, "单元格不是有效的数",
    "件数为不小于 0 的整数；收费金额不小于 0，单位为万元；没有的填 0，不留空、不画斜线。读入已公布的报告时，"
    "空格和斜线按 0 计，只作提醒。",
    source="国办公开办函〔2021〕30号",
)  # fmt: skip
def cells_are_numbers(context: Context) -> Iterator[Hit]:
    """No blank cells, integers where things are counted, complete rows."""
    for table in context.tables.values():
        if table.missing:
            names = "、".join(table.shape.row(code).label for code in table.missing)
            yield Hit(message=_("表格缺少这些行：{rows}。").format(rows=names), span=Span(table.start, table.start))
        for code, count in table.uneven.items():
            row = table.shape.row(code)
            message = _("“{row}”行有 {count} 个数，应有 {wanted} 个；能确定位置的已读入，其余按 0 计。")
            yield Hit(
                message=message.format(row=row.label, count=count, wanted=len(row.columns)),
                span=_place(table, code, row.columns[-1]),
            )
        yield from _odd_cells(table)


def _odd_cells(table: ReadTable) -> Iterator[Hit]:
    empty: list[tuple[str, str]] = []
    for (code, column), value in table.cells.items():
        unit, name = table.shape.row(code).unit_of(column), table.shape.name(code, column)
        if value.lack in {Lack.BLANK, Lack.DASH} or (value.lack is Lack.MISSING and code not in table.uneven):
            empty.append((code, column))
        elif unit != "万元" and value.amount != value.amount.to_integral_value():
            message = _("“{cell}”为 {value}，件数应为整数。").format(cell=name, value=value.text)
            yield Hit(message=message, span=value)
        elif unit == "万元" and value.unit == "元":
            message = _("“{cell}”写作“{value}”，该栏单位为万元。").format(cell=name, value=value.text)
            yield Hit(message=message, span=value)
        elif value.amount < 0 and column not in table.shape.signed:
            yield Hit(message=_("“{cell}”为 {value}，不能小于 0。").format(cell=name, value=value.text), span=value)
    if empty:
        names = "、".join(table.shape.name(*cell) for cell in empty[:_NAMED]) + ("……" if len(empty) > _NAMED else "")
        message = _("《{title}》有 {n} 格没有填数（{names}），按 0 读入；没有的应填 0。").format(
            title=table.shape.title, n=len(empty), names=names
        )
        yield Hit(message=message, span=table.cells[empty[0]], severity=Severity.WARNING)


@RULES.rule(
    "X07", Severity.ERROR, "本级机关不能制定规章",
    "规章由国务院部门，省、自治区、直辖市和设区的市、自治州的人民政府制定；县级及以下机关的“规章”各格应为 0。",
    source="《立法法》（2023）第九十一条、第九十三条", levels=(Level.TOWN, Level.COUNTY), tables="T2",
)  # fmt: skip
def no_rules_below(context: Context) -> Iterator[Hit]:
    """All cells of the row 规章 are 0 below the level that can make them."""
    table = context.tables["T2"]
    for (code, column), value in table.cells.items():
        if code == "REG" and value.amount:
            message = _("“{cell}”为 {value}，应为 0。").format(cell=table.shape.name(code, column), value=value.text)
            yield Hit(message=message, span=value)


@RULES.rule(
    "X08", Severity.WARNING, "现行有效件数与上年度不衔接",
    "现行有效（本年）= 现行有效（上年）+ 本年制发 − 本年废止；因清理、宣布失效、职能划转等不相等的，请在报告中说明。",
    source=_TABLES, tables="T2",
)  # fmt: skip
def valid_documents(context: Context) -> Iterator[Hit]:
    """Valid(y) = valid(y−1) + made − repealed."""
    table, before = context.tables["T2"], context.previous
    for code in ("REG", "NORM"):
        made, repealed, valid = (context.amount("T2", code, column) for column in ("made", "repealed", "valid"))
        then = before.amount("T2", code, "valid") if before else None
        if made is None or repealed is None or valid is None or then is None or then + made - repealed == valid:
            continue
        message = _(
            "{row}：上年现行有效 {then} + 本年制发 {made} − 本年废止 {repealed} = {sum}，本年现行有效填 {valid}。"
        ).format(
            row=table.shape.row(code).label,
            then=shown(then),
            made=shown(made),
            repealed=shown(repealed),
            sum=shown(then + made - repealed),
            valid=shown(valid),
        )
        yield Hit(message=message, span=_place(table, code, "valid"))


def _cases(context: Context, column: str, *rows: str) -> Decimal | None:
    amounts = [context.amount("T4", row, column) for row in rows]
    return None if None in amounts else sum((one for one in amounts if one is not None), Decimal())


@RULES.rule(
    "X09", Severity.WARNING, "上年尚未审结的案件没有再出现",
    "上年度“尚未审结”的复议、诉讼案件应计入本年度的结果，本年度案件总数不应少于上年尚未审结数。",
    source=_TABLES, tables="T4",
)  # fmt: skip
def pending_cases(context: Context) -> Iterator[Hit]:
    """Totals of this year ≥ cases pending at the end of the last."""
    table, before = context.tables["T4"], context.previous
    for rows, label in ((("R",), _("行政复议")), (("L0", "L1"), _("行政诉讼"))):
        now, then = _cases(context, "total", *rows), _cases(before, "pending", *rows) if before else None
        if now is not None and then is not None and now < then:
            message = _("{kind}：上年度尚未审结 {then} 件，本年度总计只有 {now} 件。").format(
                kind=label, then=shown(then), now=shown(now)
            )
            yield Hit(message=message, span=_place(table, rows[0], "total"))


@RULES.rule(
    "X10", Severity.WARNING, "有复议后起诉而没有复议",
    "“复议后起诉”有案件，而本年度和上年度行政复议都为 0，请核对或说明。", source=_TABLES, tables="T4",
)  # fmt: skip
def litigation_after_review(context: Context) -> Iterator[Hit]:
    """L1 > 0 needs reconsideration cases in this year or the one before."""
    after, reviews = _cases(context, "total", "L1"), _cases(context, "total", "R")
    earlier = _cases(context.previous, "total", "R") if context.previous else None
    if after and reviews == 0 and not earlier:
        message = _("复议后起诉 {after} 件，行政复议为 0 件。").format(after=shown(after))
        yield Hit(message=message, span=_place(context.tables["T4"], "L1", "total"))


@RULES.rule(
    "X11", Severity.WARNING, "有未经复议直接起诉的案件",
    "2024年1月1日起，对不予公开和不履行公开职责不服的，应当先申请行政复议。有未经复议直接起诉的案件，请核对是否属于其他情形或以前年度的案件。",
    source="《行政复议法》（2023）第二十三条", tables="T4",
)  # fmt: skip
def direct_litigation(context: Context) -> Iterator[Hit]:
    """L0 > 0 after reconsideration became mandatory."""
    since, direct = context.form.review_first_since, _cases(context, "total", "L0")
    if direct and since is not None and context.year >= since:
        message = _("未经复议直接起诉 {n} 件，请核对是否符合复议前置的规定。").format(n=shown(direct))
        yield Hit(message=message, span=_place(context.tables["T4"], "L0", "total"))


@RULES.rule(
    "X18", Severity.ERROR, "汇总数不等于各单位之和",
    "汇总报告的每一格应等于所属各单位报告同一格之和。", source="年度报告汇总",
)  # fmt: skip
def parts_add_up(context: Context) -> Iterator[Hit]:
    """Parent report = Σ of the reports of subordinate organs, cell by cell."""
    if not context.parts:
        return
    for code, table in context.tables.items():
        for key, value in table.cells.items():
            amounts = [_of(part, code, *key) for part in context.parts]
            added = sum(amounts, Decimal())
            if added != value.amount:
                message = _("“{cell}”为 {value}，所属 {n} 个单位之和为 {added}。").format(
                    cell=table.shape.name(*key), value=shown(value.amount), n=len(amounts), added=shown(added)
                )
                yield Hit(message=message, span=value)


def _of(part: Mapping[str, ReadTable], code: str, row: str, column: str) -> Decimal:
    table = part.get(code)
    return (table.amount(row, column) if table is not None else None) or Decimal()
