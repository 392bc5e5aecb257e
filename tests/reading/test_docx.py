"""The .docx reader: cell by cell, numbering, revisions, boxes, hidden text, notes, pages, and its refusals."""

from __future__ import annotations

import io
import zipfile

import docx as python_docx
import pytest
from hypothesis import given, settings

from dagster_project.reading import read
from dagster_project.reading.counting import list_number
from dagster_project.reading.docx import read_docx
from dagster_project.reading.model import Heading, Paragraph, ReadError, Table
from tests.reading.docx_parts import docx, p, run, tbl, tc
from tests.reading.grids import Tile, merged_grids, tables_of, tiles_of


def lines(data: bytes) -> list[str]:
    return [b.text for b in read_docx(data, "t.docx").blocks if not isinstance(b, Table)]


def one_table(data: bytes) -> Table:
    (table,) = tables_of(read_docx(data, "t.docx"))
    return table


# --- headings ------------------------------------------------------------------------------------------------------


def test_headings_come_from_styles_outline_levels_and_names() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="正文标题"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="d"><w:name w:val="标题 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
    )
    body = "".join(p(f"行{key}", ppr=f'<w:pStyle w:val="{key}"/>') for key in "abcdt")
    body += p("直接", ppr='<w:outlineLvl w:val="4"/>') + p("正文", ppr='<w:pStyle w:val="a"/><w:outlineLvl w:val="9"/>')
    blocks = read_docx(docx(body, styles=styles), "t.docx").blocks
    assert [(b.text, b.level if isinstance(b, Heading) else None) for b in blocks if not isinstance(b, Table)] == [
        ("行a", 2),
        ("行b", 2),
        ("行c", 3),
        ("行d", 1),
        ("行t", 1),
        ("直接", 5),
        ("正文", None),
    ]


def test_style_that_is_based_on_itself_ends() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="y"/><w:basedOn w:val="a"/></w:style>'
    assert lines(docx(p("文", ppr='<w:pStyle w:val="a"/>'), styles=styles)) == ["文"]


# --- numbering -----------------------------------------------------------------------------------------------------

NUMBERING = (
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/><w:suff w:val="nothing"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%4"/><w:lvlRestart w:val="1"/></w:lvl>'
    "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF06C;"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1)"/>'
    '<w:pStyle w:val="S0"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/>'
    '<w:pStyle w:val="S1"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def numbered(text: str, level: int, list_id: int = 1) -> str:
    return p(text, ppr=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_automatic_numbers_are_written_out_level_by_level() -> None:
    body = (
        numbered("概况", 0)
        + numbered("机构", 1)
        + numbered("人员", 1)
        + numbered("在职", 2)
        + numbered("退休", 2)
        + numbered("支出", 0)
        + numbered("基本", 1)
        + numbered("合法", 3)
        + numbered("办公", 2)
    )
    assert lines(docx(body, numbering=NUMBERING)) == [
        "一、概况",
        "（一）机构",
        "（二）人员",
        "1. 在职",
        "2. 退休",
        "二、支出",
        "（一）基本",
        "2.1.1 合法",
        "1. 办公",
    ]


def test_lists_share_counters_until_an_override_restarts_them() -> None:
    body = numbered("甲", 0) + numbered("乙", 0) + numbered("丙", 0, 4) + numbered("丁", 0, 4) + numbered("点", 0, 2)
    assert lines(docx(body, numbering=NUMBERING)) == ["一、甲", "二、乙", "一、丙", "二、丁", "● 点"]


def test_numbers_of_styles_and_their_levels() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:name w:val="s{n}"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
        for n in (0, 1)
    )
    body = "".join(
        p(text, ppr=f'<w:pStyle w:val="S{n}"/>') for text, n in (("一", 0), ("二", 1), ("三", 1), ("四", 0), ("五", 1))
    )
    body += p("不编号", ppr='<w:pStyle w:val="S0"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(docx(body, styles=styles, numbering=NUMBERING)) == [
        "3) 一",
        "A. 二",
        "B. 三",
        "4) 四",
        "A. 五",
        "不编号",
    ]


