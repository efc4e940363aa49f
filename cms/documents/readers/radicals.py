"""Radicals in the place of characters: some fonts share their drawings, and PDF programs write the wrong one back.

``⺠`` looks like ``民``, ``⼭`` like ``山``; neither can be searched or compared. They also come with text that was
copied from such a PDF.
"""

import re
import unicodedata

#: CJK radicals supplement, those that stand for a character of modern Chinese (Unicode: EquivalentUnifiedIdeograph).
_RADICALS = dict(zip(
    "⺁⺎⺟⺠⺡⺣⺥⺩⺬⺮⺰⺳⺶⺷⺸⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "厂兀母民氵灬爫王示竹纟罒羊羊羊肉艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長長长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
    strict=True,
))  # fmt: skip
_TABLE = {ord(radical): character for radical, character in _RADICALS.items()}
#: The radicals of Kangxi, which Unicode itself maps to characters.
_KANGXI = re.compile("[\u2f00-\u2fd5]")


def unified(text: str) -> str:
    """Return ``text`` with characters instead of the radicals that look like them; its length stays the same."""
    return _KANGXI.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text).translate(_TABLE)
