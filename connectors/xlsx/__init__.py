"""Sheets → a workbook for Excel and LibreOffice, written whole or not at all."""

from connectors.xlsx.save import file_hash, keep_edited, replace_file
from connectors.xlsx.write import workbook_bytes

__all__ = ["file_hash", "keep_edited", "replace_file", "workbook_bytes"]
