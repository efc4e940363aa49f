"""How official documents look, as data: typefaces with what may stand in for them, sizes, spacing.

After GB/T 9704-2012, the layout of official documents. Its details were not checked against the standard: an office
that has other rules changes the values here and nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass

#: Chinese names of sizes, in points.
SIZES = {
    "初号": 42.0, "小初": 36.0, "一号": 26.0, "小一": 24.0, "二号": 22.0, "小二": 18.0, "三号": 16.0, "小三": 15.0,
    "四号": 14.0, "小四": 12.0, "五号": 10.5, "小五": 9.0,
}  # fmt: skip


@dataclass(frozen=True)
class Face:
    """A typeface: its name, other names of the same one, and what stands in for it where it is not installed.

    ``generic`` is the family of CSS; ``latin`` is the face of letters and digits.
    """

    name: str
    names: tuple[str, ...]
    stand_ins: tuple[str, ...]
    generic: str = "serif"
    latin: str = "Times New Roman"

    @property
    def others(self) -> tuple[str, ...]:
        """Return all names to look for when the first is not found, best first."""
        return self.names + self.stand_ins

    def is_among(self, families: Collection[str]) -> bool:
        """Tell whether the typeface itself is among ``families``, not only something like it."""
        return any(name in families for name in (self.name, *self.names))

    @property
    def css(self) -> str:
        """Return the value of ``font-family``."""
        return ", ".join([*(f'"{name}"' for name in (self.name, *self.others)), self.generic])


_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
#: 方正小标宋: titles and the mark of the organ.
TITLE = Face("方正小标宋简体", ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "FZXiaoBiaoSong-B05"), (*_SERIF, "SimSun"))
#: 仿宋: running text.
BODY = Face(
    "仿宋_GB2312", ("FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "方正仿宋_GBK"), (*_SERIF, "SimSun")
)  # fmt: skip
#: 黑体: first level of headings, captions.
BLACK = Face("黑体", ("SimHei", "STHeiti", "方正黑体_GBK"), _SANS, "sans-serif")
#: 楷体: second level of headings.
KAI = Face("楷体_GB2312", ("KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "方正楷体_GBK"), (*_SERIF, "SimSun"))
#: 宋体: page numbers, tables.
SONG = Face("宋体", ("SimSun", "STSong", "方正书宋_GBK"), _SERIF)
FACES = (TITLE, BODY, BLACK, KAI, SONG)


@dataclass(frozen=True)
class Style:
    """The look of one kind of text; ``line`` is the height of a line in points, 0 leaves it to the font."""

    face: Face
    size: float
    bold: bool = False
    line: float = 0.0


RED = "FF0000"
#: 22 lines on the 225 mm between the margins.
LINE = 28.9
TITLE_STYLE = Style(TITLE, SIZES["二号"], line=36.0)
BODY_STYLE = Style(BODY, SIZES["三号"], line=LINE)
HEADINGS = (
    Style(BLACK, SIZES["三号"], line=LINE),
    Style(KAI, SIZES["三号"], line=LINE),
    Style(BODY, SIZES["三号"], bold=True, line=LINE),
    Style(BODY, SIZES["三号"], line=LINE),
)
CAPTION_STYLE = Style(BLACK, SIZES["小四"])
TABLE_STYLE = Style(SONG, SIZES["五号"])
FOOTER_STYLE = Style(SONG, SIZES["四号"])
#: The mark of the organ is as large as its length allows: (longest name in characters, size).
MARK_SIZES = ((8, 48.0), (12, SIZES["小初"]), (18, SIZES["一号"]), (1000, SIZES["小二"]))
MARK_FACE = TITLE


def mark_size(organ: str) -> float:
    """Return the size of the mark (发文机关标志) in points, so that it stays on one line."""
    return next(size for longest, size in MARK_SIZES if len(organ) <= longest)


#: Characters from the right edge: of the organ and of the date below a document.
SIGNATURE_INDENT = 4
