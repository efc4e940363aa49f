"""Render every component of the desk with sample records: python tests/desk/render_styleguide.py FOLDER.

The pages refer to /static; ``tests/desk/test_components.py`` serves and checks them.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("dashboard", "list", "edit", "record", "login")


class MaterialForm(Form):
    name = StringField("材料名称")
    kind = SelectField("类型", choices=["原件", "复印件", "电子件"])
    copies = IntegerField("份数", default=1)
    required = BooleanField("必要")


class ContentForm(Form):
    title = StringField("标题", [InputRequired("请填写标题"), Length(max=60)], description="不超过 60 字，不加书名号")
    section = SelectField("栏目", choices=["工作动态", "通知公告", "政策法规"])
    published_on = DateField("发布日期")
    summary = TextAreaField("摘要", description="列表和搜索结果中显示")
    openness = RadioField(
        "公开属性", [InputRequired()], choices=["主动公开", "依申请公开", "不予公开"], default="主动公开"
    )
    top = BooleanField("在栏目首页置顶")
    body = TextAreaField("正文", [InputRequired()])
    materials = FieldList(FormField(MaterialForm), min_entries=3)


class LoginForm(Form):
    username = StringField("账号", [InputRequired()])
    password = PasswordField("密码", [InputRequired()])


BODY = """<h2>一、申请条件</h2><p class="indent">凡共同生活的家庭成员人均收入低于当地最低生活保障标准，
均可申请<strong>最低生活保障</strong>。</p><ol><li>户口簿、身份证原件及复印件；</li><li>家庭收入证明。</li></ol>
<table><caption>2016 年保障标准</caption>
<thead><tr><th scope="col">类别</th><th scope="col">月标准（元）</th></tr></thead>
<tbody><tr><td>城市低保</td><td>350</td></tr><tr><td>农村低保</td><td>220</td></tr></tbody></table>"""

MENU = [
    {
        "label": "",
        "items": [{"label": "首页", "url": "/desk/", "icon": "home", "active": True, "badge": None}],
    },
    {
        "label": "内容",
        "items": [
            {"label": "全部内容", "url": "#c", "icon": "files", "active": False, "badge": None},
            {"label": "待我审核", "url": "#r", "icon": "check", "active": False, "badge": 5},
            {"label": "栏目", "url": "#s", "icon": "folder", "active": False, "badge": None},
            {"label": "附件", "url": "#m", "icon": "image", "active": False, "badge": None},
        ],
    },
    {
        "label": "登记与公开",
        "items": [
            {"label": "依申请公开", "url": "#a", "icon": "mail", "active": False, "badge": 2},
            {"label": "咨询信件", "url": "#l", "icon": "send", "active": False, "badge": None},
            {"label": "计数登记", "url": "#t", "icon": "book", "active": False, "badge": None},
            {"label": "年度报告", "url": "#y", "icon": "chart", "active": False, "badge": None},
        ],
    },
    {
        "label": "管理",
        "items": [
            {"label": "用户与角色", "url": "#u", "icon": "users", "active": False, "badge": None},
            {"label": "插件", "url": "#p", "icon": "plug", "active": False, "badge": None},
            {"label": "操作日志", "url": "#g", "icon": "history", "active": False, "badge": None},
        ],
    },
]

ITEMS = [
    ("关于做好2016年春节期间困难群众走访慰问工作的通知", "通知公告", "published", "2016-01-21", "1,204"),
    ("衡山县2016年第一季度城乡低保资金发放公示", "通知公告", "review", "2016-03-08", "—"),
    ("县民政局召开殡葬改革工作推进会", "工作动态", "draft", "2016-03-09", "—"),
    ("衡山县社会救助实施细则", "政策法规", "scheduled", "2016-03-15", "—"),
    ("婚姻登记办事指南（2015年版）", "办事指南", "expired", "2015-04-02", "3,877"),
    ("清明节祭扫工作安排", "工作动态", "returned", "2016-03-07", "—"),
    ("养老服务机构名单", "工作动态", "withdrawn", "2015-11-30", "642"),
]


def forms() -> dict[str, object]:
    form = ContentForm(
        title="",
        summary="介绍申请最低生活保障的条件、材料和程序。",
        body=BODY,
        materials=[{"name": "户口簿"}, {"name": "身份证"}, {}],
    )
    form.title.errors = ["请填写标题"]
    return {
        "form": form,
        "blank": MaterialForm(prefix="materials-__index__-"),
        "login": LoginForm(),
        "items": ITEMS,
        "assets": [
            {
                "id": 12,
                "name": "会场.jpg",
                "size": "1.2 MB",
                "thumbnail": "/media/12.png",
                "image": True,
                "alt": "会场全景",
                "caption": "",
            },
            {
                "id": 13,
                "name": "申请表.docx",
                "size": "36 KB",
                "thumbnail": None,
                "image": False,
                "alt": "",
                "caption": "附件1",
            },
        ],
    }


def environment() -> Environment:
    loader = FileSystemLoader([ROOT / "cms" / "templates", ROOT / "tests" / "desk" / "styleguide"])
    jinja = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    jinja.globals.update(static=lambda path: f"/static/{path}", path_of=lambda path: path, lang=lambda: "zh-CN")
    jinja.globals["_"] = lambda text, **values: text % values if values else text
    return jinja


def render(name: str) -> str:
    """The sample page ``name`` as the desk would send it."""
    titles = {
        "dashboard": "首页",
        "list": "全部内容",
        "edit": "编辑内容",
        "record": "内容详情",
        "login": "登录工作台",
    }
    crumbs = [{"label": "首页", "url": "/desk/"}, {"label": "内容", "url": "#c"}]
    template = "desk/login.html" if name == "login" else f"{name}.html"
    samples = forms()
    samples["form"] = samples["login"] if name == "login" else samples["form"]
    return (
        environment()
        .get_template(template)
        .render(
            page=SimpleNamespace(
                title=titles[name], lead=None, crumbs=[] if name in ("dashboard", "login") else crumbs
            ),
            menu=MENU,
            user=SimpleNamespace(name="王敏", department="办公室"),
            account={"url": "#me", "logout_url": "/desk/logout"},
            site={"name": "衡山县民政局", "url": "/"},
            flashes=[("success", "已保存草稿，尚未提交审核。")] if name == "edit" else [],
            **samples,
        )
    )


def main(folder: Path) -> None:
    """Write all sample pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / f"{name}.html").write_text(render(name), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
