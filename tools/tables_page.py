"""docs/tables.md, written from inputs.yaml and tables.yaml: `python -m tools.tables_page`; a test keeps it current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from config.messages import Language
from config.tables import InputTable, Table, inputs, tables

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"

HEAD = """\
<!-- Страница собрана командой `python -m tools.tables_page` из config/inputs.yaml. Правьте его, а не её. -->
# Таблицы, которые ведут руками · Tables kept by hand

Если программа ничего не выгружает, таблицу можно вести самому: в Excel, в Google Таблице, в CSV. Заготовка:

```sh
svodka init romashka --template costs     # romashka/exports/Расходы.xlsx и строки для svodka.yaml
svodka init romashka --plan               # план на двенадцать месяцев: показатель — строка, месяц — столбец
```

План можно вести и строками (`--template plan`), и так, как его обычно пишут: показатели сверху вниз, месяцы слева \
направо. После первого отчёта в примечании каждой ячейки стоит, сколько было в том же месяце год назад.

Порядок столбцов не важен, лишние не мешают, итоги под таблицей узнаются и сверяются. Даты — как пишете: `01.09.2026`, \
`1 сен 2026`, настоящие даты Excel. Суммы — с пробелами и запятой или без них. Свои названия столбцов впишите в \
`columns:` источника: [client-folder.md](client-folder.md); \
строку для таблицы, о которой там ничего нет, напечатает `svodka check`.

Any order of columns will do, more columns do no harm, totals below the table are known and checked. \
`svodka --language en init romashka --template costs` makes the same with English headings; `--plan` makes a plan \
of twelve months, a figure a row, with last year's values in the notes.
"""


def tables_page() -> str:
    """Every table in; the page for whoever keeps them out, in both languages."""
    chapters = "\n".join("\n".join(_chapter(name, kept)) for name, kept in inputs().items())
    return f"{HEAD}\n{chapters}\n"


def _chapter(name: str, kept: InputTable) -> Iterator[str]:
    table = tables()[name]
    yield f"## {kept.title.ru} · {kept.title.en} (`{name}`)\n"
    yield f"{kept.about.ru} {kept.about.en}\n"
    yield "| столбец · column | что в нём · what it holds | нужен · needed |"
    yield "|---|---|---|"
    for column, said in kept.columns.items():
        heading = f"{said.header.ru} · {said.header.en} (`{column}`)"
        yield f"| {heading} | {said.meaning.ru} · {said.meaning.en} | {_need(table, column)} |"
    yield ""
    yield from _example(kept, "ru")
    yield ""


def _need(table: Table, column: str) -> str:
    """Whether a table can do without a column."""
    groups = [group for group in table.needs if column in group]
    if not groups:
        return ""
    return "да · yes" if len(groups[0]) == 1 else "один из · one of: " + ", ".join(f"`{name}`" for name in groups[0])


def _example(kept: InputTable, language: Language) -> Iterator[str]:
    columns = list(kept.columns.values())
    yield "| " + " | ".join(column.header.say(language) for column in columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in zip(*(column.examples for column in columns), strict=True):
        yield "| " + " | ".join(row) + " |"


if __name__ == "__main__":
    PAGE.write_text(tables_page(), encoding="utf-8")
