"""Writes the suites in expectations/: `python -m dagster_project.expectations_build`. Never run by the pipeline.

Change a suite here, run the command, and read the difference of the JSON files before committing them. The suites guard
our own work: keys, evidence, units, ranges, and that a sum or a rate is what its terms give. What the reports themselves
get wrong is published in fct_reconciliation and belongs in no suite.

What a table's own constraints hold (the contract's NOT NULL, the keys of the raw tables) is asked by no suite: it could not
fail.

Critical, and so able to hold a publication back, is only what our own work must keep whatever a report says: keys, places,
codes, conservation of rows, arithmetic. A value that a report states may be odd or misread; its range is a warning, or one
odd report would keep all others from being published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dagster_project.warehouse.conservation import BALANCE
from dagster_project.warehouse.home import EXPECTATIONS

Expectation = dict[str, Any]

# a yuan figure beyond ten trillion is a reading error: the whole country's general public budget is some 28 trillion
LARGEST_YUAN = 10_000_000_000_000
FIRST_YEAR, LAST_YEAR = 1994, 2100  # the budget law in its present form, and a typing error

MEASURES = [
    "initial_budget",
    "adjusted_budget",
    "adjustment",
    "full_year_budget",
    "actual",
    "prior_year_actual",
    "prior_year_budget",
    "appropriation_income",
    "carryover_in",
    "carryover_out",
    "total_investment",
    "target",
    "achieved",
    "deviation_note",
    "change",
    "other",
]
BOOKS = ["general_public", "government_fund", "state_capital", "social_insurance"]
SOURCES = ["current_appropriation", "carryover", "other", "total"]
KINDS = ["overall_self_evaluation", "project_self_evaluation", "final_account", "budget"]
FORMATS = ["docx", "doc", "wps", "pdf", "xlsx", "xls", "et", "html", "ofd", "txt"]


def _expect(kind: str, why: str, severity: str = "critical", **arguments: Any) -> Expectation:
    return {"type": kind, "kwargs": arguments, "meta": {}, "notes": why, "severity": severity}


def filled(why: str, *columns: str) -> list[Expectation]:
    """These columns are never empty."""
    return [_expect("expect_column_values_to_not_be_null", why, column=c) for c in columns]


def key(column: str, why: str = "A key that stands twice doubles every sum that joins it.") -> list[Expectation]:
    """The column is unique."""
    return [_expect("expect_column_values_to_be_unique", why, column=column)]


def one_of(
    column: str,
    values: Sequence[str],
    why: str = "A code outside the contract is read by nobody.",
    severity: str = "critical",
) -> Expectation:
    """The column holds one of these codes, or nothing."""
    return _expect("expect_column_values_to_be_in_set", why, severity, column=column, value_set=list(values))


def between(column: str, low: float | None, high: float | None, why: str, severity: str = "warning") -> Expectation:
    """The column's values, where there are any, are in the closed range: a warning, as values come from reports."""
    limits = {k: v for k, v in (("min_value", low), ("max_value", high)) if v is not None}
    return _expect("expect_column_values_to_be_between", why, severity, column=column, **limits)


def none_such(why: str, query: str, severity: str = "critical") -> Expectation:
    """The query over the table, which it calls `facts`, finds no row.

    A common table expression, because Great Expectations puts a subselect with a name of its own for {batch}.
    """
    asked = f"with facts as (select * from {{batch}}) {' '.join(query.split())}"
    return _expect("unexpected_rows_expectation", why, severity, unexpected_rows_query=asked)


def _plain(words: str) -> str:
    """SQL for words as a figure is compared with its quote: without blanks, full-width marks and digits as ASCII ones."""
    wide, plain = "０１２３４５６７８９．，－％（）", "0123456789.,-%()"
    return f"translate(regexp_replace(nfc_normalize({words}), '\\s', '', 'g'), '{wide}', '{plain}')"


