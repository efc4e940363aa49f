"""The words of the trade with their codes: channels, categories, verdicts, satisfaction (disclosure-rules f.1, f.2)."""

from collections.abc import Mapping
from enum import StrEnum


class Channel(StrEnum):
    """The way on which a letter came (disclosure-rules f.1; 来信、传真、邮件 and 找错 are told apart)."""

    MAILBOX_LEADER = "mailbox_leader"
    MAILBOX_BUREAU = "mailbox_bureau"
    HOTLINE_12345 = "hotline_12345"
    WEB = "web"
    ONSITE = "onsite"
    PHONE = "phone"
    POST = "post"
    FAX = "fax"
    EMAIL = "email"
    PETITION = "petition"
    SITE_ERROR = "site_error"


CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.MAILBOX_LEADER: "书记县长信箱",
    Channel.MAILBOX_BUREAU: "局长信箱",
    Channel.HOTLINE_12345: "12345热线",
    Channel.WEB: "网上咨询",
    Channel.ONSITE: "现场",
    Channel.PHONE: "电话",
    Channel.POST: "来信",
    Channel.FAX: "传真",
    Channel.EMAIL: "邮件",
    Channel.PETITION: "网上信访",
    Channel.SITE_ERROR: "政府网站找错",
}
#: Channels of the forms on the site; their letters have a query code and are answered on the site.
ONLINE = frozenset({Channel.MAILBOX_BUREAU, Channel.WEB, Channel.SITE_ERROR})


class Category(StrEnum):
    """What the writer wants (诉求类型)."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    OTHER = "other"


CATEGORY_LABELS: Mapping[Category, str] = {
    Category.CONSULT: "咨询",
    Category.HELP: "求助",
    Category.COMPLAINT: "投诉",
    Category.REPORT: "举报",
    Category.SUGGESTION: "建议",
    Category.PRAISE: "表扬",
    Category.OTHER: "其他",
}


class Verdict(StrEnum):
    """The result of the first look at a letter (甄别); a letter that has not been looked at has none."""

    VALID = "valid"
    INVALID = "invalid"
    DUPLICATE = "duplicate"
    PETITION = "petition"
    APPLICATION = "application"
    #: Registered by mistake: counts nowhere.
    MISTAKE = "mistake"


VERDICT_LABELS: Mapping[Verdict, str] = {
    Verdict.VALID: "有效",
    Verdict.INVALID: "无效",
    Verdict.DUPLICATE: "重复",
    Verdict.PETITION: "转信访",
    Verdict.APPLICATION: "转依申请公开",
    Verdict.MISTAKE: "误登",
}
#: Verdicts that end a letter with a reason alone.
DISMISSALS = (Verdict.INVALID, Verdict.DUPLICATE, Verdict.MISTAKE)
#: Verdicts that hand a letter over to another procedure, on a day and under a reference.
HAND_OVERS = (Verdict.PETITION, Verdict.APPLICATION)


class Satisfaction(StrEnum):
    """What the writer says of the answer."""

    SATISFIED = "satisfied"
    FAIRLY = "fairly"
    UNSATISFIED = "unsatisfied"


SATISFACTION_LABELS: Mapping[Satisfaction, str] = {
    Satisfaction.SATISFIED: "满意",
    Satisfaction.FAIRLY: "基本满意",
    Satisfaction.UNSATISFIED: "不满意",
}

#: What letters are about; the list that a site begins with (disclosure-rules f.1).
TOPICS = ("城乡低保", "优抚安置", "殡葬改革", "村（居）委会选举", "婚姻登记", "其他")
