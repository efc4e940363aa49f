"""Chinese words for the actions of the log; what plugins record under other words is shown as it is."""

from cms.kernel.i18n import gettext as _

_NOUNS = {
    "audit": "审计日志", "catalogue": "信息公开目录", "index_number": "索引号", "standard_row": "标准目录事项",
    "content": "内容", "department": "科室", "exchange": "数据交换", "job": "后台任务",
    "data_key": "数据密钥", "media": "附件", "personal": "个人信息",
    "plugin": "插件", "report": "年度报告", "search": "检索", "section": "栏目",
    "settings": "网站设置",
    "tally": "计数登记", "theme": "主题", "user": "用户", "workdays": "工作日历",
}  # fmt: skip
_VERBS = {
    "reassess": "定期评估", "void": "登记作废索引号", "due": "公开期限改变", "standard": "修改标准目录",
    "add": "新增", "approve": "通过", "change": "修改", "change_password": "修改密码", "counter": "冲正",
    "create": "新建", "delete": "删除", "describe": "修改说明", "clean": "清理", "drop": "弃用",
    "disable": "停用", "disable_failed": "停用时出错",
    "edit": "修改", "enable": "启用", "erase": "清除", "hold": "设为保留", "release": "解除保留", "reveal": "查看",
    "export": "导出", "freeze": "固化", "import": "导入", "install": "安装",
    "lock": "锁定", "manual": "手工填数", "move": "排序", "open": "建立", "publish": "发布", "rebuild": "重建索引",
    "reopen": "重新打开", "reorder": "排序", "reset_password": "重置密码", "restore": "恢复", "retry": "重试",
    "save": "保存", "schedule": "定时发布", "send_back": "退回", "set_roles": "分配角色", "sign_in": "登录",
    "submit": "提交审核", "text": "修改文字", "undelete": "移出回收站", "uninstall": "卸载", "unlock": "解锁",
    "use": "更换", "verify": "校验", "withdraw": "撤回", "words": "修改检索词",
}  # fmt: skip


def action_label(action: str) -> str:
    """Return ``action`` (``noun.verb``) for people: ``user.sign_in`` is 用户：登录."""
    noun, _dot, verb = action.partition(".")
    if noun not in _NOUNS or verb not in _VERBS:
        return action
    return f"{_(_NOUNS[noun])}：{_(_VERBS[verb])}"


def subject_label(kind: str) -> str:
    """Return the name of a kind of thing, for instance 用户 for ``user``."""
    return _(_NOUNS[kind]) if kind in _NOUNS else kind
