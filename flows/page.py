"""A run's summary → what its page at Prefect shows: one line, the summary, the reconciliation."""

from __future__ import annotations

from flows.summary import RunSummary
from flows.told import headline, wrote
from flows.words import day, figure, month, say, whole


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
    lines += [f"- {_plain(note)}" for note in summary.notes]
    return "\n".join(lines)


def reconciliation(summary: RunSummary) -> list[dict[str, str]]:
    """One row a source: read = staged + rejected + duplicate + skipped."""
    return [
        {
            say("col_source"): rows.source,
            say("col_rows"): whole(rows.rows_read),
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
