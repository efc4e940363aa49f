"""Reading pages as people and browsers do."""

import re
from html import unescape

from lxml import html


def fields(page):
    """The form of a page as a browser without JavaScript would send it: name → value or list of values."""
    root = html.fromstring(page.text)
    for template in list(root.iter("template")):
        # A browser does not send what only scripts would copy.
        template.drop_tree()
    form = next(one for one in root.forms if one.method == "POST" and "logout" not in (one.action or ""))
    found = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    for area in form.iter("textarea"):
        if area.get("name"):
            # A line feed after the tag is no part of the value, and lxml keeps it.
            found[area.get("name")] = [(area.text or "").removeprefix("\r").removeprefix("\n")]
    return {name: values[0] if len(values) == 1 else values for name, values in found.items() if name != "files"}


def text(page):
    """What a page says, on one line."""
    words = re.sub(r"<(script|style|template)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split())


def id_of(answer):
    """The id of the item in the address that an answer sends to."""
    return int(re.search(r"/desk/content/(\d+)", answer.location)[1])
