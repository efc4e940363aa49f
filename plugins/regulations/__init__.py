"""Regulations (政策法规): texts of law with their validity, what they change, and their interpretations."""

from cms.api import META, ContentType, DefaultSection, Outlet, Plugin, PublishCheck, on, publications_figure

from .checks import problems_of
from .counting import NORM_TABLE
from .models import Regulation
from .shown import explained_texts, regulation_extras, regulation_list_extras


class Regulations(Plugin):
    """One type with its section and figures; links below the items that explain a text; a check of the dates."""

    content_types = (
        ContentType(
            key="regulation",
            label="政策法规",
            meta=Regulation,
            # Six months are the limit of the national inspection for this kind of column (site-rules b.2).
            section=DefaultSection(path="regulations", title="政策法规", column_type="政策文件", update_days=180),
            form=("title", "section_id", "body", "doc_no", "level", "effective_on"),
            schema="Legislation",
            icon="scale",
            extras=regulation_extras,
            list_extras=regulation_list_extras,
        ),
    )
    figures = (publications_figure("regulation.items", "政策法规类信息", type_key="regulation"),)
    crosstabs = (NORM_TABLE,)
    outlets = {Outlet.ITEM_AFTER_BODY: explained_texts}  # noqa: RUF012 — typed as ClassVar by Plugin

    @on(PublishCheck)
    def check_dates(self, check: PublishCheck) -> None:
        """Refuse a text whose dates contradict each other or whose end has no basis."""
        if check.type == "regulation":
            for problem in problems_of(check.snapshot.parts.get(META, {})):
                check.refuse(problem)


plugin = Regulations()