def test_a_cell_may_hold_nothing_but_its_number_and_a_deleted_line_is_not_counted() -> None:
    rows = [tc(numbered("", 2)) + tc("办公费"), tc(numbered("", 2)) + tc("差旅费")]
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr><w:del>'
        + run("旧")
        + "</w:del></w:p>"
    )
    table = one_table(docx(gone + p("表") + tbl(*rows), numbering=NUMBERING))
    assert [c.text for c in table.cells] == ["1.", "办公费", "2.", "差旅费"]


@pytest.mark.parametrize(
    ("number", "kind", "shown"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "chineseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (1010, "chineseCounting", "一千零一十"),
        (10001, "chineseCounting", "一万零一"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (10, "ideographDigital", "一〇"),
        (3, "ideographTraditional", "丙"),
        (11, "decimalEnclosedCircle", "⑪"),
        (21, "decimalEnclosedCircleChinese", "㉑"),
        (2, "decimalEnclosedParen", "⑵"),
        (4, "upperRoman", "IV"),
        (9, "lowerRoman", "ix"),
        (27, "upperLetter", "AA"),
        (12, "decimalFullWidth", "１２"),
        (7, "decimalZero", "07"),
        (5, "numberInDash", "- 5 -"),
        (5, "none", ""),
        (5, "unheardOf", "5"),
        (2, "ideographZodiac", "丑"),
    ],
)
def test_number_formats_of_lists(number: int, kind: str, shown: str) -> None:
    assert list_number(number, kind) == shown


SHOWN, HIDDEN = '<w:vanish w:val="0"/>', '<w:rStyle w:val="h"/>'


# --- revisions, hidden text, fields ---------------------------------------------------------------------------------


def test_insertions_are_in_and_deletions_out() -> None:
    body = (
        f"<w:p>{run('预算')}<w:del>{run('旧')}<w:r><w:delText>删</w:delText></w:r></w:del><w:ins>{run('100')}</w:ins>"
        f"<w:moveFrom>{run('移走')}</w:moveFrom><w:moveTo>{run('移来')}</w:moveTo>{run('万元')}</w:p>"
    )
    assert lines(docx(body)) == ["预算100移来万元"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('离休0')}</w:p>" + p("人，退休12人") + p("完")
    assert lines(docx(body)) == ["离休0人，退休12人", "完"]


def test_deleted_rows_and_cells_are_out_inserted_ones_in() -> None:
    table = one_table(
        docx(
            tbl(
                tc("甲") + tc("1"),
                "<w:trPr><w:del/></w:trPr>" + tc("旧") + tc("0"),
                "<w:trPr><w:ins/></w:trPr>" + tc("乙") + tc("删", tcpr="<w:cellDel/>") + tc("2"),
                "<w:trPr><w:hidden/></w:trPr>" + tc("藏") + tc("3"),
            )
        )
    )
    assert tiles_of(table) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1"), (1, 0, 1, 1, "乙"), (1, 1, 1, 1, "2")]


def test_hidden_text_is_out_by_run_and_by_style() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="ph"><w:name w:val="ph"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = f"<w:p>{run('见')}{run('藏', '<w:vanish/>')}{run('亦见', SHOWN)}{run('藏', HIDDEN)}</w:p>"
    body += p("全藏", ppr='<w:pStyle w:val="ph"/>')
    assert lines(docx(body, styles=styles)) == ["见亦见"]


def test_field_codes_are_out_and_results_in() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        + run("码")
        + (
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("12")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
    )
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    unended = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' + p("后文")
    assert lines(docx(f"<w:p>{run('第')}{field}{run('页')}</w:p><w:p>{box}{run('是')}</w:p>{unended}")) == [
        "第12页",
        "☑是",
        "后文",
    ]


def test_tabs_breaks_symbols_ruby_and_formulas() -> None:
    body = (
        f"<w:p>{run('甲')}<w:r><w:tab/></w:r>{run('乙')}<w:r><w:br/></w:r>{run('丙')}<w:r><w:noBreakHyphen/></w:r>"
        '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r><w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r></w:p>'
        "<w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>zhū</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>株</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
        "<w:p><m:oMath><m:r><m:t>B/A</m:t></m:r></m:oMath></w:p>"
    )
    assert lines(docx(body)) == ["甲\t乙", "丙-☑≥", "株", "B/A"]


def test_blanks_of_a_text_without_preserve_are_trimmed_as_the_program_does() -> None:
    assert lines(docx("<w:p><w:r><w:t> 12 </w:t></w:r><w:r><w:t xml:space='preserve'> 万元</w:t></w:r></w:p>")) == [
        "12 万元"
    ]


# --- boxes, controls, notes ------------------------------------------------------------------------------------------

BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx>"
    "</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def test_a_text_box_stands_once_after_its_paragraph_also_in_a_cell() -> None:
    assert lines(docx(f"<w:p>{run('前')}{BOX.format(p('框内'))}{run('后')}</w:p>")) == ["前后", "框内"]
    table = one_table(docx(tbl(tc(f"<w:p>{run('前')}{BOX.format(p('框内'))}</w:p>") + tc("乙"))))
    assert [c.text for c in table.cells] == ["前\n框内", "乙"]


def test_old_and_hidden_drawings() -> None:
    old = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    hidden = old.replace("<v:shape>", "<v:shape style='visibility: hidden'>")
    assert lines(docx(f"<w:p>{run('文')}{old.format(p('旧框'))}{hidden.format(p('看不见'))}</w:p>")) == ["文", "旧框"]


def test_content_controls_at_every_level() -> None:
    def sdt(inner: str) -> str:
        return f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = (
        sdt(p("块"))
        + f"<w:p>{run('行')}{sdt(run('内'))}<w:hyperlink>{run('链')}</w:hyperlink><w:smartTag>{run('标')}</w:smartTag></w:p>"
    )
    first = sdt("<w:tr>" + tc("甲") + sdt(tc("乙")) + "</w:tr>")
    table = f"<w:tbl>{first}<w:tr>{tc(sdt(p('丙')))}{tc('丁')}</w:tr></w:tbl>"
    document = read_docx(docx(body + table), "t.docx")
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["块", "行内链标"]
    assert tiles_of(tables_of(document)[0]) == [
        (0, 0, 1, 1, "甲"),
        (0, 1, 1, 1, "乙"),
        (1, 0, 1, 1, "丙"),
        (1, 1, 1, 1, "丁"),
    ]


def test_notes_stand_at_the_end_and_only_those_referred_to() -> None:
    footnotes = "".join(
        f'<w:footnote w:id="{n}">{p(text)}</w:footnote>' for n, text in ((0, "线"), (1, "脚注甲"), (2, "无人引用"))
    )
    endnotes = f'<w:endnote w:id="5">{p("尾注")}</w:endnote>'
    body = (
        f"<w:p>{run('文')}<w:r><w:endnoteReference w:id='5'/></w:r><w:r><w:footnoteReference w:id='1'/></w:r></w:p>"
        f"<w:p><w:del><w:r><w:footnoteReference w:id='2'/></w:r></w:del>{run('尾')}</w:p>"
    )
    assert lines(docx(body, footnotes=footnotes, endnotes=endnotes)) == ["文", "尾", "脚注甲", "尾注"]


def test_an_embedded_page_takes_its_place() -> None:
    relation = '<Relationship Id="c1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="chunk.html"/>'
    page = "<html><body><p>嵌入的正文</p><table><tr><td>甲</td><td>1</td></tr></table></body></html>".encode()
    document = read_docx(
        docx(p("前") + '<w:altChunk r:id="c1"/>' + p("后"), relations=relation, extra={"word/chunk.html": page}),
        "t.docx",
    )
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["前", "嵌入的正文", "后"]
    assert tiles_of(tables_of(document)[0]) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "1")]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_merged_cells_written_by_another_library() -> None:
    made = python_docx.Document()
    table = made.add_table(4, 4)
    for r in range(4):
        for c in range(4):
            table.cell(r, c).text = f"{r}{c}"
    for a, b in (((0, 0), (0, 3)), ((1, 0), (3, 0)), ((1, 2), (2, 3))):
        for cell in {
            id(x._tc): x for x in [table.cell(r, c) for r in range(a[0], b[0] + 1) for c in range(a[1], b[1] + 1)]
        }.values():
            cell.text = ""
        table.cell(*a).merge(table.cell(*b)).text = f"{a}"
    out = io.BytesIO()
    made.save(out)
    assert tiles_of(one_table(out.getvalue())) == [
        (0, 0, 1, 4, "(0, 0)"),
        (1, 0, 3, 1, "(1, 0)"),
        (1, 1, 1, 1, "11"),
        (1, 2, 2, 2, "(1, 2)"),
        (2, 1, 1, 1, "21"),
        (3, 1, 1, 1, "31"),
        (3, 2, 1, 1, "32"),
        (3, 3, 1, 1, "33"),
    ]


