"""What is said of settings and reports: setting_words.yaml → rows of «О показателях» and docs/client-folder.md."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from config.client import ClientSettings, Edition
from config.labels import Text
from config.strict import Strict, read_yaml


class SettingWords(Strict):
    """The words of one setting."""

    about: str
    """For the operator, in docs/client-folder.md."""
    title: Text | None = None
    """For the owner, in «О показателях»; without it the setting changes no figure of the report."""
    concerns: tuple[str, ...] = ()
    """Staged tables; an owner who has a source of none of them is not told of the setting."""
    value: Literal["days"] | dict[str, Text] | None = None
    """How its value is written for the owner: days, the words of each, or the number itself."""
    among_days: str | None = None
    """The setting whose days stand in the words."""


@cache
def setting_words() -> Mapping[str, SettingWords]:
    """`section.key` of each setting, in the order in which an owner reads them → what is said of it."""
    return read_yaml(Path(__file__).parent / "setting_words.yaml", dict[str, SettingWords])


def setting_keys(model: type[BaseModel] = ClientSettings, prefix: str = "") -> Iterator[str]:
    """Every setting that a client may write, as `section.key`."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from setting_keys(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def report_keys() -> list[str]:
    """Every key of a report, as `reports.key`."""
    return [f"reports.{name}" for name in Edition.model_fields]


def setting(settings: ClientSettings, key: str) -> object:
    """The settings of a client and a `section.key` in; its value out."""
    found: object = settings
    for part in key.split("."):
        found = getattr(found, part)
    return found
