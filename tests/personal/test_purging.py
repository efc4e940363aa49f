"""A plugin that goes with its tables takes along what citizens sent to it."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text

from cms.accounts.policy import MACHINE
from cms.api import Plugin, RecurringJob, SettingsTab, Subject, keep_file
from cms.personal.models import SealedFile
from cms.pluginkit.lifecycle import uninstall
from cms.pluginkit.plugin import Contributions
from cms.pluginkit.services import disable


def keep(cms, kind):
    with cms.unit_of_work() as uow:
        keep_file(
            uow, cms.sealed_files, subject=Subject(kind, 1), purpose="identity", filename="a.txt", content=b"abc"
        )  # fmt: skip


@pytest.mark.parametrize(("purge", "left"), [(True, ["letter"]), (False, ["visit", "letter"])])
def test_files_go_with_the_tables_and_only_with_them(cms, visits, site, purge, left):
    keep(cms, "visit")
    keep(cms, "letter")
    with cms.unit_of_work() as uow:
        disable(uow, "visits", actor=MACHINE, site=site)

    uninstall(cms.settings, cms.unit_of_work, "visits", actor=MACHINE, purge=purge)

    with cms.reading() as session:
        assert list(session.scalars(text("SELECT subject_type FROM sealed_file ORDER BY id"))) == left
        assert session.query(SealedFile).count() == len(left)
    assert len([file for file in (site / "sealed").rglob("*") if file.is_file()]) == len(left)


def strange(**attributes):
    return type("Strange", (Plugin,), attributes)()


def a_setting(key):
    return SettingsTab(settings=type("Kind", (), {"key": key, "__dataclass_fields__": {}}), label="")


def a_rule(code):
    return SimpleNamespace(code=code)


JOB = RecurringJob(name="count", every=None, run=None)


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"settings": (a_setting("site"),)}, "keys of settings must be 'visits'"),
        ({"settings": (a_setting("visitsx"),)}, "keys of settings must be 'visits'"),
        ({"settings": (a_setting("visits"), a_setting("visits"))}, "each once"),
        ({"retentions": (a_rule("letters.sender"),)}, "codes of retentions must be 'visits'"),
        ({"jobs": (JOB, JOB)}, "two jobs have the same name"),
    ],
)
def test_names_that_could_meet_others_are_refused(attributes, problem):
    with pytest.raises(ValueError, match=problem):
        Contributions().add("visits", strange(**attributes))


def test_names_below_the_key_are_taken():
    contributions = Contributions()
    contributions.add("visits", strange(settings=(a_setting("visits"), a_setting("visits.room")), jobs=(JOB,)))

    assert sorted(contributions.settings) == ["visits", "visits.room"]
