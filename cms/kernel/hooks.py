"""Typed hooks: a hook *is* its payload, a handler takes exactly that one argument.

Three kinds only. An :class:`Event` tells that something happened and is committed. A :class:`Check` asks before
something happens and fails closed. A :class:`Filter` passes a value along. One bus belongs to one app.
"""

import logging
import traceback
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cms.kernel.i18n import gettext as _

log = logging.getLogger(__name__)


class Hook:
    """Base of all hooks."""


class Event(Hook):
    """It happened and is committed; handlers cannot stop it."""


@dataclass(kw_only=True)
class Check(Hook):
    """It is about to happen; handlers may object."""

    problems: list[str] = field(default_factory=list, init=False)

    def refuse(self, problem: str) -> None:
        """Object, with a sentence for the person who tried."""
        self.problems.append(problem)


T = TypeVar("T")


@dataclass(kw_only=True)
class Filter(Hook, Generic[T]):
    """A value on its way; a handler returns the next value."""

    value: T


H = TypeVar("H", bound=Hook)
Handler = Callable[[H], object]


@dataclass(frozen=True)
class HookFailure:
    """A handler that raised: shown in the plugin list of the desk."""

    owner: str
    hook: str
    traceback: str


@dataclass(frozen=True)
class _Subscription:
    order: int
    owner: str
    handler: Callable[[Hook], object]


class HookBus:
    """Delivers hooks to handlers and keeps one handler's failure from spreading.

    :param reraise: let a failing handler raise; for tests, where a bug must fail the test that caused it.
    """

    def __init__(self, *, reraise: bool = False) -> None:
        self._subscriptions: dict[type[Hook], list[_Subscription]] = defaultdict(list)
        self._reraise = reraise
        self.failures: list[HookFailure] = []

    def subscribe(self, hook: type[H], handler: Handler[H], *, owner: str, order: int = 0) -> None:
        """Deliver every ``hook`` to ``handler``; lower ``order`` first, then in order of subscription."""
        self._subscriptions[hook].append(_Subscription(order, owner, handler))  # type: ignore[arg-type]  # keyed by hook
        self._subscriptions[hook].sort(key=lambda subscription: subscription.order)

    def emit(self, event: Event) -> bool:
        """Tell all handlers; failures are recorded and go no further. Return whether every handler succeeded."""
        results = [self._call(subscription, event) for subscription in self._subscriptions[type(event)]]
        return all(result is not _FAILED for result in results)

    def check(self, check: Check) -> list[str]:
        """Ask all handlers; a handler that fails counts as an objection."""
        for subscription in self._subscriptions[type(check)]:
            if self._call(subscription, check) is _FAILED:
                check.refuse(_("插件“{key}”未能完成检查，请联系管理员。").format(key=subscription.owner))
        return check.problems

    def filter(self, hook: Filter[T]) -> T:
        """Pass the value through all handlers; a failing handler leaves it as it was."""
        for subscription in self._subscriptions[type(hook)]:
            result = self._call(subscription, hook)
            if result is not _FAILED:
                hook.value = result  # type: ignore[assignment]  # the hook's own type says what its handlers return
        return hook.value

    def _call(self, subscription: _Subscription, hook: Hook) -> object:
        try:
            return subscription.handler(hook)
        except Exception:
            if self._reraise:
                raise
            name = type(hook).__name__
            log.exception("plugin %s failed in %s", subscription.owner, name)
            self.failures.append(HookFailure(subscription.owner, name, traceback.format_exc()))
            del self.failures[:-100]
            return _FAILED


_FAILED = object()


@dataclass(frozen=True)
class Subscribed:
    """Marks a method as handler of a hook; collected when its plugin is loaded."""

    hook: type[Hook]
    order: int


P = TypeVar("P")


def on(hook: type[H], *, order: int = 0) -> Callable[[Callable[[P, H], object]], Callable[[P, H], object]]:
    """Mark a plugin method as handler of ``hook``."""

    def mark(method: Callable[[P, H], object]) -> Callable[[P, H], object]:
        method.__dict__["__cms_hook__"] = Subscribed(hook, order)
        return method

    return mark
