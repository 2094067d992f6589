"""Settings in docs/client-folder.md, made of what is declared: `python -m tools.settings_page`; a test holds it."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path

from config.client import ClientSettings
from config.setting_words import setting, setting_keys, setting_words

PAGE = Path(__file__).parents[1] / "docs" / "client-folder.md"
CHAPTER = re.compile(r"(?<=\n### Настройки\n\n)```yaml\n.*?\n```\n\n(?:\|[^\n]*\n)+", re.DOTALL)


def settings_page(page: str) -> str:
    """The page as it stands in; the page with the settings as they are now out."""
    made = f"```yaml\nsettings:\n{_example()}```\n\n| ключ | по умолчанию | значит |\n|---|---|---|\n{_rows()}"
    return CHAPTER.sub(lambda _: made, page, count=1)


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
