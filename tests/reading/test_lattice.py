"""The geometry core on rules and characters placed by hand."""

from __future__ import annotations

import pytest

from dagster_project.reading.lattice import Rule, Slot, find_lattices, snap
from dagster_project.reading.lines import Glyph, begins_item, group_lines, join_cell
from dagster_project.reading.model import DocumentBuilder, Paragraph, Table
from dagster_project.reading.pages import PageContent, assemble


def grid_rules(xs: list[float], ys: list[float]) -> tuple[list[Rule], list[Rule]]:
    return [Rule(y, xs[0], xs[-1]) for y in ys], [Rule(x, ys[0], ys[-1]) for x in xs]


def put(text: str, x: float, y: float, size: float = 10.0) -> list[Glyph]:
    glyphs = []
    for char in text:
        width = size * (0.5 if char.isascii() else 1.0)
        glyphs.append(Glyph(x, x + width, y, size, char))
        x += width
    return glyphs


def read(*pages: PageContent) -> tuple[list[str], list[Table]]:
    builder = DocumentBuilder("page", "pdf")
    assemble(pages, builder)
    document = builder.build()
    assert not document.warnings
    for block in document.blocks:
        parts = block.cells if isinstance(block, Table) else [block]
        assert all(document.text[p.start : p.end] == p.text for p in parts)
    return (
        [b.text for b in document.blocks if isinstance(b, Paragraph)],
        [b for b in document.blocks if isinstance(b, Table)],
    )


def body(*lines: tuple[str, float], number: int = 1, top: float = 100.0, leading: float = 19.0) -> PageContent:
    page = PageContent(number, 595, 842)
    for i, (text, indent) in enumerate(lines):
        page.glyphs += put(text, 60 + indent, top + i * leading, 12)
    return page


class TestRules:
    def test_a_plain_grid(self) -> None:
        (lattice,) = find_lattices(*grid_rules([0, 50, 120], [0, 20, 40, 60]))
        assert lattice.xs == (0, 50, 120)
        assert lattice.cells == tuple(Slot(r, c, 1, 1) for r in range(3) for c in range(2))

    def test_double_lines_are_one(self) -> None:
        across, down = grid_rules([0, 50, 120], [0, 20, 40])
        across += [Rule(r.at + 1.5, r.start, r.end) for r in across]
        down += [Rule(r.at + 1.5, r.start, r.end) for r in down]
        (lattice,) = find_lattices(across, down)
        assert len(lattice.cells) == 4

    def test_dashes_are_one_line(self) -> None:
        dashes = [Rule(10, x, x + 3) for x in range(0, 60, 6)]
        assert snap(dashes) == [Rule(10, 0, 57)]

    def test_pieces_of_each_cells_border_join(self) -> None:
        pieces = [Rule(10, 0, 50), Rule(10.4, 50.5, 90), Rule(9.8, 200, 220)]
        assert [(r.start, r.end) for r in snap(pieces)] == [(0, 90), (200, 220)]

    def test_ticks_and_parts_of_glyphs_are_not_rules(self) -> None:
        assert snap([Rule(10, 0, 3)]) == []

    def test_missing_inner_rules_are_spans(self) -> None:
        across = [Rule(0, 0, 90), Rule(20, 30, 90), Rule(40, 0, 90)]
        down = [Rule(0, 0, 40), Rule(30, 0, 40), Rule(60, 20, 40), Rule(90, 0, 40)]
        (lattice,) = find_lattices(across, down)
        assert set(lattice.cells) == {Slot(0, 0, 2, 1), Slot(0, 1, 1, 2), Slot(1, 1, 1, 1), Slot(1, 2, 1, 1)}

    def test_open_left_and_right_sides(self) -> None:
        across = [Rule(y, 0, 120) for y in (0, 20, 40)]
        (lattice,) = find_lattices(across, [Rule(40, 0, 40), Rule(80, 0, 40)])
        assert lattice.xs == (0, 40, 80, 120)
        assert len(lattice.cells) == 6

    def test_open_top(self) -> None:
        (lattice,) = find_lattices([Rule(20, 0, 80), Rule(40, 0, 80)], [Rule(x, 0, 40) for x in (0, 40, 80)])
        assert lattice.ys == (0, 20, 40)

    def test_an_l_shaped_hole_is_cut_into_rectangles(self) -> None:
        across = [Rule(0, 0, 60), Rule(20, 30, 60), Rule(40, 0, 60)]
        down = [Rule(0, 0, 40), Rule(30, 20, 40), Rule(60, 0, 40)]
        (lattice,) = find_lattices(across, [*down])
        covered = sorted(
            (r, c)
            for s in lattice.cells
            for r in range(s.row, s.row + s.rowspan)
            for c in range(s.col, s.col + s.colspan)
        )
        assert covered == [(0, 0), (0, 1), (1, 0), (1, 1)]

    def test_a_frame_is_no_table_but_the_table_in_it_is(self) -> None:
        across, down = grid_rules([0, 200], [0, 200])
        inner_across, inner_down = grid_rules([20, 60, 100], [20, 40, 60])
        (lattice,) = find_lattices(across + inner_across, down + inner_down)
        assert lattice.xs == (20, 60, 100)

    def test_a_grid_inside_a_cell_belongs_to_the_cell(self) -> None:
        across, down = grid_rules([0, 100, 200], [0, 100, 200])
        inner_across, inner_down = grid_rules([20, 40, 60], [20, 40, 60])
        (lattice,) = find_lattices(across + inner_across, down + inner_down)
        assert lattice.xs == (0, 100, 200)

    def test_two_tables_on_a_page_from_top_to_bottom(self) -> None:
        first, second = grid_rules([0, 40, 80], [0, 20, 40]), grid_rules([0, 20, 80], [100, 120])
        found = find_lattices(second[0] + first[0], second[1] + first[1])
        assert [lattice.ys[0] for lattice in found] == [0, 100]

    def test_an_underline_makes_no_row(self) -> None:
        across, down = grid_rules([0, 80, 160], [0, 40, 80])
        (lattice,) = find_lattices([*across, Rule(25, 0, 30)], down)
        assert lattice.ys == (0, 40, 80)

    def test_a_drawing_of_thousands_of_lines_is_left_alone(self) -> None:
        many = [Rule(4.0 * i, 0, 12000) for i in range(3000)]
        assert find_lattices(many, many) == []


