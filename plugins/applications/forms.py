"""The form of an application, for the public page and for the counter; what it means the services say."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import TypeVar

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import InputRequired

from cms.api import ChoiceField, DayField, ServiceForm
from cms.api import gettext as _

from .models import ApplicantClass, Channel, Delivery, Medium
from .requests import Party, Request
from .terms import channel_labels, class_choices, class_labels, delivery_labels, id_kinds, medium_labels

#: Rows for co-applicants; more of them come on paper or as a file.
CO_ROWS = 4
_NEEDED = [InputRequired()]
_CO_FIELDS = ("name", "id_number", "phone")


def co_field(at: int, name: str) -> str:
    """Return the name of a field of a co-applicant."""
    return f"co_{at}_{name}"


class ApplicationForm(ServiceForm):
    """Who asks for what, and how they want it (条例 art. 29)."""

    applicant_class = ChoiceField(_("申请人类型"), [], validators=_NEEDED)
    name = StringField(_("姓名"), _NEEDED)
    id_kind = ChoiceField(_("证件类型"), [])
    id_number = StringField(_("证件号码"), _NEEDED)
    uscc = StringField(_("统一社会信用代码"), description=_("18 位；没有的可以不填，改填法定代表人或负责人。"))
    legal_representative = StringField(_("法定代表人或负责人"))
    contact = StringField(_("联系人"))
    phone = StringField(_("联系电话"))
    email = StringField(_("电子邮箱"))
    address = StringField(_("通信地址"))
    postcode = StringField(_("邮政编码"))
    title = StringField(_("信息名称"), description=_("名称、文号、特征描述至少填写一项，一件申请只写一项内容。"))
    doc_no = StringField(_("文号"), description=_("例如：衡民发〔2025〕12号。"))
    text = TextAreaField(
        _("特征描述"), description=_("便于查找的其他说明，例如时间、事项、部门。请不要在这里写身份证号码等个人信息。")
    )
    medium = ChoiceField(_("获取信息的方式"), [])
    delivery = ChoiceField(_("获取信息的途径"), [])
    agent_name = StringField(_("代理人姓名"))
    agent_id_number = StringField(_("代理人证件号码"))
    agent_phone = StringField(_("代理人联系电话"))
    agent_email = StringField(_("代理人电子邮箱"))
    agent_address = StringField(_("代理人通信地址"))

    def offer(self, *, is_person: bool | None = None) -> "ApplicationForm":
        """Fill in what can be chosen; ``is_person`` leaves out the classes of the others."""
        chosen = class_choices()
        if is_person is False:
            chosen = [(one.value, label) for one, label in class_labels().items() if one is not ApplicantClass.NP]
            self.name.label.text = _("单位名称")
        self.applicant_class.choices = (("", _("（请选择）")), *chosen)
        self.id_kind.choices = tuple(id_kinds().items())
        self.medium.choices = tuple((one.value, label) for one, label in medium_labels().items())
        self.delivery.choices = tuple((one.value, label) for one, label in delivery_labels().items())
        return self

    def unchosen(self) -> dict[str, list[str]]:
        """Return the problem of a form whose sender did not say what they are."""
        return {} if self.applicant_class.value else {"applicant_class": [_("请选择申请人类型。")]}

    def party(self, prefix: str = "") -> Party:
        """Return the person or organisation whose fields have this prefix."""
        names = Party.__dataclass_fields__
        return Party(**{name: self[f"{prefix}{name}"].data or "" for name in names if f"{prefix}{name}" in self})

    def co_applicants(self) -> Iterator[Party]:
        """Yield the co-applicants; empty rows are empty parties."""
        for at in range(CO_ROWS):
            yield Party(**{name: self[co_field(at, name)].data or "" for name in _CO_FIELDS})

    def co_rows(self) -> list[list[Field]]:
        """Return the fields of co-applicants, row by row."""
        return [[self[co_field(at, name)] for name in _CO_FIELDS] for at in range(CO_ROWS)]

    @property
    def agent_fields(self) -> list[Field]:
        """Return the fields of the agent."""
        return [field for field in self if field.name.startswith("agent_")]

    def request(self, *, channel: Channel, made_on: date, has_authority: bool) -> Request:
        """Return what was typed as an application."""
        agent = self.party("agent_")
        chosen = self.applicant_class.value
        return Request(
            channel=channel, made_on=made_on, applicant=self.party(), title=self.title.data or "",
            applicant_class=one_of(ApplicantClass, chosen, ApplicantClass.NP),
            doc_no=self.doc_no.data or "", text=self.text.data or "", has_authority=has_authority,
            medium=one_of(Medium, self.medium.value, Medium.ELECTRONIC),
            delivery=one_of(Delivery, self.delivery.value, Delivery.EMAIL), agent=None if agent.is_empty else agent,
            co_applicants=tuple(self.co_applicants()),
        )  # fmt: skip


def _add_co_fields() -> None:
    labels = {"name": _("姓名"), "id_number": _("证件号码"), "phone": _("联系电话")}
    for at in range(CO_ROWS):
        for name in _CO_FIELDS:
            label = _("共同申请人{n}：{what}").format(n=at + 1, what=labels[name])
            setattr(ApplicationForm, co_field(at, name), StringField(label))


_add_co_fields()


E = TypeVar("E", bound=StrEnum)


def one_of(kind: type[E], value: str, default: E) -> E:
    """Return the member with that value, else the default."""
    return next((one for one in kind if one.value == value), default)


class PaperForm(ApplicationForm):
    """An application that came at the counter, by post or fax; the officer fills it in."""

    channel = ChoiceField(_("申请方式"), [], validators=_NEEDED)
    made_on = DayField(_("申请日期"), _NEEDED, description=_("申请书的落款日期或者提交日期。"))
    on = DayField(_("收到日期"), _NEEDED, description=_("本机关拿到这件申请的日期。"))
    signed_on = DayField(_("签收日期"), description=_("仅邮寄：行政机关签收之日即收到申请之日；与收到日期相同可不填。"))
    external_no = StringField(_("纸质登记簿编号"))
    source = StringField(_("依据"), description=_("补录时必填，例如：依申请公开登记簿第3页、邮戳。"))

    def offer(self, *, is_person: bool | None = None) -> "PaperForm":
        """Fill in what can be chosen."""
        super().offer(is_person=is_person)
        self.channel.choices = (
            ("", _("（请选择）")), *((one.value, label) for one, label in channel_labels().items())
        )  # fmt: skip
        return self


class StatusForm(ServiceForm):
    """Number and query code."""

    number = StringField(_("申请编号"), _NEEDED, description=_("例如：2026-0001。"))
    code = StringField(_("查询码"), _NEEDED, description=_("12 位，见提交申请后的回执；字母不分大小写，横线可以不写。"))


class ReplyForm(ServiceForm):
    """What an applicant answers to a notice."""

    text = TextAreaField(_("补正内容"), _NEEDED)
