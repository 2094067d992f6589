"""RawTable → where the header is, which rows are totals, blank or service rows, and what the title lines say."""

from transforms.shape.beside import WRITTEN_OUT, beside, beside_on_disk, kind_in, usual_kind
from transforms.shape.header import PSEUDO_HEADERS, Header, as_found, find_header, fold, unique
from transforms.shape.shape import Shape, SkippedRow, TailRow, data_rows, shape
from transforms.shape.totals import (
    NAME_OF_TOTAL_PATTERN,
    NAMES_MORE_PATTERN,
    NAMES_OF_TOTALS,
    ROW_COUNT_PATTERN,
    SAYS_WHAT_PATTERN,
    SUBTOTAL_PATTERN,
    TOTALS_PATTERN,
)

__all__ = [
    "NAMES_MORE_PATTERN",
    "NAMES_OF_TOTALS",
    "NAME_OF_TOTAL_PATTERN",
    "PSEUDO_HEADERS",
    "ROW_COUNT_PATTERN",
    "SAYS_WHAT_PATTERN",
    "SUBTOTAL_PATTERN",
    "TOTALS_PATTERN",
    "WRITTEN_OUT",
    "Header",
    "Shape",
    "SkippedRow",
    "TailRow",
    "as_found",
    "beside",
    "beside_on_disk",
    "data_rows",
    "find_header",
    "fold",
    "kind_in",
    "shape",
    "unique",
    "usual_kind",
]
