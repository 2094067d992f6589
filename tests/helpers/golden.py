"""Renew the golden pages after a change that was looked at: python -m tests.helpers.golden."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.further_tables import further_input
from tests.helpers.report_input import report_input
from tests.helpers.sheet_text import sheet_text
from transforms.layout import lay_out

USUAL = ("summary", "managers", "subscribers", "chain", "quality", "glossary")
"""Pages that the further tables leave as they are."""
FOLDER = Path(__file__).parents[1] / "data" / "golden"


def pages() -> dict[str, str]:
    """Every page of the invented school as text, Russian and English; the further pages of one that knows more."""
    found: dict[str, str] = {}
    for language in ("ru", "en"):
        usual = {sheet.key: sheet for sheet in lay_out(report_input(language=language))}
        more = {sheet.key: sheet for sheet in lay_out(further_input(language))}
        chosen = more | {key: sheet for key, sheet in usual.items() if key in USUAL}
        found |= {f"{key}.{language}": sheet_text(sheet) for key, sheet in chosen.items()}
    return found


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
