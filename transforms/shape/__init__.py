"""RawTable → where the header is, which rows are totals, blank or service rows, and what the title lines say."""

from transforms.shape.find_header import Header, find_header
from transforms.shape.names import PSEUDO_HEADERS, as_found, fold, unique
from transforms.shape.rows import data_rows
from transforms.shape.shape import Shape, SkippedRow, TailRow, Total, shape
from transforms.shape.totals import (
    NAMES_MORE_PATTERN,
    ROW_COUNT_PATTERN,
    SAYS_WHAT_PATTERN,
    TOTALS_PATTERN,
)

__all__ = [
    "NAMES_MORE_PATTERN",
    "PSEUDO_HEADERS",
    "ROW_COUNT_PATTERN",
    "SAYS_WHAT_PATTERN",
    "TOTALS_PATTERN",
    "Header",
    "Shape",
    "SkippedRow",
    "TailRow",
    "Total",
    "as_found",
    "data_rows",
    "find_header",
    "fold",
    "shape",
    "unique",
]
