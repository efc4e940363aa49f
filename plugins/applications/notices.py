"""Notices on the way to an answer, as letters: receipt, correction, reasons, extension, opinion, fee (arts 30–42)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cms.api import Edition, Keyring, NotFound
from cms.api import gettext as _

from . import dues, letters
from .letters import Letter, chinese_day
from .models import Application, Consultation, ConsultationKind, FeeNotice, InquiryKind
from .office import Office, office_of

RECEIPT, CORRECTION, REASON, EXTENSION, OPINION, FEE = "receipt", "correction", "reason", "extension", "opinion", "fee"
_FEN = 100


@dataclass(frozen=True, kw_only=True)
class _About:
    """What a notice is written from."""

    application: Application
    edition: Edition
    found: dues.Proceedings
    office: Office
    subject: str
    item_id: int

    @property
    def received(self) -> str:
        """Return the beginning of most notices."""
        day = chinese_day(self.application.received_on or self.application.occurred_on)
        return _("本机关于{day}收到您提出的政府信息公开申请（申请编号：{number}），申请公开“{subject}”。").format(
            day=day, number=self.application.number, subject=self.subject
        )

    @property
    def rule(self) -> str:
        """Return the name of the regulation."""
        return f"《{self.edition.title}》"


def notice_kinds(application: Application, found: dues.Proceedings) -> dict[str, str]:
    """Return the notices that can be printed for an application, by key."""
    kinds = {RECEIPT: _("登记回执")} if application.received_on is not None else {}
    if found.inquiry(InquiryKind.CORRECTION) is not None:
        kinds[CORRECTION] = _("补正告知书")
    if found.inquiry(InquiryKind.REASON) is not None:
        kinds[REASON] = _("说明理由通知书")
    if application.extension_days:
        kinds[EXTENSION] = _("延长答复期限告知书")
    if found.fee is not None:
        kinds[FEE] = _("收费通知书")
    return kinds


def notice(session: Session, keyring: Keyring, application: Application, kind: str, *, item_id: int = 0) -> Letter:
    """Return a notice as a letter.

    :param item_id: the consultation, for letters that ask for an opinion.
    :raises NotFound: if the application has had no such step.
    """
    values = keyring.open(application.particulars, Application.particulars)
    about = _About(
        application=application, edition=dues.edition_of(application), item_id=item_id,
        found=dues.Proceedings.of(session, application.id), office=office_of(session),
        subject=letters.subject_of(application.title, application.doc_no, values.get("text", "")),
    )  # fmt: skip
    if kind == OPINION:
        return _opinion(about, keyring)
    write = _WRITERS.get(kind)
    if write is None or kind not in notice_kinds(application, about.found):
        raise NotFound(kind)
    name = keyring.open(application.applicant, Application.applicant).get("name", "") or _("申请人")
    return write(about, name)


def _letter(about: _About, name: str, title: str, *paragraphs: str, dated: object = None) -> Letter:
    contact = _("联系人：{name}　联系电话：{phone}").format(name=about.office.name, phone=about.office.phone or "—")
    return Letter(
        organ=about.office.organ, title=title, addressee=name, paragraphs=paragraphs, contact=contact,
        dated=dated or about.application.received_on,  # type: ignore[arg-type]  # a day, or none
    )  # fmt: skip


def _receipt(about: _About, name: str) -> Letter:
    due = about.application.due_on
    until = _("本机关将在{day}前答复。").format(day=chinese_day(due)) if due is not None else ""
    return _letter(about, name, _("政府信息公开申请登记回执"), about.received, until or _("本机关将依法答复。"))


def _correction(about: _About, name: str) -> Letter:
    asked = about.found.inquiry(InquiryKind.CORRECTION)
    if asked is None:
        raise NotFound(CORRECTION)
    return _letter(
        about, name, _("政府信息公开申请补正告知书"), about.received,
        _("经审查，您的申请内容不明确。根据{rule}第三十条的规定，请您补正以下事项：").format(rule=about.rule),
        *filter(None, asked.text.split("\n")),
        _("请在{day}前补正。无正当理由逾期不补正的，视为放弃申请，本机关不再处理。答复期限自收到补正的申请之日起计算。").format(
            day=chinese_day(asked.due_on)
        ),
        dated=asked.occurred_on,
    )  # fmt: skip


def _reason(about: _About, name: str) -> Letter:
    asked = about.found.inquiry(InquiryKind.REASON)
    if asked is None:
        raise NotFound(REASON)
    return _letter(
        about, name, _("政府信息公开申请说明理由通知书"), about.received,
        _("您申请公开政府信息的数量、频次明显超过合理范围。根据{rule}第三十五条的规定，请您说明理由：").format(
            rule=about.rule
        ),
        *filter(None, asked.text.split("\n")), _("请在{day}前说明理由。").format(day=chinese_day(asked.due_on)),
        dated=asked.occurred_on,
    )  # fmt: skip


def _extension(about: _About, name: str) -> Letter:
    application, clock = about.application, about.edition.clocks["extend"]
    until = _("延长后的答复期限为{day}。").format(day=chinese_day(application.due_on)) if application.due_on else ""
    return _letter(
        about, name, _("延长答复期限告知书"), about.received,
        _("因需要延长答复期限，经本机关政府信息公开工作机构负责人同意，根据{rule}{article}的规定，决定延长{n}个工作日答复。").format(
            rule=about.rule, article=clock.article, n=application.extension_days
        ) + until,
        dated=application.extended_on,
    )  # fmt: skip


def _fee(about: _About, name: str) -> Letter:
    asked = about.found.fee
    if asked is None:
        raise NotFound(FEE)
    rules = about.edition.fees
    basis = rules.basis(asked.basis).label if rules is not None else ""
    return _letter(
        about, name, _("政府信息公开信息处理费收费通知书"), about.received,
        _("根据{rule}第四十二条和《政府信息公开信息处理费管理办法》的规定，本机关决定收取信息处理费。计收方式：{basis}，{quantity}。").format(
            rule=about.rule, basis=basis, quantity=_quantity(asked)
        ),
        _("应收{amount}元{waived}，请在{day}前缴纳。逾期未缴纳的，视为放弃申请，本机关不再处理。").format(
            amount=yuan(asked.amount), day=chinese_day(asked.due_on),
            waived=_("，减免{n}元").format(n=yuan(asked.waived)) if asked.waived else "",
        ),
        dated=asked.occurred_on,
    )  # fmt: skip


def _quantity(asked: FeeNotice) -> str:
    if asked.basis == "per_page":
        return _("共 {n} 页").format(n=asked.quantity)
    return _("本月累计第 {n} 件").format(n=asked.quantity)


def yuan(fen: int) -> str:
    """Return an amount in 元, without needless decimals."""
    return f"{fen / _FEN:.2f}".removesuffix(".00")


def _opinion(about: _About, keyring: Keyring) -> Letter:
    asked = next((one for one in about.found.consultations if one.id == about.item_id), None)
    if asked is None:
        raise NotFound(OPINION)
    values = keyring.open(asked.party, Consultation.party)
    is_third = asked.kind is ConsultationKind.THIRD_PARTY
    article, lapse = (
        (_("第三十二条"), _("逾期未提出意见的，由本机关依照条例的规定决定是否公开。")) if is_third
        else (_("第三十四条"), _("逾期未提出意见的，视为同意公开。"))
    )  # fmt: skip
    clock = about.edition.clock(asked.kind.value)
    term = _("请自收到本征求意见书之日起{n}个工作日内提出意见。").format(n=clock.n) if clock is not None else ""
    return _letter(
        about, values.get("name", ""), _("政府信息公开第三方意见征求书") if is_third else _("政府信息公开征求意见函"),
        _("本机关收到公开“{subject}”的政府信息公开申请。").format(subject=about.subject)
        + (_("该信息涉及你（单位）的合法权益。") if is_third else _("该信息由你机关参与制作。"))
        + _("根据{rule}{article}的规定，现征求你（单位）是否同意公开的意见。").format(rule=about.rule, article=article),
        *filter(None, values.get("text", "").split("\n")), term + (lapse if clock is not None else ""),
        dated=asked.occurred_on,
    )  # fmt: skip


_WRITERS: Mapping[str, Callable[[_About, str], Letter]] = {
    RECEIPT: _receipt, CORRECTION: _correction, REASON: _reason, EXTENSION: _extension, FEE: _fee,
}  # fmt: skip
