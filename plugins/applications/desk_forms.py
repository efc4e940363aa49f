"""The forms of the desk: one with every field that a step may need; each step shows its own."""

import re
from datetime import date

from wtforms import FileField, HiddenField, StringField, TextAreaField

from cms.api import ChoiceField, DayField, NumberField, ServiceForm
from cms.api import gettext as _

from .terms import (
    case_labels,
    case_result_labels,
    confirmed_labels,
    consultation_labels,
    opinion_labels,
    served_labels,
)  # fmt: skip

_LATER = _("补录以前的事项时填写，例如登记簿页码、邮戳、快递单号。")
_MAX_ID = 9


class StepForm(ServiceForm):
    """A step of an application."""

    version = HiddenField()
    item = HiddenField()
    text = TextAreaField(_("内容"))
    kind = ChoiceField(_("征求谁的意见"), [])
    name = StringField(_("对象"), description=_("姓名、单位名称或者机关名称。"))
    contact = StringField(_("联系方式"))
    opinion = ChoiceField(_("意见"), [])
    how = ChoiceField(_("确认的方式"), [])
    served = ChoiceField(_("送达的方式"), [])
    days = NumberField(_("延长的工作日数"))
    consent = StringField(_("同意延长的负责人"), description=_("政府信息公开工作机构负责人姓名、职务。"))
    notified = StringField(_("告知申请人的方式"), description=_("例如：邮寄告知书、电话并记录。"))
    basis = ChoiceField(_("计收方式"), [])
    pages = NumberField(_("页数"), description=_("按量计收时填写。"))
    waived = StringField(_("减免金额（元）"), description=_("不减免的不填。"))
    receipt = StringField(_("凭证"), description=_("挂号信、快递单号，签收人，或者缴费票据号码。"))
    reason = StringField(_("理由"))
    note = StringField(_("说明"))
    checked = StringField(_("核实身份的方式"), description=_("例如：核对身份证原件。"))
    department_id = ChoiceField(_("承办科室"), [])
    handler_id = ChoiceField(_("承办人"), [])
    on = DayField(_("日期"))
    notified_on = DayField(_("申请人收到通知的日期"), description=_("期限从这一天起算；与发出日期相同可不填。"))
    due_on = DayField(_("期限"), description=_("不填则按法规版本计算。"))
    dated = DayField(_("落款日期"), description=_("不填则为签批的日期；救济途径按这一天适用的法律写明。"))
    signer = StringField(_("签批人"), description=_("在纸质文件上签批的负责人；由本人在系统中签批的不填。"))
    source = StringField(_("依据"), description=_LATER)
    evidence = FileField(_("依据附件"), description=_("扫描件或照片，可不传。"))

    def offer(self) -> "StepForm":
        """Fill in what can be chosen without looking at the application."""
        self.kind.choices = tuple((one.value, label) for one, label in consultation_labels().items())
        self.opinion.choices = (
            ("", _("（请选择）")), *((one.value, label) for one, label in opinion_labels().items())
        )  # fmt: skip
        self.how.choices = tuple(
            (key, label) for key, label in confirmed_labels().items() if key not in {"click", "auto"}
        )
        self.served.choices = (("", _("（请选择）")), *served_labels().items())
        return self

    def typed(self, name: str) -> str:
        """Return what was typed into a field."""
        return str(self[name].data or "")


class AnswerForm(ServiceForm):
    """An answer; the choices follow from the edition."""

    version = HiddenField()
    kind = ChoiceField(_("答复种类"), [])
    result = ChoiceField(_("办理结果"), [], description=_("与年报表三的行一致；只有一种结果的自动选定。"))
    provided = TextAreaField(_("提供的内容，或者获取的方式、途径和时间"))
    reasons = TextAreaField(_("理由、检索情况"), description=_("法律依据自动写入，这里写具体情况。"))
    organ = StringField(_("负责公开的机关、其他渠道"), description=_("能够确定的，写明名称和联系方式。"))


class CaseForm(ServiceForm):
    """A case, or its decision."""

    kind = ChoiceField(_("种类"), [])
    body = StringField(_("复议机关、法院、受理机关"))
    number = StringField(_("案号"))
    matter = StringField(_("事由"), description=_("不要写申请人姓名等个人信息。"))
    application = StringField(_("相关申请编号"), description=_("没有的不填。"))
    follows = ChoiceField(_("经过的行政复议"), [])
    on = DayField(_("日期"))
    result = ChoiceField(_("结果"), [])
    decision = StringField(_("裁决说明"), description=_("例如：撤销原答复，责令30日内重新答复。"))
    reason = StringField(_("作废原因"))
    source = StringField(_("依据"), description=_LATER)
    evidence = FileField(_("依据附件"), description=_("决定书、判决书扫描件，可不传。"))

    def offer(self) -> "CaseForm":
        """Fill in what can be chosen."""
        self.kind.choices = (("", _("（请选择）")), *((one.value, label) for one, label in case_labels().items()))
        self.result.choices = (
            ("", _("（请选择）")), *((one.value, label) for one, label in case_result_labels().items())
        )  # fmt: skip
        self.follows.choices = (("", _("（没有）")),)
        return self


class RedactForm(ServiceForm):
    """What is to be removed from a file."""

    file = FileField(_("原文件"), description=_("docx、pdf、txt 或者图片；原文件加密保存，只有经办人能打开。"))
    phrases = TextAreaField(_("要去除的文字"), description=_("每行一处，全文查找；被空格、换行隔开的也会找到。"))
    drop_pages = StringField(_("不提供的页"), description=_("仅 PDF，例如：2、5-7。"))
    why = StringField(_("理由"))


def day_of(text: str, name: str, errors: dict[str, list[str]]) -> date | None:
    """Return a day that was typed, nothing if the field is empty; note under ``name`` what is no day."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        errors[name] = [_("请填写日期，例如 2026-03-08。")]
        return None


def number_of(text: str, name: str, errors: dict[str, list[str]], *, missing: int = 0) -> int:
    """Return a whole number that was typed; note under ``name`` what is none."""
    plain = text.strip()
    if not plain:
        return missing
    if plain.isascii() and plain.isdigit() and len(plain) <= _MAX_ID:
        return int(plain)
    errors[name] = [_("请填写整数。")]
    return missing


def id_of(text: str) -> int | None:
    """Return the id that was chosen, if any."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_ID else None


_AMOUNT = re.compile(r"(\d{1,8})(?:\.(\d{1,2}))?", re.ASCII)


def fen_of(text: str, name: str, errors: dict[str, list[str]]) -> int:
    """Return an amount in 分 that was typed in 元."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is not None:
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if text.strip():
        errors[name] = [_("请填写金额，例如 200 或 200.50。")]
    return 0
