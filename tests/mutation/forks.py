"""A plugin for pytest: tries each mutant that mutmut has made in a fork of one process.

mutmut itself begins a new pytest for each mutant, which costs more than most of the tests.
"""

import contextlib
import json
import os
import random
import resource
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

_NO_TESTS = 33  # mutmut's own code
_CPU_S = 60
_BYTES = 4 << 30


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sample", type=int, help="at most so many mutants of a module, seeded")
    parser.addoption("--only", default="", help="modules with this in their path")
    parser.addoption("--slowest", type=float, default=1e9, help="seconds of the tests to use")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the tests of each mutant's function, the quick ones first, up to the first failure."""
    stats = json.loads(Path("mutmut-stats.json").read_text(encoding="utf-8"))
    durations = stats["duration_by_test"]
    slowest = session.config.getoption("--slowest")
    items = {
        item.nodeid: item for item in session.items if durations.get(item.nodeid, 0) <= slowest
    }
    only = session.config.getoption("--only")
    for file in sorted(file for file in Path("bot").rglob("*.py.meta") if only in str(file)):
        meta = json.loads(file.read_text(encoding="utf-8"))
        codes = meta["exit_code_by_key"]
        names = sorted(codes)
        limit = session.config.getoption("--sample") or len(names)
        for name in random.Random(22).sample(names, min(limit, len(names))):
            if codes[name] not in (None, 0, _NO_TESTS):
                continue
            function = name.rpartition("__mutmut_")[0]
            tests = stats["tests_by_mangled_function_name"].get(function, [])
            chosen = sorted((test for test in tests if test in items), key=durations.__getitem__)
            codes[name] = _try(name, [items[test] for test in chosen]) if chosen else _NO_TESTS
            file.write_text(json.dumps(meta, indent=4), encoding="utf-8")
        print(file, len(names), flush=True)
    return True


def _try(mutant: str, items: list[pytest.Item]) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        os.environ["MUTANT_UNDER_TEST"] = mutant
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        with contextlib.suppress(BaseException):
            for item, following in zip(items, [*items[1:], None], strict=True):
                if any(r.failed for r in runtestprotocol(item, nextitem=following, log=False)):
                    os._exit(1)
            os._exit(0)
    finally:
        os._exit(1)