def test_rows_that_begin_late_and_end_early() -> None:
    document = read_docx(
        docx(
            tbl(
                '<w:trPr><w:gridBefore w:val="2"/></w:trPr>' + tc("丙") + tc("丁"),
                tc("甲", tcpr='<w:gridSpan w:val="2"/>') + tc("乙") + "",
                '<w:trPr><w:gridAfter w:val="1"/></w:trPr>' + tc("戊") + tc("己") + tc("庚"),
            )
        ),
        "t.docx",
    )
    assert tiles_of(tables_of(document)[0]) == [
        (0, 0, 1, 2, ""),
        (0, 2, 1, 1, "丙"),
        (0, 3, 1, 1, "丁"),
        (1, 0, 1, 2, "甲"),
        (1, 2, 1, 1, "乙"),
        (1, 3, 1, 1, ""),
        (2, 0, 1, 1, "戊"),
        (2, 1, 1, 1, "己"),
        (2, 2, 1, 1, "庚"),
        (2, 3, 1, 1, ""),
    ]
    assert document.warnings == ()


def test_a_merge_that_continues_nothing_is_a_cell_of_its_own() -> None:
    table = one_table(
        docx(tbl(tc("甲", tcpr="<w:vMerge/>") + tc("乙"), tc("丙", tcpr='<w:gridSpan w:val="2"/><w:vMerge/>')))
    )
    assert tiles_of(table) == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 0, 1, 2, "丙")]


