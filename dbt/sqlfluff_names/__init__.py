"""What sqlfluff's jinja templater lacks of dbt, so that the SQL can be linted without a database.

An engine-specific macro (`adapter.dispatch`) becomes a function call of the same name: the linter looks at the shape only.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


def _call(name: str) -> Callable[..., str]:
    if name == "type_text_list":
        return lambda: "varchar"
    if name == "read_where_used":
        return lambda: "not materialized"
    if name == "of_this_turn":
        return str
    if name == "first_in_turn":
        return lambda models: f"select * from {models[0]}"

    def rendered(*args: Any) -> str:
        flat = [str(a) for arg in args for a in (arg if isinstance(arg, list | tuple) else [arg])]
        return f"{name}({', '.join(flat)})"

    return rendered


dbt = SimpleNamespace(type_string=lambda: "varchar", type_timestamp=lambda: "timestamp")
adapter = SimpleNamespace(dispatch=lambda name, _package=None: _call(name), quote=lambda identifier: f'"{identifier}"')
target = SimpleNamespace(name="duckdb", schema="marts", type="duckdb")
execute = False
graph = SimpleNamespace(nodes={})
jixiao = SimpleNamespace(regexp_like=_call("regexp_like"))


def local_md5(text: str) -> str:
    """Stands for dbt's function of that name."""
    return text


def env_var(_name: str, default: str = "") -> str:
    """Stands for dbt's function of that name."""
    return default
