"""A workbook's tabs and cells, with what the reading library leaves out."""
