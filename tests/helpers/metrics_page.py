"""config/metrics.yaml → the tables of docs/metrics.md; `python -m tests.helpers.metrics_page` writes them anew."""

from __future__ import annotations

from pathlib import Path

from config.metrics import MetricTable, metrics
from transforms.rules import rule_queries

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
START, END = "<!-- made from config/metrics.yaml -->", "<!-- end of what is made -->"


def generated() -> str:
    """The part of the page that is made: every table with its columns, then the rules."""
    tables = "\n".join(_table(name, table) for name, table in metrics().tables.items())
    rules = "\n".join(f"| `{name}` | {metrics().rules[name].en} |" for name in rule_queries())
    head = "## Rules\nNothing is published if one of these is found:\n\n| rule | broken if |\n|---|---|"
    return f"{tables}\n{head}\n{rules}\n"


def written() -> str:
    """The part of the page that stands there now."""
    return PAGE.read_text(encoding="utf-8").split(START)[1].split(END)[0].strip("\n") + "\n"


def _table(name: str, table: MetricTable) -> str:
    lines = [
        f"### `{name}`: {table.title.en} («{table.title.ru}»)",
        f"{table.meaning.en} One row per {', '.join(f'`{column}`' for column in table.key)}.",
        "",
        "| column | in reports | what it is | how it is made | unit | good | from |",
        "|---|---|---|---|---|---|---|",
    ]
    for column, words in table.columns.items():
        good = {"up": "▲", "down": "▼", "none": ""}[words.good]
        cells = (f"`{column}`", words.title.ru, words.meaning.en, words.formula.en, words.unit, good)
        lines.append(f"| {' | '.join(cells)} | {', '.join(words.tables)} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(START)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{START}\n{generated()}{END}{after}", encoding="utf-8")
