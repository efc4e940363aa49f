"""Published reports before a page cache: kept, and made anew when an erratum or a record behind a figure changes."""

import pytest
from werkzeug.test import Client

from cms.accounts.policy import Role


@pytest.fixture
def visitor(app, make_app):
    """Return a browser of the same site with a page cache."""
    return Client(make_app(page_cache="memory"))


def test_report_and_its_lists_are_kept_and_follow_an_erratum(frozen, visitor, client, sign_in):
    report, behind = "/reports/2016/", "/reports/2016/figures/consultations.onsite"
    for path in ("/reports/", report, behind):
        assert ["ETag" in visitor.get(path).headers for _time in range(2)] == [True, True], path
    for path in (f"{report}report.txt", f"{report}report.json"):
        assert "ETag" not in visitor.get(path).headers, path

    data = {"on": "2017-01-12", "text": "会议次数漏计。", "changes": "S9.1 = 2"}
    assert sign_in(Role.OFFICER).post("/desk/report/2016/errata", data=data).status_code == 302

    assert "会议次数漏计。" in visitor.get(report).text
    for path in ("/reports/", report, behind):
        assert visitor.get(path).text == client.get(path).text, path
