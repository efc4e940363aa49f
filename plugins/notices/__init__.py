"""Notices (通知公告): what the bureau tells everybody, until when it matters, and whom to ask."""

from cms.api import ContentType, DefaultSection, Plugin, publications_figure

from .closing import notice_extras, notice_list_extras
from .models import Notice


class Notices(Plugin):
    """One type with its section and figure."""

    content_types = (
        ContentType(
            key="notice",
            label="通知公告",
            meta=Notice,
            # Six months are the limit of the national inspection for this kind of column (site-rules b.2).
            section=DefaultSection(path="notices", title="通知公告", column_type="通知公告", update_days=180),
            form=("title", "section_id", "body", "kind", "closes_on", "assets"),
            icon="megaphone",
            extras=notice_extras,
            list_extras=notice_list_extras,
        ),
    )
    figures = (publications_figure("notice.items", "通知公告类信息", type_key="notice"),)


plugin = Notices()
