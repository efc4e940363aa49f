"""What every fixed form shares. The rules of the product live in services; forms carry text there and back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import request
from wtforms import Form

if TYPE_CHECKING:
    from wtforms import Field


class DeskForm(Form):
    """A form whose errors come from a service. CSRF is checked for the whole app, not by the form."""

    @classmethod
    def from_request(cls, **values: object) -> "DeskForm":
        """Return the form with what was typed; when it is opened, with ``values``."""
        return cls(request.form) if request.method == "POST" else cls(data=values)


class Problem:
    """A line of the summary above a form: text, and the control it is about, if it is about one."""

    def __init__(self, text: str, label: str = "", target: str = "") -> None:
        self.text = text
        self.label = label
        self.target = target


def show_errors(fields: Mapping[str, "Field"], errors: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Hang ``errors`` (by field name, as :class:`~cms.kernel.errors.Invalid` has them) on their fields.

    Return the summary; errors of no field that is shown stand in it without a link.
    """
    summary = []
    for name, lines in errors.items():
        field = fields.get(name)
        if field is not None:
            field.errors = [*field.errors, *lines]
        label, target = (field.label.text, field.id) if field is not None else ("", "")
        summary += [Problem(line, label, target) for line in lines]
    return summary


def fields_by_name(form: Form) -> dict[str, "Field"]:
    """Return the fields of a fixed form by name."""
    return {field.name: field for field in form}
