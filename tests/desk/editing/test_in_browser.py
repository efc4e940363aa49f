"""The form of an item in a real browser: editor, rows, uploads and the strict policy together."""

import threading

import pytest
from PIL import Image
from werkzeug.serving import make_server

from cms.accounts.policy import Role
from cms.testing.factories import PASSWORD, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app):
    """Serve the site of the test; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_editor_rows_and_uploads_are_saved_together(tab, address, cms, tmp_path):
    make_user(cms, "li", Role.EDITOR)
    picture, names = tmp_path / "会场.png", tmp_path / "名单.txt"
    Image.new("RGB", (40, 30), "red").save(picture)
    names.write_text("名单", "utf-8")
    tab.goto(f"{address}/desk/content/new/permit")
    tab.fill("[name=username]", "li")
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button")

    tab.fill("[name=title]", "低保办理")
    tab.fill("[name=code]", "430423-01")
    tab.click(".editor-content")
    tab.keyboard.type("凡符合条件的家庭均可申请。")
    tab.fill("[name=materials-0-name]", "户口簿")
    tab.click("text=添加一行")
    tab.fill("[name=materials-1-name]", "身份证")
    tab.set_input_files("#assets-files", [str(picture), str(names)])
    tab.wait_for_selector(".upload:nth-child(2) input[type=hidden]", state="attached")
    tab.select_option(".upload:nth-child(1) select", "image_cover")
    assert tab.locator(".upload:nth-child(2) select").count() == 0
    tab.click("text=保存草稿")
    tab.wait_for_url("**/desk/content/*/edit")

    assert tab.input_value("[name=title]") == "低保办理"
    assert tab.inner_text(".editor-content") == "凡符合条件的家庭均可申请。"
    assert [tab.input_value(f"[name=materials-{number}-name]") for number in (0, 1)] == ["户口簿", "身份证"]
    assert tab.input_value(".upload:nth-child(1) select") == "image_cover"
    assert tab.locator(".upload").count() == 2
