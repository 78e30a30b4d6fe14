"""What a person should look at in a gap: names that compute elsewhere, or look for the judge. None costs a point.

A right answer that was not computed in its gap cannot be told by what comes out. What is needed for that can be read in
the text: the engine, the interpreter's frames and tables, files, processes, patched libraries, values that lie.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from course.grade import syntax
from exercise.source.gaps import Gap

__all__ = ["Place", "found_in"]

_MODULES = {
    "exercise": "the engine", "tests": "the tests", "pytest": "the tests' runner", "unittest": "the tests' runner",
    "sys": "the interpreter", "builtins": "the interpreter", "inspect": "frames", "traceback": "frames",
    "gc": "all objects", "ctypes": "memory", "mmap": "memory", "importlib": "imports", "runpy": "imports",
    "linecache": "source texts", "dis": "compiled code", "marshal": "compiled code", "pickle": "pickles",
    "os": "files and processes", "posix": "files and processes", "pathlib": "files", "shutil": "files",
    "glob": "files", "tempfile": "files", "fcntl": "files", "subprocess": "processes",
    "multiprocessing": "processes", "concurrent": "processes", "threading": "threads", "_thread": "threads",
    "asyncio": "threads", "atexit": "what runs at the end", "signal": "signals", "faulthandler": "signals",
    "resource": "limits", "socket": "the network", "ssl": "the network", "urllib": "the network",
    "http": "the network", "requests": "the network"}
_FREE = {"open": "files", "exec": "code made from text", "eval": "code made from text",
         "compile": "code made from text", "__import__": "imports", "globals": "the names of the module",
         "breakpoint": "a debugger", "__builtins__": "the interpreter", "__loader__": "imports",
         "__spec__": "imports"}
_ATTRIBUTES = {
    **dict.fromkeys(("__globals__", "__builtins__", "__subclasses__", "__bases__", "__base__", "__mro__",
                     "__getattribute__", "__reduce__", "__reduce_ex__"), "the interpreter"),
    **dict.fromkeys(("__code__", "__closure__", "__defaults__", "__kwdefaults__", "co_consts", "co_code"),
                    "compiled code"),
    **dict.fromkeys(("__loader__", "__spec__", "__import__", "import_module"), "imports"),
    **dict.fromkeys(("_getframe", "_current_frames", "f_back", "f_globals", "f_locals", "f_builtins", "tb_frame",
                     "gi_frame", "cr_frame", "__traceback__"), "frames")}
_OF_MODULES = {  # torch.os is the module os
    "hub": "the network", "fromfile": "files", "memmap": "files", "cpp_extension": "code made from text",
    **{name: _MODULES[name] for name in ("os", "sys", "ctypes", "inspect", "multiprocessing", "builtins", "importlib",
                                         "subprocess", "threading", "gc")}}
_LYING = {"__eq__", "__ne__", "__torch_function__", "__torch_dispatch__", "__class__", "__instancecheck__"}
_SETTINGS = {"backends"}  # torch.backends.cudnn.benchmark = True is honest
_FILES = ("exercise.", "exercise/", "tests.", "tests/", "conftest", "handout.json", "course.toml", "sys.modules",
          "/proc/", "/dev/shm", "__globals__", "__builtins__", "__subclasses__")


@dataclass(frozen=True)
class Place:
    """A line of the gap's file, and why a person should look at it."""
    line: int
    why: str


def found_in(gap: Gap, imported: set[str], judges: set[str]) -> list[Place]:
    """The places in the body of a gap, the first one for each reason; none in a body that does not compile.

    Args:
        imported: the names of modules that the file of the gap has, such as "torch", "nn" and "F".
        judges: the names of files of tests, without their endings.
    """
    places: dict[str, int] = {}
    for line, why in sorted(_Finder(imported, judges).of(ast.Module(syntax.statements(gap), []))):
        places.setdefault(why, line)
    return [Place(syntax.line_of(gap, line), why) for why, line in places.items()]


class _Finder:
    """Walks through the tree of one body."""

    def __init__(self, imported: set[str], judges: set[str]):
        self._imported, self._judges = imported, judges

    def of(self, tree: ast.Module) -> Iterator[tuple[int, str]]:
        """Pairs of a line of the tree and a reason."""
        modules = self._imported | set(syntax.imported(tree))
        own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # texts that are comments
        for node in ast.walk(tree):
            why = (_of_import(node) or _of_name(node, own) or _of_attribute(node, modules) or _of_class(node)
                   or (self._of_text(node) if id(node) not in said else "") or _of_assignment(node, modules))
            if why:
                yield getattr(node, "lineno", 2), why

    def _of_text(self, node: ast.AST) -> str:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            return ""
        words = [word for word in _FILES if word in node.value]
        words += [name for name in self._judges if name in node.value]
        words += [node.value] * (node.value in _ATTRIBUTES or node.value in _LYING)
        return f"names {words[0]} in a text" if words else ""


def _of_import(node: ast.AST) -> str:
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = [node.module]
    known = [name for name in names if name.partition(".")[0] in _MODULES]
    return f"imports {known[0]}: {_MODULES[known[0].partition('.')[0]]}" if known else ""


def _of_name(node: ast.AST, own: set[str]) -> str:
    """A name that the gap does not give to something of its own."""
    if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)) or node.id in own:
        return ""
    about = _FREE.get(node.id) or _MODULES.get(node.id)
    return f"uses {node.id}: {about}" if about else ""


def _of_attribute(node: ast.AST, modules: set[str]) -> str:
    if not isinstance(node, ast.Attribute):
        return ""
    about = _ATTRIBUTES.get(node.attr)
    if about is None and _root(node) in modules:
        about = _OF_MODULES.get(node.attr)
    return f"uses .{node.attr}: {about}" if about else ""


def _of_class(node: ast.AST) -> str:
    """A class, or what is given to one, whose values can seem to be others."""
    names = set()
    if isinstance(node, ast.ClassDef):
        names = {name for part in node.body for name in _names_given(part)}
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        names = {node.attr}
    lying = sorted(names & _LYING)
    return f"defines {lying[0]}: values that lie about themselves" if lying else ""


def _names_given(part: ast.stmt) -> set[str]:
    """The names that a statement in the body of a class gives."""
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
        return {part.name}
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _of_assignment(node: ast.AST, modules: set[str]) -> str:
    """What replaces a part of a module: torch.exp = …, nn.Linear.forward = …, setattr(torch, …)."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        if _root(node) in modules and not _SETTINGS & set(_chain(node)):
            return f"changes {ast.unparse(node)}: a library is patched"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("setattr", "delattr"):
        if node.args and (_root(node.args[0]) in modules):
            return f"changes {ast.unparse(node.args[0])}: a library is patched"
    return ""


def _root(node: ast.AST) -> str:
    """The name that a.b.c begins with; "" where it begins with no name."""
    return _chain(node)[0]


def _chain(node: ast.AST) -> list[str]:
    """The names of a.b.c, the first one "" where it begins with no name."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id if isinstance(node, ast.Name) else "", *reversed(names)]
