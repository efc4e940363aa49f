"""The registers of the plugin and what their lines say, declared once: forms, lists and imports follow.

What is counted is that of parts 八 and 九 of the statistics table (国办发〔2014〕32号); 考核, 社会评议 and 责任追究 are
the supervision of 条例 art. 46 to 48.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A register."""

    TRAINING = "training"
    MEETING = "meeting"
    STAFF = "staff"
    FUNDS = "funds"
    OFFICE = "office"
    POINT = "point"
    APPRAISAL = "appraisal"
    REVIEW = "review"
    ACCOUNTABILITY = "accountability"


#: What quantity the sum of a year adds up.
SUMS = ("quantity", "people", "fen")


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register as its users see it.

    :param day, subject, number, people, outcome: headings; an empty one means that its lines have no such thing.
    :param number_unit: what ``number`` counts.
    :param categories: codes with labels of which a line names one; ``category`` is their heading.
    :param is_state: lines are in force from their day until they are ended; the figure is the state on a day, else the
        sum of a year. ``until`` is the heading of the last day.
    :param has_amount: lines have an amount of money.
    """

    label: str
    lead: str
    day: str
    subject: str
    subject_help: str = ""
    number: str = ""
    number_unit: str = ""
    people: str = ""
    category: str = ""
    categories: tuple[tuple[str, str], ...] = ()
    outcome: str = ""
    is_state: bool = False
    until: str = ""
    has_amount: bool = False
    needs_people: bool = False


FULL_TIME, PART_TIME = "full_time", "part_time"

REGISTERS: Mapping[Kind, Register] = {
    Kind.TRAINING: Register(
        label="培训", lead="本单位举办的政府信息公开培训，一期一行。", day="开始日期", subject="培训内容",
        number="班次", number_unit="次", people="接受培训人次", needs_people=True,
    ),
    Kind.MEETING: Register(
        label="会议", lead="研究政府信息公开工作的会议，一次一行。", day="召开日期", subject="会议名称或议题",
        number="次数", number_unit="次", people="参加人数", category="类别",
        categories=(("work", "工作会议"), ("special", "专题会议")),
    ),
    Kind.STAFF: Register(
        label="工作人员", lead="从事政府信息公开工作的人员，报告取年末在岗人数；不含政府公报和政府网站工作人员。",
        day="到岗日期", subject="姓名或岗位", number="人数", number_unit="人", category="专兼职",
        categories=((FULL_TIME, "专职"), (PART_TIME, "兼职")), is_state=True, until="在岗至",
    ),
    Kind.FUNDS: Register(
        label="专项经费", lead="政府信息公开专项经费的支出；不含政府公报编辑管理和政府网站建设维护的经费。",
        day="支出日期", subject="用途", has_amount=True,
    ),
    Kind.OFFICE: Register(
        label="专门机构", lead="承担政府信息公开工作的专门机构，报告取年末数。", day="设立日期", subject="机构名称",
        number="机构数", number_unit="个", is_state=True, until="存续至",
    ),
    Kind.POINT: Register(
        label="查阅点", lead="设置的政府信息公开查阅点，报告取年末数。", day="设置日期", subject="名称和地点",
        number="查阅点数", number_unit="个", is_state=True, until="使用至",
    ),
    Kind.APPRAISAL: Register(
        label="考核", lead="政府信息公开工作的考核：考核下级，或者接受上级考核。", day="考核日期", subject="考核内容",
        subject_help="谁考核谁，考核什么。", number="次数", number_unit="次", outcome="考核结果",
    ),
    Kind.REVIEW: Register(
        label="社会评议", lead="请公众、企业、代表委员评议政府信息公开工作。", day="评议日期", subject="评议方式和对象",
        number="次数", number_unit="次", people="参评人数", outcome="评议结果",
    ),
    Kind.ACCOUNTABILITY: Register(
        label="责任追究", lead="因政府信息公开工作被追究责任的情况；不写个人姓名。", day="处理日期", subject="事由",
        number="人次", number_unit="人次", outcome="处理方式",
    ),
}  # fmt: skip