def test_horizontal_merges_of_old_files() -> None:
    restart, go_on = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    table = one_table(docx(tbl(tc("甲", tcpr=restart) + tc("", tcpr=go_on) + tc("乙"), tc("1") + tc("2") + tc("3"))))
    assert tiles_of(table) == [
        (0, 0, 1, 2, "甲"),
        (0, 2, 1, 1, "乙"),
        (1, 0, 1, 1, "1"),
        (1, 1, 1, 1, "2"),
        (1, 2, 1, 1, "3"),
    ]


def test_a_nested_table_follows_its_table_and_a_frame_is_seen_through() -> None:
    inner = tbl(tc("内1") + tc("内2"))
    outer, nested = tables_of(read_docx(docx(tbl(tc("外") + tc(p("含") + inner + p("表")))), "t.docx"))
    assert tiles_of(outer) == [(0, 0, 1, 1, "外"), (0, 1, 1, 1, "含\n表")]
    assert tiles_of(nested) == [(0, 0, 1, 1, "内1"), (0, 1, 1, 1, "内2")]
    framed = read_docx(docx(tbl(tc(p("标题") + inner + p("注")))), "t.docx")
    assert [type(b).__name__ for b in framed.blocks] == ["Paragraph", "Table", "Paragraph"]


def test_pages_and_the_seam_of_a_table() -> None:
    page_break = "<w:r><w:lastRenderedPageBreak/></w:r>"
    broken = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>丙</w:t></w:r></w:p>"
    body = (
        p("一")
        + tbl(tc("甲") + tc("乙"), tc(broken) + tc(broken))
        + p("二")
        + f"<w:p>{page_break}{run('三')}</w:p><w:p>{run('四')}{page_break}{run('五')}</w:p>"
    )
    document = read_docx(docx(body), "t.docx")
    assert [b.page for b in document.blocks] == [1, 1, 2, 3, 3]
    assert tables_of(document)[0].seams == (1,)
    assert {b.page for b in read_docx(docx(p("无")), "t.docx").blocks} == {None}


