"""Guides (办事指南): conditions, materials, steps, time limits, fees and places of each service."""

from cms.api import META, ContentType, DefaultSection, Plugin, PublishCheck, on, publications_figure

from .checks import problems_of
from .directory import guide_list_extras
from .models import Guide


class Guides(Plugin):
    """One type with its section and figure, and a check that no guide is published without its key elements."""

    content_types = (
        ContentType(
            key="guide",
            label="办事指南",
            meta=Guide,
            section=DefaultSection(path="guides", title="办事指南", column_type="办事服务"),
            form=("title", "section_id", "conditions", "materials", "steps", "offices"),
            schema="GovernmentService",
            icon="list-checks",
            needs_body=False,
            list_extras=guide_list_extras,
        ),
    )
    figures = (publications_figure("guide.items", "办事指南类信息", type_key="guide"),)

    @on(PublishCheck)
    def check_elements(self, check: PublishCheck) -> None:
        """Refuse a guide that lacks a key element, asks for unnamed papers or promises more time than the law."""
        if check.type == "guide":
            for problem in problems_of(check.snapshot.parts.get(META, {})):
                check.refuse(problem)


plugin = Guides()
