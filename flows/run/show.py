"""A run's summary → the few lines a person reads after it: read, refused, changed, main figures, written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from config.errors import TargetError
from config.tables import tables
from flows.run.told.summary import Changed, RunSummary, SourceRows, is_address, unmapped_lines
from flows.say import console, day, decimal, figure, hint, language, month, roubles, say, whole

if TYPE_CHECKING:
    from flows.run.dry import DryRun
    from flows.run.reports.publish import Written

MOST_LISTED = 10
"""So many refused sources, aliases and changes are told one by one; then how many more there are."""

MOST_IN_NEED = 50
"""So many clients that need a hand are told one by one at the end of many runs."""


def tell(summary: RunSummary, *, is_quiet: bool = False) -> None:
    """Print a summary: results to standard output, problems to standard error."""
    out, errors = console(), console(stderr=True)
    if not is_quiet:
        for part in parts(summary):
            out.print(part)
    style = "red" if summary.status == "failed" else "yellow"
    for problem in summary.problems:
        errors.print(Text(problem, style=style))


def tell_line(summary: RunSummary, *, is_quiet: bool = False) -> None:
    """Print one of many: how it ended to standard output, where it did not end well, to standard error."""
    if summary.exit_code == 0:
        if not is_quiet:
            many = doubtful(summary)
            more = say("head_doubts", many=whole(many)) if many else ""
            console().print(Text(headline(summary) + more, style="yellow" if many else ""))
        return
    style = "red" if summary.status == "failed" else "yellow"
    console(stderr=True).print(Text(f"{headline(summary)}: {one_line(summary)}", style=style))


def tell_those_in_need(summaries: Sequence[RunSummary]) -> None:
    """Print, of runs whose lines went by long ago, those that need a hand: what failed first, each with its folder."""
    if len(summaries) <= MOST_LISTED:
        return
    needy = [one for one in summaries if one.exit_code]
    needy.sort(key=lambda one: (one.status != "failed", one.folder))
    errors = console(stderr=True)
    for line in _listed([f"{one.folder}: {one_line(one)}" for one in needy], say("many_in_need"), most=MOST_IN_NEED):
        errors.print(Text(line))


def doubtful(summary: RunSummary) -> int:
    """How much of a run that ended well somebody should look into: what `svodka status` names a line each."""
    old = sum(rows.is_stale for rows in summary.sources)
    is_refused = any(rows.rows_rejected for rows in summary.sources)
    return len(summary.doubts) + old + is_refused + bool(summary.unmapped)


def counted(summaries: Sequence[RunSummary]) -> str:
    """Many runs in; how many ended how, in a line, out."""
    ended = Counter(one.status for one in summaries)
    numbers = {status: whole(ended[status]) for status in ("done", "partial", "failed")}
    return say("many_all", clients=whole(len(summaries)), **numbers)


def tell_dry(dry: DryRun) -> None:
    """Print what a run would change; problems to standard error."""
    out, errors = console(), console(stderr=True)
    summary = dry.summary
    if summary.status == "failed":
        out.print(Text(say("dry_stopped", client=summary.client), style="bold yellow"))
    else:
        out.print(Text(say("dry_head", client=summary.client, day=day(summary.as_of)), style="bold"))
        for line in dry_lines(dry):
            out.print(Text(line))
    for problem in summary.problems:
        errors.print(Text(problem, style="red" if summary.status == "failed" else "yellow"))


def dry_lines(dry: DryRun) -> Iterator[str]:
    """Sources, figures and pages that would change, a line each; or that nothing would."""
    if not dry.sources and not dry.pages and not dry.corrections:
        yield say("dry_nothing")
    yield from _listed(list(dry.corrections), say("dry_corrections"))
    for source in dry.sources:
        money = ""
        if source.money_rub is not None or source.money_after_rub is not None:
            money = say("dry_money", before=roubles(source.money_rub or 0), after=roubles(source.money_after_rub or 0))
        yield say(
            "dry_source", source=source.source, before=whole(source.rows), after=whole(source.rows_after), money=money
        )
    yield from _listed([_change(one) for one in dry.summary.changed], say("dry_figures"))
    for page in dry.pages:
        yield say("dry_page", title=page.title, changed=whole(page.changed), cells=whole(page.cells))


def parts(summary: RunSummary) -> Iterator[Text | Table]:
    """The paragraphs of a summary, in the order they are read."""
    yield Text(headline(summary), style="bold" if summary.exit_code == 0 else "bold yellow")
    if summary.sources:
        yield _sources(summary)
    yield from (Text(line) for line in _remarks(summary))
    if summary.figures:
        yield _figures(summary)
    yield from (Text(line) for line in _listed([_change(one) for one in summary.changed], say("changed_head")))
    for place in summary.written:
        yield Text(say(wrote(summary), place=reached(summary.folder, place)), style="bold")


def tell_written(folder: Path, written: Written) -> int:
    """A client's folder and what was written of its report in; printed; the exit code out."""
    out = console()
    for place in written.places:
        out.print(Text(say("written", place=reached(folder, place))))
    for note in written.notes:
        out.print(Text(note))
    for error in written.errors:
        console(stderr=True).print(Text(error.text(language())))
    return max((error.exit_code for error in written.errors), default=0)


