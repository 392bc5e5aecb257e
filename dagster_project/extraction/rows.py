"""What extraction returns: raw rows, as written, each with its evidence. No database, no meaning beyond the vocabularies.

`*_term` columns hold a label of one of the vocabularies in seeds/reference (the same CSVs that dbt reads); what the label
means (account code, measure, metric) is decided in SQL by joining the vocabulary. None means: no known label.
The field types here are the one definition of the raw tables' columns (see warehouse.schema). Rows are named tuples: made by the
hundred for every report and sent between processes, they cost a tenth of frozen dataclasses there.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

EXTRACTOR_VERSION = "4"  # rises whenever extraction may give other rows for the same document


class Identity(NamedTuple):
    """Who and when: one row a document."""

    title: str | None
    department_name: str | None  # full official name: 株洲市芦淞区人民政府办公室
    department_as_written: str | None
    province: str | None
    city: str | None
    district: str | None
    division_code: str | None  # GB/T 2260, six digits
    admin_level: str | None  # province, city, county, township
    fiscal_year: int | None
    report_kind: str  # overall_self_evaluation, project_self_evaluation, final_account, budget
    reported_on: date | None


class Evidence(NamedTuple):
    """A place in the document. `quote` is exactly `Document.text[char_start:char_end]`."""

    evidence_no: int
    section: str | None  # the heading path, e.g. 二、一般公共预算支出情况 / （一）基本支出情况
    page: int | None
    sheet: str | None
    paragraph: int | None  # ordinal of the block in the document, from 1
    form: str | None  # basic_data, overall, project, final_account, goal
    row: int | None  # in the form, from 1
    column: int | None
    char_start: int
    char_end: int
    quote: str


class Figure(NamedTuple):
    """One stated figure, in prose or in a form cell: once per statement."""

    figure_no: int  # from 1, in reading order
    evidence_no: int
    kind: str  # money, staff, asset, rate, score, output, organisation
    label: str  # the subject as written: 公务接待费, 办理市长热线
    term: str | None  # its label in account_labels.csv (money, rate) or metric_labels.csv (staff, asset, rate, ...)
    parent_term: str | None  # the account label that it stands under: 其中, heading, form group
    project_name: str | None  # as written, without list numbers and quotation marks
    measure_term: str | None  # label in measure_labels.csv: 年初预算, 决算, 追加; None for counts
    book_term: str | None  # label in budget_book_labels.csv
    fund_source_term: str | None  # label in fund_source_labels.csv
    fiscal_year: int | None  # the year that the figure belongs to, not the report's
    value: Decimal  # as written, in the unit as written (Chinese numerals resolved: 三 -> 3)
    value_as_written: str  # 2,951.09
    written_decimals: int  # decimal places as written, for tolerances
    unit: str  # as written, folded: 万元, %, 次, 人
    qualifier: str | None  # as written: 余, 近, 约, 以上, 累计, 同比下降; "stated_none" for a declared none
    sentence_no: int | None  # figures of one sentence share it
    part_of_figure_no: int | None  # the figure that this one is stated to be a part of
    rate_of_term: str | None = None  # a rate: numerator account/metric label
    rate_base_term: str | None = None  # a rate: denominator account/metric/measure label
    listed_count: int | None = None  # "N 个项目": how many the text then lists
    form: str | None = None  # basic_data, overall, project, final_account, goal
    form_no: int | None = None  # ordinal of the form in the document, from 1
    row_label: str | None = None  # form: row heading as written
    column_label: str | None = None  # form: column heading as written


class FormRow(NamedTuple):
    """A scored row of form 1-2, 1-3 or a sister form. Texts as written, blanks inside wrapped words removed."""

    form_row_no: int
    evidence_no: int
    form: str  # overall, project
    form_no: int
    project_name: str | None
    row_kind: str  # execution, heading, indicator, total
    level_1: str | None  # filled down over merged or lost cells
    level_2: str | None
    level_3: str | None
    target: str | None
    achieved: str | None
    weight: Decimal | None
    weight_as_written: str | None
    score: Decimal | None
    score_as_written: str | None
    execution_rate: Decimal | None  # execution row: in percent
    execution_rate_as_written: str | None
    deviation: str | None
    grade: str | None  # total row: 优 良 中 差


class Finding(NamedTuple):
    """A problem or measure that the report states."""

    finding_no: int
    evidence_no: int
    kind: str  # problem, measure
    text: str


class Omission(NamedTuple):
    """A number that was seen and is not a figure: kept with the reason, so that nothing is dropped in silence."""

    omission_no: int
    char_start: int
    char_end: int
    text: str
    reason: (
        str  # date, document_number, phone, ordinal, slogan, list_number, threshold, area, name, goal, template, ...
    )


class Extraction(NamedTuple):
    """All rows of one document."""

    identity: Identity
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[Figure, ...] = ()
    form_rows: tuple[FormRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    omissions: tuple[Omission, ...] = ()
    warnings: tuple[str, ...] = ()
    extractor_version: str = EXTRACTOR_VERSION