def test_the_strict_namespaces_read_the_same() -> None:
    body = p("文", ppr='<w:outlineLvl w:val="0"/>') + tbl(tc("甲", tcpr='<w:gridSpan w:val="2"/>'), tc("1") + tc("2"))
    plain = docx(body)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            target.writestr(
                name,
                content.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006",
                    b"http://purl.oclc.org/ooxml/officeDocument",
                ),
            )
    assert read(out.getvalue(), "t.docx").blocks == read(plain, "t.docx").blocks


def grid_xml(tiles: list[Tile], n_rows: int, n_cols: int) -> str:
    rows = []
    for row in range(n_rows):
        cells = ""
        for r, _, height, width, text in sorted(tiles, key=lambda t: t[1]):
            if r <= row < r + height:
                props = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
                if height > 1:
                    props += '<w:vMerge w:val="restart"/>' if row == r else "<w:vMerge/>"
                cells += tc(text if row == r else "", tcpr=props)
        rows.append(cells)
    return tbl(*rows)


@settings(max_examples=60, deadline=None)
@given(merged_grids())
def test_any_merged_grid_reads_back(grid: tuple[list[Tile], int, int]) -> None:
    tiles, n_rows, n_cols = grid
    document = read_docx(docx(p("表") + grid_xml(tiles, n_rows, n_cols)), "t.docx")
    table = tables_of(document)[0]
    assert tiles_of(table) == sorted(tiles)
    assert (table.n_rows, table.n_cols, document.warnings) == (n_rows, n_cols, ())


# --- refusals --------------------------------------------------------------------------------------------------------


def reason(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "坏文件.docx")
    assert "坏文件.docx" in caught.value.message
    return caught.value.reason


def test_refusals_name_their_reason() -> None:
    whole = docx(p("文" * 2000))
    assert reason(b"") == "empty"
    assert reason(docx("<w:p/>")) == "no_text"
    for cut in (100, len(whole) // 2, len(whole) - 10):
        assert reason(whole[:cut]) == "damaged"
    assert reason(docx("<w:p>")) == "damaged"
    assert reason(docx(p("&e;"), prologue='<!DOCTYPE w:document [<!ENTITY e "x">]>')) == "hostile"
    assert reason(docx("<w:sdt><w:sdtContent>" * 400 + p("深") + "</w:sdtContent></w:sdt>" * 400)) == "hostile"


def test_a_span_of_two_billion_is_clamped() -> None:
    table = one_table(docx(tbl(tc("甲", tcpr='<w:gridSpan w:val="2000000000"/>'), tc("1") + tc("2"))))
    assert table.n_cols == 1000
    assert [c.text for c in table.cells if c.text] == ["甲", "1", "2"]


def test_properties() -> None:
    made = python_docx.Document()
    made.core_properties.title = "自评报告"
    made.add_paragraph("文")
    out = io.BytesIO()
    made.save(out)
    assert read_docx(out.getvalue(), "t.docx").properties["title"] == "自评报告"
