"""Medical services: what is free for everybody and what needs insurance."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from bot.content.slugs import Slug
from bot.content.translated import Translated
from bot.content.yaml_files import read_yaml
from bot.domain.locales import Locale

MAX_NAME = 48


class ServiceKind(StrEnum):
    """Who pays for a service."""

    FREE = "free"
    INSURED = "insured"
    MOVED_2026 = "moved_2026"
    ASK = "ask"


class ServiceGroup(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Translated
    about: Translated


class Service(BaseModel):
    """One thing people look for.

    Attributes:
        words: what else people call it, for the search alone.
        note: what exactly is free, or on which condition.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Slug
    kind: ServiceKind
    confidence: Literal["H", "M", "L", "C", "B"]
    name: Translated
    words: Mapping[Locale, list[str]]
    note: Translated | None = None

    @field_validator("name")
    @classmethod
    def _check_length(cls, name: Mapping[Locale, str]) -> Mapping[Locale, str]:
        if long := [text for text in name.values() if len(text) > MAX_NAME]:
            raise ValueError(f"longer than {MAX_NAME} characters: {long[0]!r}")
        return name


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    groups: Mapping[ServiceKind, ServiceGroup]
    services: list[Service]

    @field_validator("groups")
    @classmethod
    def _check_groups(
        cls, groups: Mapping[ServiceKind, ServiceGroup]
    ) -> Mapping[ServiceKind, ServiceGroup]:
        if missing := set(ServiceKind) - set(groups):
            raise ValueError(f"missing: {', '.join(sorted(missing))}")
        return groups

    @field_validator("services")
    @classmethod
    def _check_each_is_once(cls, services: list[Service]) -> list[Service]:
        keys = [service.key for service in services]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"twice: {', '.join(sorted(twice))}")
        return services


class Services:
    """Every service by its key, in the order of the file."""

    def __init__(
        self, groups: Mapping[ServiceKind, ServiceGroup], by_key: Mapping[str, Service]
    ) -> None:
        self.groups = groups
        self.by_key = by_key

    def of_kind(self, kind: ServiceKind) -> list[Service]:
        return [service for service in self.by_key.values() if service.kind is kind]


def load_services(path: Path) -> Services:
    """Read data/services.yaml.

    Raises:
        ContentError: the file is missing or not of its form.
    """
    file = read_yaml(path, _File)
    return Services(file.groups, {service.key: service for service in file.services})
