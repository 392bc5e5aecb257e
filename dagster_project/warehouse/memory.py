"""How much memory DuckDB may take, and how much it may gather. Beyond the memory it goes on in files beside the database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MEMORY_VARIABLE = "JIXIAO_DUCKDB_MEMORY"
# DuckDB's own default is four fifths of the machine's memory: building 10,000 reports took 6 GB where 2 GB are as fast
DEFAULT_MEMORY = "2GB"  # dbt/profiles.yml says the same
# DuckDB's own 16 MB are less than two batches of documents, and each time it writes the unfilled end of every table anew: two
# fifths of the time that loading takes
CHECKPOINT = "256MB"


def bound(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Hold a connection's database to JIXIAO_DUCKDB_MEMORY; tables need not keep the order in which rows came, and changes
    are gathered before they go from the log into the tables. Returns the connection.

    Raises duckdb.Error for a value that DuckDB does not take.
    """
    con.execute(f"set memory_limit = '{memory()}'")
    con.execute("set preserve_insertion_order = false")
    con.execute(f"set checkpoint_threshold = '{CHECKPOINT}'")
    return con


def memory() -> str:
    """The limit as DuckDB writes it, e.g. 2GB."""
    return os.environ.get(MEMORY_VARIABLE, "").strip().replace("'", "") or DEFAULT_MEMORY
