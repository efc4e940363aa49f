"""What an application has to say (条例 art. 29), checked in one place for the public form, the counter and imports."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cms.api import clean, one_line
from cms.api import gettext as _

from .models import ApplicantClass, Channel, Delivery, Medium
from .terms import id_kinds

MAX_TITLE, MAX_DOC_NO, MAX_TEXT, MAX_CO = 200, 100, 5000, 20
_LENGTHS = {
    "name": 60, "id_number": 40, "uscc": 18, "legal_representative": 40, "contact": 40, "phone": 30, "email": 200,
    "address": 200, "postcode": 10,
}  # fmt: skip
_USCC = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{18}")
_ID = re.compile(r"\d{17}[\dX]|\d{15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
_PHONE = re.compile(r"[0-9()+\- 、,/转]{5,30}")


@dataclass(frozen=True, kw_only=True)
class Party:
    """A person or an organisation, as it names itself."""

    name: str = ""
    id_kind: str = "id"
    id_number: str = ""
    uscc: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was filled in."""
        return not any((self.name, self.id_number, self.uscc, self.phone, self.email, self.address))

    def values(self) -> dict[str, str]:
        """Return what was filled in, by field."""
        found = {name: getattr(self, name) for name in _LENGTHS} | {"id_kind": self.id_kind}
        return {name: value for name, value in found.items() if value and (name != "id_kind" or self.id_number)}

    def tidied(self) -> "Party":
        """Return the party with single-line values; numbers in capitals without spaces."""
        plain = {name: one_line(getattr(self, name)) for name in _LENGTHS}
        plain["id_number"] = plain["id_number"].replace(" ", "").upper()
        plain["uscc"] = plain["uscc"].replace(" ", "").upper()
        return Party(**plain, id_kind=self.id_kind if self.id_kind in id_kinds() else "other")


@dataclass(frozen=True, kw_only=True)
class Request:
    """An application as somebody made it.

    :param made_on: the day it was handed in or sent. :param agent: who acts for the applicant; the class stays that of
        the applicant. :param has_authority: whether the agent's 授权委托书 came with it.
    """

    channel: Channel
    made_on: date
    applicant_class: ApplicantClass
    applicant: Party
    title: str = ""
    doc_no: str = ""
    text: str = ""
    medium: Medium = Medium.ELECTRONIC
    delivery: Delivery = Delivery.EMAIL
    agent: Party | None = None
    has_authority: bool = False
    co_applicants: Sequence[Party] = field(default=())

    def tidied(self) -> "Request":
        """Return the application as it will be stored."""
        agent = self.agent.tidied() if self.agent is not None else None
        return Request(
            channel=self.channel, made_on=self.made_on, applicant_class=self.applicant_class,
            applicant=self.applicant.tidied(), title=one_line(self.title), doc_no=one_line(self.doc_no),
            text=clean(self.text), medium=self.medium, delivery=self.delivery,
            agent=None if agent is None or agent.is_empty else agent, has_authority=self.has_authority,
            co_applicants=tuple(one for one in (other.tidied() for other in self.co_applicants) if not one.is_empty),
        )  # fmt: skip


def problems(request: Request, *, is_strict: bool) -> dict[str, list[str]]:
    """Return what is wrong with a tidied application, by field.

    :param is_strict: as art. 29 asks of a new one; a paper record of the past may lack identity and address.
    """
    errors: dict[str, list[str]] = {}
    _check_subject(request, errors)
    _check_party(request.applicant, "", errors, is_person=request.applicant_class is ApplicantClass.NP)
    if is_strict:
        _check_identity(request, errors)
        _check_delivery(request, errors)
    if request.agent is not None:
        _check_party(request.agent, "agent_", errors, is_person=True)
        if is_strict and not request.agent.phone:
            errors.setdefault("agent_phone", [_("请填写代理人的联系电话。")])
        if is_strict and not request.has_authority:
            errors["authority"] = [_("由代理人提出申请的，请附上授权委托书。")]
    if len(request.co_applicants) > MAX_CO:
        errors["co_applicants"] = [_("共同申请人最多 {n} 名。").format(n=MAX_CO)]
    for at, other in enumerate(request.co_applicants):
        _check_party(other, f"co_{at}_", errors, is_person=not other.uscc)
    return errors


def _check_subject(request: Request, errors: dict[str, list[str]]) -> None:
    if not (request.title or request.doc_no or request.text):
        errors["title"] = [_("请写明所需政府信息的名称、文号或者便于查询的特征描述，至少一项。")]
    limits = {
        "title": (request.title, MAX_TITLE),
        "doc_no": (request.doc_no, MAX_DOC_NO),
        "text": (request.text, MAX_TEXT),
    }
    for name, (value, limit) in limits.items():
        if len(value) > limit:
            errors[name] = [_("最多 {n} 个字，现有 {m} 个。").format(n=limit, m=len(value))]


def _check_party(party: Party, prefix: str, errors: dict[str, list[str]], *, is_person: bool) -> None:
    if not party.name:
        errors[f"{prefix}name"] = [_("请填写姓名。") if is_person else _("请填写单位名称。")]
    for name, limit in _LENGTHS.items():
        if len(getattr(party, name)) > limit:
            errors[f"{prefix}{name}"] = [_("最多 {n} 个字。").format(n=limit)]
    if party.id_number and party.id_kind == "id" and not _ID.fullmatch(party.id_number):
        errors.setdefault(f"{prefix}id_number", [_("居民身份证号码应为 18 位，请核对。")])
    if party.uscc and not _USCC.fullmatch(party.uscc):
        errors.setdefault(f"{prefix}uscc", [_("统一社会信用代码应为 18 位，请核对。")])
    if party.email and not _EMAIL.fullmatch(party.email):
        errors.setdefault(f"{prefix}email", [_("电子邮箱的格式不正确，例如：name@example.com")])
    if party.phone and not _PHONE.fullmatch(party.phone):
        errors.setdefault(f"{prefix}phone", [_("联系电话只能有数字、空格和 + - ( )，例如：0734-5812345")])


def _check_identity(request: Request, errors: dict[str, list[str]]) -> None:
    applicant = request.applicant
    if request.applicant_class is ApplicantClass.NP:
        if not applicant.id_number:
            errors.setdefault("id_number", [_("请填写证件号码。")])
    elif not applicant.uscc and not applicant.legal_representative:
        errors.setdefault("uscc", [_("请填写统一社会信用代码；没有的，请填写法定代表人或负责人。")])
    if not (applicant.phone or applicant.email or applicant.address):
        errors.setdefault("phone", [_("请至少填写一种联系方式。")])


def _check_delivery(request: Request, errors: dict[str, list[str]]) -> None:
    if request.delivery is Delivery.EMAIL and not request.applicant.email:
        errors.setdefault("email", [_("选择电子邮件获取的，请填写电子邮箱。")])
    if request.delivery is Delivery.POST and not request.applicant.address:
        errors.setdefault("address", [_("选择邮寄获取的，请填写通信地址。")])


def numbered(parties: Sequence[Party]) -> Mapping[str, str]:
    """Return several parties as one flat mapping, ``1.name`` …, for sealing."""
    return {f"{at}.{name}": value for at, party in enumerate(parties, 1) for name, value in party.values().items()}


def parties_of(values: Mapping[str, str]) -> list[Mapping[str, str]]:
    """Return the parties of :func:`numbered`, in order."""
    found: dict[int, dict[str, str]] = {}
    for key, value in values.items():
        at, _dot, name = key.partition(".")
        found.setdefault(int(at), {})[name] = value
    return [found[at] for at in sorted(found)]
