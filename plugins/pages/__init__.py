"""Pages (机构概况): duties, offices, leaders, contacts; right at any time, whenever they were last changed."""

from cms.api import ContentType, DefaultSection, Plugin, publications_figure

from .models import InfoPage


class Pages(Plugin):
    """One type with its section and figure. Nothing is published here regularly, so its age is not watched."""

    content_types = (
        ContentType(
            key="page",
            label="概况信息",
            meta=InfoPage,
            section=DefaultSection(path="about", title="机构概况", column_type="概况信息"),
            form=("title", "section_id", "body", "summary", "assets", "confirmed_on"),
            schema="WebPage",
            icon="building",
        ),
    )
    figures = (publications_figure("page.items", "概况类信息", type_key="page"),)


plugin = Pages()