def wrote(summary: RunSummary) -> str:
    """The message of what stands in the places written to: a report, or only why there is no new one."""
    return "marked" if summary.status == "failed" else "written"


def reached(folder: str | Path, place: str) -> str:
    """A client's folder and where a report of it stands in; the same as seen from where the person is out."""
    if is_address(place):
        return place
    path = Path(folder) / place
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def headline(summary: RunSummary) -> str:
    """One line: whose run, of which day, how it ended."""
    seconds = decimal(summary.seconds, 1)
    is_unwritten = summary.exit_code == TargetError.exit_code and not summary.written and summary.status == "partial"
    ended = "unwritten" if is_unwritten else summary.status
    return say(f"head_{ended}", client=summary.client, day=day(summary.as_of), seconds=seconds)


def _sources(summary: RunSummary) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    corrected = ("corrected",) if any(rows.rows_corrected for rows in summary.sources) else ()
    for name in ("source", "files", "rows", *corrected, "staged", "rejected", "duplicate", "skipped", "data_to"):
        table.add_column(say(f"col_{name}"), justify="left" if name == "source" else "right", overflow="fold")
    for rows in summary.sources:
        style = "yellow" if rows.problem or rows.is_stale else None
        table.add_row(*_source_cells(rows, is_corrected=bool(corrected)), style=style)
    return table


def _source_cells(rows: SourceRows, *, is_corrected: bool) -> list[str]:
    files = whole(rows.files) if rows.files_read else say("files_unchanged", files=whole(rows.files))
    if rows.problem:
        files = say("files_kept", files=whole(rows.files)) if rows.files else say("files_not_read")
    changed = (rows.rows_corrected,) if is_corrected else ()
    counts = (rows.rows_read, *changed, rows.rows_staged, rows.rows_rejected, rows.rows_duplicate, rows.rows_skipped)
    return [rows.source, files, *(whole(count) if count else "·" for count in counts), day(rows.data_to_on)]


def _old_day(summary: RunSummary) -> str:
    """What to ask for where all exports end before the report: that of the last day that they know."""
    dated = [rows for rows in summary.sources if rows.table in tables() and not tables()[rows.table].looks_ahead]
    days = [rows.data_to_on for rows in dated if rows.data_to_on is not None]
    if not days or not all(rows.is_stale for rows in dated):
        return ""
    last = max(days)
    return say("all_stale", day=day(last), run=f"{hint('run', summary.folder)} --as-of {last.isoformat()}")


def _remarks(summary: RunSummary) -> Iterator[str]:
    for rows in summary.sources:
        if rows.is_stale:
            name = "stale" if rows.data_to_on else "stale_never"
            yield say(name, source=rows.source, day=day(rows.data_to_on))
        if rows.money_rejected_rub:
            yield say("rejected_money", source=rows.source, money=roubles(rows.money_rejected_rub))
        if line := corrected_line(rows.source, rows.rows_corrected, rows.money_corrected_rub):
            yield line
    if any(rows.rows_rejected for rows in summary.sources):
        yield say("rejected_where", check=hint("check", summary.folder))
    if line := _old_day(summary):
        yield line
    unknown = unmapped_lines(summary.unmapped, summary.dictionaries, summary.folder)
    yield from _listed(unknown, say("unmapped_head"))
    if summary.kept_edits:
        yield say("kept_edits", edits=whole(summary.kept_edits), tab=summary.edits_tab)
    yield from summary.doubts
    yield from summary.notes


