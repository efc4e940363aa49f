"""Forms of the desk. They carry what was typed; what it means, and whether it will do, the services say."""

from datetime import date

from sqlalchemy.orm import Session
from wtforms import BooleanField, FileField, StringField, TextAreaField

from cms.api import ChoiceField, DayField, NumberField, ServiceForm, departments, staff
from cms.api import gettext as _

from .states import Action
from .terms import (
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    DISMISSALS,
    HAND_OVERS,
    SATISFACTION_LABELS,
    VERDICT_LABELS,
)  # fmt: skip

_CHOOSE = ("", "（请选择）")
CHANNELS = [(one.value, label) for one, label in CHANNEL_LABELS.items()]
CATEGORIES = [(one.value, label) for one, label in CATEGORY_LABELS.items()]
_MAX_ID = 10


class ActionForm(ServiceForm):
    """What an action needs beside the letter; ``version`` tells which state of the letter was looked at."""

    def offer(self, session: Session) -> None:
        """Fill in what can be chosen."""


class NoteForm(ActionForm):
    """A remark; a reason where the table of states asks for one."""

    note = TextAreaField(_("说明"))


class ReasonForm(ActionForm):
    """A reason."""

    note = TextAreaField(_("原因"))


class ScreenForm(ActionForm):
    """A valid letter; it may go to its department at once."""

    department_id = ChoiceField(_("同时分办给"), [], description=_("可留空，稍后再分办。"))

    def offer(self, session: Session) -> None:
        """Offer the departments."""
        offices = ((str(one.id), one.name) for one in departments(session))
        self.department_id.choices = (("", _("（暂不分办）")), *offices)


class DismissForm(ActionForm):
    """Why the letter will not be answered."""

    verdict = ChoiceField(_("类别"), [_CHOOSE, *((one.value, VERDICT_LABELS[one]) for one in DISMISSALS)])
    duplicate_of = StringField(_("与哪封信件重复"), description=_("选“重复”时填写编号，例如：XJ2016-00012。"))
    note = TextAreaField(_("原因"), description=_("来信人查询时会看到。"))


class ForwardForm(ActionForm):
    """Where the letter goes."""

    verdict = ChoiceField(_("转到"), [_CHOOSE, *((one.value, VERDICT_LABELS[one]) for one in HAND_OVERS)])
    on = DayField(_("转办日期"))
    reference = StringField(_("转办单号"), description=_("对方的受理编号或交接单号；没有的写明接收单位和接收人。"))
    note = TextAreaField(_("原因"), description=_("来信人查询时会看到。"))


class AssignForm(ActionForm):
    """Who shall answer."""

    department_id = ChoiceField(_("承办科室"), [])
    handler_id = ChoiceField(_("承办人"), [], description=_("可不指定，由科室自行安排。"))
    note = TextAreaField(_("办理要求"))

    def offer(self, session: Session) -> None:
        """Offer departments, and people with the department that they belong to."""
        names = {one.id: one.name for one in departments(session)}
        self.department_id.choices = (_CHOOSE, *((str(number), name) for number, name in names.items()))
        people = [one for one in staff(session) if one.department_id in names]
        people.sort(key=lambda one: list(names).index(one.department_id or 0))
        self.handler_id.choices = (
            ("", _("（不指定）")),
            *((str(one.id), f"{names[one.department_id or 0]}：{one.name}") for one in people),
        )


class DraftForm(ActionForm):
    """The answer."""

    text = TextAreaField(_("答复内容"), description=_("开头称呼、结尾落款由系统之外自行写明；不要写入无关的个人信息。"))


class AnswerForm(ActionForm):
    """When the answer was given."""

    on = DayField(_("答复日期"), description=_("已通过电话等方式先行答复的，填写当时的日期；留空为今天。"))


class RecordAnswerForm(ActionForm):
    """An answer that was given outside the system."""

    on = DayField(_("答复日期"))
    text = TextAreaField(_("答复内容"), description=_("当场或电话答复的要点；可留空。"))


class PublishForm(ActionForm):
    """What citizens will read."""

    title = StringField(_("公开标题"))
    text = TextAreaField(_("公开的来信内容"))
    answer = TextAreaField(_("公开的答复内容"))
    is_checked = BooleanField(_("我已通读全文，没有姓名、电话、住址、证件号等可以识别个人的信息"))


class CallBackForm(ActionForm):
    """What the writer said on the telephone."""

    satisfaction = ChoiceField(
        _("满意度"), [("", _("（未表示）")), *((one.value, label) for one, label in SATISFACTION_LABELS.items())]
    )
    on = DayField(_("回访日期"))
    note = TextAreaField(_("回访情况"))


class ExtendForm(ActionForm):
    """How much more time."""

    units = NumberField(_("延长"), description=_("单位与答复期限相同，例如 5 个工作日填 5。"))
    note = TextAreaField(_("延期理由和批准人"))


class ReissueForm(ActionForm):
    """How the writer's identity was checked."""

    note = TextAreaField(_("怎样核验了来信人身份"), description=_("例如：来电号码与登记电话一致，核对姓名和来信内容。"))


