"""Sheets → a workbook for Excel and LibreOffice, written whole or not at all."""

from connectors.xlsx.save import file_hash, keep_edited
from connectors.xlsx.write import workbook_bytes, write_workbook

__all__ = ["file_hash", "keep_edited", "workbook_bytes", "write_workbook"]
