"""政府信息公开指南, generated from settings and the edition in force (条例 2019 art. 12), and its confirmation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import ndiff
from typing import ClassVar

from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.catalogue import terms
from cms.catalogue.disclosure import DisclosureSettings
from cms.db.uow import UnitOfWork
from cms.documents.blocks import Block, BulletedList, Cell, Document, Heading, NumberedList, Paragraph, Table
from cms.documents.writers.text import as_text
from cms.editions.edition import Edition, FeeBasis
from cms.kernel.clock import local_date
from cms.kernel.errors import Conflict
from cms.kernel.i18n import gettext as _
from cms.settings.services import SiteSettings, load, save

TITLE = "政府信息公开指南"


@dataclass(frozen=True, kw_only=True)
class GuideFacts:
    """What the guide is made of. ``apply_address`` is where to apply on the internet; empty if nowhere."""

    site: SiteSettings
    own: DisclosureSettings
    edition: Edition
    today: date
    address: str
    catalogue_address: str
    apply_address: str = ""

    @property
    def organ(self) -> str:
        """Return whose guide it is."""
        return self.site.organ_name or self.site.site_name

    @property
    def contact(self) -> list[tuple[str, str]]:
        """Return what art. 12 asks to say of the office: label and value, empty where the office has said nothing."""
        own, site = self.own, self.site
        return [
            (_("机构名称"), own.office or self.organ), (_("办公地址"), own.address or site.address),
            (_("办公时间"), own.hours or site.office_hours), (_("联系电话"), own.phone or site.phone),
            (_("传真号码"), own.fax), (_("互联网联系方式"), own.email), (_("邮政编码"), own.postcode),
        ]  # fmt: skip

    @property
    def missing(self) -> list[str]:
        """Return the labels of what art. 12 asks for and nobody has filled in; it asks for no postcode."""
        return [label for label, value in self.contact if not value and label != _("邮政编码")]


def guide(facts: GuideFacts) -> Document:
    """Return the guide of the organ."""
    opening = _("根据《{title}》，编制本指南，方便公民、法人和其他组织获取{organ}的政府信息。").format(
        title=facts.edition.title, organ=facts.organ
    )
    parts = [
        Paragraph(opening), *_arrangement(), *_access(facts), *_office(facts), *_application(facts),
        *_handling(facts), *_fees(facts), *_remedies(facts),
    ]  # fmt: skip
    title = _("{organ}政府信息公开指南").format(organ=facts.organ)
    # The page around has the title as its heading.
    return Document(title=title, blocks=parts, author=facts.organ, show_title=False)


def _arrangement() -> list[Block]:
    return [
        Heading(_("一、政府信息的分类和编排")),
        Paragraph(
            _("政府信息按公开属性分为{kinds}三类。主动公开的政府信息按下列类别编排：").format(
                kinds="、".join(label for _code, label in terms.OPENNESS)
            )
        ),
        BulletedList([label for _code, label in terms.ARTICLE_20]),
        Paragraph(_("每条信息有唯一的索引号；政府信息公开目录列出索引号、名称、内容概述、生成日期、文号和公开日期。")),
    ]


def _access(facts: GuideFacts) -> list[Block]:
    publish = facts.edition.clock("publish")
    ways = [
        _("在本网站查阅、检索和下载：{address}").format(address=facts.address),
        _("查阅政府信息公开目录：{address}").format(address=facts.catalogue_address),
        *facts.own.channels,
    ]
    blocks: list[Block] = [Heading(_("二、获取政府信息的方式")), Heading(_("（一）主动公开"), 2), BulletedList(ways)]
    if publish:
        line = _("属于主动公开范围的政府信息，自{starts}起 {n} 个工作日内公开；法律、法规另有规定的，从其规定。")
        blocks.append(Paragraph(line.format(starts=publish.starts, n=publish.n)))
    blocks += [
        Heading(_("（二）依申请公开"), 2),
        Paragraph(_("主动公开以外的政府信息，可以向本机关申请获取，申请和办理程序见第四、第五部分。")),
    ]
    return blocks


def _office(facts: GuideFacts) -> list[Block]:
    rows = [[Cell(label, is_header=True), Cell(value)] for label, value in facts.contact if value]
    return [Heading(_("三、政府信息公开工作机构")), Table(rows, widths=(1, 3))]


def _application(facts: GuideFacts) -> list[Block]:
    ways = [_("当面提交：到上述办公地址提出。"), _("邮寄：寄至上述办公地址，请注明“政府信息公开申请”。")]
    if facts.own.fax:
        ways.append(_("传真：{fax}，请在传真后与工作机构确认。").format(fax=facts.own.fax))
    if facts.apply_address:
        ways.append(_("网上提交：{address}").format(address=facts.apply_address))
    needed = [
        _("申请人的姓名或者名称、身份证明、联系方式；"),
        _("申请公开的政府信息的名称、文号或者便于行政机关查询的其他特征性描述；"),
        _("申请公开的政府信息的形式要求，包括获取信息的方式、途径。"),
    ]
    return [
        Heading(_("四、提出申请")),
        Paragraph(_("可以用下列方式提出申请：")),
        BulletedList(ways),
        Paragraph(_("采用书面形式确有困难的，可以口头提出，由工作机构代为填写。申请应当包括：")),
        NumberedList(needed),
        Paragraph(_("存在阅读困难或者视听障碍的，请与工作机构联系，我们提供必要的帮助。")),
    ]


def _handling(facts: GuideFacts) -> list[Block]:
    clock, steps = facts.edition.clock, list[str]()
    if correct := clock("correct_notice"):
        line = _("申请内容不明确的，自收到申请之日起 {n} 个工作日内一次性告知补正。")
        steps.append(line.format(n=correct.n))
    if answer := clock("answer"):
        line = _("能够当场答复的，当场答复；不能当场答复的，自收到申请之日起 {n} 个工作日内答复。")
        steps.append(line.format(n=answer.n))
    if extend := clock("extend"):
        line = _("需要延长答复期限的，经工作机构负责人同意并告知申请人，延长最长不超过 {n} 个工作日。")
        steps.append(line.format(n=extend.n))
    if third := clock("third_party"):
        line = _("涉及第三方合法权益的，征求第三方意见，第三方自收到征求意见书之日起 {n} 个工作日内提出意见。")
        steps.append(line.format(n=third.n))
    steps.append(_("征求第三方和其他机关意见所需时间，不计算在答复期限内。"))
    return [Heading(_("五、办理程序和期限")), NumberedList(steps)]


def _fees(facts: GuideFacts) -> list[Block]:
    fees, blocks = facts.edition.fees, list[Block]([Heading(_("六、收费"))])
    if fees is None or fees.in_force_from > facts.today:
        return [*blocks, Paragraph(_("提供政府信息是否收费，按国家有关规定执行。"))]
    lead = _("提供政府信息不收取费用；申请的数量、频次明显超过合理范围的，可以收取信息处理费，两种方式选择其一：")
    return [*blocks, Paragraph(lead), BulletedList([_basis(one) for one in fees.bases])]


def _basis(basis: FeeBasis) -> str:
    parts, below = list[str](), 0
    for step in basis.steps:
        if step.to is None:
            reach = _("超过 {n} {unit}的部分").format(n=below, unit=basis.unit)
        else:
            reach = _("第 {a} 至 {b} {unit}").format(a=below + 1, b=step.to, unit=basis.unit)
        price = _("每{unit} {n} 元").format(unit=basis.unit, n=step.price) if step.price else _("不收费")
        parts.append(f"{reach}{price}")
        below = step.to or below
    if basis.block:
        line = _("此后每增加 {block} {unit}，单价提高 {rise} 元")
        parts.append(line.format(block=basis.block, unit=basis.unit, rise=basis.rise))
    return _("{label}（{scope}）：{parts}。").format(label=basis.label, scope=basis.scope, parts="；".join(parts))


def _remedies(facts: GuideFacts) -> list[Block]:
    own = facts.own
    phone = _("，电话：{phone}").format(phone=own.supervisor_phone) if own.supervisor_phone else ""
    supervisor = own.supervisor or _("政府信息公开工作主管部门")
    blocks: list[Block] = [
        Heading(_("七、监督和救济")),
        Paragraph(
            _("认为本机关没有依法履行政府信息公开义务的，可以向{organ}投诉、举报{phone}。").format(
                organ=supervisor, phone=phone
            )
        ),
    ]
    in_force = [one for one in facts.edition.remedies if one.in_force_from <= facts.today]
    if in_force:
        latest = max(in_force, key=lambda one: one.in_force_from)
        line = _(
            "认为政府信息公开工作中的行政行为侵犯其合法权益的，可以自知道或者应当知道该行为之日起 {days} 日内"
            "向{organ}申请行政复议，或者在 {months} 个月内依法向{court}提起行政诉讼；"
            "法律规定应当先申请行政复议的，从其规定。"
        )
        blocks.append(
            Paragraph(
                line.format(
                    days=latest.review_days, organ=own.review_organ or _("行政复议机关"),
                    months=latest.litigation_months, court=own.court or _("人民法院"),
                )
            )
        )  # fmt: skip
    return blocks


@dataclass(frozen=True, kw_only=True)
class GuideConfirmation:
    """The guide as the officer last confirmed it; kept so that the desk can show what has changed since."""

    key: ClassVar[str] = "disclosure.guide"

    digest: str = ""
    confirmed_on: str = ""
    by: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class GuideState:
    """Whether the guide on the site is what was confirmed. ``changes`` are lines that begin with ``+`` or ``-``."""

    digest: str
    confirmation: GuideConfirmation
    changes: Sequence[str]

    @property
    def is_current(self) -> bool:
        """Tell whether nothing has changed since the guide was confirmed."""
        return self.confirmation.digest == self.digest


def state_of(session: Session, document: Document) -> GuideState:
    """Return whether ``document``, the guide of today, is what was confirmed."""
    text = as_text(document)
    confirmed = load(session, GuideConfirmation)
    changes = [
        line
        for line in ndiff(confirmed.lines, [one for one in text.splitlines() if one.strip()])
        if line.startswith(("+ ", "- "))
    ]
    return GuideState(_digest(text), confirmed, changes if confirmed.digest else [])


def confirm(uow: UnitOfWork, document: Document, *, actor: Actor, digest: str) -> None:
    """Note that the officer has read the guide and finds it right.

    :param digest: of the guide that the officer saw.
    :raises NotAllowed: without ``catalogue.manage``. :raises Conflict: if the guide is another one by now.
    """
    require(actor, "catalogue.manage")
    text = as_text(document)
    if digest != _digest(text):
        raise Conflict(_("指南的内容刚刚有变化，请重新核对后再确认。"))
    day = local_date(uow.clock.now()).isoformat()
    kept = tuple(one for one in text.splitlines() if one.strip())
    save(uow, GuideConfirmation(digest=digest, confirmed_on=day, by=actor.name, lines=kept))
    record(uow, "guide.confirm", actor_id=actor.id, subject_type="settings", subject_id=GuideConfirmation.key)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
