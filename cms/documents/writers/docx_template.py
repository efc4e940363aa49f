"""The empty Word document that ours begin with: styles, list counters and typefaces, made from the typography."""

from functools import lru_cache
from html import escape

from cms.documents.typography import (
    BODY_STYLE,
    CAPTION_STYLE,
    FACES,
    FOOTER_STYLE,
    HEADINGS,
    MARK_FACE,
    RED,
    SIGNATURE_INDENT,
    TABLE_STYLE,
    TITLE_STYLE,
    Face,
    Style,
)
from cms.documents.writers.packing import packed

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Names of the styles that the writer uses beside those that Word knows by itself.
TABLE_TEXT, MARK, DOC_NO, SIGNATURE = "Table Text", "Letter Mark", "Letter Number", "Signature Line"
#: Counters in ``numbering.xml``: of the pattern of numbered lists, and of all bulleted ones.
NUMBERED, BULLETED = 0, 1
_PARTS = {"styles": "styles", "numbering": "numbering", "settings": "settings", "fontTable": "fontTable"}


def style_id(name: str) -> str:
    """Return how paragraphs refer to the style."""
    return name.replace(" ", "")


@lru_cache(maxsize=4)
def template(language: str) -> bytes:
    """Return the empty document in ``language``, for instance ``zh-CN``."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships({"officeDocument": "word/document.xml"}),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body><w:sectPr/></w:body></w:document>',
        "word/_rels/document.xml.rels": _relationships({kind: f"{name}.xml" for kind, name in _PARTS.items()}),
        "word/styles.xml": _styles(language),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": _settings(language),
        "word/fontTable.xml": _font_table(),
    }
    return packed({name: (_DECLARATION + text).encode() for name, text in parts.items()})


def _content_types() -> str:
    kinds = {"document": "document.main"} | {name: name for name in _PARTS.values()}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(targets: dict[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _fonts(face: Face) -> str:
    latin, name = escape(face.latin), escape(face.name)
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{name}"/>'


def _look(style: Style, colour: str = "") -> str:
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    tint = f'<w:color w:val="{colour}"/>' if colour else ""
    half_points = round(style.size * 2)
    return (
        f'<w:rPr>{_fonts(style.face)}{bold}{tint}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )


def _style(name: str, style: Style, layout: str = "", *, colour: str = "", default: bool = False) -> str:
    """Return a paragraph style; ``layout`` is inside its ``pPr`` (keeping before spacing before indents)."""
    base = "" if default else '<w:basedOn w:val="Normal"/>'
    following = '<w:next w:val="Normal"/>' if name.startswith(("Heading", "Title", "Caption")) else ""
    mark = ' w:default="1"' if default else ""
    # Word knows its own styles by these names.
    known = name.lower() if name.startswith(("Heading", "Caption", "Footer")) else name
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id(name)}"{mark}><w:name w:val="{known}"/>{base}{following}'
        f"<w:qFormat/><w:pPr>{layout}</w:pPr>{_look(style, colour)}</w:style>"
    )


def _spacing(style: Style, before: float = 0, after: float = 0) -> str:
    line = f' w:line="{round(style.line * 20)}" w:lineRule="exact"' if style.line else ' w:line="240" w:lineRule="auto"'
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{line}/>'


def _indent(style: Style, characters: int = 2) -> str:
    """Return a first-line indent; Word counts characters, others use the twentieths of a point."""
    return f'<w:ind w:firstLineChars="{characters * 100}" w:firstLine="{round(characters * style.size * 20)}"/>'


def _styles(language: str) -> str:
    keep, rule = "<w:keepNext/><w:keepLines/>", f'<w:bottom w:val="single" w:sz="16" w:space="4" w:color="{RED}"/>'
    mark_style = Style(MARK_FACE, 36.0)
    table, body = TABLE_STYLE, BODY_STYLE
    paragraphs = [
        _style("Normal", body, f'<w:widowControl w:val="0"/>{_spacing(body)}<w:jc w:val="both"/>', default=True),
        _style("Title", TITLE_STYLE, f'{keep}{_spacing(TITLE_STYLE, after=body.line)}<w:jc w:val="center"/>'),
        *(
            _style(f"Heading {n}", style, f'{keep}{_spacing(style)}{_indent(style)}<w:outlineLvl w:val="{n - 1}"/>')
            for n, style in enumerate(HEADINGS, 1)
        ),
        _style("Caption", CAPTION_STYLE, f'{keep}{_spacing(CAPTION_STYLE, 6, 6)}<w:jc w:val="center"/>'),
        _style("Footer", FOOTER_STYLE, f'{_spacing(FOOTER_STYLE)}<w:jc w:val="center"/>'),
        _style(TABLE_TEXT, table, f'{_spacing(table)}<w:jc w:val="left"/>'),
        _style(MARK, mark_style, f'{keep}{_spacing(mark_style)}<w:jc w:val="center"/>', colour=RED),
        _style(DOC_NO, body, f"<w:pBdr>{rule}</w:pBdr>{_spacing(body, 12, 24)}" '<w:jc w:val="center"/>'),
        _style(SIGNATURE, body, f'<w:keepLines/>{_spacing(body)}<w:ind w:rightChars="{SIGNATURE_INDENT * 100}" '
               f'w:right="{round(SIGNATURE_INDENT * body.size * 20)}"/><w:jc w:val="right"/>'),
    ]  # fmt: skip
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(body.face)}'
        f'<w:lang w:val="en-US" w:eastAsia="{escape(language)}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{''.join(paragraphs)}"
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:u w:val="single"/>'
        "</w:rPr></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="NormalTable"><w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="NormalTable"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
        "</w:styles>"
    )


def _numbering() -> str:
    half = round(BODY_STYLE.size * 20)
    levels = {NUMBERED: ("decimal", "%1."), BULLETED: ("bullet", "·")}
    patterns = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{half * 3}" w:hanging="{half}"/></w:pPr></w:lvl></w:abstractNum>'
        for number, (kind, text) in levels.items()
    )
    return f'<w:numbering xmlns:w="{_W}">{patterns}</w:numbering>'


def _settings(language: str) -> str:
    return (
        f'<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="en-US" w:eastAsia="{escape(language)}"/></w:settings>'
    )


def _font_table() -> str:
    """Name the stand-ins of each typeface, which Word and WPS take where it is not installed."""
    fonts = "".join(
        f'<w:font w:name="{escape(face.name)}"><w:altName w:val="{escape(",".join(face.others))}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for face in FACES
    )
    return f'<w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'
