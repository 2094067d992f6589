"""Results in, finished Sheets out: what the owner sees, free of any product."""

from transforms.layout.drawing.book import Banner, ReportInput
from transforms.layout.drawing.spans import month_back
from transforms.layout.pages import for_client, for_reader, lay_out

__all__ = ["Banner", "ReportInput", "for_client", "for_reader", "lay_out", "month_back"]
