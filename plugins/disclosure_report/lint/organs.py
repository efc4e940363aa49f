"""Whose report it is: the organ's name, its level, its kind, and the words with which it speaks of itself."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The level of an organ; districts count as counties, neighbourhood offices as towns."""

    TOWN = "town"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    NATION = "nation"

    @property
    def rank(self) -> int:
        """Return 0 for the lowest level."""
        return list(Level).index(self)


#: Ending of a name → the words after 我 or 本 that fit it. The longest ending decides.
_SELVES = {
    "人民政府": "政府 省 市 县 区 乡 镇 州 盟 旗",
    "政府": "政府 省 市 县 区 乡 镇 州 盟 旗",
    "街道办事处": "街道 办 办事处 处",
    "街道": "街道 办",
    "办公室": "办 办公室 室",
    "委员会": "委 会 委员会",
    "管委会": "委 管委会 会 区",
    "管理局": "局",
    "分局": "局 分局",
    "局": "局",
    "厅": "厅",
    "办": "办",
    "委": "委",
    "中心": "中心",
    "院": "院",
    "处": "处",
    "所": "所",
    "站": "站",
    "部": "部",
    "署": "署",
    "馆": "馆",
    "会": "会",
    "社": "社",
    "支队": "支队 队",
    "大队": "大队 队",
    "队": "队",
    "集团": "集团",
    "公司": "公司",
    "学校": "校",
    "大学": "校",
    "区": "区",
    "市": "市",
    "县": "县",
    "省": "省",
    "镇": "镇",
    "乡": "乡",
    "州": "州",
    "旗": "旗",
    "盟": "盟",
}
#: Places: every organ may say 我县 of the county that it belongs to, but a town's does not call it 我乡.
_PLACES = frozenset(["省", "市", "县", "区", "州", "盟", "旗", "自治区", "自治州", "自治县"])
_NEUTRAL = frozenset(
    [
        "单位",
        "机关",
        "部门",
        "系统",
        "国",
        "们",
        "方",
        "行政机关",
        "级",
        "年",
        "年度",
        "报告",
        "次",
        "身",
        "人",
        "着",
        "项",
        "表",
        "列",
        "地",
        "条例",
        "市县",
        "期",
    ]
)
SELF = re.compile(
    r"(?<![自他你唯原基资成])(?P<pronoun>[我本])(?P<self>办公室|办事处|委员会|管委会|分局|中心|街道|支队|大队|政府|学校|集团|公司"
    r"|[局办委厅院处所部署馆会社队乡镇州旗盟区市县省室校])(?![事理公法解开证件案结务员级上次域限间门内托区分于在议长])"
)
_TITLE = re.compile(
    r"(?:关于)?(?:\(?(?:19|20)\d\d\)?年?度?)?(?P<organ>[\u4e00-\u9fff()]{2,40}?)"
    r"(?:关于)?(?:\(?(?:19|20)\d\d[年)]*度?|政府信息公开|政务公开|信息公开|的?年度报告)"
)
_TOWN = re.compile(r"(?:乡|镇|街道|街道办事处|办事处)(?:人民政府|政府|党政(?:综合)?办公室|办公室)?$")
_NATION = re.compile(r"^(?:国务院|国家|中华人民共和国|全国)")


@dataclass(frozen=True)
class Organ:
    """An organ as its report names it; ``level`` is a guess from the name, towards the higher level in doubt."""

    name: str

    @property
    def is_government(self) -> bool:
        """Tell whether it is a people's government, for which another due date holds, and which sums up its members."""
        return bool(re.search(r"(?:人民政府|政府)$|^[\u4e00-\u9fff]{1,12}(?:省|市|县|区|州|盟|旗|乡|镇)$", self.name))

    @property
    def level(self) -> Level:
        """Return the level that the name tells: of ``横山县民政局`` the county, of ``宿迁市`` the prefecture."""
        name = self.name
        if _NATION.search(name):
            return Level.NATION
        if _TOWN.search(name):
            return Level.TOWN
        if re.search(r"[县旗区](?!域)", name.replace("自治区", "").replace("地区", "")):
            return Level.COUNTY
        if re.match(r"[\u4e00-\u9fff]{2,6}(?:省|自治区)|北京市|上海市|天津市|重庆市", name):
            return Level.PROVINCE
        return Level.PREFECTURE if re.search(r"[市州盟]|地区", name) else Level.COUNTY

    @property
    def selves(self) -> frozenset[str] | None:
        """Return the words after 我 or 本 that fit the name; nothing if the name does not tell."""
        for ending in sorted(_SELVES, key=len, reverse=True):
            if self.name.endswith(ending):
                return frozenset(_SELVES[ending].split())
        return None

    @property
    def place(self) -> str:
        """Return the place in the name without its kind: ``衡山`` of 衡山县民政局; empty if there is none."""
        found = re.match(r"(?P<place>[\u4e00-\u9fff]{2,6}?)(?:自治)?[省市县区州旗盟]", self.name)
        return found["place"] if found else ""

    @property
    def stem(self) -> str:
        """Return the trade in the name: ``民政`` of 衡山县民政局; empty if there is none."""
        found = re.search(r"[省市县区州旗盟](?P<stem>[\u4e00-\u9fff]{2,8}?)(?:局|委员会|委|厅|办公室|中心)$", self.name)
        return found["stem"] if found else ""

    def fits(self, word: str) -> bool | None:
        """Tell whether the organ can call itself ``word``; nothing if that cannot be told."""
        selves = self.selves
        if selves is None:
            return None
        if word in selves or word in _NEUTRAL:
            return True
        if word in _PLACES:
            return self.level is not Level.NATION
        return False


def organ_of(title: str) -> Organ | None:
    """Return the organ that a title names."""
    found = _TITLE.match(title)
    name = found["organ"] if found else ""
    name = re.sub(r"\([^()]*\)$", "", name)
    # 横山县人民政府信息公开…: the words 政府信息公开 begin inside the name.
    name = f"{name}政府" if name.endswith("人民") else name
    return Organ(name) if len(name) > 1 and name not in {"政府", "政务", "信息"} else None
