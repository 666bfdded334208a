"""Mutants of what mutmut leaves alone: tables and patterns outside functions, and properties.

Each is written into a copy of the project, and the tests of its module run there.
"""

import ast
import copy
import json
import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import tests.conftest

RESULTS = Path("mutants") / "tables.json"
_SCREENER = ["tests/domain/test_screener.py"]
# The quick ones first: a mutant is killed by the first test that fails.
_TESTS = {
    "bot/log.py": ["tests/test_log.py"],
    "bot/services/limits.py": ["tests/services/test_limits.py"],
    "bot/storage/erasures.py": ["tests/storage/test_erasures.py"],
    "bot/domain/iin.py": ["tests/domain/test_iin.py"],
    "bot/domain/contributions.py": ["tests/domain/test_contributions.py"],
    "bot/domain/screened_people.py": _SCREENER,
    "bot/domain/screener.py": _SCREENER,
    "bot/domain/screening.py": _SCREENER,
}
_TESTS_OF_DOMAIN = [
    *(f"tests/domain/test_{name}.py" for name in ("cases", "rules", "calendar", "outlook")),
    *(f"tests/domain/test_{name}.py" for name in ("contributions", "properties", "screener")),
]
_TIMEOUT_S = 30
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
}
_TOKEN_OF_PATTERN = re.compile(
    r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\.|\{[^}]*\}|[^][()?!<>]", re.DOTALL
)
_IS_PATTERN = re.compile(r"[\[\](){}*+?\\]")


@dataclass(frozen=True, slots=True)
class Mutant:
    line: int
    change: str
    source: str


def modules() -> list[Path]:
    """List the modules that are mutated, as the settings of mutmut name them."""
    with Path("pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["mutmut"]["only_mutate"]
    return sorted(path for pattern in patterns for path in Path().glob(pattern))


def mutants_of(source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    within = {id(node) for part in _parts(tree.body) for node in ast.walk(part)}
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in within:
            for what, attributes in _changes(node):
                mutated = copy.deepcopy(tree)
                target = next(islice(ast.walk(mutated), place, None))
                for name, value in attributes.items():
                    setattr(target, name, value)
                yield Mutant(getattr(node, "lineno", 0), what, ast.unparse(mutated))


def _parts(body: Sequence[ast.stmt], *, is_enum: bool = False) -> Iterator[ast.AST]:
    """Give the values outside functions, and the bodies of the functions that mutmut skips."""
    for statement in body:
        match statement:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                if not is_enum:
                    yield value
            case ast.FunctionDef(decorator_list=[ast.Name(id="classmethod" | "staticmethod")]):
                pass
            case ast.FunctionDef(decorator_list=[_, *_], body=[*statements]):
                yield from (each for each in statements if not isinstance(each, ast.Expr))
            case ast.ClassDef(bases=bases, body=[*members]):
                # The values of an enumeration are in files and buttons: other tests hold them.
                yield from _parts(members, is_enum=any("Enum" in ast.unparse(b) for b in bases))


def _changes(node: ast.AST) -> Iterator[tuple[str, dict[str, Any]]]:
    """List the changes of a node: what is done, and its attributes afterwards."""
    match node:
        case ast.Set(elts=items) | ast.List(elts=items) | ast.Tuple(elts=items):
            for at, item in enumerate(items):
                yield f"without {ast.unparse(item)}", {"elts": _without(items, at)}
        case ast.Dict(keys=keys, values=values):
            for at, key in enumerate(keys):
                left = {"keys": _without(keys, at), "values": _without(values, at)}
                yield f"without {ast.unparse(key) if key else '**'}", left
        case ast.Constant(value=value):
            for what, new in _other_values(value):
                yield what, {"value": new}
        case ast.Compare(ops=[op]) if type(op) in _SWAPPED:
            new_op = _SWAPPED[type(op)]
            yield f"{type(op).__name__} → {new_op.__name__}", {"ops": [new_op()]}
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in _SWAPPED:
            new_op = _SWAPPED[type(op)]
            yield f"{type(op).__name__} → {new_op.__name__}", {"op": new_op()}
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "without not", {"operand": ast.UnaryOp(ast.Not(), operand)}


def _other_values(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, bool):
        yield f"{value} → {not value}", not value
    elif isinstance(value, int | float):
        yield f"{value} → {value + 1}", value + 1
    elif isinstance(value, str) and _IS_PATTERN.search(value):
        for token in _TOKEN_OF_PATTERN.finditer(value):
            start, end = token.span()
            yield f"pattern without {token[0]!r} at {start}", value[:start] + value[end:]
    elif isinstance(value, str):
        yield f"{value!r} → {'XX' + value!r}", f"XX{value}"


def _without(items: Sequence[Any], at: int) -> list[Any]:
    return [*items[:at], *items[at + 1 :]]


def run(paths: Sequence[Path]) -> None:
    """Run the tests on each mutant; RESULTS keeps what survived."""
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for part in ("bot", "data", "locales", "tests"):
            shutil.copytree(part, project / part)
        shutil.copy("pyproject.toml", project)
        for path in paths:
            source = path.read_text(encoding="utf-8")
            selected = _TESTS.get(str(path), _TESTS_OF_DOMAIN)
            if not _pass(project, selected):
                sys.exit(f"the tests of {path} fail without any change")
            survivors = []
            mutants = list(mutants_of(source))
            for mutant in mutants:
                (project / path).write_text(mutant.source, encoding="utf-8")
                shutil.rmtree((project / path).parent / "__pycache__", ignore_errors=True)
                if _pass(project, selected):
                    survivors.append({"line": mutant.line, "change": mutant.change})
            (project / path).write_text(source, encoding="utf-8")
            known[str(path)] = {"mutants": len(mutants), "survivors": survivors}
            print(path, len(mutants), "mutants,", len(survivors), "survived", flush=True)
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")


def _pass(project: Path, selected: Sequence[str]) -> bool:
    """Run the tests in a fork of this process, which has imported all but the project."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    code = 1
    try:
        os.chdir(project)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        for name in [name for name in sys.modules if name.split(".")[0] in ("bot", "tests")]:
            del sys.modules[name]
        sys.path.insert(0, str(project))
        code = pytest.main(
            ["-x", "-q", "-p", "no:cacheprovider", f"--timeout={_TIMEOUT_S}", *selected]
        )
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    assert tests.conftest  # imported for what it imports
    wanted = [Path(name) for name in sys.argv[1:]]
    run(wanted or [path for path in modules() if path.name != "__init__.py"])
