"""What every fixed form shares. The rules of the product live in services; forms carry text there and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from flask import request
from wtforms import Field, Form

from cms.kernel.i18n import gettext as _


class DeskForm(Form):
    """A form whose errors come from a service. CSRF is checked for the whole app, not by the form."""

    def __init__(self, *given: Any, **values: Any) -> None:  # noqa: ANN401 — WTForms' signature
        super().__init__(*given, **values)
        for field in self:
            # Labels are written when the class is made; the reader's language is known only now.
            field.label.text, field.description = _(field.label.text), field.description and _(field.description)

    @classmethod
    def from_request(cls, **values: object) -> Self:
        """Return the form with what was typed; when it is opened, with ``values``."""
        return cls(request.form) if request.method == "POST" else cls(data=values)


@dataclass(frozen=True)
class Problem:
    """A line of the summary above a form: text, and the control it is about, if it is about one."""

    text: str
    label: str = ""
    target: str = ""


def show_errors(fields: Mapping[str, Field], errors: Mapping[str, Sequence[str]]) -> list[Problem]:
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


def fields_by_name(form: Form) -> dict[str, Field]:
    """Return the fields of a fixed form by name."""
    return {field.name: field for field in form}
