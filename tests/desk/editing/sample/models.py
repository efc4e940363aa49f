from datetime import date

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Column, FieldKind, Meta, meta, rows


class Permit(Meta, table="permit"):
    code: Mapped[str] = meta("事项编码", length=20, required=True)
    source: Mapped[str] = meta("信息来源", length=40)
    conditions: Mapped[str] = meta("受理条件")
    kind: Mapped[str] = meta("事项类型", choices=("行政许可", "行政给付"), group="办理")
    opens_on: Mapped[date | None] = meta("开始办理", group="办理")
    visits: Mapped[int | None] = meta("到场次数", group="办理")
    online: Mapped[bool] = meta("可网上办理", default=True, group="办理")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list, info={"cms": {"label": "别名", "group": "办理"}})
    materials: Mapped[list[dict]] = rows(
        "申请材料",
        [
            Column(name="name", label="名称", required=True),
            Column(name="copies", label="份数", kind=FieldKind.NUMBER),
            Column(name="form", label="形式", kind=FieldKind.CHOICE, choices=(("原件", "原件"), ("复印件", "复印件"))),
            Column(name="needed", label="必要", kind=FieldKind.FLAG),
        ],
    )


class Post(Meta, table="post"):
    author: Mapped[str] = meta("供稿", length=40)
