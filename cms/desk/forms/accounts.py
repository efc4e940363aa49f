"""Forms of departments and users."""

from collections.abc import Sequence

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from cms.accounts.models import Department
from cms.accounts.policy import EXCLUSIVE, ROLE_LABELS, Role
from cms.kernel.i18n import gettext as _
from cms.web.forms.fixed import DeskForm


class DepartmentForm(DeskForm):
    """A unit of the organ."""

    name = StringField("名称", description="例如：社会救助股")
    phone = StringField("联系电话")
    duties = TextAreaField("职责", description="显示在机构设置等页面")


class _PersonForm(DeskForm):
    full_name = StringField("姓名", description="一人一号，不得共用账号")
    department_id = SelectField("科室", validate_choice=False)

    def offer(self, departments: Sequence[Department]) -> None:
        """Fill the choices."""
        self.department_id.choices = [("", _("（不指定）")), *((str(one.id), one.name) for one in departments)]

    @property
    def chosen_department(self) -> int | None:
        """Return the id of the chosen department, if one was chosen."""
        text = self.department_id.data or ""
        return int(text) if text.isascii() and text.isdigit() else None


class NewUserForm(_PersonForm):
    """An account that is being created."""

    username = StringField("用户名", description="2–40 个小写字母、数字或 . _ -，创建后不能修改")


class UserForm(_PersonForm):
    """Name and department of an account."""


class RolesForm(DeskForm):
    """The roles of an account."""

    roles = SelectMultipleField(
        "角色", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )

    def offer(self) -> None:
        """Fill the choices: those who write first, then the three administrators."""
        order = sorted(Role, key=lambda role: role in EXCLUSIVE)
        self.roles.choices = [(role.value, _(ROLE_LABELS[role])) for role in order]

    @property
    def chosen(self) -> frozenset[Role]:
        """Return the chosen roles; what is no role is left out."""
        return frozenset(role for role in Role if role.value in (self.roles.data or []))
