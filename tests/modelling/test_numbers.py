"""The arithmetic of dbt/macros/dispatch/numbers.sql against Python's decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import duckdb
import jinja2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dagster_project.warehouse.home import DBT_PROJECT

MACROS = jinja2.Environment(autoescape=False).from_string(
    (DBT_PROJECT / "macros" / "dispatch" / "numbers.sql").read_text("utf-8")
)
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@given(amounts, amounts, st.sampled_from((2, 4, 6)))
@example(Decimal("1362.22"), Decimal("1449.71"), 2)  # 93.96499990
@example(Decimal("413.79"), Decimal("482.92"), 2)  # 85.6850
@example(Decimal("-1362.22"), Decimal("1449.71"), 2)
@example(Decimal("1"), Decimal("800"), 2)  # 0.125: the half goes up
@example(Decimal("1"), Decimal("0.00"), 2)
def test_a_ratio_is_rounded_once(
    con: duckdb.DuckDBPyConnection, numerator: Decimal, denominator: Decimal, places: int
) -> None:
    sql = MACROS.module.default__exact_ratio("n", "d", 100, places)  # type: ignore[attr-defined]
    types = "cast($1 as decimal(20, 2)) as n, cast($2 as decimal(20, 2)) as d"
    ((found,),) = con.execute(f"select {sql} from (select {types})", [str(numerator), str(denominator)]).fetchall()
    if not denominator:
        assert found is None
        return
    with localcontext(prec=80):
        wanted = (numerator * 100 / denominator).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert found == wanted
