"""What the office decides about letters."""

from dataclasses import dataclass
from typing import ClassVar

from cms.api import SettingKind, setting

_FORM, _RECORDS = "网上来信", "登记与保存"


@dataclass(frozen=True, kw_only=True)
class LetterSettings:
    """The settings on the tab 咨询信件."""

    key: ClassVar[str] = "letters"

    is_open: bool = setting(
        True, "接受网上来信", group=_FORM, kind=SettingKind.FLAG, help="不勾选时，写信页面只显示其他联系方式。"
    )
    mailbox: str = setting(
        "web", "网上来信的渠道", group=_FORM, kind=SettingKind.CHOICE,
        choices=(("web", "网上咨询"), ("mailbox_bureau", "局长信箱")), help="网上来信记入哪个渠道。",
    )  # fmt: skip
    intro: str = setting(
        "您可以咨询政策、反映困难、投诉举报或提出建议。请勿填写与事项无关的个人信息；信访事项请到信访部门或国家信访平台反映。",
        "写信须知", group=_FORM, kind=SettingKind.TEXT, length=1000,
    )  # fmt: skip
    privacy: str = setting(
        "姓名、电话等信息只用于办理本信件和回访，加密保存，答复后按规定期限删除；公开答复时会隐去。"
        "您可以凭编号和查询码查询办理情况，或致电我们查询、更正、删除您的信息。",
        "个人信息告知", group=_FORM, kind=SettingKind.TEXT, length=1000, required=True,
        help="收集个人信息前应当告知目的、种类、保存期限和权利（个人信息保护法第十七条、第三十五条）。",
    )  # fmt: skip
    shows_statistics: bool = setting(
        True, "公开办理统计", group=_FORM, kind=SettingKind.FLAG, help="在信件公开页显示本年收到、答复的数量。"
    )
    retention_years: int = setting(
        3, "答复后保存个人信息", group=_RECORDS, kind=SettingKind.NUMBER, least=0, most=100, unit="年",
        help="到期后删除来信人信息、来信和答复原文，只保留已公开的文本和统计数据；0 表示不删除。",
    )  # fmt: skip
