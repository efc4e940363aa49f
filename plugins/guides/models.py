"""Table of what a service guide has; the groups follow the order of disclosure-rules e."""

from sqlalchemy.orm import Mapped

from cms.api import Column, FieldKind, Meta, Row, meta, rows

KINDS = (
    "行政许可", "行政给付", "行政确认", "行政奖励", "行政裁决", "行政征收", "行政处罚", "行政强制", "行政检查",
    "其他行政权力", "公共服务",
)  # fmt: skip
LEVELS = ("国家级", "省级", "市级", "县级", "乡（镇、街道）级", "村（社区）级")
PERSONS, BODIES = "自然人", "法人"
AUDIENCES = (PERSONS, BODIES, "自然人、法人")
CASE_TYPES = (("即办件", "即办件（当场办结）"), ("承诺件", "承诺件（在承诺时限内办结）"))
FORMS = ("原件", "复印件", "原件和复印件", "电子件")


class Guide(Meta, table="guide"):
    """A service guide (办事指南): who gets what, with which papers, where, how fast and at what price."""

    item_code: Mapped[str] = meta("事项编码", length=80, search=True, report=True, group="基本信息")
    kind: Mapped[str] = meta("事项类型", choices=KINDS, facet=True, report=True, group="基本信息")
    agency: Mapped[str] = meta("实施主体", length=120, search=True, group="基本信息")
    level: Mapped[str] = meta("行使层级", choices=LEVELS, facet=True, group="基本信息")
    audience: Mapped[str] = meta("服务对象", choices=AUDIENCES, facet=True, report=True, group="基本信息")
    case_type: Mapped[str] = meta("办件类型", choices=CASE_TYPES, facet=True, report=True, group="基本信息")
    matter: Mapped[str] = meta(
        "主题", length=40, facet=True, search=True, report=True, index=True, group="基本信息",
        help="栏目页按主题分组，例如：社会救助、婚姻登记、殡葬服务",
    )  # fmt: skip
    legal_basis: Mapped[list[Row]] = rows(
        "设定依据",
        (
            Column(name="document", label="文件名称和文号", required=True),
            Column(name="article", label="条款"),
            Column(name="text", label="内容", kind=FieldKind.TEXT, wide=True),
        ),
        group="依据与条件",
    )
    conditions: Mapped[str] = meta("申请条件", search=True, group="依据与条件", help="每行一项")
    materials: Mapped[list[Row]] = rows(
        "申报材料",
        (
            Column(name="name", label="材料名称", required=True),
            Column(name="kind", label="形式", kind=FieldKind.CHOICE, choices=tuple((form, form) for form in FORMS)),
            Column(name="copies", label="份数", kind=FieldKind.NUMBER),
            Column(name="source", label="来源渠道"),
            Column(name="required", label="必要", kind=FieldKind.FLAG),
            Column(name="note", label="填报须知", wide=True),
        ),
        group="材料",
        help="逐项列明，不写“其他材料”“等材料”；空白表格和示范文本作为附件上传",
    )
    steps: Mapped[list[Row]] = rows(
        "办理流程",
        (
            Column(name="name", label="环节", required=True),
            Column(name="content", label="内容", kind=FieldKind.TEXT, wide=True),
            Column(name="days", label="时限"),
        ),
        group="流程",
    )
    legal_limit: Mapped[str] = meta("法定办结时限", length=80, report=True, group="时限", help="例如：30个工作日")
    promised_limit: Mapped[str] = meta("承诺办结时限", length=80, report=True, group="时限", help="例如：20个工作日")
    fee: Mapped[str] = meta("收费标准", length=300, search=True, group="收费", help="不收费的，写“不收费”")
    offices: Mapped[list[Row]] = rows(
        "办理地点和时间",
        (
            Column(name="name", label="窗口或机构", required=True),
            Column(name="address", label="地址", wide=True),
            Column(name="hours", label="办理时间"),
            Column(name="phone", label="咨询电话"),
        ),
        group="办理",
    )
    online_url: Mapped[str] = meta("网上办理地址", length=300, group="办理", help="以 https:// 开头的完整网址")
    visits: Mapped[int | None] = meta("到办事现场次数", report=True, group="办理", help="全程不用到现场的，填 0")
    result: Mapped[str] = meta("办理结果", search=True, group="结果")
    delivery: Mapped[str] = meta("送达方式", length=200, group="结果")
    complaint_phone: Mapped[str] = meta("监督投诉电话", length=120, group="咨询监督")
    remedy: Mapped[str] = meta("行政复议与行政诉讼途径", search=True, group="咨询监督")
    faq: Mapped[list[Row]] = rows(
        "常见问题",
        (
            Column(name="question", label="问题", required=True, wide=True),
            Column(name="answer", label="答复", kind=FieldKind.TEXT, required=True, wide=True),
        ),
        group="其他",
    )