def corrected_line(source: str, rows: int, money: Decimal) -> str:
    """What corrections added to a source or took from it, in rows and roubles; nothing where they did neither."""
    parts = [
        *([say("corrected_rows", rows=f"{rows:+d}".replace("-", "−"))] if rows else []),
        *([("+" if money > 0 else "−") + roubles(abs(money))] if money else []),
    ]
    return say("corrected_sum", source=source, sum=", ".join(parts)) if parts else ""


def _listed(lines: list[str], head: str, most: int = MOST_LISTED) -> Iterator[str]:
    if not lines:
        return
    yield head
    yield from (f"  {line}" for line in lines[:most])
    if len(lines) > most:
        yield "  " + say("and_more", more=whole(len(lines) - most))


def _figures(summary: RunSummary) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left", title_style="")
    table.add_column(month(summary.figures_of) if summary.figures_of else "", justify="left")
    table.add_column("", justify="right", style="bold")
    table.add_column(say("col_before"), justify="right", style="dim")
    for one in summary.figures:
        table.add_row(one.name, figure(one.value, one.unit), figure(one.before, one.unit))
    return table


def _change(one: Changed) -> str:
    before, after = figure(one.before, one.unit), figure(one.after, one.unit)
    return say("changed_one", month=month(one.period_start), name=one.name, before=before, after=after)


# A run's summary → what its page at Prefect shows: one line, the summary, the reconciliation.


def one_line(summary: RunSummary) -> str:
    """How the run ended and, if something is wrong, the first thing to do about it."""
    problems = summary.problems
    more = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
    return f"{problems[0]}{more}" if problems else headline(summary)


def markdown(summary: RunSummary) -> str:
    """The summary as a page."""
    lines = [f"## {_plain(headline(summary))}", ""]
    lines += [f"- **{_plain(problem)}**" for problem in summary.problems]
    if summary.figures:
        of = month(summary.figures_of) if summary.figures_of else ""
        lines += ["", f"| {of} | | {say('col_before')} |", "|---|--:|--:|"]
        for one in summary.figures:
            lines.append(f"| {one.name} | {figure(one.value, one.unit)} | {figure(one.before, one.unit)} |")
    if summary.changed:
        lines += ["", say("changed_head"), ""]
        lines += [
            f"- {month(one.period_start)}: {one.name} {figure(one.before, one.unit)} → {figure(one.after, one.unit)}"
            for one in summary.changed
        ]
    lines += ["", *(f"- {say(wrote(summary), place=_plain(place))}" for place in summary.written)]
    lines += [f"- {_plain(note)}" for note in (*summary.doubts, *summary.notes)]
    return "\n".join(lines)


def reconciliation(summary: RunSummary) -> list[dict[str, str]]:
    """One row a source: read + corrected = staged + rejected + duplicate + skipped."""
    is_corrected = any(rows.rows_corrected for rows in summary.sources)
    return [
        {
            say("col_source"): rows.source,
            say("col_rows"): whole(rows.rows_read),
            **({say("col_corrected"): whole(rows.rows_corrected)} if is_corrected else {}),
            say("col_staged"): whole(rows.rows_staged),
            say("col_rejected"): whole(rows.rows_rejected),
            say("col_duplicate"): whole(rows.rows_duplicate),
            say("col_skipped"): whole(rows.rows_skipped),
            say("col_data_to"): day(rows.data_to_on),
        }
        for rows in summary.sources
    ]


def _plain(text: str) -> str:
    """Characters that markdown would take for its own."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def opened(folder: Path, places: Sequence[str]) -> str | None:
    """The folder and where the report was written in; the address to open: the page first, then the workbook."""
    files = {Path(place).suffix.lower(): place for place in places if not is_address(place)}
    for kind in (".html", ".xlsx"):
        if kind in files:
            return str((folder / files[kind]).resolve())
    return next((place for place in places if is_address(place)), None)
