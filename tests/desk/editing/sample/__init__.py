from typing import ClassVar

from cms.api import ContentType, DefaultSection, Metric, Plugin, Role, publications_figure, tally_figure

from .models import Permit, Post


class Sample(Plugin):
    content_types = (
        ContentType(
            key="permit", label="办事事项", meta=Permit, icon="book",
            section=DefaultSection(path="permits", title="办事", update_days=30),
            form=("title", "section_id", "code", "body", "materials", "assets"),
        ),
        ContentType(key="post", label="动态", meta=Post, section=DefaultSection(path="posts", title="动态")),
    )  # fmt: skip
    metrics = (Metric(code="calls", label="电话咨询", unit="次", channels=True, topics=True),)
    topics = ("城乡低保", "婚姻登记")
    figures = (
        publications_figure("sample.posts", "动态条数", type_key="post"),
        tally_figure("sample.calls", "电话咨询数", metric="calls", unit="次"),
    )
    permissions: ClassVar = {"sample.use": frozenset({Role.EDITOR})}


plugin = Sample()
