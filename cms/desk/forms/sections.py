"""The form of a section."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField, StringField, TextAreaField

from cms.accounts.models import Department
from cms.catalogue import terms
from cms.content.types import TypeRegistry
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.sections.models import Section
from cms.sections.queries import SectionTree
from cms.sections.services import MAX_REVIEW_STEPS, SectionInput
from cms.sections.terms import COLUMN_TYPES
from cms.web.forms.fixed import DeskForm

Choices = Sequence[tuple[str, str]]
_STEPS = ("不需要审核，由发布员直接发布", "一审（终审）", "两审（初审、终审）", "三审（初审、复审、终审）")
_DEFAULTS = ("openness", "catalog_node", "source")
_INDENT = "　　"


class SectionForm(DeskForm):
    """What can be said of a section."""

    title = StringField("栏目名称", description="显示在导航和网页标签 ColumnName 中")
    segment = StringField("地址", description="小写字母、数字或 -，例如 gzdt；修改后原网址会自动转到新网址")
    parent_id = SelectField("上级栏目", validate_choice=False)
    column_type = SelectField("栏目类别", validate_choice=False, description="写入网页标签 ColumnType")
    description = TextAreaField("栏目描述", description="写入网页标签 ColumnDescription，政府网站必须填写")
    keywords = StringField("关键词", description="用逗号分开，写入网页标签 ColumnKeywords")
    in_navigation = BooleanField("显示在导航中")
    default_type = SelectField("默认内容类型", validate_choice=False, description="在本栏目新建内容时首先提供")
    department_id = SelectField("责任科室", validate_choice=False)
    update_days = StringField("更新期限（天）", description="超过这些天没有新内容时提醒；留空表示不要求")
    review_steps = SelectField("审核级数", validate_choice=False)
    openness = SelectField("公开属性", validate_choice=False)
    catalog_node = SelectField("公开目录", validate_choice=False)
    source = StringField("来源", description="例如：本单位")

    def offer(
        self, sections: SectionTree, departments: Sequence[Department], types: TypeRegistry, section: Section | None
    ) -> None:
        """Fill the choices; a stored value that is no longer on offer stays selectable."""
        own = {one.id for one in sections.descendants(section)} if section else set()
        parents = [
            (str(one.id), _INDENT * sections.depth(one) + one.title) for one in sections.walk() if one.id not in own
        ]
        kinds = [(kind.key, kind.label) for kind in sorted(types, key=lambda kind: kind.label)]
        steps = [(str(number), _(label)) for number, label in enumerate(_STEPS[: MAX_REVIEW_STEPS + 1])]
        self.parent_id.choices = [("", _("（顶级栏目）")), *parents]
        column_types = [(word, word) for word in COLUMN_TYPES]
        self.column_type.choices = _with_stored(column_types, section.column_type if section else "")
        self.default_type.choices = _with_stored(kinds, section.default_type if section else "")
        self.department_id.choices = [("", _("（不指定）")), *((str(one.id), one.name) for one in departments)]
        self.review_steps.choices = steps
        self.openness.choices = [("", _("（不预设）")), *terms.OPENNESS]
        self.catalog_node.choices = [
            ("", _("（不预设）")),
            *((code, f"{code} {text}") for code, text in terms.ARTICLE_20),
        ]

    def given(self, types: TypeRegistry, section: Section | None) -> SectionInput:
        """Return what was typed.

        :raises Invalid: by field, for what is no number or not on offer.
        """
        errors: dict[str, list[str]] = {}
        stored = section.default_type if section else ""
        if self.default_type.data not in {*types.keys, "", stored}:
            errors["default_type"] = [_("没有这个内容类型，请重新选择。")]
        numbers: dict[str, int | None] = {}
        for name in ("parent_id", "department_id", "update_days", "review_steps"):
            text = (self[name].data or "").strip()
            numbers[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 — fits the column
            if text and numbers[name] is None:
                errors[name] = [_("请填写数字。")]
        if errors:
            raise Invalid(errors)
        return SectionInput(
            segment=(self.segment.data or "").strip(), title=self.title.data or "", parent_id=numbers["parent_id"],
            description=self.description.data or "", keywords=self.keywords.data or "",
            column_type=self.column_type.data or "", default_type=self.default_type.data or "",
            in_navigation=bool(self.in_navigation.data), review_steps=numbers["review_steps"] or 0,
            update_days=numbers["update_days"], department_id=numbers["department_id"],
            defaults={name: self[name].data.strip() for name in _DEFAULTS if (self[name].data or "").strip()},
        )  # fmt: skip


def stored_values(section: Section) -> dict[str, object]:
    """Return the values with which the form of an existing section opens."""
    return {
        "title": section.title, "segment": section.path.rsplit("/", 1)[-1], "description": section.description,
        "parent_id": str(section.parent_id or ""), "column_type": section.column_type, "keywords": section.keywords,
        "in_navigation": section.in_navigation, "default_type": section.default_type,
        "department_id": str(section.department_id or ""), "update_days": str(section.update_days or ""),
        "review_steps": str(section.review_steps),
        **{name: str(section.defaults.get(name, "")) for name in _DEFAULTS},
    }  # fmt: skip


def _with_stored(choices: Choices, stored: str) -> list[tuple[str, str]]:
    known = {value for value, _label in choices}
    extra = [(stored, _("{value}（未启用）").format(value=stored))] if stored and stored not in known else []
    return [("", _("（不指定）")), *choices, *extra]