class TestLines:
    @pytest.mark.parametrize("shift", [0.0, 1.5, 3.0, -3.0, 6.0])
    def test_a_shifted_baseline_does_not_split_a_line(self, shift: float) -> None:
        whole = put("预算2951.09万元，完成97.84%。", 0, 50)
        glyphs = [g._replace(y=g.y + shift) if g.text.isascii() else g for g in whole]
        assert [line.text for line in group_lines(glyphs)] == ["预算2951.09万元，完成97.84%。"]

    def test_lines_set_solid_stay_apart(self) -> None:
        glyphs = put("基本支出", 0, 50) + put("项目支出", 0, 60)
        assert [line.text for line in group_lines(glyphs)] == ["基本支出", "项目支出"]

    def test_fake_bold_is_read_once(self) -> None:
        glyphs = put("合计100.00", 0, 50) + put("合计100.00", 0.3, 50)
        assert [line.text for line in group_lines(glyphs)] == ["合计100.00"]

    def test_repeated_digits_are_not_overprints(self) -> None:
        assert group_lines(put("1111.11", 0, 50))[0].text == "1111.11"

    def test_gaps_become_blanks_between_words_and_numbers_only(self) -> None:
        glyphs = put("12", 0, 50) + put("34", 16, 50) + put("万", 28.5, 50)
        assert group_lines(glyphs)[0].text == "12 34万"

    def test_a_tab_in_prose(self) -> None:
        glyphs = put("编制单位", 0, 50) + put("单位：万元", 300, 50)
        assert group_lines(glyphs, prose=True)[0].text == "编制单位\t单位：万元"

    @pytest.mark.parametrize(
        ("rows", "width", "text"),
        [
            (["97.3", "5%"], 24, "97.35%"),
            (["1,234,56", "7.89"], 42, "1,234,567.89"),
            (["因疫情影响部分", "工作推迟"], 74, "因疫情影响部分工作推迟"),
            (["办公室", "档案馆"], 74, "办公室\n档案馆"),
            (["产", "出", "指", "标"], 40, "产出指标"),
            (["the yearly", "budget"], 66, "the yearly budget"),
            (["1.完成接收工作；", "2.完成扫描工作。"], 84, "1.完成接收工作；\n2.完成扫描工作。"),
        ],
    )
    def test_lines_of_a_cell(self, rows: list[str], width: float, text: str) -> None:
        glyphs = [g for i, row in enumerate(rows) for g in put(row, 2, 10 + 13 * i)]
        assert join_cell(group_lines(glyphs), 0, width, 4) == text

    @pytest.mark.parametrize(
        "text", ["一、基本情况", "（二）项目支出", "1.主要职能", "1、目标", "（3）其他", "①会议", "第二部分"]
    )
    def test_items_begin(self, text: str) -> None:
        assert begins_item(text)

    @pytest.mark.parametrize("text", ["1.5万元", "一定要", "2022年", "（含本级）"])
    def test_figures_and_words_begin_no_item(self, text: str) -> None:
        assert not begins_item(text)


