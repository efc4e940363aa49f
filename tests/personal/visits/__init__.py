from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from cms.api import Plugin, QueuedJob, RecurringJob, Retention, Role, SettingKind, SettingsTab, setting

from .models import Visit
from .site import make_blueprint

RUNS = []


@dataclass(frozen=True, kw_only=True)
class VisitSettings:
    key: ClassVar[str] = "visits"

    room: str = setting("", "接待室", length=20, required=True)
    seats: int = setting(10, "座位", kind=SettingKind.NUMBER, least=1, most=99, unit="个")
    taken: int = setting(0, "预留", kind=SettingKind.NUMBER)
    day: str = setting("mon", "接待日", kind=SettingKind.CHOICE, choices=(("mon", "周一"), ("fri", "周五")))


def check(given):
    return {"taken": ["预留不能多于座位。"]} if given.taken > given.seats else {}


def forget_remark(_uow, visit):
    visit.remark = ""


def count(cms):
    RUNS.append("count")
    with cms.unit_of_work() as uow:
        uow.session.add(Visit(outcome="counted"))


def fail(cms):
    RUNS.append("fail")
    raise LookupError("the register is closed")


def leave(cms):
    RUNS.append("leave")
    raise SystemExit(3)


def remind(cms, payload):
    RUNS.append(payload["who"])
    if payload["who"] == "nobody":
        raise LookupError("nobody is nobody")


class Visits(Plugin):
    jobs: ClassVar = (
        RecurringJob(name="fail", every=timedelta(hours=1), run=fail),
        RecurringJob(name="leave", every=timedelta(hours=1), run=leave),
        RecurringJob(name="count", every=timedelta(hours=1), run=count),
        QueuedJob(name="remind", run=remind),
    )
    settings: ClassVar = (
        SettingsTab(settings=VisitSettings, label="来访", lead="接待室的安排。", permission="visits.plan", check=check),
    )
    retentions: ClassVar = (
        Retention(
            code="visits.visitor",
            label="来访人信息",
            model=Visit,
            subject_type="visit",
            since=Visit.closed_on,
            years=5,
            also=forget_remark,
        ),
    )
    reserved_paths = frozenset({"visits"})
    permissions: ClassVar = {"visits.plan": frozenset({Role.OFFICER})}

    def blueprints(self):
        return [make_blueprint()]


plugin = Visits()
