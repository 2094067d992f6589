"""A client, and whom a report is for → its pages: those that there are sources for, of them what is the reader's."""

from collections.abc import Iterable

from config.client import Client, Edition, Narrowing
from config.reports import Block, Breakdown, ChartBlock, Heat, Own, ReportSpec, Sentences, Special, reports

NOT_NARROWED = frozenset({"winback", "quality"})
"""Pages whose rows tell of everybody's clients, or of files as they are: nobody sees them but the client."""
OF_EVERYBODY = frozenset({"low_scores", "dependence"})
"""Tables whose rows name whoever there is, in the words of whoever wrote them."""


def pages_for(edition: Edition) -> list[str]:
    """A report in; keys of the pages that may stand in it, in the order of their tabs, out."""
    return [report.key for report in reports() if _narrowed(report, edition) is not None]


def shown_to(edition: Edition, pages: Iterable[ReportSpec]) -> list[ReportSpec]:
    """A report and the client's pages in; those that stand in it, without what is not its reader's, out."""
    narrowed = (_narrowed(page, edition) for page in pages if not edition.pages or page.key in edition.pages)
    return [page for page in narrowed if page is not None]


def _narrowed(page: ReportSpec, edition: Edition) -> ReportSpec | None:
    """The page as the reader of a report may see it; None if nothing of it is theirs."""
    by = edition.by
    if by is None:
        return page
    if page.key in NOT_NARROWED:
        return None
    own = [block for block in page.blocks if _is_by(block, by)]
    if page.key == "glossary" or (edition.sees == "all" and not own):
        blocks = [
            block
            for block in page.blocks
            if (block.kind == "glossary" or edition.sees == "all") and not _tells_of_others(block)
        ]
        return page.model_copy(update={"blocks": blocks})
    if not own:
        return None
    of_whole = [block for block in page.blocks if edition.sees == "all" and not _tells_of_others(block)]
    kept: list[Block | Own] = [_without_total(block) for block in page.blocks if block in own or block in of_whole]
    if tables := [block for block in own if isinstance(block, Breakdown)]:
        said = [Own(table=table) for table in tables]
        kept = [*said, *(block for block in kept if not isinstance(block, Sentences))]
    elif edition.sees == "own":
        kept = [*(block for block in page.blocks if isinstance(block, Sentences)), *kept]
    return page.model_copy(update={"blocks": kept, "needs": None})


def _is_by(block: Block, by: Narrowing) -> bool:
    """Whether its rows are each of one manager, channel or partner."""
    if isinstance(block, Breakdown | Heat):
        return block.by == by
    return isinstance(block, Special) and block.kind in {"plan", "experiments"} and by != "partner"


def _tells_of_others(block: Block) -> bool:
    is_of_largest = isinstance(block, ChartBlock) and block.largest_rows > 0
    return is_of_largest or (isinstance(block, Special) and block.kind in OF_EVERYBODY)


def _without_total(block: Block) -> Block:
    return block.model_copy(update={"total": "none"}) if isinstance(block, Breakdown) else block


def lacking(client: Client) -> list[ReportSpec]:
    """A client in; the pages for which it has no source or no dictionary out, in the order of their tabs."""
    tables = {source.table for source in client.sources.values()}
    dictionaries = {name for name, place in client.dictionaries if place is not None}
    return [
        report
        for report in reports()
        if (stand := report.stands_on) is not None
        and not (tables.issuperset(stand.tables) and (stand.dictionary is None or stand.dictionary in dictionaries))
    ]
