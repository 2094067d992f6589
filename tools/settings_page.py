"""Settings in docs/client-folder.md, made of what is declared: `python -m tools.settings_page`; a test holds it."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path

from config.client import REPORT, ClientSettings, Edition
from config.pages import pages_for
from config.setting_words import report_keys, setting, setting_keys, setting_words

PAGE = Path(__file__).parents[1] / "docs" / "client-folder.md"
CHAPTER = re.compile(r"(?<=\n### Настройки\n\n)```yaml\n.*?\n```\n\n(?:\|[^\n]*\n)+", re.DOTALL)


HEAD = "| ключ | по умолчанию | значит |\n|---|---|---|\n"
REPORTS = re.compile(r"(?<=\n### Отчёты\n\n)(?:\|[^\n]*\n)+")


def settings_page(page: str) -> str:
    """The page as it stands in; the page with the settings and the keys of a report as they are now out."""
    made = f"```yaml\nsettings:\n{_example()}```\n\n{HEAD}{_rows()}"
    return REPORTS.sub(lambda _: f"{HEAD}{_report_rows()}", CHAPTER.sub(lambda _: made, page, count=1), count=1)


def _report_rows() -> str:
    pages = ", ".join(f"`{page}`" for page in pages_for(Edition()))
    rows = ""
    for key in report_keys():
        name = key.partition(".")[2]
        default = REPORT if name == "xlsx" else getattr(Edition(), name)
        shown = f"`{default}`" if default else "нет"
        rows += f"| `{key}` | {shown} | {setting_words()[key].about.replace('{pages}', pages)} |\n"
    return rows


def _example() -> str:
    """Every default as svodka.yaml would have it."""
    found = ""
    for section, keys in groupby(setting_keys(), key=lambda key: key.split(".")[0]):
        inner = {key.partition(".")[2]: _default(key) for key in keys}
        listed = ", ".join(f"{name}: {value}" for name, value in inner.items())
        found += f"  {section}: {inner['']}\n" if "" in inner else f"  {section}: {{{listed}}}\n"
    return found


def _rows() -> str:
    rows = ""
    for key in setting_keys():
        default = _default(key)
        shown = default if re.fullmatch(r"[\d.]+", default) else f"`{default}`"
        rows += f"| `{key}` | {shown} | {setting_words()[key].about} |\n"
    return rows


def _default(key: str) -> str:
    value = setting(ClientSettings(), key)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(str, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    PAGE.write_text(settings_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
