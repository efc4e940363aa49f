"""Rules X13, X17, X25, X26, L14, L19 and L21: what chapters have to say, and what does not belong in them."""

import re
from collections.abc import Iterator

from cms.api import gettext as _

from .document import Chapter
from .registry import Context, Hit, Severity
from .rules import RULES, shown
from .source import Span
from .topics import Topic

_FEE = re.compile(r"信息处理费|收取[^,。;]{0,12}费|收费|费用")
_COLLECTED = re.compile(r"(?:收取|收缴|收到|共收)[^,。;]{0,20}(?:信息处理费|费用|费)")
_NOT = re.compile(r"[未没无](?:有|收|发生|产生|向|曾)?|免")
_NOTHING = re.compile(
    r"^[\s,.。:;]*(?:本年度|我[局委市县区办]|本[局委机关单位]+|20\d\d年)?[,]?(?:暂?无|没有)(?:其他|其它)?(?:需要?|应当)?(?:报告|说明|公布|的|情况|事项|问题)*[\s。.]*$"
)
_CORRECTED = re.compile(r"复议|诉讼|纠错|纠正|败诉|撤销|被确认违法")
_ON_TOPIC = re.compile(
    r"公开|公布|发布|公示|信息公开|政务公开|条例|申请|答复|解读|回应|网站|查阅|目录|指南|年报|公报|新媒体|微信|微博|保密审查|栏目|政民互动|咨询|依法行政|群众"
)
_OFF_TOPIC = re.compile(
    r"信息化(?!.{0,4}公开)|设备|电路|防盗|涉密(?:机器|计算机)|移动(?:型)?存储|外网|内网|机房|硬件|软件系统|网络安全|办公网|无纸化|维护费|资金|党建|扶贫|脱贫"
    r"|招商|绩效考核|值班|车辆|食堂"
)
_DISCLOSURE = re.compile(
    r"信息公开|政务公开|依申请|公开(?:工作|内容|信息|力度|意识|目录|平台|时效|质量|渠道)|解读|答复"
)
_WHEN = re.compile(r"(?:19|20)\d\d年|月底|年底|季度|\d{1,2}月|期限|每[年月周季]|上半年|下半年|日前|完成时限|限期")
_WHO = re.compile(
    r"(?:由|责成|明确)[^,。;]{1,16}(?:负责|牵头|落实)|责任(?:科室|股室|单位|部门|人)|专人|牵头|(?:股|科|处|办公)室负责"
)
_TRIVIAL = 10
_LEAST_SENTENCES = 4
_SHARE = 0.5


def _text(context: Context, chapter: Chapter) -> str:
    return "\n".join(context.document.says(one) for one in chapter.paragraphs)


def _head(chapter: Chapter) -> Span:
    return Span(chapter.heading.start, chapter.heading.end)


def fees_told(context: Context) -> list[Span]:
    """Return where prose says that a fee above 0 was collected."""
    document = context.document
    found = []
    for sentence in document.sentences:
        text = document.says(sentence)
        said = _COLLECTED.search(text)
        money = [one for one in document.numbers.within(sentence) if one.unit in {"元", "万元"} and one.base]
        if said and money and not _NOT.search(text[max(0, said.start() - 6) : said.start() + 2]):
            found.append(Span(money[0].start, money[0].end))
    return found


@RULES.rule(
    "X13", Severity.WARNING, "收费情况没有交代",
    "有因逾期不缴费而不再处理的申请，就发出过收费通知，第六章应报告收取信息处理费的情况；收了费，就应当有申请。",
    source="《条例》第四十二条；国办函〔2020〕109号", tables="T3",
)  # fmt: skip
def fees(context: Context) -> Iterator[Hit]:
    """Applications dropped for want of payment need a statement about fees; a fee needs applications."""
    table, dropped = context.tables["T3"], context.amount("T3", "A3.6.2", "T")
    chapter = context.document.chapter(Topic.OTHER)
    if dropped and not (chapter and _FEE.search(_text(context, chapter))):
        message = _("有 {n} 件因逾期未缴费不再处理，第六章没有说明收费情况。").format(n=shown(dropped))
        yield Hit(message=message, span=table.cells["A3.6.2", "T"])
    new, old = (context.amount("T3", row, "T") for row in ("A1", "A2"))
    told = fees_told(context)
    if told and new == 0 and not old:
        words = context.document.text[told[0].start : told[0].end]
        yield Hit(message=_("正文称收取了费用“{words}”，而申请数为 0。").format(words=words), span=told[0])


@RULES.rule(
    "X17", Severity.WARNING, "被纠错的案件没有交代",
    "有复议、诉讼结果被纠正的，“存在的主要问题”一章应当提到并说明改进。", source="《条例》第五十条", tables="T4 T14",
)  # fmt: skip
def corrected_cases(context: Context) -> Iterator[Hit]:
    """Corrected cases are mentioned among the problems."""
    cells = [("T4", row, "fix") for row in ("R", "L0", "L1")] + [("T14", row, "n") for row in ("S4.2", "S5.2")]
    corrected = sum(int(context.amount(*cell) or 0) for cell in cells)
    chapter = context.document.chapter(Topic.PROBLEMS)
    if corrected and chapter and not _CORRECTED.search(_text(context, chapter)):
        message = _("有 {n} 件复议、诉讼案件被纠正，问题一章没有提到。").format(n=corrected)
        yield Hit(message=message, span=_head(chapter))


