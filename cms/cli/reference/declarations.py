"""Reading what the code says of itself: fields with their comments, and the first lines of docstrings.

The generated pages of ``docs/reference`` are made of this. Sources are read, not objects, because comments and the
spelling of types and defaults are nowhere else.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One field or constant as its source declares it; ``text`` is its comment or the string that follows it."""

    name: str
    annotation: str = ""
    default: str = ""
    text: str = ""


def fields_of(kind: type) -> list[Declared]:
    """Return the annotated fields of ``kind`` in the order of the source; inherited ones are not among them."""
    module = sys.modules[kind.__module__]
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            return list(_declarations(node.body, inspect.getsource(module)))
    return []


def methods_of(kind: type) -> Iterator[tuple[str, Callable[..., object] | property]]:
    """Yield the public methods and properties that ``kind`` itself defines, with their names."""
    for name, member in vars(kind).items():
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
            yield name, member


def said_of(module: ModuleType, name: str) -> str:
    """Return the first line that explains ``name``: of its docstring, or of the comment above its assignment."""
    assigned = {one.name: one.text for one in _declarations(_tree(module).body, inspect.getsource(module))}
    return assigned[name] if name in assigned else first_line(getattr(module, name))


def first_line(thing: object) -> str:
    """Return the first line of the docstring of ``thing``, as Markdown."""
    return markdown((inspect.getdoc(thing) or "").split("\n", 1)[0])


def paragraphs(thing: object) -> str:
    """Return the docstring of ``thing`` as Markdown, its fields (``:param …:``) as a list."""
    text = markdown(inspect.getdoc(thing) or "")
    items = re.split(r"\s*:(?:param |raises )?(\w+):\s*", text)
    prose, named = items[0].strip(), zip(items[1::2], items[2::2], strict=True)
    lines = [f"- `{name}`: {' '.join(said.split())}" for name, said in named]
    return "\n\n".join(part for part in (prose, "\n".join(lines)) if part)


def markdown(text: str) -> str:
    """Return the inline markup of docstrings as Markdown."""
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    return text.replace("``", "`")


def home_of(module: ModuleType, name: str) -> tuple[ModuleType, str]:
    """Return the module that defines what ``module`` calls ``name``, and the name it has there."""
    for node in _tree(module).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return home_of(sys.modules[node.module], alias.name)
    return module, name


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _declarations(body: list[ast.stmt], source: str) -> Iterator[Declared]:
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, annotation, value = node.target.id, ast.get_source_segment(source, node.annotation), node.value
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, annotation, value = node.targets[0].id, "", node.value
        else:
            continue
        default = ast.get_source_segment(source, value) if value is not None else ""
        said = _string(following) or _comment(source.splitlines(), node.lineno)
        yield Declared(
            name=name, annotation=_one_line(annotation), default=_one_line(default), text=markdown(_one_line(said))
        )


def _string(node: ast.stmt | None) -> str:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return (
        str(node.value.value) if is_text and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else ""
    )


def _comment(lines: list[str], number: int) -> str:
    """Return the ``#:`` comment above line ``number``."""
    said: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.strip().startswith("#:"):
            break
        said.insert(0, line.strip().removeprefix("#:").strip())
    return " ".join(said)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
