"""Settings of the annual report: what kind of organ this is, and whom the report is submitted to."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from cms.api import Edition, SettingKind, SettingsTab, setting


@dataclass(frozen=True, kw_only=True)
class ReportSettings:
    """What the report of this site needs to know beyond the site's own settings."""

    key: ClassVar[str] = "disclosure_report"

    organ_kind: str = setting(
        "department", "报告主体", kind=SettingKind.CHOICE,
        choices=(("department", "政府部门"), ("government", "一级人民政府（汇总报告）")),
        help="决定报送和公布的期限：条例第四十九条。",
    )  # fmt: skip
    superior: str = setting(
        "", "政府信息公开工作主管部门", length=100, help="年度报告报送的机关，例如：衡山县人民政府办公室。"
    )


TAB = SettingsTab(
    settings=ReportSettings, label="年度报告", lead="年度报告的报送机关和期限。", permission="report.edit"
)  # fmt: skip


def due_on(edition: Edition, settings: ReportSettings, year: int) -> date:
    """Return the last day on which the report of ``year`` is submitted and published (条例 art. 49)."""
    due = edition.report_due
    return due.of_government(year) if settings.organ_kind == "government" else due.of_department(year)
