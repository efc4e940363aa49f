"""Rules L06 and L11: one quantity that a report states with several values, or in several units."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cms.api import gettext as _

from .document import Document
from .numbers import Quantity
from .registry import Context, Hit, Severity
from .rules import RULES
from .source import Span
from .sums import Part

#: What is counted → the words that name it, right before the number.
_METRICS = {
    "工作动态": re.compile(r"工作动态(?:类)?(?:信息)?$|动态信息$"),
    "通知公告": re.compile(r"(?:通知公告|公告通知)(?:类)?(?:信息)?$"),
    "网上咨询": re.compile(r"(?:网上|网络|在线|线上)咨询$"),
    "电话咨询": re.compile(r"电话咨询$"),
    "现场咨询": re.compile(r"(?:现场|当面|窗口)(?:接待)?咨询$"),
    "政府信息公开申请": re.compile(
        r"(?:(?:收到|受理|接到|新收)[^,。;]{0,16}(?:公开)?申请(?:件|案件|数量|信息|总数)*"
        r"|依申请公开(?:信息)?(?:总数|数量)?)$"
    ),
    "主动公开政府信息": re.compile(r"主动公开(?:各类|了)?(?:政府|政务|部门)?信息(?:总数|数量)?$"),
    "政府信息公开培训": re.compile(r"(?:举办|开展|组织)[^,。;]{0,14}(?:信息公开|政务公开)[^,。;]{0,8}培训(?:班|会)?$"),
    "政府信息公开会议": re.compile(r"召开[^,。;]{0,14}(?:信息公开|政务公开)[^,。;]{0,8}(?:会议|专题会|工作会)$"),
    "行政复议": re.compile(r"(?:信息公开|政务公开)[^,。;]{0,12}行政复议(?:案件|申请)?$"),
    "行政诉讼": re.compile(r"(?:信息公开|政务公开)[^,。;]{0,12}行政诉讼(?:案件)?$"),
}  # fmt: skip
_NUMBERLESS = re.compile(
    r"(?:总?数(?:量)?|件数)?(?:共|为|是|有|约|近|达|占|计|累计|共计|总计|合计|达到|达成|:|了|分别|均|各)*$"
)
_CHANNELS = re.compile(
    r"门户网|微信|微博|公众号|公报|抖音|头条|报|电视|广播|民政网|局网站|县网站|市网站|政务网|网站|新媒体|信箱|热线|公开栏|平台"
)
_OTHERS = re.compile(
    r"上年|去年|上一年|同比|增加|减少|增长|下降|较|比|本级|各(?:县|乡|镇|部门|单位)|其余|每|平均|[县区市乡镇]的?(?=.{0,3}$)"
    r"|(?:局|委|办|乡|镇|街道|县|区)(?=(?:共|累计)?(?:收到|受理|公开|主动公开|办理))"
)
_REPLIES = re.compile(r"(?:网上|网络|在线|线上)(?:回复|答复|办理答复)(?:群众)?(?:留言|咨询|信件|来信)?(?:总?数)?$")
_RECEIPTS = re.compile(r"(?:网上|网络|在线|线上)(?:咨询|留言|提问|来信|信访)$|信箱(?:信件|来信|留言|邮件)*(?:咨询)?$")
_ALL_ANSWERED = re.compile(
    r"(?:答复|回复|办结|办理)率(?:达到?|为)?100%|均(?:已|100%)?[^,。;]{0,8}(?:答复|回复)|全部(?:答复|回复)"
)
_UNIT_FAMILIES = {
    "咨询": (re.compile(r"咨询(?:服务|信件|电话)?$"), {"条", "件", "人次", "次", "个", "起", "人"}),
    "政府信息公开申请": (re.compile(r"(?:公开|公开的)申请(?:案件)?$"), {"条", "件", "份", "次", "宗", "个", "人次"}),
    "网上回复": (re.compile(r"回复|答复(?:咨询|留言)?$"), {"条", "件", "人次", "次"}),
    "行政复议": (re.compile(r"行政复议(?:案件|申请)?$"), {"条", "件", "次", "人次"}),
    "行政诉讼": (re.compile(r"行政诉讼(?:案件)?$"), {"条", "件", "次", "人次"}),
}  # fmt: skip


@dataclass(frozen=True)
class Mention:
    """A quantity of a metric, with the channel it was counted on and whether another organ or year is meant."""

    metric: str
    channel: str
    part: Part

    @property
    def quantity(self) -> Quantity:
        """Return the number."""
        return self.part.quantity


def _bare(label: str) -> str:
    """Return the words before a number without the verbs that only introduce it."""
    return _NUMBERLESS.sub("", label.rstrip(" (:"))


def _metric_of(label: str) -> str | None:
    bare = _bare(label)
    return next((name for name, pattern in _METRICS.items() if pattern.search(bare)), None)


def mentions(context: Context) -> list[Mention]:
    """Return the quantities of known metrics in prose that are about this organ and this year."""
    document, found = context.document, []
    for stretch, parts in context.counted:
        for part in parts:
            metric = _metric_of(part.label)
            if metric is None or _OTHERS.search(part.label[-24:]):
                continue
            before = document.folded[max(stretch.start, part.quantity.start - 40) : part.quantity.start]
            channels = _CHANNELS.findall(before)
            found.append(Mention(metric, channels[-1] if channels else "", part))
    return found


@RULES.rule(
    "L06", Severity.ERROR, "同一数字前后不一",
    "同一件事的数字在报告各处应相同；统计口径不同的，应写明区别。", source="年度报告常见差错（F08、F09）",
)  # fmt: skip
def several_values(context: Context) -> Iterator[Hit]:
    """One metric, on one channel, with values that cannot be the same."""
    document = context.document
    parts = {part.quantity.start for one in context.breakdowns for part in one.parts}
    by_metric: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for one in mentions(context):
        # A metric that is a part here and stands alone there still has to have one value.
        by_metric[one.metric, one.channel].append(one)
    for (metric, _channel), found in by_metric.items():
        first = found[0]
        for other in found[1:]:
            if first.quantity.unit == other.quantity.unit and not _same(first.quantity, other.quantity):
                both_parts = first.quantity.start in parts and other.quantity.start in parts
                if not both_parts:
                    yield _differ(document, metric, (first.quantity, other.quantity))
                    break
    yield from _replies(context)


def _same(one: Quantity, other: Quantity) -> bool:
    """Tell whether two statements can be of one number: equal, or one of them rounded."""
    return one.may_equal(other.low, other.high)


def _differ(document: Document, metric: str, found: Sequence[Quantity]) -> Hit:
    values = "、".join(f"“{_with_label(document, one)}”" for one in found)
    return Hit(message=_("“{metric}”前后数字不同：{values}。").format(metric=metric, values=values), span=found[-1])


def _with_label(document: Document, one: Quantity) -> str:
    start = max(document.sentence_at(one.start).start, one.start - 12)
    before = re.split(r"[,。;、:]", document.folded[start : one.start])[-1]
    return f"{before.strip()}{document.text[one.start : one.end]}"


def _replies(context: Context) -> Iterator[Hit]:
    """Replies online that are neither one of the numbers of messages online, nor a sum of them."""
    document = context.document
    replies: list[Quantity] = []
    receipts: list[Quantity] = []
    for _stretch, parts in context.counted:
        for part in parts:
            bare = _bare(part.label)
            if _REPLIES.search(bare):
                replies.append(part.quantity)
            elif _RECEIPTS.search(bare):
                receipts.append(part.quantity)
    for reply in replies:
        most = max((one.base for one in receipts), default=None)
        fits = any(reply.base == one.base for one in receipts)
        fits = fits or reply.base == sum(one.base for one in receipts)
        if most is not None and reply.base > most and not fits:
            hit = _differ(document, _("网上来信、咨询和回复"), [*receipts[:2], reply])
            # Who says that everything was answered has to have as many answers; else some may be of earlier messages.
            is_certain = reply.is_malformed or bool(_ALL_ANSWERED.search(context.prose))
            yield hit if is_certain else replace(hit, severity=Severity.WARNING)


@RULES.rule(
    "L11", Severity.WARNING, "同一事项用了几种单位",
    "同一件事应始终用同一计量单位；“条”“件”“人次”不能直接相比。", source="年度报告常见差错（F14）",
)  # fmt: skip
def several_units(context: Context) -> Iterator[Hit]:
    """One matter, counted in one unit."""
    document = context.document
    used: dict[str, dict[str, Quantity]] = defaultdict(dict)
    for _stretch, parts in context.counted:
        for part in parts:
            bare, unit = _bare(part.label), part.quantity.unit
            for name, (pattern, units) in _UNIT_FAMILIES.items():
                if unit in units and pattern.search(bare):
                    used[name].setdefault("件" if unit in {"宗", "起"} else unit, part.quantity)
    for name, by_unit in used.items():
        if len(by_unit) > 1:
            values = "、".join(f"“{_with_label(document, one)}”" for one in by_unit.values())
            message = _("“{name}”用了 {n} 种单位：{values}。").format(name=name, n=len(by_unit), values=values)
            last = list(by_unit.values())[-1]
            yield Hit(message=message, span=Span(last.start, last.end))
