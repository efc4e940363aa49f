"""What the office says of its disclosure work: the 政府信息公开工作机构, and how the entrance is laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from cms.kernel.i18n import gettext as _
from cms.settings.declaration import SettingKind, SettingsTab, setting

_OFFICE, _ACCESS, _REMEDY, _LAYOUT = "政府信息公开工作机构", "获取方式", "监督和救济", "信息公开专栏"
_TELEPHONE = r"[0-9()+（） 、,/-]{5,60}"

#: Blocks of the entrance, code → title (国办公开办函〔2019〕61号). Their order is a setting, because nobody has
#: found the list and order in a stored copy of that notice yet.
BLOCKS: Mapping[str, str] = {
    "guide": "政府信息公开指南",
    "rules": "政府信息公开制度",
    "content": "法定主动公开内容",
    "reports": "政府信息公开年报",
    "apply": "依申请公开",
}
#: 栏目类别 of the sections that a block shows.
COLUMN_TYPES: Mapping[str, str] = {
    "guide": "信息公开指南", "rules": "信息公开制度", "content": "法定主动公开内容", "reports": "信息公开年报",
    "apply": "依申请公开",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DisclosureSettings:
    """What 条例 (2019) art. 12 asks the guide to say of the office, and the order of the entrance."""

    key: ClassVar[str] = "disclosure"

    office: str = setting("", "机构名称", group=_OFFICE, length=60, help="例如：衡山县民政局办公室；留空则用单位全称。")
    address: str = setting("", "办公地址", group=_OFFICE, length=120, help="留空则用网站设置的办公地址。")
    hours: str = setting("", "办公时间", group=_OFFICE, length=120, help="留空则用网站设置的办公时间。")
    phone: str = setting(
        "", "联系电话", group=_OFFICE, pattern=_TELEPHONE, example="0734-5812345", help="留空则用网站设置的联系电话。"
    )
    fax: str = setting("", "传真号码", group=_OFFICE, pattern=_TELEPHONE, example="0734-5812346")
    email: str = setting(
        "", "电子邮箱", group=_OFFICE, pattern=r"[^@\s]{1,64}@[^@\s]{3,190}", example="xxgk@example.gov.cn",
        help="互联网联系方式。",
    )  # fmt: skip
    postcode: str = setting("", "邮政编码", group=_OFFICE, pattern=r"\d{6}", example="421300")
    channels: tuple[str, ...] = setting(
        (), "其他公开渠道", group=_ACCESS, kind=SettingKind.LINES, length=120,
        help="每行一个，例如：县档案馆、县图书馆政府信息查阅点（地址、开放时间）。",
    )  # fmt: skip
    supervisor: str = setting(
        "", "监督机关", group=_REMEDY, length=60, help="政府信息公开工作主管部门，例如：衡山县人民政府办公室。"
    )
    supervisor_phone: str = setting("", "监督电话", group=_REMEDY, pattern=_TELEPHONE, example="0734-5812345")
    review_organ: str = setting("", "行政复议机关", group=_REMEDY, length=60, help="例如：衡山县人民政府。")
    court: str = setting("", "管辖法院", group=_REMEDY, length=60, help="例如：衡山县人民法院。")
    order: tuple[str, ...] = setting(
        tuple(BLOCKS.values()), "专栏各部分的顺序", group=_LAYOUT, kind=SettingKind.LINES, length=20,
        help="每行一个部分的名称；没有写的排在最后。",
    )  # fmt: skip

    @property
    def blocks(self) -> list[str]:
        """Return the codes of all blocks in the order of the office."""
        codes = {label: code for code, label in BLOCKS.items()}
        chosen = [codes[label] for label in self.order if label in codes]
        return list(dict.fromkeys([*chosen, *BLOCKS]))


def _problems(given: DisclosureSettings) -> Mapping[str, Sequence[str]]:
    unknown = [label for label in given.order if label not in BLOCKS.values()]
    if not unknown:
        return {}
    known = "、".join(BLOCKS.values())
    return {"order": [_("没有“{names}”这个部分；可用：{known}。").format(names="、".join(unknown), known=known)]}


TAB = SettingsTab(
    settings=DisclosureSettings, label="信息公开",
    lead="写入政府信息公开指南（条例第十二条）；修改后请在工作台“公开指南”重新核对。",
    permission="catalogue.manage", check=_problems,
)  # fmt: skip
