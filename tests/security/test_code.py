"""What no line of the code may do; ruff's security rules (S) find the rest.

The emulator is left out where it says so: it talks with its own machine alone.
"""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import bot
from bot.config import SHARE

_BOT = SHARE / "bot"
# Each warning of the security rules that is switched off, with its reason beside it in the code.
_SWITCHED_OFF = {
    ("cli/demo.py", "S105"),  # a token that opens nothing
    ("cli/demo.py", "S311"),  # made-up figures
    ("emulator/webhook.py", "S311"),  # spreads retries
    ("content/yaml_files.py", "S506"),  # the C twin of the safe loader
    ("registry/generate.py", "S311"),  # made-up people
    ("registry/synthetic/people.py", "S311"),  # made-up people
    ("registry/keys.py", "S305"),  # one block for each number, and no message of blocks
    ("telegram/gate.py", "S311"),  # spreads retries
    ("telegram/polling.py", "S311"),  # spreads retries
    ("web/webhook.py", "S105"),  # the name of a header
}
# What is hashed without a key, by file: nothing that a person could be found by.
_UNKEYED = {
    "content/search.py": 1,  # the name of a guide
    "content/rules_version.py": 1,  # our own rules and figures
    "domain/audit.py": 1,  # links of the audit log
    "services/drafts.py": 2,  # a press of an operator; rules or a register
    "registry/generations.py": 1,  # a checksum
    "registry/keys.py": 1,  # the pepper itself, into a key
    "registry/snapshot.py": 2,  # checksums
    "telegram/pictures/calendar.py": 1,  # what is drawn
    "telegram/pictures/stats.py": 1,  # what is drawn
}
_TAG = re.compile(r"</?[a-z]+[ >]")


@cache
def trees() -> dict[str, ast.Module]:
    files = sorted(_BOT.rglob("*.py"))
    return {
        str(path.relative_to(_BOT)): ast.parse(path.read_text(encoding="utf-8")) for path in files
    }


def nodes(kind: type[ast.AST], *, under: str = "") -> Iterator[tuple[str, Any]]:
    for name, tree in trees().items():
        if name.startswith(under):
            yield from ((name, node) for node in ast.walk(tree) if isinstance(node, kind))


