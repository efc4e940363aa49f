"""Rules L12, L13, L15, L18 and L22: how the report names its organ and other things, and what is left over in it."""

import re
from collections import defaultdict
from collections.abc import Iterator

from cms.api import gettext as _

from .document import Document
from .garble import DOUBLED, GARBLES, near_misses
from .organs import SELF
from .registry import Context, Fix, Hit, Severity
from .rules import RULES
from .source import Span

#: Names of one thing that people mix; the first is the usual one.
_FAMILIES = (
    ("公共查阅点", "公众查阅点", "信息查阅点", "公共查阅室", "公众查阅室"),
    ("政务公开栏", "宣传栏", "信息公开栏"),
    ("政务公开专区", "政务公开专窗", "信息公开专区"),
    ("县长信箱", "县长邮箱"),
)
_SITE = re.compile(
    r"(?P<name>[\u4e00-\u9fff“”]{0,12}?(?P<core>党政门户|政府门户|门户|政务|民政|公众信息|[\u4e00-\u9fff]{2}局|信息)(?P<kind>网站|网|子站))(?![络上页民友格址点站])"
)
_SITE_STOP = re.compile(
    r"^.*(?:在|从|向|通过|利用|依托|登录|完善|维护|了|的|和|与|及|、|全年|对|由|我局|本局|加强|推进|各|到|于|是)"
)
#: Names of sites that any report uses for sites in general.
_GENERIC = frozenset(["政府网", "政府网站", "门户网站", "网站", "信息网", "政务网", "政府门户网站"])
_ROLE = re.compile(r"受理[^,。;]{0,24}?(?:诉讼|(?P<review>复议))")
_RESIDUE = re.compile(
    r"^[ ]*(?:相关阅读|相关链接|相关文章|相关新闻|相关信息|[上下]一[篇条](?:[:].{0,60})?|打印本?页?|关闭(?:窗口"
    r"|本页)?|【?打印】?[ ]*【?关闭】?.{0,6}"
    r"|分享(?:到)?|扫一扫.{0,20}|责任编辑.{0,20}|编辑[:].{0,12}|浏览(?:次数|量)?[:].{0,12}|阅读(?:次数|量)?[:].{0,12}|点击(?:数|量|率)?[:].{0,12}"
    r"|字体[: ].{0,20}|【?字体.{0,12}|返回(?:顶部|首页|列表)|您?(?:当前|现在)的?(?:位置|所在位置).{0,60}"
    r"|首页[ ]?[>》].{0,60}|网站地图.{0,20}"
    r"|版权所有.{0,60}|主办单位.{0,60}|承办单位.{0,60}|.{0,12}ICP备.{0,40}|.{0,8}公网安备.{0,40}|网站标识码.{0,30}|免责声明.{0,20}|无障碍.{0,12}|附件下载.{0,12})"
    r"[ :。|]*$"
)
_STRAY = re.compile(r"(?<=[\u4e00-\u9fff\d”》)])[ \u3000\t]+(?=[。,;、!?])|(?<=[,。;、])[,。;、](?=[^,。;、…]|$)")


@RULES.rule(
    "L12", Severity.ERROR, "自称前后不一",
    "报告中对本机关的称呼应与机关名称一致：局称“我局”，委员会称“我委”。出现其他称呼，多半是抄用了别的单位的稿子。",
    source="年度报告常见差错（F15）",
)  # fmt: skip
def own_name(context: Context) -> Iterator[Hit]:
    """What the report calls its own organ fits the organ's name."""
    document, organ = context.document, context.organ
    used: dict[str, list[Span]] = defaultdict(list)
    for found in SELF.finditer(document.folded):
        start = found.start()
        if not document.in_table(start) and not document.numbers.is_name(start):
            used[found["self"]].append(Span(start, found.end()))
    if organ is None or organ.selves is None:
        return
    right = next((word for word in used if word in organ.selves), "")
    for word, places in used.items():
        if organ.fits(word) is False:
            for place in places:
                said = document.text[place.start : place.end]
                fix = Fix(start=place.start, end=place.end, text=f"{said[0]}{right}") if right else None
                message = _("机关是“{organ}”，这里自称“{said}”。").format(organ=organ.name, said=said)
                yield Hit(message=message, span=place, fix=fix)


@RULES.rule(
    "L13", Severity.WARNING, "同一事物用了几种名称",
    "同一网站、查阅点、公开栏在报告中应使用同一名称。", source="年度报告常见差错（F16、F17）",
)  # fmt: skip
def names(context: Context) -> Iterator[Hit]:
    """One name for one thing."""
    document = context.document
    for family in _FAMILIES:
        used = {name: document.folded.find(name) for name in family if name in document.folded}
        if len(used) > 1 and not _are_listed(document, list(used)):
            yield _several(list(used), max(used.values()))
    sites: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    place = context.organ.place if context.organ else ""
    for found in _SITE.finditer(document.folded):
        if document.in_table(found.start()):
            continue
        name, level = _site(found["name"], place)
        if name not in _GENERIC:
            sites[found["core"], level].setdefault(name, found.start("core"))
    for by_name in sites.values():
        if len(by_name) > 1:
            yield _several(list(by_name), max(by_name.values()))


