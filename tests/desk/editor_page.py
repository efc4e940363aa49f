"""An editor on a page, and what the tests do with it."""

FORM = """<form method="post" action="/desk/content/7/edit"><label for="body">正文</label>
<textarea id="body" data-behaviour="editor" name="body" required data-upload-url="/desk/media/upload"
 data-csrf="token-1">%s</textarea><button id="save">保存</button></form>"""


def open_editor(tab, desk, html: str = ""):
    tab.goto(desk.show(FORM % html.replace("&", "&amp;").replace("<", "&lt;")))
    # The accessible name is part of the search: the textarea before the enhancement is no editor-content.
    region = tab.locator(".editor-content").and_(tab.get_by_role("textbox", name="正文"))
    region.wait_for()
    return region


def saved(tab) -> str:
    return tab.locator("#body").evaluate("area => area.value")


def paste(region, html: str = "", files: list[str] | None = None) -> None:
    region.evaluate(
        """(node, [html, files]) => {
            const transfer = new DataTransfer();
            if (html) transfer.setData("text/html", html);
            for (const name of files) transfer.items.add(new File(["x"], name, { type: "image/png" }));
            const options = { clipboardData: transfer, bubbles: true, cancelable: true };
            node.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        [html, files or []],
    )


def press(tab, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).click()
