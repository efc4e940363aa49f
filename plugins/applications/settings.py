"""What the office decides about applications; a tab of 网站设置."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from cms.api import SettingKind, SettingsTab, setting
from cms.api import gettext as _

_OFFICE, _WAY, _RULES, _DATA = "受理机构", "受理方式", "办理规则", "个人信息"
_TELEPHONE = r"[0-9()+（） 、,/-]{5,60}"


@dataclass(frozen=True, kw_only=True)
class ApplicationSettings:
    """Who takes applications, and what the rules leave to the organ."""

    key: ClassVar[str] = "applications"

    office: str = setting("", "受理机构名称", group=_OFFICE, length=60, help="留空则与公开指南一致，联系方式也是。")
    office_address: str = setting("", "办公地址", group=_OFFICE, length=120, help="留空则用网站设置的办公地址。")
    office_hours: str = setting("", "办公时间", group=_OFFICE, length=120)
    office_phone: str = setting("", "联系电话", group=_OFFICE, pattern=_TELEPHONE, example="0734-5812345")
    office_fax: str = setting("", "传真号码", group=_OFFICE, pattern=_TELEPHONE, example="0734-5812346")
    office_email: str = setting(
        "", "电子邮箱", group=_OFFICE, pattern=r"[^@\s]{1,64}@[^@\s]{3,190}", example="xxgk@example.gov.cn"
    )
    office_postcode: str = setting("", "邮政编码", group=_OFFICE, pattern=r"\d{6}", example="421300")
    review_organ: str = setting(
        "", "行政复议机关", group=_OFFICE, length=60, help="写入答复书的救济途径，例如：衡山县人民政府。"
    )
    court: str = setting("", "管辖法院", group=_OFFICE, length=60, help="写入答复书的救济途径，例如：衡山县人民法院。")
    is_open: bool = setting(True, "网上受理申请", group=_WAY, kind=SettingKind.FLAG)
    notice: str = setting(
        "", "申请须知", group=_WAY, kind=SettingKind.TEXT, length=4000, help="显示在申请页面，每行一段。"
    )
    confirm_at_once: bool = setting(
        False, "提交即视为双方确认", group=_WAY, kind=SettingKind.FLAG,
        help="勾选后，网上提交页面会写明提交之日即为收到申请之日；不勾选则由双方确认。",
    )  # fmt: skip
    letter_number: str = setting(
        "{office}公开〔{year}〕第{seq}号", "答复书文号", group=_RULES, required=True, length=60,
        help="可用标记：{office} 机关代字、{year} 年、{seq} 流水号。",
    )  # fmt: skip
    office_code: str = setting("", "机关代字", group=_RULES, length=20, help="例如：衡民。")
    review_by_other: bool = setting(True, "公开审查人与拟稿人不能是同一人", group=_RULES, kind=SettingKind.FLAG)
    sign_by_other: bool = setting(True, "签批人与拟稿人不能是同一人", group=_RULES, kind=SettingKind.FLAG)
    fee_restarts: bool = setting(
        True, "缴费后办理期限重新计算", group=_RULES, kind=SettingKind.FLAG,
        help="自缴费次日起重新计算；不勾选则只扣除等待缴费的时间。",
    )  # fmt: skip
    redo_counts: bool = setting(
        False, "复议、诉讼后重新答复另计为新收申请", group=_RULES, kind=SettingKind.FLAG,
        help="不勾选时，重新答复不再计入年报表三。",
    )  # fmt: skip
    warn_days: int = setting(
        3, "到期前几个工作日提醒", group=_RULES, kind=SettingKind.NUMBER, least=1, most=15, unit="个工作日"
    )
    keep_years: int = setting(
        10, "个人信息保存年限", group=_DATA, kind=SettingKind.NUMBER, least=1, most=60, unit="年",
        help="办结满这个年限后，删除申请人信息和申请内容，只保留日期、申请人类型和办理结果。",
    )  # fmt: skip


def _problems(given: ApplicationSettings) -> Mapping[str, Sequence[str]]:
    try:
        sample = {given.letter_number.format(office="衡民", year=2016, seq=number) for number in (1, 2)}
        other = given.letter_number.format(office="衡民", year=2017, seq=1)
    except (KeyError, IndexError, ValueError, AttributeError):
        return {"letter_number": [_("文号只能用标记 {office}、{year}、{seq}。")]}
    # Two letters must not get the same number.
    if len(sample | {other}) < 3:  # noqa: PLR2004 — three letters, three numbers
        return {"letter_number": [_("文号须含年份 {year} 和流水号 {seq}。")]}
    return {}


TAB = SettingsTab(
    settings=ApplicationSettings, label="依申请公开",
    lead="受理机构的联系方式显示在申请页面和答复书；法定期限随法规版本，不在这里设置。",
    permission="applications.settings", check=_problems,
)  # fmt: skip
