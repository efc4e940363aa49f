"""Chinese names of what the tables hold, and the rule of receipt, which is data."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from cms.api import Subject
from cms.api import gettext as _

from .models import (
    Answer,
    ApplicantClass,
    Application,
    CaseKind,
    CaseResult,
    Channel,
    ConsultationKind,
    Delivery,
    Medium,
    Opinion,
    Outcome,
)  # fmt: skip

#: Permissions of the plugin.
VIEW, HANDLE, SIGN = "applications.view", "applications.handle", "applications.sign"


#: How logs and sealed files name applications.
SUBJECT = "application"


class Receipt(StrEnum):
    """What decides the day of receipt (条例 art. 31)."""

    SUBMITTED = "submitted"
    SIGNED = "signed"
    ARRIVED = "arrived"
    CONFIRMED = "confirmed"


@cache
def _receipts() -> Mapping[str, Mapping[Channel, Receipt]]:
    raw = tomllib.loads((Path(__file__).parent / "receipt.toml").read_text("utf-8"))
    return {
        edition: {channel: Receipt(rules[channel]) for channel in Channel} for edition, rules in raw.items()
    }  # fmt: skip


def receipt_of(edition: str, channel: Channel) -> Receipt:
    """Return what decides the day of receipt in ``edition`` for ``channel``."""
    return _receipts()[edition][channel]


def class_labels() -> dict[ApplicantClass, str]:
    """Return the names of applicant classes, as the columns of the report have them."""
    return {
        ApplicantClass.NP: _("自然人"), ApplicantClass.CE: _("商业企业"), ApplicantClass.RI: _("科研机构"),
        ApplicantClass.PW: _("社会公益组织"), ApplicantClass.LS: _("法律服务机构"), ApplicantClass.OT: _("其他"),
    }  # fmt: skip


def class_choices() -> list[tuple[str, str]]:
    """Return the classes for a form; those of organisations say so."""
    return [
        (one.value, label if one is ApplicantClass.NP else _("法人或其他组织：{label}").format(label=label))
        for one, label in class_labels().items()
    ]


#: Names of channels as lists of figures show them.
CHANNEL_WORDS: Mapping[Channel, str] = {
    Channel.ONSITE: "当面提交", Channel.ORAL: "口头申请", Channel.POST: "邮寄（签收）", Channel.LETTER: "平常信函",
    Channel.WEB: "网络", Channel.FAX: "传真",
}  # fmt: skip


def channel_labels() -> dict[Channel, str]:
    """Return the names of channels."""
    return {channel: _(word) for channel, word in CHANNEL_WORDS.items()}


def medium_labels() -> dict[Medium, str]:
    """Return the names of forms in which information is given."""
    return {
        Medium.ELECTRONIC: _("电子文档"), Medium.PAPER: _("纸质"), Medium.INSPECT: _("现场查阅、抄录"),
    }  # fmt: skip


def delivery_labels() -> dict[Delivery, str]:
    """Return the names of ways in which it is given."""
    return {
        Delivery.EMAIL: _("电子邮件"), Delivery.POST: _("邮寄"), Delivery.PICKUP: _("自行领取"),
        Delivery.ONSITE: _("当场阅读、抄录"),
    }  # fmt: skip


def id_kinds() -> dict[str, str]:
    """Return the kinds of identity papers of natural persons."""
    return {
        "id": _("居民身份证"), "passport": _("护照"), "hk_macao": _("港澳居民来往内地通行证"),
        "taiwan": _("台湾居民来往大陆通行证"), "other": _("其他证件"),
    }  # fmt: skip


def confirmed_labels() -> dict[str, str]:
    """Return how an applicant can have confirmed a submission."""
    return {
        "click": _("申请人网上确认"), "phone": _("电话确认"), "message": _("短信确认"), "mail": _("邮件确认"),
        "onsite": _("当面确认"), "auto": _("提交即确认"),
    }  # fmt: skip


def consultation_labels() -> dict[ConsultationKind, str]:
    """Return whose opinion can be asked."""
    return {ConsultationKind.THIRD_PARTY: _("第三方"), ConsultationKind.CO_AGENCY: _("共同制作机关")}


def opinion_labels() -> dict[Opinion, str]:
    """Return what can come of a consultation."""
    return {
        Opinion.AGREES: _("同意公开"), Opinion.REFUSES: _("不同意公开"), Opinion.PARTLY: _("部分同意"),
        Opinion.LAPSED: _("逾期未提出意见，由本机关依法决定"), Opinion.DEEMED: _("逾期未提出意见，视为同意公开"),
    }  # fmt: skip


def outcome_labels() -> dict[Outcome, str]:
    """Return how applications end."""
    return {
        Outcome.ANSWERED: _("已答复"), Outcome.LAPSED: _("视为放弃"), Outcome.WITHDRAWN: _("申请人撤回"),
        Outcome.OTHER: _("其他处理"),
    }  # fmt: skip


def served_labels() -> dict[str, str]:
    """Return the ways of serving an answer."""
    return {
        "post": _("邮寄"), "email": _("电子邮件"), "pickup": _("当面领取"), "fax": _("传真"),
    }  # fmt: skip


def case_labels() -> dict[CaseKind, str]:
    """Return the kinds of cases."""
    return {
        CaseKind.REVIEW: _("行政复议"), CaseKind.SUIT: _("行政诉讼（未经复议直接起诉）"),
        CaseKind.SUIT_AFTER_REVIEW: _("行政诉讼（复议后起诉）"), CaseKind.APPEAL: _("申诉"),
        CaseKind.COMPLAINT: _("举报投诉"),
    }  # fmt: skip


def case_result_labels() -> dict[CaseResult, str]:
    """Return the results of cases, as the columns of the report have them."""
    return {
        CaseResult.KEEP: _("结果维持"), CaseResult.FIX: _("结果纠正"), CaseResult.OTHER: _("其他结果"),
    }  # fmt: skip


#: What sealed files are to an application; kept with each file.
IDENTITY, AUTHORITY, SUPPORT, CORRECTION, OPINION, SOURCE, PROVIDED, PROOF = (
    "identity", "authority", "support", "correction", "opinion", "source", "provided", "proof",
)  # fmt: skip


def file_labels() -> dict[str, str]:
    """Return what files are to an application."""
    return {
        IDENTITY: _("身份证明"), AUTHORITY: _("授权委托书"), SUPPORT: _("申请附件"), CORRECTION: _("补正材料"),
        OPINION: _("征求意见材料"), SOURCE: _("原文件"), PROVIDED: _("提供的信息"), PROOF: _("送达凭证"),
    }  # fmt: skip


def subject_of(application: Application) -> Subject:
    """Return how logs and sealed files name an application."""
    return Subject(SUBJECT, application.id)


def files_of_answer(answer: Answer) -> Subject:
    """Return how sealed files name the answer that they go with."""
    return Subject("application_answer", answer.id)