def _site(name: str, place: str) -> tuple[str, str]:
    """Return the name of a site without the words before it, and the level it says."""
    name = _SITE_STOP.sub("", name.replace("“", "").replace("”", "")).removeprefix("中国")
    name = name.removeprefix(place) if place else name
    level = re.match(r"[\u4e00-\u9fff]*(?P<level>[省市县区州])(?=政府|人民政府|党政|民政|政务|门户)", name)
    return (name[level.start("level") :], level["level"]) if level else (name, "")


def _are_listed(document: Document, found: list[str]) -> bool:
    """Tell whether names stand beside each other in a list: then they are of different things."""
    return any(f"{one}、{other}" in document.folded for one in found for other in found)


def _several(found: list[str], place: int) -> Hit:
    message = _("同一事物可能用了 {n} 种名称：{names}。").format(n=len(found), names="、".join(found))
    return Hit(message=message, span=Span(place, place + min(len(found[-1]), 4)))


@RULES.rule(
    "L15", Severity.WARNING, "法律地位表述不当",
    "诉讼由法院受理，行政复议由复议机关受理；部门是被申请人、被告，应写“被申请行政复议”“被提起行政诉讼”。",
    source="《行政复议法》《行政诉讼法》；年度报告常见差错（F19）",
)  # fmt: skip
def legal_role(context: Context) -> Iterator[Hit]:
    """A bureau does not accept lawsuits, nor, unless it is a government, reconsiderations."""
    document = context.document
    for sentence in document.sentences:
        for found in _ROLE.finditer(document.says(sentence)):
            if found["review"] and context.is_government and "诉讼" not in found.group():
                continue
            if "申请" in found.group()[:10] and not re.search(r"复议|诉讼", found.group()[:10]):
                continue
            span = Span(sentence.start + found.start(), sentence.start + found.end())
            words = document.text[span.start : span.end]
            yield Hit(
                message=_("“{words}”：本机关不受理诉讼（复议）案件，是被告（被申请人）。").format(words=words),
                span=span,
            )


@RULES.rule(
    "L18", Severity.WARNING, "网页残留或多余的空格、标点",
    "复制网页时带进来的导航、分享、打印等文字，以及标点前的空格，应删去。", source="年度报告常见差错（F23）",
)  # fmt: skip
def residue(context: Context) -> Iterator[Hit]:
    """Furniture of a web page, spaces before punctuation, doubled punctuation."""
    document = context.document
    for line in document.lines:
        text = document.says(line)
        if _RESIDUE.match(text):
            words = text.strip()
            end = min(line.end + 1, len(document.text))
            fix = Fix(start=line.start, end=end, text="")
            yield Hit(message=_("网页残留：“{words}”。").format(words=words[:40]), span=line, fix=fix)
    begin = document.title.end if document.title else 0
    for found in _STRAY.finditer(document.folded, begin):
        if document.in_table(found.start()) or "\n" in found.group():
            continue
        span = Span(found.start(), found.end())
        around = document.text[max(0, span.start - 4) : span.end + 1]
        message = _("多余的空格或标点：“{words}”。").format(words=around)
        yield Hit(message=message, span=span, fix=Fix(start=span.start, end=span.end, text=""))


@RULES.rule(
    "L22", Severity.NOTE, "可能有漏字、多字或错字",
    "机器只能认出常见的几种：常用名称中多一个或少一个字、重复的字、搭配不当的词。请人工核对。",
    source="年度报告常见差错（F24）",
)  # fmt: skip
def garble(context: Context) -> Iterator[Hit]:
    """Doubled particles, known slips, and set terms with a character too many or too few."""
    document = context.document
    begin = document.title.end if document.title else 0
    for found in DOUBLED.finditer(document.folded, begin):
        span = Span(found.start(), found.end())
        message = _("“{words}”重复。").format(words=found.group())
        yield Hit(message=message, span=span, fix=Fix(start=span.start, end=span.end, text=found["once"]))
    for pattern, hint in GARBLES:
        for found in pattern.finditer(document.folded, begin):
            if not document.in_table(found.start()):
                message = _("“{words}”：{hint}").format(words=found.group(), hint=_(hint))
                yield Hit(message=message, span=Span(found.start(), found.end()))
    for start, end, term in near_misses(document.folded, context.organ.stem if context.organ else ""):
        if start >= begin and not document.in_table(start):
            words = document.text[start:end]
            message = _("“{words}”可能应为“{term}”。").format(words=words, term=term)
            yield Hit(message=message, span=Span(start, end), fix=Fix(start=start, end=end, text=term))
