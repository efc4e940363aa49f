"""The style sheet of pages that stand alone; the PDF is set with it."""

from collections.abc import Mapping, Sequence

from cms.documents.blocks import Block, Document, Letterhead, PageNumbers, PageSetup
from cms.documents.typography import (
    BODY_STYLE,
    CAPTION_STYLE,
    FOOTER_STYLE,
    HEADINGS,
    MARK_FACE,
    RED,
    SIGNATURE_INDENT,
    TABLE_STYLE,
    TITLE_STYLE,
    Style,
    mark_size,
)

_FIXED = """
p { margin: 0; }
.indent { text-indent: 2em; }
.align-left { text-align: left; }
.align-center { text-align: center; }
.align-right { text-align: right; }
.align-justify { text-align: justify; }
.doc-keep, h1, h2, h3, h4, h5 { break-after: avoid; }
h1, h2, h3, h4, h5 { margin: 0; font-weight: normal; text-indent: 2em; }
.doc-title { text-align: center; text-indent: 0; margin-bottom: 1em; }
.doc-page-break { border: 0; margin: 0; break-after: page; }
ol, ul { margin: 0; padding-left: 4em; }
img { max-width: 100%; }
table { border-collapse: collapse; width: 100%; margin: 6pt 0 12pt; }
caption { text-align: center; margin-bottom: 6pt; break-after: avoid; }
th, td { border: 0.5pt solid #000; padding: 2pt 4pt; vertical-align: middle; font-weight: normal; }
th p, td p { margin: 0; }
tr { break-inside: avoid; }
.doc-signature { margin-top: 2em; break-inside: avoid; }
.doc-mark { letter-spacing: 0.05em; line-height: 1.2; }
.doc-number { margin: 1em 0 4pt; }
.doc-letterhead { margin-bottom: 2em; }
a { color: inherit; }
"""


def stylesheet(document: Document, widths: Mapping[str, Sequence[float]]) -> str:
    """Return the style sheet of a document; ``widths`` are the shares of the columns by the class of the table."""
    rules = [
        _page(document),
        _rule("body", BODY_STYLE, margin="0"),
        _rule(".doc-title", TITLE_STYLE),
        *(_rule(f".doc-heading-{level}", style) for level, style in enumerate(HEADINGS, 1)),
        _rule("caption", CAPTION_STYLE),
        _rule("table", TABLE_STYLE, line_height="1.3"),
        f".doc-signature {{ padding-right: {SIGNATURE_INDENT}em; }}",
        f".doc-letterhead {{ border-bottom: 2pt solid #{RED}; }}",
        *_marks(document.blocks),
    ]
    for name, shares in widths.items():
        rules += [f".{name} {{ table-layout: fixed; }}"]
        rules += [f".{name} col:nth-child({n}) {{ width: {share:.4%}; }}" for n, share in enumerate(shares, 1)]
    return _FIXED + "\n".join(rules) + "\n"


def _rule(selector: str, style: Style, **more: str) -> str:
    values = {"font-family": style.face.css, "font-size": f"{style.size:g}pt"}
    if style.bold:
        values["font-weight"] = "bold"
    if style.line:
        values["line-height"] = f"{style.line:g}pt"
    values |= {name.replace("_", "-"): value for name, value in more.items()}
    return f"{selector} {{ {' '.join(f'{name}: {value};' for name, value in values.items())} }}"


def _marks(blocks: Sequence[Block]) -> list[str]:
    organs = [block.organ for block in blocks if isinstance(block, Letterhead)]
    size = min((mark_size(organ) for organ in organs), default=0.0)
    mark = f"font-family: {MARK_FACE.css}; font-size: {size:g}pt; color: #{RED};"
    return [f".doc-mark {{ {mark} }}"] if organs else []


def _page(document: Document) -> str:
    setup: PageSetup = document.page
    width, height = setup.size
    face = f"font-family: {FOOTER_STYLE.face.css}; font-size: {FOOTER_STYLE.size:g}pt;"
    margins = f"{setup.top:g}mm {setup.right:g}mm {setup.bottom:g}mm {setup.left:g}mm"
    # Standing alone on a screen, the text keeps the width of the paper.
    rules = [f"@media screen {{ body {{ max-width: {setup.text_width:g}mm; margin: 2em auto; padding: 0 1em; }} }}"]
    number, footer = '"— " counter(page) " —"', _string(document.footer)
    places = {"bottom-center": footer} if document.footer else {}
    if document.page_numbers is PageNumbers.CENTER:
        places["bottom-center"] = f'{footer} "  " {number}' if document.footer else number
    boxes = "".join(f"@{place} {{ content: {content}; {face} }} " for place, content in places.items())
    rules.append(f"@page {{ size: {width}mm {height}mm; margin: {margins}; {boxes}}}")
    if document.page_numbers is PageNumbers.OUTER:
        for side, corner in (("right", "bottom-right"), ("left", "bottom-left")):
            rules.append(f"@page :{side} {{ @{corner} {{ content: {number}; {face} }} }}")
    return "\n".join(rules)


def _string(text: str) -> str:
    """Return ``text`` as a string of CSS that can end neither itself nor the style element around it."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'
