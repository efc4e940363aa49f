"""The receipt that an applicant takes away, and the blank form that people fill in on paper."""

from collections.abc import Sequence
from datetime import date

from cms.api import Align, Block, Cell, Document, Paragraph, Table
from cms.api import gettext as _

from .letters import chinese_day
from .office import Office
from .terms import class_choices, delivery_labels, medium_labels

_BOX = "□"


def receipt_document(office: Office, *, number: str, code: str, submitted_on: date, status_url: str) -> Document:
    """Return the receipt with number and query code."""
    rows = [
        (_("申请编号"), number), (_("查询码"), code), (_("提交日期"), chinese_day(submitted_on)),
        (_("受理机构"), office.name), (_("联系电话"), office.phone or "—"), (_("查询地址"), status_url),
    ]  # fmt: skip
    blocks: list[Block] = [
        Table([[Cell(label, is_header=True), Cell(value)] for label, value in rows], widths=(1, 3)),
        Paragraph(_("请妥善保管查询码。凭申请编号和查询码可以查询办理状态、确认申请、补正或者撤回申请；查询码遗失的，请与受理机构联系，核验身份后补发。")),
    ]  # fmt: skip
    return Document(title=_("{organ}政府信息公开申请回执").format(organ=office.organ), blocks=blocks)


def blank_form(office: Office) -> Document:
    """Return the application form to be filled in by hand, with the contents of 条例 art. 29."""
    classes = "  ".join(f"{_BOX}{label}" for _code, label in class_choices())
    party = [
        _line(_("姓名或者名称")), _line(_("证件类型、号码")), _line(_("统一社会信用代码")),
        _line(_("法定代表人或负责人")), _line(_("联系电话、电子邮箱")), _line(_("通信地址、邮政编码")),
        _line(_("代理人姓名、证件号码、电话（附授权委托书）")),
    ]  # fmt: skip
    wanted = [
        _line(_("名称")), _line(_("文号")), _line(_("便于查询的其他特征性描述"), "\n\n\n"),
        _line(_("获取信息的方式"), _boxes(list(medium_labels().values()))),
        _line(_("获取信息的途径"), _boxes(list(delivery_labels().values()))),
    ]  # fmt: skip
    return Document(title=_("政府信息公开申请表"), blocks=[
        Table([
            [Cell(_("申请人"), is_header=True, rowspan=len(party) + 1), *_line(_("申请人类型"), classes)], *party,
            [Cell(_("所需政府信息"), is_header=True, rowspan=len(wanted)), *wanted[0]], *wanted[1:],
        ], widths=(2, 4, 9)),
        Paragraph(_("申请人（签名或者盖章）：                    年    月    日"), align=Align.RIGHT, indent=False),
        Paragraph(_("受理机构：{name}　地址：{address}　电话：{phone}").format(
            name=office.name, address=office.address or "—", phone=office.phone or "—"), indent=False),
    ])  # fmt: skip


def _line(label: str, value: str = "") -> list[Cell]:
    return [Cell(label), Cell(value)]


def _boxes(labels: Sequence[str]) -> str:
    return "  ".join(f"{_BOX}{label}" for label in labels)
