"""The topics (主题) of consultations and letters: those of plugins, until the office has a list of its own."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from cms.registers.metrics import MetricRegistry
from cms.settings.declaration import SettingKind, SettingsTab, setting
from cms.settings.services import load


@dataclass(frozen=True, kw_only=True)
class TopicSettings:
    """The list of topics that the office keeps."""

    key: ClassVar[str] = "topics"

    topics: tuple[str, ...] = setting(
        (), "主题", kind=SettingKind.LINES, length=60,
        help="每行一个，用于计数登记和咨询信件。留空则用系统自带的主题；已登记的记录不受影响。",
    )  # fmt: skip


TOPICS_TAB = SettingsTab(
    settings=TopicSettings, label="咨询主题", lead="群众咨询、来信的分类，统计和检索都用它。", permission="tally.topics"
)


def offered_topics(session: Session, metrics: MetricRegistry) -> tuple[str, ...]:
    """Return the topics to choose from: those of the office, or those that plugins bring."""
    return load(session, TopicSettings).topics or tuple(dict.fromkeys(metrics.topics))
