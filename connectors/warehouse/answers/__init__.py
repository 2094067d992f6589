"""What a warehouse answers: typed questions, the rows behind a figure, tables for other tools."""