def _keys() -> list[Expectation]:
    why = "Every fact belongs to a report, a department, a year and a place in a document: no fact without evidence."
    return [
        *filled(why, "fiscal_year"),
        between("fiscal_year", FIRST_YEAR, LAST_YEAR, "A year outside is a document number or a typing error."),
        none_such(
            "Facts hold current versions only; earlier ones are in history.",
            "select f.* from facts as f left join marts.dim_report as r using (report_key) "
            "where r.report_key is null or not r.is_current",
        ),
        none_such(
            "The evidence of a fact is a place in the same report.",
            "select f.* from facts as f left join marts.evidence as e using (evidence_key) "
            "where e.evidence_key is null or e.report_key <> f.report_key",
        ),
    ]


SUITES: Mapping[str, list[Expectation]] = {
    "marts.fct_expenditure": [
        *key("expenditure_key"),
        *_keys(),
        one_of("measure", MEASURES),
        one_of("budget_book", BOOKS),
        one_of("fund_source", SOURCES),
        between("amount_yuan", -LARGEST_YUAN, LARGEST_YUAN, "Beyond it the unit was misread."),
        none_such(
            "The two amounts are one amount in two units: 1 万元 is 10,000 元. Half a fen is what rounding to fen may move.",
            "select * from facts where abs(amount_wan * 10000 - amount_yuan) > 0.005",
        ),
        none_such(
            "A stated none is zero, so that sums stay right.",
            "select * from facts where qualifier = 'stated_none' and amount_yuan <> 0",
        ),
        none_such(
            "Of several statements of one figure in a report at most one is primary: sums over a report's primary rows "
            "count nothing twice. Two kinds of report of one year may state the same figure; department_year takes one.",
            "select report_key, fiscal_year, account_code, project_key, label, budget_book, fund_source, measure, "
            "count(*) as primaries from facts where is_primary and account_code not in ('unclassified') group by all "
            "having count(*) > 1",
        ),
        none_such(
            "The quote holds the figure as it is written, blanks and line breaks aside.",
            "select f.*, e.quote from facts as f join marts.evidence as e using (evidence_key) "
            "where f.qualifier is distinct from 'stated_none' and not contains(e.quote, f.value_as_written) "
            f"and not contains({_plain('e.quote')}, {_plain('f.value_as_written')})",
            severity="warning",
        ),
        none_such(
            "An account that the tree does not know cannot be summed up.",
            "select f.* from facts as f left join marts.dim_account as a using (account_code) where a.account_code is null",
        ),
    ],
    "marts.fct_kpi_score": [
        *key("kpi_score_key"),
        *_keys(),
        one_of("form", ["overall", "project"]),
        one_of("row_kind", ["execution", "heading", "indicator", "total"]),
        between("weight", 0, 1000, "Points are shares of a hundred; some forms score by the thousand."),
        between("score", -100, 1000, "Points are shares of a hundred; a deduction may stand as a negative score."),
        between("recomputed_score", 0, 1000, "Weight x rate, capped at the weight, is never negative."),
        none_such(
            "An execution score is capped at its weight, by the form's own rule.",
            "select * from facts where row_kind = 'execution' and recomputed_score > weight",
        ),
        between("execution_rate", -1000, 100000, "A rate is in percent; beyond it a column was taken for another."),
        none_such(
            "Only indicator rows have an indicator: a heading's points would be counted twice.",
            "select * from facts where row_kind in ('total', 'execution') and indicator_code is not null",
        ),
        none_such(
            "A form has one total row.",
            "select report_key, form, form_no, count(*) as totals from facts where row_kind = 'total' group by all "
            "having count(*) > 1",
            severity="warning",
        ),
        none_such(
            "An indicator that the tree does not know cannot be compared.",
            "select f.* from facts as f left join marts.dim_indicator as i using (indicator_code) "
            "where f.indicator_code is not null and i.indicator_code is null",
        ),
    ],
    "marts.fct_reconciliation": [
        *key("reconciliation_key"),
        *filled("A result belongs to a rule, a report, a department and a year.", "fiscal_year"),
        one_of("outcome", ["holds", "rounding", "fails", "not_applicable"]),
        one_of("severity", ["error", "warning", "info"]),
        between(
            "tolerance", 0, None, "Half a unit of the last written place of each term: never negative.", "critical"
        ),
        none_such(
            "A difference is left minus right, no more and no less.",
            "select * from facts where left_value is not null and right_value is not null "
            "and abs(difference - (left_value - right_value)) > 0.000001",
        ),
        none_such(
            "What differs by rounding is within the tolerance.",
            "select * from facts where outcome = 'rounding' and abs(difference) > tolerance",
        ),
        none_such(
            "What is reported as failing is beyond the tolerance: no false alarm by arithmetic.",
            "select * from facts where outcome = 'fails' and difference is not null and abs(difference) <= tolerance",
        ),
        none_such(
            "A result that was computed shows the places of its terms.",
            "select * from facts where outcome <> 'not_applicable' and coalesce(len(evidence_keys), 0) = 0",
        ),
        none_such(
            "Every place that a result names exists.",
            "select f.reconciliation_key, k.evidence_key from facts as f, unnest(f.evidence_keys) as k(evidence_key) "
            "where k.evidence_key not in (select evidence_key from marts.evidence)",
        ),
        none_such(
            "No rule is silent about a report: where it finds no terms it says so.",
            "select r.report_key, c.rule_code from marts.dim_report as r, (select distinct rule_code from facts) as c "
            "where r.report_key in (select report_key from facts) and not exists (select 1 from facts as f "
            "where f.report_key = r.report_key and f.rule_code = c.rule_code)",
        ),
    ],
    "marts.fct_operation": [
        *key("operation_key"),
        *_keys(),
        one_of("metric_group", ["staff", "asset", "rate", "score", "output", "organisation"]),
        none_such(
            "People and organisations are whole and not negative.",
            "select * from facts where metric_group in ('staff', 'organisation') and (value < 0 or value <> floor(value)) "
            "and measure is distinct from 'change'",
            severity="warning",
        ),
        none_such(
            "A rate beyond a hundred thousand percent is an amount.",
            "select * from facts where metric_group = 'rate' and abs(value) > 100000",
            severity="warning",
        ),
    ],
    "marts.report_finding": [
        *key("finding_key"),
        *_keys(),
        one_of("kind", ["problem", "measure"]),
    ],
    "marts.evidence": [
        *key("evidence_key"),
        between("char_start", 0, None, "Characters count from 0.", "critical"),
        none_such(
            "The quote is exactly the range.",
            "select * from facts where char_end - char_start <> length(quote)",
        ),
    ],
    "marts.department_year": [
        *key("department_year_key"),
        _expect(
            "expect_compound_columns_to_be_unique",
            "A department has one row a year: BI tools sum this table.",
            column_list=["department_key", "fiscal_year"],
        ),
        none_such(
            "The execution rate is actual / budget in percent, to two places (and to what a double holds of a huge one).",
            "select * from facts where budget <> 0 "
            "and abs(execution_rate - 100 * actual / budget) > 0.005 + abs(execution_rate) * 1e-9",
        ),
        none_such(
            "A rate needs both terms.", "select * from facts where execution_rate is not null and budget is null"
        ),
        between("score", 0, 1000, "Points are shares of a hundred; some forms score by the thousand."),
        one_of(
            "grade", ["优", "良", "中", "差"], "A grade of another scale is kept as the report gives it.", "warning"
        ),
        none_such(
            "Disagreements by severity are those of fct_reconciliation, none lost and none twice.",
            "select d.department_key, d.fiscal_year from facts as d left join (select department_key, fiscal_year, "
            "count(*) as n from marts.fct_reconciliation where outcome = 'fails' group by all) as f "
            "using (department_key, fiscal_year) where coalesce(f.n, 0) <> "
            "d.disagreements_error + d.disagreements_warning + d.disagreements_info",
        ),
    ],
    "marts.dim_report": [
        *key("report_key"),
        *filled("A report is a file of a department and a year.", "fiscal_year"),
        one_of("report_kind", KINDS),
        one_of("document_format", FORMATS),
        _expect("expect_column_values_to_be_unique", "A document is one report.", column="document_sha256"),
        none_such(
            "No document is lost between the raw tables and the marts.",
            "select d.document_sha256, d.document_name from raw.documents as d left join facts as r using (document_sha256) "
            "where r.document_sha256 is null",
        ),
        none_such(
            "Of the versions of a report one is current.",
            "select department_key, fiscal_year, report_kind, count(*) filter (is_current) as current_versions from facts "
            "group by all having count(*) filter (is_current) = 0",
        ),
        none_such(
            "Conservation: every file is in the facts, superseded, in quarantine or a duplicate; every raw row is one mart "
            "row; sums of raw figures are the sums of the facts.",
            f"select * from ({BALANCE}) where off <> 0",
        ),
    ],
    "marts.dim_department": [
        *key("department_key"),
        none_such(
            "A code of GB/T 2260 has six digits.",
            "select * from facts where division_code is not null and not regexp_full_match(division_code, '[0-9][0-9][0-9][0-9][0-9][0-9]')",
        ),
    ],
    "marts.dim_account": [
        *key("account_code"),
        none_such(
            "Every parent is in the tree.",
            "select * from facts where parent_account_code is not null "
            "and parent_account_code not in (select account_code from marts.dim_account)",
        ),
    ],
    "marts.dim_indicator": [
        *key("indicator_code"),
    ],
    "marts.dim_project": [
        *key("project_key"),
    ],
    "marts.dim_year": [
        *key("fiscal_year"),
        between("fiscal_year", FIRST_YEAR, LAST_YEAR, "A year outside is a document number or a typing error."),
    ],
    "raw.documents": [
        *filled("A document that cannot be keyed belongs in quarantine.", "department_name", "fiscal_year"),
        one_of("document_format", FORMATS),
        one_of("quality", ["text", "ocr"]),
        none_such(
            "A report that gives nothing at all was misread, or is no report.",
            "select d.document_sha256, d.document_name from facts as d "
            "where d.document_sha256 not in (select document_sha256 from raw.figures) "
            "and d.document_sha256 not in (select document_sha256 from raw.form_rows)",
            severity="warning",
        ),
        none_such(
            "More than one file in five in quarantine is a fault of ours or of the delivery: look before it is published.",
            "select q.files, d.files as documents from (select count(*) as files from raw.quarantine) as q, "
            "(select count(*) as files from raw.documents) as d where q.files > 10 and q.files > (q.files + d.files) / 5",
            severity="warning",
        ),
    ],
    "raw.figures": [
        one_of("kind", ["money", "staff", "asset", "rate", "score", "output", "organisation"]),
        none_such(
            "No figure without its place.",
            "select f.* from facts as f left join raw.evidence as e using (document_sha256, evidence_no) "
            "where e.evidence_no is null",
        ),
        none_such(
            "A part belongs to a figure of the same document.",
            "select f.* from facts as f left join raw.figures as p on p.document_sha256 = f.document_sha256 "
            "and p.figure_no = f.part_of_figure_no where f.part_of_figure_no is not null and p.figure_no is null",
        ),
    ],
    "raw.form_rows": [
        one_of("form", ["overall", "project"]),
        one_of("row_kind", ["execution", "heading", "indicator", "total"]),
        none_such(
            "No row without its place.",
            "select f.* from facts as f left join raw.evidence as e using (document_sha256, evidence_no) "
            "where e.evidence_no is null",
        ),
    ],
    "raw.evidence": [
        none_such(
            "The quote is exactly the range.",
            "select * from facts where char_end - char_start <> length(quote) or char_start < 0",
        ),
    ],
}


def suite(name: str) -> dict[str, Any]:
    """A suite as Great Expectations stores it."""
    return {"name": name, "expectations": SUITES[name], "meta": {}, "notes": ""}


def write(folder: Path = EXPECTATIONS) -> list[Path]:
    """Write every suite as JSON, and take away those that no longer exist; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in SUITES:
        path = folder / f"{name}.json"
        path.write_text(json.dumps(suite(name), ensure_ascii=False, indent=1) + "\n", "utf-8")
        written.append(path)
    for path in folder.glob("*.*.json"):
        if path not in written:
            path.unlink()
    return written


if __name__ == "__main__":
    for file in write():
        print(file)
