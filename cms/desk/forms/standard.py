"""The form of a row of the standard catalogue, and of a list of rows."""

from typing import Any

from wtforms import BooleanField, FileField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from cms.catalogue.standard import RowInput
from cms.catalogue.standard_rows import CHANNELS, LEVELS, StandardRow
from cms.kernel.i18n import gettext as _
from cms.web.forms.controls import NumberField
from cms.web.forms.fixed import DeskForm

_LINES = ("domain", "first", "second", "elements", "basis", "time_limit", "agency", "groups")
_FLAGS = ("is_for_all", "is_active", "is_on_request", "is_retired")
_LISTS = ("channels", "levels")


class StandardRowForm(DeskForm):
    """A row in the columns of the published catalogues."""

    domain = StringField("领域", description="例如：社会救助领域")
    serial = NumberField("序号")
    first = StringField("一级事项")
    second = StringField("二级事项")
    elements = TextAreaField("公开内容（要素）")
    basis = TextAreaField("公开依据")
    time_limit = StringField("公开时限", description="按目录原文填写，例如：制定或获取信息之日起10个工作日内")
    limit_days = NumberField("计时的工作日数", description="用于计算到期日；不填则按《条例》规定的 20 个工作日。")
    agency = StringField("公开主体")
    channels = SelectMultipleField(
        "公开渠道和载体", choices=list(CHANNELS), widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(), validate_choice=False,
    )  # fmt: skip
    is_for_all = BooleanField("公开对象：全社会")
    groups = StringField("公开对象：特定群体", description="写明是谁，可不填")
    is_active = BooleanField("公开方式：主动")
    is_on_request = BooleanField("公开方式：依申请")
    levels = SelectMultipleField(
        "公开层级", choices=list(LEVELS), widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(), validate_choice=False,
    )  # fmt: skip
    is_retired = BooleanField("停用", description="停用的事项不再显示在公开页面，已关联的内容不受影响。")

    @property
    def given(self) -> RowInput:
        """Return what was typed; a number that is none becomes one that the service refuses."""
        limit = (self.limit_days.data or "").strip()
        values: dict[str, Any] = {name: self[name].data or "" for name in _LINES}
        values |= {name: bool(self[name].data) for name in _FLAGS}
        values |= {name: tuple(self[name].data or ()) for name in _LISTS}
        values |= {"serial": _whole(self.serial.data or ""), "limit_days": _whole(limit) if limit else None}
        return RowInput(**values)


def stored(row: StandardRow) -> dict[str, object]:
    """Return the values with which the form of a row opens."""
    values: dict[str, object] = {name: getattr(row, name) for name in (*_LINES, *_FLAGS, *_LISTS)}
    return values | {"serial": str(row.serial), "limit_days": "" if row.limit_days is None else str(row.limit_days)}


def _whole(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text) < 6 else 0  # noqa: PLR2004 — no number has more digits


class StandardListForm(DeskForm):
    """A list of rows."""

    file = FileField(_("文件"), description=_("从本页导出的 .xlsx、.csv 或 .json；领域和序号相同的事项会被更新。"))
