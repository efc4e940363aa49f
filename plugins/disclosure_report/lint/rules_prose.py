"""Rule X12: numbers of the prose that also stand in the tables.

A statement is read in every way that its words allow; it is wrong only if no reading fits:

===========  =======================================================================================================
kind         readings
===========  =======================================================================================================
received     新收, 新收 + 上年结转 (收到, 受理, 办理 may mean either)
new          新收
answered     办理结果总计
carried_*    上年结转, 结转下年度
result.*     the row, or the rows of the group, in the column 总计
applicant.*  新收, 新收 + 结转 or 办理结果总计 in the column of that class
reviews      行政复议总计
lawsuits     both kinds of 行政诉讼 together, or one of them
others       the cell of table 2
===========  =======================================================================================================
"""

from collections.abc import Iterator
from decimal import Decimal

from cms.api import gettext as _

from .claims import Claim, claims
from .numbers import Quantity
from .registry import Context, Hit, Severity
from .rules import RULES, shown

Readings = dict[str, Decimal]
_CASES = ("R", "L0", "L1")
_CLASSES = ("CE", "RI", "PW", "LS", "OT")
_T2 = {
    "licences": ("LIC", "decisions"), "penalties": ("PUN", "decisions"), "coercions": ("COE", "decisions"),
    "charges": ("FEE", "amount"), "norm.made": ("NORM", "made"), "norm.repealed": ("NORM", "repealed"),
    "norm.valid": ("NORM", "valid"),
}  # fmt: skip
_T14 = {
    "received": ("S3.1",), "new": ("S3.1",), "answered": ("S3.2", "S3.3"), "reviews": ("S4",), "lawsuits": ("S5",),
    "fees": ("S7",),
}  # fmt: skip
_MONEY = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}
_SOFT = frozenset({"norm.made", "norm.repealed", "norm.valid"})


def _sum(context: Context, table: str, cells: list[tuple[str, str]]) -> Decimal | None:
    amounts = [context.amount(table, *cell) for cell in cells]
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal()) if known and len(known) == len(amounts) else None


def readings(context: Context, kind: str) -> Readings:
    """Return the values that a statement of that kind can mean, each with its name in the tables."""
    if "T14" in context.tables and kind in _T14:
        names = {row.code: row.label for row in context.tables["T14"].shape.rows}
        found: dict[str, Decimal | None] = {names[code]: context.amount("T14", code) for code in _T14[kind]}
    elif kind in _T2:
        found = {_name(context, "T2", *_T2[kind]): context.amount("T2", *_T2[kind])}
    elif kind in {"reviews", "lawsuits", "cases"}:
        found = _case_readings(context, kind)
    else:
        found = _application_readings(context, kind)
    return {name: amount for name, amount in found.items() if amount is not None}


def _name(context: Context, table: str, row: str, column: str) -> str:
    found = context.tables.get(table)
    return found.shape.name(row, column) if found else ""


def _case_readings(context: Context, kind: str) -> dict[str, Decimal | None]:
    totals = {row: context.amount("T4", row, "total") for row in _CASES}
    lawsuits = _sum(context, "T4", [("L0", "total"), ("L1", "total")])
    if kind == "reviews":
        return {_("行政复议总计"): totals["R"]}
    if kind == "lawsuits":
        return {
            _("两类行政诉讼总计之和"): lawsuits,
            _("未经复议直接起诉总计"): totals["L0"],
            _("复议后起诉总计"): totals["L1"],
        }
    return {_("行政复议、行政诉讼总计之和"): _sum(context, "T4", [(row, "total") for row in _CASES])}


def _application_readings(context: Context, kind: str) -> dict[str, Decimal | None]:
    name, _dot, code = kind.partition(".")
    if name == "result":
        table = context.tables.get("T3")
        prefixes = tuple(f"{one}." for one in code.split("+"))
        rows = [row.code for row in table.shape.rows if f"{row.code}.".startswith(prefixes)] if table else []
        return {_("表中该项总计"): _sum(context, "T3", [(row, "T") for row in rows])}
    columns = list(_CLASSES) if code == "*" else [code or "T"]

    def total(*rows: str) -> Decimal | None:
        return _sum(context, "T3", [(row, column) for row in rows for column in columns])

    if name in {"received", "applicant"}:
        found = {_("本年新收"): total("A1"), _("本年新收 + 上年结转"): total("A1", "A2")}
        return found | ({_("办理结果总计"): total("A3.7")} if name == "applicant" else {})
    row = {"new": "A1", "carried_in": "A2", "carried_out": "A4", "answered": "A3.7"}.get(name)
    labels = {
        "new": _("本年新收"),
        "carried_in": _("上年结转"),
        "carried_out": _("结转下年度"),
        "answered": _("办理结果总计"),
    }
    return {labels[name]: total(row)} if row else {}


@RULES.rule(
    "X12", Severity.ERROR, "正文数字与表格不符",
    "正文中的新收、办结、结转、各种办理结果、许可、处罚、强制、收费、复议、诉讼等数字应与表格一致。“收到”“受理”“办理”可能含上年结转，两种读法都接受；统计口径确有不同的（例如备案数），请在文中写明后忽略本条。",
    source="国办公开办函〔2021〕30号", tables="T2 T3 T4 T14",
)  # fmt: skip
def prose_and_tables(context: Context) -> Iterator[Hit]:
    """Numbers quoted in the prose equal the tables."""
    for claim in claims(context.document, context.counted, context.organ, context.year):
        found = readings(context, claim.kind)
        if claim.kind == "cases" and (claim.is_each or (claim.quantity and not claim.quantity.base)):
            for kind in ("reviews", "lawsuits"):
                yield from _compare(context, claim, readings(context, kind))
        elif found:
            yield from _compare(context, claim, found)


def _compare(context: Context, claim: Claim, found: Readings) -> Iterator[Hit]:
    if not found:
        return
    words = context.document.text[claim.start : claim.end]
    values = "、".join(f"{name} {shown(amount)}" for name, amount in found.items())
    if claim.quantity is None:
        least = min(found.values()) if claim.kind != "lawsuits" else max(found.values())
        if least:
            yield Hit(message=_("正文称“{words}”，表中为：{values}。").format(words=words, values=values), span=claim)
        return
    low, high = _bounds(claim.quantity)
    fitting = [name for name, amount in found.items() if low <= amount and (high is None or amount <= high)]
    if not fitting:
        is_soft = claim.is_other_basis or claim.kind in _SOFT
        message = _("正文为 {words}，表中为：{values}。").format(words=words, values=values)
        yield Hit(message=message, span=claim, severity=Severity.WARNING if is_soft else None)
    elif claim.kind == "received" and len(set(found.values())) > 1 and not _is_settled(context, claim.quantity):
        message = _("“{words}”按“{reading}”读与表相符；请写明是否含上年结转。").format(words=words, reading=fitting[0])
        yield Hit(message=message, span=claim, severity=Severity.NOTE)


def _bounds(one: Quantity) -> tuple[Decimal, Decimal | None]:
    """Return what the number allows; money, and numbers in 万 or 亿, may have been rounded."""
    factor = _MONEY.get(one.unit, Decimal(1))
    low, high = one.low * factor, one.high * factor if one.high is not None else None
    if one.is_exact and (one.unit in _MONEY or one.grain > 1):
        half = one.grain * factor / 2
        return low - half, low + half
    return low, high


def _is_settled(context: Context, one: Quantity) -> bool:
    """Tell whether the number is broken down beside it, which says what it includes."""
    return any(
        found.total.quantity.start == one.start and found.is_exact and found.low == one.base
        for found in context.breakdowns
    )
