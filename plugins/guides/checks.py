"""What is checked before a guide becomes public (disclosure-rules e; key elements are a veto item of inspections)."""

import re
from collections.abc import Iterator, Mapping

from cms.api import Json, gettext

#: Without these a guide does not tell anybody what to do.
KEY_ELEMENTS = ("conditions", "materials", "steps", "offices")
#: 兜底条款: words that leave open which papers are asked for.
_OPEN_END = re.compile(r"(?:其他|其它)(?:相关|有关|所需|必要)?的?(?:证明|申请)?材料|等(?:相关|有关)?(?:证明|申请)?材料")
_LIMIT = re.compile(r"(\d{1,4})\s*个?\s*(工作日|日|天|小时|月)(?:内|以内|之内)?")
_SAME_UNIT = {"天": "日"}


def problems_of(values: Mapping[str, Json]) -> list[str]:
    """Return what keeps a guide with these stored values from becoming public."""
    return [*_missing(values), *_open_ended(values), *_too_slow(values), *_bad_address(values)]


def limit_of(text: str) -> tuple[int, str] | None:
    """Return number and unit of a time limit such as 30个工作日; nothing if ``text`` says more than that."""
    match = _LIMIT.fullmatch(text.strip())
    return (int(match[1]), _SAME_UNIT.get(match[2], match[2])) if match else None


def _missing(values: Mapping[str, Json]) -> Iterator[str]:
    labels = {
        "conditions": gettext("申请条件"), "materials": gettext("申报材料"), "steps": gettext("办理流程"),
        "offices": gettext("办理地点和时间"),
    }  # fmt: skip
    for name in KEY_ELEMENTS:
        if not values.get(name):
            yield gettext("办事指南缺少关键要素“{label}”。").format(label=labels[name])


def _open_ended(values: Mapping[str, Json]) -> Iterator[str]:
    materials = values.get("materials")
    for number, row in enumerate(materials if isinstance(materials, list) else [], 1):
        text = f"{row.get('name') or ''} {row.get('note') or ''}" if isinstance(row, dict) else ""
        if match := _OPEN_END.search(text):
            yield gettext("申报材料第 {n} 行有兜底条款“{words}”，请逐项列明所需材料。").format(n=number, words=match[0])


def _too_slow(values: Mapping[str, Json]) -> Iterator[str]:
    legal, promised = (limit_of(str(values.get(name) or "")) for name in ("legal_limit", "promised_limit"))
    if legal and promised and legal[1] == promised[1] and promised[0] > legal[0]:
        yield gettext("承诺办结时限（{promised}）长于法定办结时限（{legal}）。").format(
            promised=values["promised_limit"], legal=values["legal_limit"]
        )


def _bad_address(values: Mapping[str, Json]) -> Iterator[str]:
    address = str(values.get("online_url") or "")
    if address and not address.startswith(("https://", "http://")):
        yield gettext("“网上办理地址”应以 https:// 开头。")
