"""Table 4: a case counts by its result in the year of the decision, as pending in every year before."""

from datetime import date

import pytest

from cms.api import Invalid, NotAllowed, Period

from .test_chain import table


def open_case(desk, kind, on=None, **more):
    from cms_plugins.applications.casework import CaseInput, open_case
    from cms_plugins.applications.history import Entry
    from cms_plugins.applications.models import CaseKind

    with desk.cms.unit_of_work() as uow:
        given = CaseInput(kind=CaseKind(kind), body="衡山县人民政府", **more)
        return open_case(uow, given, actor=desk.officer, entry=Entry(on=on, source="登记簿第1页"))


def decide(desk, case, result, on=None):
    from cms_plugins.applications.casework import decide, get_case
    from cms_plugins.applications.history import Entry
    from cms_plugins.applications.models import CaseResult

    with desk.cms.unit_of_work() as uow:
        decide(
            uow, get_case(uow.session, case.id), actor=desk.officer, result=CaseResult(result),
            entry=Entry(on=on, source="决定书"),
        )  # fmt: skip


def test_pending_case_is_carried_until_it_is_decided(desk, cms, on):
    case = open_case(desk, "R")
    assert table(cms, "applications.cases", 2026) == {("R", "pending"): 1}
    assert table(cms, "applications.cases", 2027) == {("R", "pending"): 1}

    on("2028-02-01")
    decide(desk, case, "fix")

    assert table(cms, "applications.cases", 2026) == {("R", "pending"): 1}
    assert table(cms, "applications.cases", 2027) == {("R", "pending"): 1}
    assert table(cms, "applications.cases", 2028) == {("R", "fix"): 1}
    assert table(cms, "applications.cases", 2029) == {}


def test_suits_before_and_after_review_are_apart(desk, cms):
    review = open_case(desk, "R")
    decide(desk, review, "keep")
    open_case(desk, "L1", follows_id=review.id)
    decide(desk, open_case(desk, "L0"), "other")
    open_case(desk, "appeal")
    open_case(desk, "complaint")

    assert table(cms, "applications.cases", 2026) == {("R", "keep"): 1, ("L1", "pending"): 1, ("L0", "other"): 1}
    with cms.reading() as session:
        values = {
            code: cms.contributions.figures.require(f"applications.{code}").value(session, Period.year(2026))
            for code in ("appeals", "complaints")
        }
    assert values == {"appeals": 1, "complaints": 1}


def test_case_is_decided_once_and_not_before_it_came(desk, on):
    case = open_case(desk, "R", on=date(2026, 3, 2))
    with pytest.raises(Invalid):
        decide(desk, case, "keep", on=date(2026, 3, 1))
    decide(desk, case, "keep")
    with pytest.raises(NotAllowed):
        decide(desk, case, "fix")


def test_suit_after_review_names_a_review(desk):
    suit = open_case(desk, "L0")

    with pytest.raises(Invalid) as refused:
        open_case(desk, "L1", follows_id=suit.id)

    assert "follows_id" in refused.value.errors


def test_case_by_mistake_counts_nowhere(desk, cms):
    from cms_plugins.applications.casework import get_case, void_case

    case = open_case(desk, "R")
    with cms.unit_of_work() as uow:
        void_case(uow, get_case(uow.session, case.id), actor=desk.officer, reason="重复登记")

    assert table(cms, "applications.cases", 2026) == {}