@RULES.rule(
    "X25", Severity.ERROR, "问题一章没有内容",
    "“存在的主要问题及改进情况”应写实际存在的问题和改进措施，不能空着或只写“无”。", source="《条例》第五十条",
)  # fmt: skip
def problems_told(context: Context) -> Iterator[Hit]:
    """The chapter on problems says something."""
    chapter = context.document.chapter(Topic.PROBLEMS)
    if chapter is None:
        return
    text = "".join(_text(context, chapter).split())
    if len(text) < _TRIVIAL or _NOTHING.match(text):
        message = _("“{title}”一章没有实质内容：“{text}”。").format(title=chapter.title, text=text[:30])
        # The older formats prescribe no chapters.
        severity = None if context.form.chapters_are_law else Severity.WARNING
        yield Hit(message=message, span=_head(chapter), severity=severity)


@RULES.rule(
    "X26", Severity.ERROR, "称无其他事项而有收费",
    "收取了信息处理费，或有因逾期未缴费不再处理的申请，第六章不能写“无”。", source="国办函〔2020〕109号",
    formats="gb2021 trial2019",
)  # fmt: skip
def nothing_else(context: Context) -> Iterator[Hit]:
    """The last chapter does not say 无 while fees were charged."""
    chapter = context.document.chapter(Topic.OTHER)
    if chapter is None or not _NOTHING.match(_text(context, chapter).strip()):
        return
    dropped, told = context.amount("T3", "A3.6.2", "T"), fees_told(context)
    place = chapter.paragraphs[0] if chapter.paragraphs else _head(chapter)
    if dropped:
        message = _("本章写“无”，而表中因逾期未缴费不再处理的有 {n} 件。").format(n=shown(dropped))
        yield Hit(message=message, span=place)
    if told:
        words = context.document.text[told[0].start : told[0].end]
        yield Hit(message=_("本章写“无”，而正文称收取了“{words}”。").format(words=words), span=place)


@RULES.rule(
    "L14", Severity.WARNING, "收费一章写的是支出",
    "收费及减免一章应写依申请公开收取和减免的费用，而不是本机关的支出。", source="年度报告常见差错（F18）",
)  # fmt: skip
def fees_chapter(context: Context) -> Iterator[Hit]:
    """The chapter on fees is about fees that were charged."""
    chapter = context.document.chapter(Topic.FEES)
    if chapter is None:
        return
    text = _text(context, chapter)
    spent = re.search(r"支出|开支|经费", text)
    if spent and not re.search(r"收取|收费(?!及减免)|减免|收缴", text):
        yield Hit(
            message=_("“{title}”一章只写了支出，没有写收费和减免。").format(title=chapter.title), span=_head(chapter)
        )


@RULES.rule(
    "L19", Severity.NOTE, "改进措施没有时限和责任",
    "改进措施宜写明什么时候完成、由谁负责，不只写“进一步加强”。", source="年度报告常见差错（F25）",
)  # fmt: skip
def improvements(context: Context) -> Iterator[Hit]:
    """Measures that name neither a time nor anybody who is responsible."""
    chapter = context.document.chapter(Topic.PROBLEMS)
    if chapter is None:
        return
    text = _text(context, chapter)
    if len(text) > _TRIVIAL and not _WHEN.search(text) and not _WHO.search(text):
        count = len(re.findall(r"进一步|加强|不断|持续", text))
        message = _("“{title}”一章没有写明完成时限和责任单位（“进一步”“加强”一类的词 {n} 处）。")
        yield Hit(message=message.format(title=chapter.title, n=count), span=_head(chapter))


@RULES.rule(
    "L21", Severity.WARNING, "内容偏离政府信息公开",
    "年度报告“不能遗漏，也不宜泛化”：概述和问题两章应写政府信息公开，不写信息化建设、设备、资金等一般工作。",
    source="国办公开办函〔2021〕30号；年度报告常见差错（F21）",
)  # fmt: skip
def off_topic(context: Context) -> Iterator[Hit]:
    """Chapters that are mostly about something else."""
    document = context.document
    for topic in (Topic.OVERVIEW, Topic.PROBLEMS):
        chapter = document.chapter(topic)
        if chapter is None:
            continue
        sentences = [one for one in document.sentences if chapter.heading.end <= one.start < chapter.end]
        texts = [document.says(one) for one in sentences]
        off = [text for text in texts if _OFF_TOPIC.search(text) and not _DISCLOSURE.search(text)]
        on = [text for text in texts if _ON_TOPIC.search(text)]
        if len(off) >= _LEAST_SENTENCES and len(off) > len(on) * _SHARE:
            message = _("“{title}”一章 {n} 句中有 {m} 句写的是信息化、设备、资金等一般工作。").format(
                title=chapter.title, n=len(texts), m=len(off)
            )
            yield Hit(message=message, span=_head(chapter))
