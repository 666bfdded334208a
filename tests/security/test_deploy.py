"""How the bot is run in service: without rights and files that it does not need."""

import configparser
import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.running import _NOT_ALONE, _TOKEN_REFUSED
from bot.config import SHARE, Settings

_DEPLOY = SHARE / "deploy"


@pytest.fixture
def container() -> dict[str, Any]:
    compose = yaml.safe_load((_DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service: dict[str, Any] = compose["services"]["bot"]
    return service


@pytest.fixture
def unit() -> configparser.SectionProxy:
    class Unit(configparser.RawConfigParser):
        optionxform = staticmethod(str)  # type: ignore[assignment]

    parser = Unit(strict=False)
    parser.read(_DEPLOY / "saqbol.service", encoding="utf-8")
    return parser["Service"]


def dockerfile() -> str:
    return (_DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_container_has_no_rights_and_writes_to_its_home_alone(container: dict[str, Any]) -> None:
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["ulimits"] == {"core": 0}
    assert container["volumes"] == ["home:/var/lib/saqbol"]
    assert not {"privileged", "cap_add", "ports", "network_mode", "pid"} & container.keys()


def test_image_runs_as_nobody_in_particular() -> None:
    last_stage = dockerfile().rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last_stage, re.MULTILINE)
    assert "sudo" not in last_stage


def test_image_installs_by_hashes_and_carries_no_secret() -> None:
    installs = re.findall(r"pip install .*", dockerfile())
    assert installs
    assert all("--require-hashes" in line for line in installs)
    secrets = ("BOT_TOKEN", "REGISTRY_PEPPER", "WEBHOOK_SECRET", "DATABASE_URL")
    assert not [name for name in secrets if name in dockerfile()]


def test_image_is_given_the_package_and_its_texts_alone() -> None:
    lines = (SHARE / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    admitted = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.*)", dockerfile(), re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert admitted == copied
    secret = ("tests", ".git", ".env", "var", "docs", "deploy")
    assert not [name for name in secret if any(fnmatch(name, rule) for rule in admitted)]


def test_secrets_of_a_deployment_are_neither_committed_nor_packed() -> None:
    # The package is built from what git does not ignore.
    ignored = (SHARE / ".gitignore").read_text(encoding="utf-8").splitlines()
    compose = yaml.safe_load((_DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    files = [_DEPLOY / secret["file"] for secret in compose["secrets"].values()]

    assert {".env", *(f"/{file.relative_to(SHARE)}" for file in files)} <= {*ignored}


def test_secrets_reach_the_bot_as_files_that_it_reads(
    container: dict[str, Any], unit: configparser.SectionProxy
) -> None:
    # Several lines of one name: the last one is what the parser keeps.
    named = {*container["environment"], *re.findall(r"([A-Z_]+_FILE)=", str(dict(unit)))}

    assert {"BOT_TOKEN_FILE", "REGISTRY_PEPPER_FILE"} <= named
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


def test_service_is_not_started_again_where_that_is_of_no_use(
    unit: configparser.SectionProxy,
) -> None:
    codes = unit["RestartPreventExitStatus"].split()

    assert str(_TOKEN_REFUSED) in codes
    assert str(_NOT_ALONE) not in codes


@pytest.mark.parametrize(
    "right",
    ["NoNewPrivileges", "DynamicUser", "PrivateTmp", "PrivateDevices", "ProtectHome"],
)
def test_service_keeps_to_itself(unit: configparser.SectionProxy, right: str) -> None:
    assert unit[right] == "yes"
    assert unit["CapabilityBoundingSet"] == ""
    assert unit["ProtectSystem"] == "strict"
    assert unit["LimitCORE"] == "0"


def test_stop_is_given_more_time_than_the_bot_takes(
    container: dict[str, Any], unit: configparser.SectionProxy
) -> None:
    assert container["stop_grace_period"] == "15s"
    assert int(unit["TimeoutStopSec"]) == 15


def test_files_of_service_are_all_looked_at() -> None:
    found = {path.name for path in Path(_DEPLOY).iterdir()}
    assert found == {"Dockerfile", "compose.yaml", "saqbol.service"}
