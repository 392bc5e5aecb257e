"""How much memory DuckDB may take. Beyond it, it goes on in files beside the database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MEMORY_VARIABLE = "JIXIAO_DUCKDB_MEMORY"
# DuckDB's own default is four fifths of the machine's memory: building 10,000 reports took 6 GB where 2 GB are as fast
DEFAULT_MEMORY = "2GB"  # dbt/profiles.yml says the same


def bound(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Hold a connection's database to JIXIAO_DUCKDB_MEMORY; tables need not keep the order in which rows came. Returns it.

    Raises duckdb.Error for a value that DuckDB does not take.
    """
    con.execute(f"set memory_limit = '{memory()}'")
    con.execute("set preserve_insertion_order = false")
    return con


def memory() -> str:
    """The limit as DuckDB writes it, e.g. 2GB."""
    return os.environ.get(MEMORY_VARIABLE, "").strip().replace("'", "") or DEFAULT_MEMORY
