"""The table of mutation testing: what each module's tests noticed, and what they did not."""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from tests.mutation.tables import RESULTS, modules

FEWEST_KILLED = 85
_MUTATED = Path("mutants")
# What mutmut writes of a mutant: the exit code of pytest, and codes of its own.
_NOT_RUN = (None, 2)
_SURVIVED = (0, 5, 33)
_GENERATED = "# type: ignore # mutmut generated"


@dataclass(slots=True)
class Score:
    """Of one module; a mutant that made the tests hang is killed as well."""

    mutants: int = 0
    run: int = 0
    survivors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def percent(self) -> float:
        return 100 * (self.run - len(self.survivors)) / self.run if self.run else 0


def score(path: Path) -> Score:
    found = Score()
    meta = (_MUTATED / path).with_name(f"{path.name}.meta")
    if meta.exists():
        exits = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        found.mutants = len(exits)
        found.run = sum(code not in _NOT_RUN for code in exits.values())
        names = {name.rpartition(".")[2] for name, code in exits.items() if code in _SURVIVED}
        found.survivors += _survivors(path, names)
    if RESULTS.exists():
        tables = json.loads(RESULTS.read_text(encoding="utf-8")).get(str(path))
        if tables:
            found.mutants += tables["mutants"]
            found.run += tables["mutants"]
            found.survivors += [(each["line"], each["change"]) for each in tables["survivors"]]
    found.survivors.sort()
    return found


def _survivors(path: Path, names: set[str]) -> Iterator[tuple[int, str]]:
    """Give the line of each surviving change of a function, and the change."""
    mutated = _functions((_MUTATED / path).read_text(encoding="utf-8"))
    originals = _functions(path.read_text(encoding="utf-8"))
    for name in names:
        function = name.rpartition("__mutmut_")[0]
        before, after = mutated[f"{function}__mutmut_orig"], mutated[name]
        _, _, place, *changed = unified_diff(before.lines, after.lines, n=0, lineterm="")
        offset = int(place.split()[1].removeprefix("-").partition(",")[0]) - 1
        yield originals[function].first + offset, "  ".join(changed)


@dataclass(frozen=True, slots=True)
class _Function:
    first: int
    lines: list[str]


def _functions(source: str) -> dict[str, _Function]:
    """Find functions and methods by the names that mutmut gives them."""
    lines = [line.replace(_GENERATED, "").strip() for line in source.splitlines()]
    tree = ast.parse(source)
    found = {}
    classes = [(node.name, node.body) for node in tree.body if isinstance(node, ast.ClassDef)]
    for owner, body in [("", tree.body), *classes]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                prefix = f"xǁ{owner}ǁ" if owner else "x_"
                name = node.name if "__mutmut_" in node.name else prefix + node.name
                first, *rest = lines[node.lineno - 1 : node.end_lineno]
                found[name] = _Function(node.lineno, [first.replace(node.name, "f", 1), *rest])
    return found


def main() -> int:
    scores = {path: score(path) for path in modules()}
    scores = {path: found for path, found in scores.items() if found.mutants}
    print("| module | mutants | run | killed | score |\n| --- | ---: | ---: | ---: | ---: |")
    for path, found in scores.items():
        killed = found.run - len(found.survivors)
        print(f"| `{path}` | {found.mutants} | {found.run} | {killed} | {found.percent:.0f} % |")
    print("\n## Survivors\n")
    for path, found in scores.items():
        for line, change in found.survivors:
            print(f"- `{path}:{line}` {change}")
    weak = [path for path, found in scores.items() if found.percent < FEWEST_KILLED]
    if weak:
        print(f"\nBelow {FEWEST_KILLED} %:", *weak)
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
