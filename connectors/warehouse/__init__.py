"""The client's DuckDB file: rows loaded file by file, settled, computed, fetched; one transaction a run."""

from connectors.warehouse.warehouse import Warehouse

__all__ = ["Warehouse"]
