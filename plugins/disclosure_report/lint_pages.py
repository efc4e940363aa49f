"""Forms and typed contexts of the pages on which the report of anybody is checked, and the addresses of findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from wtforms import FileField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from cms.api import Page
from cms.api import gettext as _

from .desk_pages import NAME, Crumb
from .findings_view import FindingsPanel, Segment
from .lint.organs import Level
from .models import StoredCheck


def level_labels() -> dict[Level, str]:
    """Return the Chinese names of the levels."""
    return {
        Level.TOWN: _("乡镇、街道"), Level.COUNTY: _("县（市、区）"), Level.PREFECTURE: _("设区的市、自治州"),
        Level.PROVINCE: _("省、自治区、直辖市"), Level.NATION: _("国家"),
    }  # fmt: skip


class CheckForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """Giving a report to be checked: a file, or its text."""

    file = FileField(_("文件"), description=_("TXT、网页（HTML）、Word（.docx）或 PDF 文件。"))
    text = TextAreaField(_("或者粘贴报告全文"), description=_("从网页或文档中复制，标题和表格一起复制。"))
    year = StringField(_("报告年度"), [Optional(), Length(max=4)], description=_("可不填，按标题中的年份。"))
    level = SelectField(_("机关层级"), description=_("可不选，按标题中的机关名称判断。"))


@dataclass(frozen=True, kw_only=True)
class ChecksPage(Page):
    """The page on which a report is given to be checked, with the checks that are kept."""

    template: ClassVar[str] = "desk/disclosure_report/checks.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: CheckForm
    checks: Sequence[StoredCheck]


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """The result of a check: the findings beside the text. ``facts`` says as what the report was read."""

    template: ClassVar[str] = "desk/disclosure_report/check.html"
    crumbs: Sequence[Crumb]
    check: StoredCheck
    facts: Sequence[tuple[str, str]]
    panel: FindingsPanel
    segments: Sequence[Segment]
    rejected: str
    typed: str
    problem: str


def own_urls(year: int) -> dict[str, str]:
    """Return the addresses of what can be done with the findings of our report of ``year``."""
    return {
        name: url_for(f"{NAME}.finding_{name}", year=year, fingerprint="FINGERPRINT")
        for name in ("dismiss", "restore", "fix")
    }  # fmt: skip


def check_urls(row: StoredCheck) -> dict[str, str]:
    """Return the addresses of what can be done with the findings of a kept check."""
    return {
        name: url_for(f"{NAME}.check_{name}", check_id=row.id, fingerprint="FINGERPRINT")
        for name in ("dismiss", "restore")
    }  # fmt: skip
