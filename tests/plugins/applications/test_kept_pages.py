"""Pages of applications before a page cache: only the page that explains how to apply is the same for everybody."""

import pytest
from werkzeug.test import Client

from cms.settings.services import save

from .test_site import FIELDS, NEW


@pytest.fixture
def visitor(app, make_app):
    """Return a browser of the same site with a page cache; forms have their tokens as in production."""
    return Client(make_app(page_cache="memory"))


def is_kept(visitor, path):
    """Tell whether a page is kept: only such have an ETag."""
    return ["ETag" in visitor.get(path).headers for _time in range(2)] == [True, True]


def test_entrance_is_kept_until_the_office_changes(visitor, cms):
    from cms_plugins.applications.settings import ApplicationSettings

    assert is_kept(visitor, "/applications/")
    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(office="局办公室", office_phone="0734-5812345"))

    assert "0734-5812345" in visitor.get("/applications/").text


def test_form_receipt_files_and_state_are_never_kept(app, client, visitor):
    app.config["WTF_CSRF_ENABLED"] = False
    receipt = client.post(NEW, data=FIELDS).headers["Location"]

    for path in (NEW, receipt, receipt.replace("/receipt?", "/receipt.docx?"), "/applications/form.docx",
                 "/applications/status"):  # fmt: skip
        assert visitor.get(path).status_code == 200, path
        assert not is_kept(visitor, path), path
    assert visitor.get(receipt).headers["Cache-Control"] == "no-store"
    # Without the number of the form there is no receipt to be found.
    assert visitor.get("/applications/receipt").status_code == 404
