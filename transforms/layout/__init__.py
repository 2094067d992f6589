"""Results in, finished Sheets out: what the owner sees, free of any product."""

from transforms.layout.pages import lay_out
from transforms.layout.periods import month_back
from transforms.layout.report import Banner, ReportInput

__all__ = ["Banner", "ReportInput", "lay_out", "month_back"]