class TestPages:
    FULL = "本部门严格执行预算管理制度全年支出控制在预算以内各项工作按计划完成较好地"  # 36 characters: one full line

    def test_a_wrapped_sentence_is_one_paragraph(self) -> None:
        page = body((self.FULL[:34], 24), (self.FULL, 0), ("实现了目标。", 0), (self.FULL[:34], 24), ("完成。", 0))
        texts, _ = read(page)
        assert texts == [self.FULL[:34] + self.FULL + "实现了目标。", self.FULL[:34] + "完成。"]

    def test_a_sentence_goes_on_over_the_page(self) -> None:
        first = body(("支出情况", 24), (self.FULL[:34], 24), (self.FULL, 0), top=700)
        second = body(("实现了目标。", 0), ("二、其他", 24), number=2)
        texts, _ = read(first, second)
        assert texts == ["支出情况", self.FULL[:34] + self.FULL + "实现了目标。", "二、其他"]

    def test_a_title_whose_first_line_is_full_is_one_paragraph(self) -> None:
        page = body((self.FULL, 0), ("绩效自评报告", 180), (self.FULL[:34], 24), ("完成。", 0))
        texts, _ = read(page)
        assert texts == [self.FULL + "绩效自评报告", self.FULL[:34] + "完成。"]

    def test_what_follows_a_title_of_one_full_line_is_no_part_of_it(self) -> None:
        texts, _ = read(body((self.FULL[:30] + "自评报告", 24), ("附表1", 24), (self.FULL, 0), ("完成。", 0)))
        assert texts[:2] == [self.FULL[:30] + "自评报告", "附表1"]

    def test_a_page_on_its_side_has_its_number_as_far_from_the_edge(self) -> None:
        pages = []
        for n in (1, 2):
            page = body((f"第{n}页的正文在这里", 24), number=n)
            page.width, page.height = 842, 595
            page.glyphs += put(f"- {n} -", 400, 595 - 90, 10)
            pages.append(page)
        texts, _ = read(*pages)
        assert texts == ["第1页的正文在这里", "第2页的正文在这里"]

    def test_page_numbers_and_running_heads_go(self) -> None:
        pages = []
        for n in (1, 2, 3):
            page = body((f"第{n}页的正文在这里", 24), number=n)
            page.glyphs += put("2022年度部门决算", 60, 40, 9) + put(f"— {n} —", 280, 806, 10)
            pages.append(page)
        texts, _ = read(*pages)
        assert texts == ["第1页的正文在这里", "第2页的正文在这里", "第3页的正文在这里"]

    def test_a_number_in_the_middle_of_the_page_stays(self) -> None:
        texts, _ = read(body(("编外人数", 24), ("12", 24), ("人", 24), top=300))
        assert texts == ["编外人数", "12", "人"]

    @staticmethod
    def table_page(
        number: int, ys: list[float], rows: list[list[str]], xs: tuple[float, ...] = (60, 200, 300, 530)
    ) -> PageContent:
        page = PageContent(number, 595, 842)
        page.horizontals, page.verticals = grid_rules(list(xs), ys)
        for y, row in zip(ys, rows, strict=False):
            for x, text in zip(xs, row, strict=False):
                page.glyphs += put(text, x + 5, y + 10)
        return page

    def test_a_table_goes_on_over_the_page(self) -> None:
        first = self.table_page(
            1, [700, 720, 740, 760], [["项目", "预算", "决算"], ["办公费", "1.2", "1.1"], ["水费", "3", "2"]]
        )
        second = self.table_page(2, [72, 92, 112], [["项目", "预算", "决算"], ["电费", "5", "4"]])
        _, (table,) = read(first, second)
        assert (table.n_rows, table.n_cols, table.seams, table.page) == (4, 3, (3,), 1)
        assert [c.text for c in table.cells][-3:] == ["电费", "5", "4"]

    def test_a_form_that_begins_with_the_same_row_as_the_one_before_keeps_it(self) -> None:
        title = ["项目支出绩效自评表", "", ""]
        first = self.table_page(1, [720, 740, 760], [title, ["项目名称", "河道疏浚", "甲"]])
        second = self.table_page(2, [72, 92, 112], [title, ["项目名称", "路灯维护", "乙"]])
        _, (table,) = read(first, second)
        assert [c.text for c in table.cells if c.col == 0] == [title[0], "项目名称"] * 2

    def test_a_merged_cell_that_the_page_cut_is_whole_behind_a_repeated_head(self) -> None:
        def part(number: int, ys: list[float], label: str) -> PageContent:
            page = PageContent(number, 595, 842)
            page.horizontals = [Rule(ys[0], 60, 300), Rule(ys[1], 60, 300), Rule(ys[2], 150, 300), Rule(ys[3], 60, 300)]
            page.verticals = [Rule(x, ys[0], ys[3]) for x in (60, 150, 300)]
            page.glyphs += put("来源", 65, ys[0] + 10) + put("金额", 155, ys[0] + 10) + put(label, 65, ys[2])
            page.glyphs += put(f"{number}1", 155, ys[1] + 10) + put(f"{number}2", 155, ys[2] + 10)
            return page

        _, (table,) = read(part(1, [700, 720, 740, 760], "资金安排"), part(2, [72, 92, 112, 132], ""))
        assert [(c.text, c.rowspan) for c in table.cells if c.col == 0] == [("来源", 1), ("资金安排", 4)]
        assert [c.text for c in table.cells if c.col == 1] == ["金额", "11", "12", "21", "22"]

    def test_tables_with_other_columns_stay_two(self) -> None:
        first = self.table_page(1, [740, 760, 780], [["项目", "预算", "决算"], ["办公费", "1.2", "1.1"]])
        second = self.table_page(2, [72, 92, 112], [["甲", "乙", "丙"], ["1", "5", "4"]], (60, 90, 410, 530))
        _, tables = read(first, second)
        assert [t.seams for t in tables] == [(), ()]

    def test_a_table_that_ends_high_on_the_page_is_over(self) -> None:
        first = self.table_page(1, [100, 120, 140], [["项目", "预算", "决算"], ["办公费", "1.2", "1.1"]])
        second = self.table_page(2, [72, 92, 112], [["项目", "预算", "决算"], ["水费", "1.2", "1.1"]])
        _, tables = read(first, second)
        assert len(tables) == 2

    def test_a_merged_cell_that_the_page_cut_is_whole_again(self) -> None:
        def part(number: int, ys: list[float], label: str) -> PageContent:
            page = PageContent(number, 595, 842)
            page.horizontals = [Rule(ys[0], 60, 300), Rule(ys[1], 150, 300), Rule(ys[2], 60, 300)]
            page.verticals = [Rule(x, ys[0], ys[2]) for x in (60, 150, 300)]
            page.glyphs += put(label, 65, ys[1]) + put("甲", 155, ys[0] + 10) + put("乙", 155, ys[1] + 10)
            return page

        _, (table,) = read(part(1, [720, 740, 760], "产出指标"), part(2, [72, 92, 112], ""))
        assert (table.cells[0].text, table.cells[0].rowspan, table.n_rows, table.seams) == ("产出指标", 4, 4, (2,))

    @pytest.mark.parametrize(
        ("upper", "lower", "whole"),
        [
            (["合计", "32.", "0.00", "31.3"], ["", "28", "", "5"], ["合计", "32.28", "0.00", "31.35"]),
            (["合计", "1,23", "97.3", "9"], ["", "4.56", "5%", ""], ["合计", "1,234.56", "97.35%", "9"]),
            (["合计", "32.", "31.", "2."], ["", "28", "35", "5"], ["合计", "32.28", "31.35", "2.5"]),
            (["合计", "6", "31.3", "9"], ["", ".5", "", ""], ["合计", "6.5", "31.3", "9"]),
            (["合计", "31.", "246", "9"], ["", "28", "1", ""], ["合计", "31.28", "2461", "9"]),
        ],
    )
    def test_a_row_whose_numbers_the_page_cut_is_one(
        self, upper: list[str], lower: list[str], whole: list[str]
    ) -> None:
        xs = (60.0, 110.0, 140.0, 170.0, 200.0)
        first = self.table_page(1, [720, 740, 760], [["项目", "甲", "乙", "丙"], upper], xs)
        second = self.table_page(2, [72, 92, 112], [lower, ["其中", "1.2", "1.1", "3"]], xs)
        _, (table,) = read(first, second)
        assert [c.text for c in table.cells if c.row == 1] == whole
        assert table.n_rows == 3

    @pytest.mark.parametrize(
        ("upper", "lower"),
        [
            (["经济效益", "10", "10", "9"], ["社会效益", "10", "10", "9"]),
            (["合计", "31.3", "0.9", "2.1"], ["", "5", "3", "4"]),
            (["合计", "0.00", "1.25", "2.1"], ["其中", "5", "3.2", "4"]),
        ],
    )
    def test_two_rows_of_whole_numbers_stay_two(self, upper: list[str], lower: list[str]) -> None:
        xs = (60.0, 110.0, 140.0, 170.0, 200.0)
        first = self.table_page(1, [720, 740, 760], [["项目", "甲", "乙", "丙"], upper], xs)
        second = self.table_page(2, [72, 92, 112], [lower, ["其中", "1.2", "1.1", "3"]], xs)
        _, (table,) = read(first, second)
        assert [[c.text for c in table.cells if c.row == r] for r in (1, 2)] == [upper, lower]

    @pytest.mark.parametrize(
        ("label", "rest", "joined"),
        [
            ("产出指标（50", "分）", "产出指标（50分）"),
            ("产出指标", "（50分）", "产出指标（50分）"),
            ("产出指", "标", "产出指标"),
            ("产出指标", "效益指标", None),
            ("产出指标（50分）", "效益指标（30分）", None),
        ],
    )
    def test_a_label_that_the_page_cut(self, label: str, rest: str, joined: str | None) -> None:
        xs = (60.0, 60.0 + 10.0 * len(label) + 10, 280.0, 330.0)
        first = self.table_page(1, [740, 760], [[label, "数量指标", "8"]], xs)
        second = self.table_page(2, [72, 92, 112], [[rest, "质量指标", "9"], ["效益", "社会效益", "1"]], xs)
        _, (table,) = read(first, second)
        first_cell = table.cells[0]
        assert (first_cell.text, first_cell.rowspan) == ((joined, 2) if joined else (label, 1))
        assert [c.text for c in table.cells if c.col == 1] == ["数量指标", "质量指标", "社会效益"]

    def test_a_one_character_entry_under_a_head_is_no_rest_of_it(self) -> None:
        xs = (60.0, 110.0, 160.0, 200.0)
        first = self.table_page(1, [740, 760], [["三级指标", "指标值", "度量单位"]], xs)
        second = self.table_page(2, [72, 92], [["培训场次", "27", "期"]], xs)
        _, (table,) = read(first, second)
        assert [c.text for c in table.cells] == ["三级指标", "指标值", "度量单位", "培训场次", "27", "期"]

    def test_a_character_wider_than_its_column_tells_nothing_about_the_room_in_others(self) -> None:
        xs = (60.0, 68.0, 107.0, 300.0)
        page = self.table_page(1, [300, 350, 400], [["", "金额", "备注"], ["", "", ""]], xs)
        page.glyphs += put("一", 59.0, 310) + put("10593", 73, 360) + put("00.00", 73, 375)
        _, (table,) = read(page)
        assert "1059300.00" in [c.text for c in table.cells]

    def test_a_number_wider_than_its_column_stays_whole(self) -> None:
        page = self.table_page(1, [300, 320, 340], [["项目", "", ""], ["合计", "", ""]])
        page.glyphs += put("123,456,789,012,345.67", 203, 330)
        _, (table,) = read(page)
        assert [c.text for c in table.cells if c.row == 1] == ["合计", "123,456,789,012,345.67", ""]
