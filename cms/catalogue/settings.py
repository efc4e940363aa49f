"""Settings of the disclosure catalogue, on a tab of 网站设置."""

from dataclasses import dataclass
from typing import ClassVar

from cms.settings.declaration import SettingKind, SettingsTab, setting


@dataclass(frozen=True, kw_only=True)
class CatalogueSettings:
    """What the office decides about its catalogue."""

    key: ClassVar[str] = "catalogue"

    review_months: int = setting(
        12, "不公开信息多久评估一次", kind=SettingKind.NUMBER, least=1, most=60, unit="个月",
        help="《条例》第十八条要求定期评估；登记时按此推算下次评估日期，评估时可另定。",
    )  # fmt: skip


TAB = SettingsTab(
    settings=CatalogueSettings, label="信息公开目录", lead="公开属性不是“主动公开”的信息须定期评估审查。",
    permission="catalogue.manage",
)  # fmt: skip