class AmendForm(ActionForm):
    """The facts of a letter."""

    channel = ChoiceField(_("渠道"), CHANNELS)
    category = ChoiceField(_("诉求类型"), CATEGORIES)
    topic = StringField(_("主题"))
    occurred_on = DayField(_("收到日期"))
    external_no = StringField(_("外部编号"))
    is_urgent = BooleanField(_("加急"))
    is_tallied = BooleanField(_("已在计数登记中计过数，不重复统计"))
    note = TextAreaField(_("更正原因"))


#: Action → its form.
FORMS: dict[Action, type[ActionForm]] = {
    Action.SCREEN: ScreenForm, Action.DISMISS: DismissForm, Action.HAND_OVER: ForwardForm, Action.RESTORE: ReasonForm,
    Action.ASSIGN: AssignForm, Action.ACCEPT: ActionForm, Action.GIVE_BACK: ReasonForm, Action.DRAFT: DraftForm,
    Action.REFUSE: ReasonForm, Action.REVIEW: NoteForm, Action.ANSWER: AnswerForm,
    Action.RECORD_ANSWER: RecordAnswerForm, Action.PUBLISH: PublishForm, Action.TAKE_OFF: ReasonForm,
    Action.CALL_BACK: CallBackForm, Action.CLOSE: NoteForm, Action.REDO: ReasonForm, Action.EXTEND: ExtendForm,
    Action.URGE: NoteForm, Action.AMEND: AmendForm, Action.REISSUE: ReissueForm,
}  # fmt: skip


class RegisterForm(ActionForm):
    """A letter that a person enters."""

    channel = ChoiceField(_("渠道"), [_CHOOSE, *CHANNELS])
    category = ChoiceField(_("诉求类型"), [_CHOOSE, *CATEGORIES])
    topic = StringField(_("主题"))
    title = StringField(_("标题"))
    text = TextAreaField(_("内容"))
    page_url = StringField(_("网页地址"), description=_("只用于“政府网站找错”：有错误的网页的网址。"))
    received_on = DayField(_("收到日期"))
    time = StringField(_("收到时间"), description=_("按小时计算期限的工单填写，例如 09:30；其他可留空。"))
    source = StringField(_("依据"), description=_("登记簿名称和页码、工单编号等，例如：来信登记簿第3页。"))
    external_no = StringField(_("外部编号"), description=_("12345 工单号、上级信箱的信件号。"))
    file = FileField(_("依据附件"), description=_("来信扫描件、工单截图等，可不传。只有登录工作台的人员能查看。"))
    name = StringField(_("来信人"))
    phone = StringField(_("电话"))
    email = StringField(_("电子邮箱"))
    address = StringField(_("地址"))
    wants_public = BooleanField(_("来信人同意公开"))
    is_urgent = BooleanField(_("加急"))
    is_tallied = BooleanField(_("已在计数登记中计过数，不重复统计"))
    department_id = ChoiceField(_("承办科室"), [], description=_("留空则由信息公开专员甄别、分办。"))
    answered_on = DayField(_("答复日期"), description=_("已经答复的（当场、电话、在其他系统中）填写；没有答复的留空。"))
    answer = TextAreaField(_("答复内容"))

    def offer(self, session: Session) -> None:
        """Offer the departments."""
        offices = ((str(one.id), one.name) for one in departments(session))
        self.department_id.choices = (("", _("（由专员分办）")), *offices)


class LimitForm(ActionForm):
    """A reply limit."""

    channel = ChoiceField(_("渠道"), [("", _("任何渠道")), *CHANNELS])
    category = ChoiceField(_("诉求类型"), [("", _("任何类型")), *CATEGORIES, ("urgent", _("加急"))])
    n = NumberField(_("期限"), description=_("留空表示不设期限；“当日”填 0 日。"))
    unit = ChoiceField(_("单位"), [("WD", _("工作日")), ("day", _("日")), ("hour", _("小时"))])
    warn_before = NumberField(_("提前提醒"), description=_("单位与期限相同。"))
    valid_from = DayField(_("从哪一天起收到的信件适用"))
    basis = StringField(_("依据"))


def day_of(text: str | None, name: str, errors: dict[str, list[str]], *, empty: bool = False) -> date | None:
    """Return the day that was typed; without one, nothing. What is no day is noted under ``name``.

    :param empty: leaving it out is allowed.
    """
    typed = (text or "").strip()
    if not typed and empty:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        errors[name] = [_("请填写日期，例如 2016-03-08。")]
        return None


def number_of(text: str | None, name: str, errors: dict[str, list[str]], *, empty: bool = False) -> int | None:
    """Return the whole number that was typed; without one, nothing."""
    typed = (text or "").strip()
    if not typed and empty:
        return None
    if typed.isascii() and typed.isdigit() and len(typed) < _MAX_ID:
        return int(typed)
    errors[name] = [_("请填写整数。")]
    return None


def id_of(text: str | None) -> int | None:
    """Return the id that was chosen; nothing if none was."""
    typed = text or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _MAX_ID else None
