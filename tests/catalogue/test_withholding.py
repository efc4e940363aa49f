"""What is not actively public: its ground, and its re-assessment at intervals (条例 art. 14-18)."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.accounts.policy import Role
from cms.audit.models import AuditEntry
from cms.catalogue.settings import CatalogueSettings
from cms.catalogue.withholding import Reassessment, Withheld, months_after
from cms.content import services
from cms.content.models import Content, Revision
from cms.kernel.errors import Invalid, NotAllowed
from cms.settings.services import load, save
from cms.testing.factories import make_draft, make_published, make_user

SECRET = {"openness": "withheld", "denial_ground": "14.secret"}


def held(cms, number):
    with cms.reading() as session:
        return session.get(Withheld, number)


def newest(cms, number):
    with cms.reading() as session:
        content = session.get_one(Content, number)
        return session.get_one(Revision, content.latest_revision_id).snapshot["parts"]["catalogue"]


@given(st.dates(date(2008, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_months_are_counted_to_the_same_day_or_the_last_one(day, months):
    later = months_after(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or months_after(later, 0).month != date.fromordinal(later.toordinal() + 1).month


def test_whoever_withholds_names_the_ground_and_cannot_publish(cms):
    with pytest.raises(Invalid) as refused:
        make_draft(cms, "news", catalogue={"openness": "on_request"})
    assert list(refused.value.errors) == ["denial_ground"]
    with pytest.raises(Invalid) as refused:
        make_draft(cms, "news", catalogue={"openness": "public", "denial_ground": "15"})
    assert list(refused.value.errors) == ["denial_ground"]

    number = make_draft(cms, "news", catalogue=SECRET)
    actor = make_user(cms, "fabu", Role.OFFICER)
    with cms.unit_of_work() as uow, pytest.raises(NotAllowed, match="不能在网站发布"):
        services.submit(uow, cms.types.require("news"), uow.session.get_one(Content, number), actor=actor)


def test_withheld_items_are_due_after_a_year_or_what_the_office_has_set(cms):
    first = make_draft(cms, "news", "甲", catalogue=SECRET)
    with cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, CatalogueSettings), review_months=6))
    second = make_draft(cms, "news", "乙", catalogue=SECRET)
    imported = make_published(cms, "news", "旧网站的", catalogue=SECRET, at=datetime(2016, 1, 1, tzinfo=UTC))
    make_draft(cms, "news", "公开的")

    assert held(cms, first).next_review_on == date(2017, 6, 1)
    assert [held(cms, one).next_review_on for one in (second, imported)] == [date(2016, 12, 1)] * 2
    with cms.reading() as session:
        assert session.query(Withheld).count() == 3


def test_an_officer_assesses_what_is_due(cms, clock, sign_in):
    number = make_draft(cms, "news", "某案案卷", catalogue=SECRET)
    officer = sign_in(Role.OFFICER)
    address = f"/desk/catalogue/reviews/{number}"
    assert "现在没有应评估的信息" in officer.get("/desk/catalogue/reviews").text
    assert "某案案卷" in officer.get("/desk/catalogue/reviews?all=1").text

    clock.advance(days=365)
    assert "某案案卷" in officer.get("/desk/catalogue/reviews").text
    assert "1 条不主动公开的信息应当评估" in officer.get("/desk/").text

    # Nothing of what was typed is lost when something is missing.
    refused = officer.post(address, data={"outcome": "stay", "reason": "", "ground": "15", "next_review_on": "2017-06-01"})
    assert refused.status_code == 422
    assert "请写明评估的理由" in refused.text
    assert "下次评估日期应在今天之后" in refused.text
    assert re.search(r'value="15" selected|selected value="15"', refused.text)

    stay = {"outcome": "stay", "reason": "案件尚未办结", "ground": "16.2.case", "next_review_on": "2018-01-05"}
    assert officer.post(address, data=stay).status_code == 302
    assert held(cms, number).next_review_on == date(2018, 1, 5)
    assert newest(cms, number)["denial_ground"] == "16.2.case"
    assert "案件尚未办结" in officer.get(address).text

    opened = officer.post(address, data={"outcome": "publish", "reason": "案件已办结"})
    assert opened.location == f"/desk/content/{number}"
    assert held(cms, number) is None
    assert (newest(cms, number)["openness"], newest(cms, number)["denial_ground"]) == ("public", "")
    with cms.reading() as session:
        assert session.get_one(Content, number).state == "draft"
        lines = session.query(Reassessment).order_by(Reassessment.id).all()
        assert [(one.outcome, one.old_ground, one.ground) for one in lines] == [
            ("stay", "14.secret", "16.2.case"), ("publish", "16.2.case", "")
        ]  # fmt: skip
        assert session.query(AuditEntry).filter_by(action="catalogue.reassess").count() == 2

    again = officer.post(address, data={"outcome": "publish", "reason": "再评估"})
    assert again.status_code == 422
    assert "无需评估" in again.text
