"""Rich text: one allow-list, applied on every way in; and the links that pages complete on the way out."""

import re
from html import escape

import nh3

_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "br", "figure", "figcaption", "pre", "div"}
_INLINE = {"strong", "b", "em", "i", "u", "s", "sub", "sup", "a", "img", "code", "span"}
_TABLE = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "colgroup", "col"}
TAGS = _BLOCKS | _INLINE | _TABLE
ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
    "col": {"span"},
}
#: Alignment and indent are classes, so that pages need no style attributes.
CLASSES = {"align-left", "align-center", "align-right", "align-justify", "indent", "noindent"}
_CLASSED = ("p", "h2", "h3", "h4", "td", "th", "li", "figure", "blockquote", "div", "table")
_HEADING_1 = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_IMAGE_WITHOUT_ALT = re.compile(r"<img(?![^>]*\balt=)", re.IGNORECASE)
_EMPTY_PARAGRAPHS = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*){2,}")
_ROOT_LINK = re.compile(r'\b(src|href)="/(?!/)')
_MEDIA_LINK = re.compile(r'\b(?:src|href)="/media/(\d+)/')
#: A whole tag, so that nothing inside a quoted value is taken for one.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
_MARKUP = re.compile(
    r"</?(?:p|br|h\d|ul|ol|li|table|div|strong|em|b|i|a|img|span|blockquote|hr)\b[^>]*>", re.IGNORECASE
)


def sanitise(html: str) -> str:
    """Return ``html`` with nothing but allowed elements; scripts, styles, handlers and foreign schemes are gone.

    SVG and MathML are never allowed. Local ``file:`` pictures of Word vanish with their element.
    """
    cleaned = nh3.clean(
        _HEADING_1.sub(r"<\1h2", html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=dict.fromkeys(_CLASSED, CLASSES),
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math"},
    )
    return _EMPTY_PARAGRAPHS.sub("<p><br></p>", _IMAGE_WITHOUT_ALT.sub('<img alt=""', cleaned)).strip()


def from_text(text: str) -> str:
    """Return plain text as paragraphs, one for each line that is not empty."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def to_html(body: str) -> str:
    """Return ``body``, HTML or plain text, as sanitised HTML; the way in for imports."""
    return sanitise(body) if _MARKUP.search(body) else from_text(body)


def with_base(html: str, base_path: str) -> str:
    """Complete the links of stored ``html``, which begin at the root of the site, by the site's base path."""
    return _ROOT_LINK.sub(rf'\1="{base_path}/', html) if base_path else html


def without_base(html: str, base_path: str) -> str:
    """Return ``html`` as it is stored: the reverse of :func:`with_base`."""
    return html.replace(f'="{base_path}/', '="/') if base_path else html


def media_ids(html: str) -> list[int]:
    """Return the ids of the assets that ``html`` shows or links to."""
    return list(dict.fromkeys(int(number) for number in _MEDIA_LINK.findall(html)))


def boxed_tables(html: str, label: str) -> str:
    """Put every table of sanitised ``html`` into a box that scrolls on narrow screens, also by keyboard.

    :param label: what a screen reader calls the box.
    """
    if "<table" not in html:
        return html

    def box(tag: re.Match[str]) -> str:
        if tag[2] != "table":
            return tag[0]
        if tag[1]:
            return f"{tag[0]}</div>"
        return f'<div class="table-scroll" tabindex="0" role="group" aria-label="{escape(label)}">{tag[0]}'

    return _TAG.sub(box, html)