def called(call: ast.Call) -> str:
    """Give the name of what is called, without what stands before the last dot."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_security_rules_of_the_linter_are_on() -> None:
    with (SHARE / "pyproject.toml").open("rb") as file:
        lint = tomllib.load(file)["tool"]["ruff"]["lint"]

    assert "S" in lint["select"]
    assert not [rule for rule in lint["ignore"] if rule.startswith("S")]
    ignored = lint["per-file-ignores"].items()
    assert not [files for files, rules in ignored if files != "tests/**" and "S" in str(rules)]


def test_every_security_warning_that_is_switched_off_is_known() -> None:
    found = {
        (str(path.relative_to(_BOT)), rule)
        for path in _BOT.rglob("*.py")
        for rule in re.findall(r"noqa:.*?\b(S[0-9]{3})", path.read_text(encoding="utf-8"))
    }

    assert found == _SWITCHED_OFF
    assert not re.search(r"ruff: *noqa", "".join(p.read_text() for p in _BOT.rglob("*.py")))


def test_html_is_escaped_by_one_function_alone() -> None:
    escapers = {
        name
        for name, call in nodes(ast.ImportFrom, under="telegram")
        if call.module in {"html", "aiogram.html", "aiogram.utils.text_decorations", "xml.sax"}
    }

    assert escapers == {"telegram/rendering/values.py"}


def test_every_value_between_tags_comes_from_the_escaping_function() -> None:
    """In an f-string with a tag there are only calls, or names of HTML that is put together."""
    html_of_ours = {"line"}
    for name, text in nodes(ast.JoinedStr, under="telegram"):
        parts = "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
        if not _TAG.search(parts):
            continue
        for part in text.values:
            if not isinstance(part, ast.FormattedValue):
                continue
            value = part.value
            if isinstance(value, ast.Call):
                allowed = {"escaped", "titled", "bold", "period", "_html", "_paragraphs"}
                assert called(value) in allowed, f"{name}:{text.lineno}"
            else:
                assert isinstance(value, ast.Name), f"{name}:{text.lineno}"
                assert value.id in html_of_ours | {"mark"}, f"{name}:{text.lineno}"


def test_texts_of_people_are_never_templates() -> None:
    """What ``format`` is called on is a text of the catalogues or of the code."""
    # Catalogue texts that have a name first, and the body of a guide.
    known = {"text", "ago", "markdown"}
    for name, call in nodes(ast.Call, under="telegram"):
        if called(call) not in {"format", "format_map"}:
            continue
        template = call.func.value
        is_catalogue = isinstance(template, ast.Call) and called(template) in {"_", "ngettext"}
        is_local = isinstance(template, ast.Name) and template.id in known
        assert is_catalogue or is_local, f"{name}:{call.lineno}"


def test_sql_is_written_by_the_library_or_is_constant() -> None:
    runs_sql = {"exec_driver_sql", "execute", "executemany", "executescript", "text"}
    for name, call in nodes(ast.Call):
        if not name.startswith(("storage", "registry")) or called(call) not in runs_sql:
            continue
        sql = call.args[0]
        either = (sql.body, sql.orelse) if isinstance(sql, ast.IfExp) else (sql,)
        is_constant = all(
            isinstance(each, ast.Constant) or (isinstance(each, ast.Name) and each.id.isupper())
            for each in either
        )
        is_named = isinstance(sql, ast.Name) and name.startswith("storage")
        is_built = name.startswith("storage") and isinstance(sql, ast.Call)
        is_pragma = isinstance(sql, ast.JoinedStr) and "PRAGMA" in ast.unparse(sql)
        assert is_constant or is_named or is_built or is_pragma, f"{name}:{call.lineno}"


def test_nothing_is_hashed_without_a_key_but_checksums_and_public_names() -> None:
    unkeyed = Counter(
        name
        for name, call in nodes(ast.Call)
        if called(call) == "blake2b" and "key" not in {each.arg for each in call.keywords}
    )

    assert unkeyed == _UNKEYED


def test_blake2b_is_the_only_hash() -> None:
    used = {
        (name, node.attr)
        for name, node in nodes(ast.Attribute)
        if ast.unparse(node.value) == "hashlib"
    }
    imported = {
        (name, each.name)
        for name, node in nodes(ast.ImportFrom)
        if node.module == "hashlib"
        for each in node.names
    }
    found = {hashed for name, hashed in used | imported if not name.startswith("emulator")}

    assert found == {"blake2b", "file_digest"}


def test_secret_of_the_webhook_is_compared_in_constant_time() -> None:
    compared = [ast.unparse(node) for _, node in nodes(ast.Compare, under="web")]
    calls = [ast.unparse(node) for _, node in nodes(ast.Call, under="web")]

    assert "hmac.compare_digest(given, self._secret)" in calls
    assert not [text for text in compared if "secret" in text or "given" in text]


def test_checks_of_certificates_are_never_switched_off() -> None:
    for name, call in nodes(ast.Call):
        for argument in call.keywords:
            if argument.arg in {"ssl", "verify", "verify_ssl", "check_hostname"}:
                is_off = isinstance(argument.value, ast.Constant) and not argument.value.value
                assert not is_off, f"{name}:{call.lineno}"


def test_names_that_cannot_be_guessed_come_from_secrets_and_are_128_bits_long() -> None:
    sizes = [
        (name, int(ast.unparse(call.args[0])))
        for name, call in nodes(ast.Call)
        if called(call) == "token_urlsafe"
    ]

    assert ("storage/answers.py", 16) in sizes
    assert all(size >= 16 for _name, size in sizes)


def test_secrets_are_no_argument_of_any_command() -> None:
    words = ("token", "pepper", "secret", "password", "database_url")
    for name, function in nodes(ast.FunctionDef, under="cli"):
        for argument in function.args.args:
            assert not [word for word in words if word in argument.arg], f"{name}:{function.lineno}"


def test_no_service_that_watches_people_or_collects_errors_is_installed() -> None:
    lock = (SHARE / "requirements.lock").read_text(encoding="utf-8")
    watchers = ("sentry", "opentelemetry", "posthog", "mixpanel", "amplitude", "datadog", "rollbar")

    assert not [watcher for watcher in watchers if f"\n{watcher}" in lock]


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Give every pattern that a module of ours keeps."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name.startswith(("bot.storage.migrations", "bot.__main__", "bot.emulator")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            group = value if isinstance(value, tuple | list) else (value,)
            flat = [
                each for item in group for each in (item if isinstance(item, tuple) else [item])
            ]
            yield from ((f"{module.name}.{name}", x) for x in flat if isinstance(x, re.Pattern))


def repeats(tree: Any, *, inside: bool = False) -> bool:
    """Tell whether something without an end repeats inside something without an end."""
    for operation, argument in tree:
        endless = operation in {sre.MAX_REPEAT, sre.MIN_REPEAT} and argument[1] is sre.MAXREPEAT
        if endless and inside:
            return True
        for child in argument if isinstance(argument, tuple | list) else ():
            branches = child if isinstance(child, list) else [child]
            for branch in branches:
                if isinstance(branch, _parser.SubPattern) and repeats(
                    branch, inside=inside or endless
                ):
                    return True
    return False


def test_no_pattern_repeats_a_repetition() -> None:
    found = dict(patterns())

    assert len(found) > 20
    assert [name for name, each in found.items() if repeats(_parser.parse(each.pattern))] == []


def test_the_search_for_such_patterns_finds_them() -> None:
    assert repeats(_parser.parse(r"(a+)+b"))
    assert repeats(_parser.parse(r"(?:x|(?:[0-9]+-)*)*"))
    assert not repeats(_parser.parse(r"[0-9](?:[ -]?[0-9])*"))
