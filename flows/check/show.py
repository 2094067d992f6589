"""What `svodka check` found → what a person reads: each source and its columns, then each mistake and what to do."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from config.messages import message
from flows.check.check import Checked, ColumnCheck, SourceCheck
from flows.run.told.summary import unmapped_lines
from flows.say import console, hint, language, pasted, say, whole


def tell_checked(checked: Checked) -> None:
    """Print it: what was seen to standard output, what is wrong to standard error."""
    out, errors = console(), console(stderr=True)
    out.print(Text(checked.client, style="bold"))
    for source in checked.sources:
        for line in source_lines(source):
            out.print(line)
    for name in _name_lines(checked):
        out.print(Text(name, style="yellow"))
    for note in checked.notes:
        out.print(Text(note))
    for error in checked.errors:
        errors.print(Text(pasted(error.text(language()), checked.folder), style="red"))
    for assumed in checked.assumed:
        out.print(Text(say("check_assumed", line=assumed)))
    if checked.proposal:
        out.print(Text(say("check_accept", accept=hint("accept", checked.folder)), style="yellow"))
    out.print(Text(_verdict(checked), style="bold green" if checked.exit_code == 0 else "bold red"))


def source_lines(source: SourceCheck) -> Iterator[Text]:
    """A source; its files, profile, and one line a column."""
    if not source.is_read:
        yield Text(f"{source.source} → {source.table}: {say('check_not_read')}", style="bold red")
        return
    files = say("check_files", files=whole(len(source.files)))
    profiles = ", ".join(source.profiles) or say("check_own_columns")
    yield Text(f"{source.source} → {source.table}: {files}, {profiles}", style="bold")
    for column in source.columns:
        yield Text(f"  {column_line(column)}", style="yellow" if column.refused or not column.read else "")


def column_line(column: ColumnCheck) -> str:
    """`phone ← «Телефон»: 980 из 1 000; отвергнуто 20, например «…» (calls.csv:17): …`."""
    headers = ", ".join(f"«{header}»" for header in column.headers) or say("check_across")
    if not column.read + column.refused:
        return say("check_empty", column=column.column, headers=headers)
    total = whole(column.read + column.refused)
    line = say("check_column", column=column.column, headers=headers, read=whole(column.read), total=total)
    line += f"; ×{whole(column.times)}" if column.times > 1 else ""
    if not column.refused:
        return line
    why = message(f"reasons.{column.reason}", language()) if column.reason else ""
    refused = say(
        "check_refused", refused=whole(column.refused), value=column.example, place=column.example_place, why=why
    )
    return line + refused


def as_plain(checked: Checked) -> dict[str, Any]:
    """The same for machines."""
    return {
        "client": checked.client,
        "exit_code": checked.exit_code,
        "sources": [
            {
                "source": source.source,
                "table": source.table,
                "profiles": list(source.profiles),
                "files": list(source.files),
                "columns": [vars(column) | {"headers": list(column.headers)} for column in source.columns],
            }
            for source in checked.sources
        ],
        "errors": [pasted(error.text(language()), checked.folder) for error in checked.errors],
        "unmapped": [
            {"dictionary": one.dictionary, "alias": one.alias, "suggestion": one.near} for one in checked.unmapped
        ],
        "notes": list(checked.notes),
        "assumed": list(checked.assumed),
        "proposals": {
            "headers": [list(header) for header in checked.proposal.headers],
            "names": [list(name) for name in checked.shown_names()],
        },
    }


def _name_lines(checked: Checked) -> Iterator[str]:
    if checked.unmapped:
        yield say("unmapped_head")
    yield from (f"  {line}" for line in unmapped_lines(checked.unmapped, checked.dictionaries, checked.folder))


def _verdict(checked: Checked) -> str:
    mistakes = len(checked.errors)
    if mistakes:
        return say("check_bad", mistakes=whole(mistakes), check=hint("check", checked.folder))
    return say("check_good", run=hint("run", checked.folder))
