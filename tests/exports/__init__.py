"""Exports of vendors, from the file to staged rows."""
