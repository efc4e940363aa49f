"""Templates as code: without calls whose result never changes, and handed on from one app to the next.

``_("正文")``, ``path_of("/")`` and ``theme_static("base.css")`` with nothing but constants in their brackets are called
when a template is compiled; their results become part of its text. An app has one language, one base path and one
theme, so they would say the same each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2 import BytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.environment import Environment
from jinja2.visitor import NodeTransformer

#: Functions of templates whose answer to the same question is the same as long as an app lives.
CONSTANT = frozenset({"_", "static", "theme_static", "plugin_static", "path_of", "absolute", "lang"})


@dataclass(frozen=True)
class Call:
    """A call that was made while a template was compiled."""

    name: str
    arguments: Sequence[object]
    result: str


@dataclass
class CompiledTemplates(BytecodeCache):
    """Compiled templates; an app takes over those of the app before it as far as they would come out the same."""

    _code: dict[str, tuple[str, Sequence[Call], CodeType]] = field(default_factory=dict)
    _calls: dict[str | None, Sequence[Call]] = field(default_factory=dict)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put known code into ``bucket`` if source and calls are what they were."""
        checksum, calls, code = self._code.get(bucket.key, ("", (), None))
        if checksum == bucket.checksum and all(_result(bucket.environment, call) == call.result for call in calls):
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of ``bucket``."""
        if bucket.code is not None:
            self._code[bucket.key] = (bucket.checksum, self._calls.get(bucket.code.co_filename, ()), bucket.code)

    def note(self, filename: str | None, calls: Sequence[Call]) -> None:
        """Note which calls were made for the template that is being compiled."""
        self._calls[filename] = calls


class PageEnvironment(FlaskEnvironment):
    """Flask's environment for templates, with folded calls."""

    def _generate(  # the one place between reading a template and writing its code
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002 — as Jinja calls it
    ) -> str:
        calls = fold(self, source)
        if isinstance(self.bytecode_cache, CompiledTemplates):
            self.bytecode_cache.note(filename, calls)
        return super()._generate(source, name, filename, defer_init=defer_init)


def fold(environment: Environment, tree: nodes.Template) -> list[Call]:
    """Replace calls in ``tree`` by their results where that can be done; return the calls.

    A template that gives one of the names another meaning keeps its calls of it, and so does a call that fails: it
    fails when the page is shown, with a line number.
    """
    taken = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    folder = _Folder(environment, CONSTANT - taken)
    folder.visit(tree)
    return folder.calls


class _Folder(NodeTransformer):
    def __init__(self, environment: Environment, names: frozenset[str]) -> None:
        self._environment = environment
        self._names = names
        self.calls: list[Call] = []

    def visit_Call(self, node: nodes.Call, *args: Any, **kwargs: Any) -> nodes.Node:  # noqa: ANN401, N802 — as Jinja names and calls it
        self.generic_visit(node, *args, **kwargs)
        if not isinstance(node.node, nodes.Name) or node.node.name not in self._names:
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        constants = [one for one in node.args if isinstance(one, nodes.Const)]
        if len(constants) < len(node.args):
            return node
        call = Call(node.node.name, tuple(one.value for one in constants), "")
        result = _result(self._environment, call)
        if result is None:
            return node
        self.calls.append(Call(call.name, call.arguments, result))
        return nodes.Const(result, lineno=node.lineno)


def _result(environment: Environment, call: Call) -> str | None:
    """Return what a call gives; nothing if it fails or gives no plain text."""
    try:
        function: Any = environment.globals[call.name]
        result: object = function(*call.arguments)
    except Exception:  # noqa: BLE001 — whatever it is, it is raised again where the call stands
        return None
    return result if type(result) is str else None
