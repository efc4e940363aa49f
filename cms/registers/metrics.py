"""What can be tallied: declared by plugins, registered for one app."""

from collections.abc import Iterator
from dataclasses import dataclass, field

#: 咨询渠道 (disclosure-rules c.4, f.1).
CHANNELS = (("onsite", "现场"), ("phone", "电话"), ("web", "网上"))


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A kind of thing that is counted by day.

    :param unit: Chinese measure word, for instance 条 or 人次. :param channels: whether entries name a channel.
    :param topics: whether entries name a topic.
    """

    code: str
    label: str
    unit: str
    channels: bool = False
    topics: bool = False
    help: str = ""


@dataclass
class MetricRegistry:
    """The metrics of one app."""

    topics: tuple[str, ...] = ()
    _metrics: dict[str, Metric] = field(default_factory=dict)

    def add(self, metric: Metric) -> None:
        """Register a metric.

        :raises ValueError: if its code is taken.
        """
        if metric.code in self._metrics:
            raise ValueError(f"metric {metric.code!r} is already registered")
        self._metrics[metric.code] = metric

    def get(self, code: str) -> Metric | None:
        """Return a metric, or nothing if no enabled plugin declares it."""
        return self._metrics.get(code)

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())
