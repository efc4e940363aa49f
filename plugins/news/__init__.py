"""News (工作动态): what the bureau has done, with who wrote it and when it happened."""

from cms.api import ContentType, DefaultSection, Plugin, publications_figure

from .models import Article


class News(Plugin):
    """One type with its section, and the figure of the annual report that counts it."""

    content_types = (
        ContentType(
            key="news",
            label="工作动态",
            meta=Article,
            # Two weeks are the limit of the national inspection for this kind of column (site-rules b.2).
            section=DefaultSection(path="news", title="工作动态", column_type="工作动态", update_days=14),
            schema="NewsArticle",
            icon="newspaper",
        ),
    )
    figures = (publications_figure("news.items", "工作动态类信息", type_key="news"),)


plugin = News()
