"""Statements of prose about numbers of the tables: ``收到申请 3 件``, ``未发生行政诉讼``, ``不予公开 92 件``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .document import Document
from .numbers import Quantity
from .organs import Organ
from .source import Span
from .sums import Part
from .topics import Topic

_NOTE = re.compile(r"\([^()]{0,60}\)")
_INTRO = re.compile(
    r"(?:总?数(?:量)?|件数|数|共|为|是|有|计|累计|共计|总计|合计|达到?|了|分别|均|各|都|约|近|情况|:|,|\s|作出|做出|的)*$"
)
_SUBJECT = re.compile(
    r"(?P<subject>[\u4e00-\u9fff]{1,14}(?:局|委|办|厅|政府|乡|镇|街道|县|区|市|部门|单位|本级|办公室))(?:[机关]{2})?(?:(?:19|20)\d\d年度?)?"
    r"(?:全年|共|累计|合计|年度|度|依法|新)*(?:收到|受理|接到|接收|收办|办理|处理|答复|办结|新收|新增|作出|实施)"
)
_OWN = re.compile(r"^.{0,6}(?:我|本(?!级)|全|各级)")
_OTHER_TIME = re.compile(
    r"上年(?!度?(?:结转|转入|转来|遗留|未办))|去年(?!结转)|上一年(?!度?结转)|往年|增加|减少|增长|下降|同比|较|每|平均|超过"
)
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[ ]?年")
_APPLIED = re.compile(r"申请|依申请")
_LINK = re.compile(r"信息公开|政务公开|依申请公开|公开申请|公开领域|公开工作")
_BY_CHANNEL = re.compile(r"网上|网络|信函|邮寄|来信|当面|现场|传真|邮件|在线|窗口|平台|系统|渠道")
_OTHER_MATTER = re.compile(
    r"咨询|配合|协助|协查|指导|转办|委托|信件|留言|热线|建议|提案|信箱|工单|来访|信访(?!举报)|投诉件|12345"
)
_OTHER_BASIS = re.compile(r"备案|立案|登记|应诉|出庭|旁听|审理|审结|代理|指导|受理")
_PUBLISHED = re.compile(
    r"公示|公开|发布|公布|录入|推送|上传|归集|报送|目录|清单|事项库|双公示|信用|培训|检查|卷宗|案卷"
)

#: The groups of results, and several of them named together: 予以公开及部分公开.
_GROUPS = {
    "予以公开": "A3.1",
    "部分公开": "A3.2",
    "不予公开": "A3.3",
    "无法提供": "A3.4",
    "不予处理": "A3.5",
    "其他处理": "A3.6",
}
_RESULTS = re.compile(rf"(?:(?:{'|'.join(_GROUPS)})[类的]?(?:及|和|、|或|与))+(?:{'|'.join(_GROUPS)})$")
#: Kind → words right before the number. The first that fits decides; kinds are explained in :mod:`.rules_prose`.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "carried_in",
        re.compile(
            r"(?:上年|去年|上一年)(?:度)?(?:结转|转入|转来|遗留|未办结)[^,。;、]{0,14}$|结转(?:上|去)一?年[^,。;、]{0,14}$"
        ),
    ),
    (
        "carried_out",
        re.compile(r"(?:结转|转入|转至|转到|转)(?:至|到|入)?(?:下|次|(?:19|20)\d\d)[一]?年(?:度)?[^,。;、]{0,12}$"),
    ),
    ("result.", _RESULTS),
    ("result.A3.1", re.compile(r"(?<!不)予以公开$")),
    ("result.A3.2", re.compile(r"部分公开$")),
    ("result.A3.3", re.compile(r"不予公开$")),
    ("result.A3.4", re.compile(r"无法提供$")),
    ("result.A3.5", re.compile(r"不予处理$")),
    ("result.A3.6", re.compile(r"其[他它]处理$")),
    ("applicant.NP", re.compile(r"自然人(?:提出|提交|申请)*$")),
    ("applicant.*", re.compile(r"法人(?:或者?|和|及|、)?其[他它]组织(?:提出|提交|申请)*$")),
    ("applicant.CE", re.compile(r"商业企业(?:提出|提交|申请)*$")),
    ("applicant.RI", re.compile(r"科研机构(?:提出|提交|申请)*$")),
    ("applicant.PW", re.compile(r"社会公益组织(?:提出|提交|申请)*$")),
    ("applicant.LS", re.compile(r"法律服务机构(?:提出|提交|申请)*$")),
    ("new", re.compile(r"(?:新收|新增|新接收|新受理)[^,。;]{0,20}申请(?:案件|件)?$")),
    (
        "received",
        re.compile(
            r"(?:收到|受理|接到|接收|收办|办理|处理|收悉|登记|收件)[^,。;]{0,24}申请(?:案件|件|信息|公开件)?$"
            r"|依申请公开(?:申请|案件|件|信息)*$"
        ),
    ),
    ("answered", re.compile(r"(?<!时)(?<!期)(?<!场)(?<!面)(?:答复|办结|办理完毕)[^,。;]{0,14}$")),
    ("cases", re.compile(r"复议[^,。;]{0,8}诉讼(?:案件|申请)*$")),
    ("reviews", re.compile(r"行政复议(?:案件|申请)*$")),
    ("lawsuits", re.compile(r"行政诉讼(?:案件)*$")),
    ("licences", re.compile(r"行政许可(?:决定|案件)*$")),
    ("penalties", re.compile(r"行政处罚(?:决定|案件)*$")),
    ("coercions", re.compile(r"行政强制(?:措施|决定|案件)*$")),
    ("charges", re.compile(r"行政事业性收费(?:金额|收入)*$")),
    ("norm.made", re.compile(r"(?:制定|出台|制发|印发|新制定)[^,。;、]{0,10}规范性文件$")),
    ("norm.repealed", re.compile(r"(?:废止|宣布失效)[^,。;、]{0,10}规范性文件$")),
    ("norm.valid", re.compile(r"现行有效[^,。;、]{0,10}规范性文件$")),
)
#: The same with the noun behind the number: 收到 3 件政府信息公开申请.
_BEHIND: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("new", re.compile(r"新收(?:到)?$"), re.compile(r"[^,。;]{0,10}公开申请(?!行政)")),
    (
        "received",
        re.compile(r"(?:收到|受理|接到|接收|收办|办理|处理)(?:了)?$"),
        re.compile(r"[^,。;]{0,10}(?:公开申请(?!行政)|依申请公开)"),
    ),
    ("answered", re.compile(r"(?:答复|办结)(?:了)?$"), re.compile(r"[^,。;]{0,10}公开申请(?!行政)")),
    ("reviews", re.compile(r"(?:发生|涉及|被提起|引发)(?:了)?$"), re.compile(r"[^,。;]{0,12}行政复议")),
    ("lawsuits", re.compile(r"(?:发生|涉及|被提起|引发)(?:了)?$"), re.compile(r"[^,。;]{0,12}行政诉讼")),
)
_UNITS = {
    "charges": {"万元", "元", "亿元"},
    "norm.made": {"件", "份", "个", "部", "项"},
    "norm.repealed": {"件", "份", "个", "部", "项"},
    "norm.valid": {"件", "份", "个", "部", "项"},
}
_CASE_UNITS = {"件", "宗", "起", "例", "件次", "份", "条", "个", "次", "项"}
_NONE = re.compile(
    r"(?:未|没有|并?无)(?:收到|发生|受理|产生|接到|出现|收取|涉及|作出|实施|被|因|有)*(?P<between>[^,。;]{0,26}?)"
    r"(?P<what>公开(?:的)?申请(?!行政复议|复议|人)|行政复议|行政诉讼|复议|诉讼|行政许可|行政处罚|行政强制|行政事业性收费|信息处理费|费用)"
    r"(?P<also>(?:、|和|及|或|或者|与|以及)(?:提起)?(?:行政)?(?:诉讼|复议|处罚|强制))?"
)
_NOT_ALL = re.compile(r"不予|部分|超期|逾期|重复|结转|投诉|纠正|败诉|撤销|延期|违|争议|减免|偏差|支出")
_WHAT = {
    "行政复议": "reviews",
    "复议": "reviews",
    "行政诉讼": "lawsuits",
    "诉讼": "lawsuits",
    "行政许可": "licences",
    "行政处罚": "penalties",
    "行政强制": "coercions",
    "行政事业性收费": "charges",
    "信息处理费": "fees",
    "费用": "fees",
}
_MIDDLE = 12


@dataclass(frozen=True)
class Claim(Span):
    """A statement. ``quantity`` is missing where it says in words that there was none.

    :param is_linked: the sentence, or its chapter, is about disclosure. :param is_each: one number for each of several.
    :param is_other_basis: its verb counts something else than the tables do, for instance cases put on file.
    """

    kind: str
    quantity: Quantity | None
    is_linked: bool = True
    is_other_basis: bool = False
    is_each: bool = False


def claims(
    document: Document, counted: Sequence[tuple[Span, list[Part]]], organ: Organ | None, year: int
) -> Iterator[Claim]:
    """Yield what prose says about the numbers of the tables, for this organ and this year.

    :param counted: the stretches of the prose with what they count.
    """
    for stretch, parts in counted:
        text = document.says(stretch)
        chapter = document.chapter_at(stretch.start)
        topic = chapter.topic if chapter else None
        is_linked = bool(_LINK.search(text)) or topic in {Topic.CASES, Topic.APPLICATIONS}
        applied = bool(_APPLIED.search(text)) or topic is Topic.APPLICATIONS
        for part in parts:
            claim = _claim(document, part.label, part.quantity, applied=applied, is_linked=is_linked)
            if claim is not None and _is_ours(part.label, organ, year):
                yield claim
        for found in _NONE.finditer(text):
            if (
                is_linked
                and not _NOT_ALL.search(found["between"])
                and _is_ours(text[: found.start()][-30:], organ, year)
            ):
                yield from _zeros(stretch.start, found)


def _claim(document: Document, label: str, one: Quantity, *, applied: bool, is_linked: bool) -> Claim | None:
    bare = _INTRO.sub("", _NOTE.sub("", label))
    after = document.folded[one.end : one.end + _MIDDLE * 2]
    kind = next((name for name, pattern in _KINDS if pattern.search(bare)), None)
    verb = label.rstrip("了共 ")
    if kind is None:
        kind = next((name for name, before, noun in _BEHIND if before.search(verb) and noun.match(after)), None)
    if kind == "result.":
        kind = "result." + "+".join(code for name, code in _GROUPS.items() if name in _named_together(bare))
    if kind is None or one.unit not in _UNITS.get(kind, _CASE_UNITS):
        return None
    is_about = re.split(r"[,、]", bare)[-1] if kind != "cases" else bare
    if kind in {"received", "new", "answered"} and (_BY_CHANNEL.search(is_about) or _OTHER_MATTER.search(bare)):
        return None
    if kind.startswith(("result", "applicant", "answered", "carried", "received", "new")) and not applied:
        return None
    if kind in {"licences", "penalties", "coercions"} and (
        _PUBLISHED.search(bare) or after.startswith(("信息", "事项"))
    ):
        return None
    if kind in {"reviews", "lawsuits", "cases"} and not is_linked:
        return None
    is_other = kind in {"reviews", "lawsuits", "cases"} and bool(
        _OTHER_BASIS.search(document.says(_around(document, one)))
    )
    each = bool(re.search(r"均|各|都", label[-6:]))
    return Claim(one.start, one.end, kind, one, is_linked, is_other, each)


def _named_together(bare: str) -> str:
    found = _RESULTS.search(bare)
    return found.group() if found else ""


def _around(document: Document, one: Quantity) -> Span:
    sentence = document.sentence_at(one.start)
    return Span(sentence.start, min(sentence.end, one.end + _MIDDLE))


def _is_ours(label: str, organ: Organ | None, year: int) -> bool:
    """Tell whether words before a number speak of this organ in this year."""
    if _OTHER_TIME.search(label) or any(int(found["year"]) != year for found in _YEAR.finditer(label[-40:])):
        # 转 2025 年 names the next year and is about this one.
        return bool(re.search(r"(?:结转|转入|转至|转到|转)(?:至|到|入)?(?:下|次|(?:19|20)\d\d)", label))
    subjects = [one["subject"] for one in _SUBJECT.finditer(label)]
    if not subjects:
        return True
    subject = subjects[-1]
    name = organ.name if organ else ""
    return bool(_OWN.search(subject)) or (bool(name) and (subject in name or name in subject))


def _zeros(start: int, found: re.Match[str]) -> Iterator[Claim]:
    what = found["what"]
    kinds = [_WHAT.get(what, "received")]
    if found["also"]:
        noun = re.sub(r"^(?:、|和|及|或者|或|与|以及)(?:提起)?", "", found["also"])
        kinds.append(_WHAT.get(noun, _WHAT.get(f"行政{noun}", "")))
    for kind in kinds:
        if kind:
            yield Claim(start + found.start(), start + found.end(), kind, None)
