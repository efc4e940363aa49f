"""Typed contexts of the public pages of letters; themes may rely on every field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from cms.api import ChoiceField, Gate, Link, Pager, Problem, ServiceForm, SitePage
from cms.api import gettext as _

from .desk_forms import CATEGORIES
from .terms import SATISFACTION_LABELS

_CHOOSE = ("", "（请选择）")
#: Marks a field as required; what is missing the services say.
_NEEDED = [InputRequired()]
_RATINGS = [(one.value, label) for one, label in SATISFACTION_LABELS.items()]


class WriteForm(ServiceForm):
    """Writing to the office."""

    category = ChoiceField(_("诉求类型"), [_CHOOSE, *CATEGORIES], validators=_NEEDED)
    topic = ChoiceField(_("主题"), [], validators=_NEEDED)
    title = StringField(_("标题"), _NEEDED, description=_("一句话说明是什么事，最多 100 字。"))
    text = TextAreaField(_("内容"), _NEEDED, description=_("写清楚时间、地点和经过，最多 5000 字。"))
    name = StringField(_("姓名或称呼"), _NEEDED)
    phone = StringField(_("联系电话"), description=_("电话和电子邮箱至少填写一项，便于核实和回访。"))
    email = StringField(_("电子邮箱"))
    address = StringField(_("联系地址"), description=_("需要书面答复时填写。"))
    wants_public = ChoiceField(
        _("是否同意公开"), [("yes", _("同意公开（公开时隐去个人信息）")), ("no", _("不公开，只答复本人"))]
    )


class ErrorForm(ServiceForm):
    """Telling the office about a mistake on its site."""

    page_url = StringField(
        _("有错误的网页"), _NEEDED, description=_("把浏览器地址栏里的网址复制过来；也可以写栏目和文章标题。")
    )
    text = TextAreaField(_("错在哪里"), _NEEDED, description=_("例如：第三段的电话打不通、附件无法下载、有错别字。"))
    name = StringField(_("姓名或称呼"), description=_("可不填。"))
    phone = StringField(_("联系电话"), description=_("可不填；填写后便于向您核实。"))


class StatusForm(ServiceForm):
    """Asking how a letter stands."""

    number = StringField(_("信件编号"), _NEEDED)
    code = StringField(_("查询码"), _NEEDED)


class RateForm(ServiceForm):
    """What the writer says of the answer. On public pages the code tells that it is the writer."""

    number = StringField(_("信件编号"))
    code = StringField(_("查询码"), _NEEDED)
    satisfaction = ChoiceField(_("您对答复是否满意"), _RATINGS)
    note = TextAreaField(_("补充说明"), description=_("可不填，最多 200 字，不会公开。"))


@dataclass(frozen=True, kw_only=True)
class PublicLine:
    """An answered letter in the public list."""

    title: str
    path: str
    topic: str
    category: str
    received_on: date
    answered_on: date
    answered_by: str


@dataclass(frozen=True)
class Counts:
    """What came and was answered this year, the base beside the rate."""

    year: int
    received: int
    answered: int
    open: int
    rate: str


@dataclass(frozen=True, kw_only=True)
class LettersPage(SitePage):
    """``/letters/``: answered letters, by topic and words."""

    template: ClassVar[str] = "letters/letters.html"
    lines: Sequence[PublicLine]
    topics: Sequence[Link]
    words: str
    topic: str
    pager: Pager
    counts: Counts | None
    is_open: bool
    write_path: str
    status_path: str
    error_path: str


@dataclass(frozen=True, kw_only=True)
class PublicLetterPage(SitePage):
    """``/letters/<id>.html``: one letter with its answer."""

    template: ClassVar[str] = "letters/letter.html"
    text: str
    answer: str
    topic: str
    category: str
    channel: str
    received: str
    answered: str
    answered_by: str
    rating: str
    rate_form: RateForm | None
    problems: Sequence[Problem]
    back: str


@dataclass(frozen=True, kw_only=True)
class WritePage(SitePage):
    """``/letters/new`` and ``/letters/site-error``."""

    template: ClassVar[str] = "letters/write.html"
    form: ServiceForm
    gate: Gate
    problems: Sequence[Problem]
    intro: str
    privacy: str
    fields: Sequence[str]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(SitePage):
    """``/letters/receipt``: number and query code, shown once."""

    template: ClassVar[str] = "letters/receipt.html"
    number: str
    code: str
    due: str
    status_path: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a letter stands, as its writer sees it: nothing personal but what they wrote themselves is left out."""

    number: str
    title: str
    state: str
    steps: Sequence[tuple[str, str]]
    due: str
    reason: str
    answer: str
    answered_on: date | None
    answered_by: str
    path: str
    rating: str
    can_rate: bool


@dataclass(frozen=True, kw_only=True)
class StatusPage(SitePage):
    """``/letters/status``: asking by number and code, and the answer."""

    template: ClassVar[str] = "letters/status.html"
    form: StatusForm
    rate_form: RateForm
    problems: Sequence[Problem]
    standing: Standing | None
    contact: Mapping[str, str]
