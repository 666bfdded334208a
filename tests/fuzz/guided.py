"""``python -m tests.fuzz.guided [SECONDS]``: the properties of strangers' input, led by coverage.

Atheris changes the bytes from which Hypothesis draws an input and keeps those that reach new lines.
Each property runs in a process of its own for so many seconds; an input that breaks one is printed.
"""

import importlib
import subprocess
import sys

_PROPERTIES = {
    "test_reading": (
        "test_any_text_is_an_iin_or_the_named_error",
        "test_any_text_is_an_attempt_or_not_and_is_not_repeated",
    ),
    "test_rows": ("test_any_file_gives_rows_or_the_named_errors",),
    "test_html": ("test_escaped_value_shows_as_it_is_and_makes_no_entity",),
}
_INSTRUMENTED = ["bot.domain", "bot.registry", "bot.telegram.reading", "bot.telegram.rendering"]
_SECONDS = 60


def fuzz(module: str, name: str, seconds: int) -> None:
    """Fuzz one property; libFuzzer ends the process."""
    atheris = importlib.import_module("atheris")  # installed by `make fuzz` alone

    with atheris.instrument_imports(include=_INSTRUMENTED):
        property_ = getattr(importlib.import_module(f"tests.fuzz.{module}"), name)
    options = [sys.argv[0], f"-max_total_time={seconds}", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup(options, property_.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def main(seconds: int) -> int:
    broken = 0
    for module, names in _PROPERTIES.items():
        for name in names:
            print(f"{module}: {name}", flush=True)  # noqa: T201
            command = [sys.executable, "-m", "tests.fuzz.guided", module, name, str(seconds)]
            broken += subprocess.run(command, check=False).returncode != 0  # noqa: S603
    return int(broken > 0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [module, name, seconds]:
            fuzz(module, name, int(seconds))
        case [seconds]:
            sys.exit(main(int(seconds)))
        case _:
            sys.exit(main(_SECONDS))
