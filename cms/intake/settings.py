"""Settings of all public forms, on a tab of 网站设置."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from cms.kernel.i18n import gettext as _
from cms.settings.declaration import SettingKind, SettingsTab, setting

_QUESTION, _LIMITS, _LOOKUPS, _OTHER = "验证问题", "提交次数", "查询次数", "其他途径"
#: When the question is asked.
ALWAYS, SUSPICIOUS, NEVER = "always", "suspicious", "never"


@dataclass(frozen=True, kw_only=True)
class IntakeSettings:
    """How public forms are protected against abuse; counts are for one hour and one network address."""

    key: ClassVar[str] = "intake"

    question: str = setting(
        SUSPICIOUS, "何时出题", group=_QUESTION, kind=SettingKind.CHOICE,
        choices=((SUSPICIOUS, "提交频繁时"), (ALWAYS, "每次提交都出题"), (NEVER, "从不出题")),
        help="题目是用文字写出的加减法，也可以听语音。",
    )  # fmt: skip
    free_per_hour: int = setting(
        5, "每小时多少次以内不出题", group=_QUESTION, kind=SettingKind.NUMBER, most=1000, unit="次",
        help="同一网络地址；许多人可能共用一个地址。",
    )  # fmt: skip
    site_per_hour: int = setting(
        60, "全站每小时超过多少次时都出题", group=_QUESTION, kind=SettingKind.NUMBER, least=1, most=100_000, unit="次",
    )  # fmt: skip
    most_per_hour: int = setting(
        30, "每小时最多提交", group=_LIMITS, kind=SettingKind.NUMBER, least=1, most=10_000, unit="次",
        help="同一网络地址；超过后请其稍后再试或改用其他途径。",
    )  # fmt: skip
    file_mb: int = setting(
        10, "单个附件不超过", group=_LIMITS, kind=SettingKind.NUMBER, least=1, most=50, unit="MB"
    )  # fmt: skip
    lookups_per_hour: int = setting(
        20, "每小时最多查询", group=_LOOKUPS, kind=SettingKind.NUMBER, least=1, most=10_000, unit="次",
        help="同一网络地址。",
    )  # fmt: skip
    failures_per_number: int = setting(
        10, "同一编号每小时最多输错", group=_LOOKUPS, kind=SettingKind.NUMBER, least=1, most=1000, unit="次",
    )  # fmt: skip
    contact: str = setting(
        "", "其他途径", group=_OTHER, kind=SettingKind.TEXT, length=300,
        help="写明可改用的邮箱、电话或地址，显示在验证问题旁和限制提交时；留空则用网站的联系电话和地址。",
    )  # fmt: skip


def _check(given: Any) -> Mapping[str, Sequence[str]]:  # noqa: ANN401 — a tab knows its settings as a protocol only
    if given.free_per_hour > given.most_per_hour:
        return {"free_per_hour": [_("不出题的次数不能多于每小时最多提交的次数。")]}
    return {}


TAB = SettingsTab(
    settings=IntakeSettings, label="公众表单", check=_check,
    lead="依申请公开、信箱等公众表单共用的防滥用设置。",
)  # fmt: skip
