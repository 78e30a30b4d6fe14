"""What a handout must not give away: the statements of the solved gaps, answer files, weights, caches, history.

What has been published with an earlier sheet is no secret, wherever it stands.

Code is compared as syntax trees in which the names of variables do not count, nor whether a function is called as
`torch.exp(x)` or as `x.exp()`. What does little is no secret: a gap's statements are taken together until they hold
`ENOUGH` operations, so that `z = mu` alone gives nothing away, and five short lines in a row do.
"""

import ast
import builtins
import fnmatch
import io
import re
import tokenize
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.handout import notebooks
from exercise.source import gaps
from exercise.source.gaps import Gap

__all__ = ["ENOUGH", "find"]

ENOUGH = 3
_OPERATIONS = (ast.Call, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Subscript, ast.IfExp, ast.Lambda,
               ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BLOCKS = ("body", "orelse", "finalbody")
_FORBIDDEN = {  # what a path, or a folder above it, is called -> why it has no place in a handout
    "an answer file": ("course", "tests/repository", "*solution*"),
    "a check of the repository": (".ci", ".github/workflows/repository.yml", "benchmarks"),
    "weights": ("*.pth", "*.pt", "*.ckpt", "*.safetensors", "*.onnx", "*.pkl"),
    "a cache": ("*__pycache__", "*.py[co]", "*_cache"),
    "somebody's history": (".git", "*/.git", ".exercise", "*.bundle", "*.orig", "*.patch"),
    "data or results": ("data", "results", "results_*"),
}
_Imports = Mapping[str, str]  # the name in a module -> the name it was imported by


@dataclass(frozen=True)
class _Secret:
    """Statements of a gap that follow each other: their types, their shape, and their text without white space."""

    gap: str
    types: tuple[type, ...]
    shape: object
    text: str


def find(folder: str | Path, root: str | Path, published: Collection[str] = ()) -> list[str]:
    """What the handout in `folder` gives away of the solved repository in `root`, a line each.

    Args: published, the gaps of earlier sheets, whose solutions are in it.

    A formula that a test names as a mistake is known to be wrong, and gives nothing away: there, the values of a
    dictionary whose key is a sentence are not looked at.

    Raises: gaps.GapError if a module of the repository cannot be read.
    """
    folder, root = Path(folder), Path(root)
    secrets = _all_secrets(root, published)
    answers = {file.read_bytes(): file.relative_to(root).as_posix() for file in _files(root / "course")}
    leaks = []
    for file in _files(folder):
        path, data = file.relative_to(folder).as_posix(), file.read_bytes()
        leaks += [f"{path}: {why}" for why in _forbidden(path)]
        if data.strip() and data in answers:
            leaks.append(f"{path}: a copy of {answers[data]}")
        leaks += _given_away(path, data, secrets)
    return leaks


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _forbidden(path: str) -> Iterator[str]:
    places = [path, *(parent.as_posix() for parent in Path(path).parents[:-1])]
    for why, patterns in _FORBIDDEN.items():
        if any(fnmatch.fnmatchcase(place, pattern) for place in places for pattern in patterns):
            yield f"{why} does not belong into a handout"


def _all_secrets(root: Path, published: Collection[str]) -> list[_Secret]:
    """Those of the gaps that are not published, but for what the published ones hold too."""
    found = gaps.read(root)
    modules = {gap.path: gaps.read_text(root / gap.path) for gap in found.values()}
    secrets = [secret for gap in found.values() if gap.id not in published
               for secret in _secrets(gap, modules[gap.path])]
    for gap in (found[name] for name in published):
        _, solved, imports = _solved(gap, modules[gap.path])
        shapes = {_shape(run, imports, {}) for run in _runs(solved, {len(secret.types) for secret in secrets}, False)}
        secrets = [secret for secret in secrets if secret.shape not in shapes]
    return secrets


def _solved(gap: Gap, module: str) -> tuple[str, ast.Module, _Imports]:
    """The solution of a gap that parses by itself, its tree, and what is imported where it stands."""
    source = f"if True:\n{gap.body}" if gap.indent else gap.body
    try:
        solved = ast.parse(source)
    except SyntaxError as error:
        raise gaps.GapError(gap.path, gap.body_start, f"the solution of gap {gap.id} does not parse") from error
    return source, solved, _imports(ast.parse(module)) | _imports(solved)


def _secrets(gap: Gap, module: str) -> Iterator[_Secret]:
    """For each statement the shortest run of statements from it on that is worth hiding."""
    source, solved, imports = _solved(gap, module)
    for block in _blocks(solved.body[0].body if gap.indent else solved.body):
        for first in range(len(block)):
            run = _enough(block[first:])
            if run:
                text = "".join(_squeezed(ast.get_source_segment(source, node)) for node in run)
                yield _Secret(gap.id, _types(run), _shape(run, imports, {}), text)


def _enough(statements: list[ast.stmt]) -> list[ast.AST]:
    for length in range(1, len(statements) + 1):
        run = _essence(statements[:length])
        if _size(run) >= ENOUGH:
            return run
    return []


def _essence(run: list[ast.stmt]) -> list[ast.AST]:
    """A single statement that only names or returns a value gives away as much as the value itself."""
    match run:
        case [ast.Assign(targets=[ast.Name() | ast.Tuple()], value=value)]:
            return [value]
        case [ast.Return(value=ast.expr() as value)] | [ast.Expr(value=value)]:
            return [value]
    return run


def _given_away(path: str, data: bytes, secrets: list[_Secret]) -> list[str]:
    try:
        prose, code, found = data.decode("utf-8-sig"), "", {}
        if path.endswith(".py"):
            prose, code = "", prose
        elif path.endswith(".ipynb"):
            prose, code = notebooks.text_of(data), notebooks.code_of(data)
        if code:
            found = _in_code(ast.parse(code), secrets, mistakes_named=path.startswith("tests/"))
            prose += _comments_and_strings(code)
    except UnicodeDecodeError:
        return []
    except SyntaxError as error:
        return [f"{path}:{error.lineno}: cannot be searched for solutions: {error.msg}"]
    except ValueError as error:
        return [f"{path}: cannot be searched for solutions: {error}"]
    prose = _squeezed(prose)
    found = {secret.gap: "" for secret in secrets if secret.text in prose} | found
    return [f"{path}{line}: gives away the gap {gap}" for gap, line in found.items()]


def _in_code(tree: ast.Module, secrets: list[_Secret], mistakes_named: bool) -> dict[str, str]:
    """Where the secrets of each gap first occur in a module, by gap: ":12" for line 12."""
    imports, found = _imports(tree), {}
    by_shape: dict[object, set[str]] = {}  # two gaps may differ in nothing but names
    for secret in secrets:
        by_shape.setdefault(secret.shape, set()).add(secret.gap)
    types = {secret.types for secret in secrets}  # cheap to compare, and rarely the same
    for run in _runs(tree, {len(kinds) for kinds in types}, mistakes_named):
        for gap in sorted(by_shape.get(_shape(run, imports, {}), ())) if _types(run) in types else ():
            found.setdefault(gap, f":{run[0].lineno}")
    return found


def _runs(tree: ast.Module, lengths: set[int], mistakes_named: bool) -> Iterator[list[ast.AST]]:
    """Each expression and each statement by itself, and runs of statements of the given lengths."""
    for node in _walk(tree, mistakes_named):
        if isinstance(node, ast.expr | ast.stmt):
            yield [node]
        for block in _own_blocks(node):
            for length in lengths - {1}:
                yield from (block[first:first + length] for first in range(len(block) - length + 1))


def _walk(node: ast.AST, mistakes_named: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (mistakes_named and _is_mistake(child, node)):
            yield from _walk(child, mistakes_named)


def _is_mistake(node: ast.AST, parent: ast.AST) -> bool:
    match parent:
        case ast.Dict():
            entries = zip(parent.keys, parent.values, strict=True)
            return any(value is node and _is_sentence(key) for key, value in entries)
        case ast.DictComp():
            return node is parent.value and _is_sentence(parent.key)
    return False


def _is_sentence(key: ast.expr | None) -> bool:
    parts = key.values if isinstance(key, ast.JoinedStr) else [key]
    return any(isinstance(part, ast.Constant) and " " in str(part.value).strip() for part in parts)


def _blocks(statements: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    yield statements
    for statement in statements:
        for node in ast.walk(statement):
            yield from _own_blocks(node)


def _own_blocks(node: ast.AST) -> list[list[ast.stmt]]:
    return [block for name in _BLOCKS if isinstance(block := getattr(node, name, None), list) and block]


def _types(nodes: list[ast.AST]) -> tuple[type, ...]:
    return tuple(type(node) for node in nodes)


def _size(nodes: list[ast.AST]) -> int:
    return sum(isinstance(inner, _OPERATIONS) and not _is_signed_number(inner)
               for node in nodes for inner in ast.walk(node))


def _is_signed_number(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)


def _imports(tree: ast.Module) -> dict[str, str]:
    return {name.asname or name.name.partition(".")[0]: name.name.rpartition(".")[2]
            for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names}


def _shape(node: object, imports: _Imports, names: dict[str, int]) -> object:
    """A tree as nested tuples: variables are numbered in the order in which they come; self.x is one of them."""
    match node:
        case list():
            return tuple(_shape(child, imports, names) for child in node)
        case ast.Name(id=name):
            return imports.get(name) or (name if hasattr(builtins, name) else names.setdefault(name, len(names)))
        case ast.arg(arg=name):
            return names.setdefault(name, len(names))
        case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Load()):
            return names.setdefault(f"self.{name}", len(names))
        case ast.Call(func=ast.Attribute(value=owner, attr=name)):
            operands = node.args if _root(owner) in imports else [owner, *node.args]
            return "call", name, _shape([*operands, *node.keywords], imports, names)
        case ast.Call():
            return "call", _shape(node.func, imports, names), _shape([*node.args, *node.keywords], imports, names)
        case ast.Constant(value=value):
            return "constant", repr(value)
        case ast.AST():
            return type(node).__name__, *(_shape(value, imports, names) for name, value in ast.iter_fields(node)
                                          if name not in ("ctx", "type_comment"))
    return node


def _root(node: ast.AST) -> str | None:
    """The name that a chain of attributes begins with: torch of `torch.nn.functional`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _comments_and_strings(text: str) -> str:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(token.string for token in tokens if token.type in (tokenize.COMMENT, tokenize.STRING))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s#]+", "", text).replace('"', "'")
