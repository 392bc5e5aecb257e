"""The HTML reader: bytes to text, the article in the page, tables with their spans, what is not shown."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings

from dagster_project.reading import read
from dagster_project.reading.html import read_html
from dagster_project.reading.model import Document, Heading, Paragraph, ReadError
from tests.reading.grids import Tile, merged_grids, tables_of, tiles_of


def page(body: str, head: str = "", encoding: str = "utf-8", label: str | None = "utf-8") -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    return f"<!DOCTYPE html><html><head>{meta}{head}</head><body>{body}</body></html>".encode(encoding)


def lines(body: str, head: str = "") -> list[str]:
    document = read_html(page(body, head), "t.html")
    return [b.text for b in document.blocks if isinstance(b, Heading | Paragraph)]


def only_tiles(body: str) -> list[Tile]:
    (table,) = tables_of(read_html(page(body), "t.html"))
    return tiles_of(table)


# --- bytes to text -----------------------------------------------------------------------------------------------------

WORDS = "株洲市芦淞区人民政府办公室，镕、喆、㎡、€，支出２，９５１．０９万元"


@pytest.mark.parametrize(
    ("encoding", "label", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("utf-8", None, b""),
        ("utf-8", "gb2312", b""),
        ("utf-8", "utf-8", b"\xef\xbb\xbf"),
        ("gb18030", "gb2312", b""),
        ("gb18030", "gbk", b""),
        ("gb18030", "utf-8", b""),
        ("gb18030", None, b""),
        ("gb18030", "iso-8859-99", b""),
        ("utf-16-le", None, b"\xff\xfe"),
        ("utf-16-be", None, b"\xfe\xff"),
    ],
)
def test_charsets_true_wrong_and_missing(encoding: str, label: str | None, mark: bytes) -> None:
    document = read(mark + page(f"<p>{WORDS}</p>", encoding=encoding, label=label), "t.html")
    assert document.format == "html"
    assert document.text == WORDS + "\n"
    assert document.warnings == ()


def test_big5_is_believed_when_the_page_says_so() -> None:
    document = read(page("<p>財政局決算</p>", encoding="big5", label="big5"), "t.html")
    assert document.text == "財政局決算\n"


def test_a_page_cut_inside_a_character_is_still_utf8() -> None:
    data = page(f"<p>{WORDS * 40}</p>")
    document = read_html(data[: data.rfind("万".encode()) + 1], "t.html")
    assert document.text.startswith(WORDS)
    assert [w.code for w in document.warnings] == ["charset", "damaged"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>x</p><table><tr><td>1</td></tr>", "opened and not closed"),
        ("<p>x</p><table><tr><td>1</td></tr></table><p", "inside a tag"),
        ("<html><body><p>x</p>", "before the page does"),
        ("<p>x\0\0\0\0</p>", "zero bytes"),
    ],
)
def test_a_page_that_is_not_whole_says_so(body: str, said: str) -> None:
    (warning,) = read_html(body.encode(), "t.html").warnings
    assert warning.code == "damaged"
    assert said in warning.message


# --- text ----------------------------------------------------------------------------------------------------------------


def test_headings_paragraphs_breaks_and_lists() -> None:
    document = read_html(
        page(
            "<h1>标题<br>下行</h1><p>一段  文\n字</p>散文<br>次行<div>块<b>粗</b>尾</div><ul><li>甲</li><li>乙</li></ul><pre>a\n b</pre>"
        ),
        "t.html",
    )
    assert [
        (b.text, b.level if isinstance(b, Heading) else 0)
        for b in document.blocks
        if isinstance(b, Heading | Paragraph)
    ] == [
        ("标题\n下行", 1),
        ("一段 文字", 0),
        ("散文", 0),
        ("次行", 0),
        ("块粗尾", 0),
        ("甲", 0),
        ("乙", 0),
        ("a", 0),
        (" b", 0),
    ]


def test_a_number_in_pieces_of_markup_is_one_number() -> None:
    assert lines("<p>支出<span>2,</span><span>951</span>.<b>09</b>万元</p>") == ["支出2,951.09万元"]


def test_entities_and_hard_blanks() -> None:
    assert lines("<p>&nbsp;甲&amp;乙&lt;3%&#12289;&hellip;</p><p>&nbsp;</p>") == ["\xa0甲&乙<3%、…"]


def test_control_characters_are_dropped_also_beside_what_is_hidden() -> None:
    assert lines("<p>甲\x08<script>x</script>\x02乙\x0c丙&#11;<i hidden>y</i>&#12;丁</p>") == ["甲乙丙丁"]


def test_the_title_is_a_property_not_text() -> None:
    document = read_html(page("<p>文</p>", "<title> 自评\n报告 </title>"), "t.html")
    assert document.properties["title"] == "自评 报告"
    assert document.text == "文\n"


def test_input_fields_show_their_values() -> None:
    assert lines("<p>编制<input value='12'>人<input type=hidden value='9'><input type=checkbox checked>是</p>") == [
        "编制12人☑是"
    ]


# --- what is not shown ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>旧数</p>",
        "<p style='DISPLAY : NONE;color:red'>旧数</p>",
        "<div hidden><p>旧数</p></div>",
        "<p aria-hidden='true'>旧数</p>",
        "<script>旧数</script>",
        "<style>旧数</style>",
        "<noscript>旧数</noscript>",
        "<template>旧数</template>",
        "<!-- 旧数 -->",
        "<p class='b off'>旧数</p>",
        "<p id='gone'>旧数</p>",
        "<select><option>旧数</select>",
        "<textarea>旧数</textarea>",
        "<table style='display: none'><tr><td>旧数</td><td>1</td></tr></table>",
        "<p style='visibility:hidden'>旧数</p>",
        "<nav>旧数</nav>",
        "<footer>旧数</footer>",
        "<div role='navigation'>旧数</div>",
    ],
)
def test_hidden_elements_are_out_and_what_follows_them_stays(hidden: str) -> None:
    style = "<style>/* .kept{display:none} */ .off, #gone {color:red; display:none} @media print {.kept{display:none}} .back{display:none} .back{display:block}</style>"
    assert lines(f"<div>前{hidden}后<p class='kept'>留</p><p class='back'>回</p></div>", style) in (
        ["前后", "留", "回"],
        ["前", "后", "留", "回"],
    )


# --- the article ---------------------------------------------------------------------------------------------------------------

REPORT = "".join(f"<p>第{n}段，部门整体支出{n}01.5万元，完成预算的98%。</p>" for n in range(1, 8))
FORM = (
    "<table border=1><tr><td>指标</td><td colspan=2>分值</td></tr><tr><td>数量</td><td>10</td><td>9.5</td></tr></table>"
)


def article_of(document: Document) -> None:
    texts = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    assert texts == [f"第{n}段，部门整体支出{n}01.5万元，完成预算的98%。" for n in range(1, 8)]
    assert tiles_of(tables_of(document)[0]) == [
        (0, 0, 1, 1, "指标"),
        (0, 1, 1, 2, "分值"),
        (1, 0, 1, 1, "数量"),
        (1, 1, 1, 1, "10"),
        (1, 2, 1, 1, "9.5"),
    ]
    assert len(tables_of(document)) == 1


LINKS = "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(6))
FOOT = "<div class='bot'>主办单位：某某人民政府 版权所有 湘ICP备05000618号 网站标识码4302030001 <a href='/m'>网站地图</a></div>"
PAGES = {
    "semantic": f"<header><ul>{LINKS}</ul></header><nav><ul>{LINKS}</ul></nav><main><article><h1>报告</h1>{REPORT}{FORM}</article></main><footer>页脚</footer>",
    "divs": f"<div id='top'><ul>{LINKS}</ul></div><div class='pos'>当前位置：<a href='/'>首页</a> &gt; 公开</div>"
    f"<div class='wrap'><div class='left'><ul>{LINKS}</ul></div><div class='text'><h1>报告</h1><div class='info'>信息来源：财政局 浏览次数：12 打印本页</div>"
    f"<div id='zoom'>{REPORT}{FORM}</div><div class='share'>分享到 微信</div></div></div>{FOOT}",
    "layout tables": f"<table><tr>{LINKS.replace('li>', 'td>')}</tr></table><table width=1000><tr><td width=200><ul>{LINKS}</ul></td><td><h1>报告</h1>{REPORT}{FORM}"
    f"</td></tr></table><table><tr><td>{FOOT}</td></tr></table>",
    "two tables deep": f"<table><tr><td><table><tr><td><h1>报告</h1></td></tr><tr><td>{REPORT}{FORM}</td></tr></table></td></tr></table>",
    "body only": f"<h1>报告</h1>{REPORT}{FORM}",
    "classes": f"<div class='breadcrumb-box'>首页 公开</div><div><h1>报告</h1>{REPORT}{FORM}</div><div class='site-footer'>电话 0731-28550000</div>",
}


@pytest.mark.parametrize("kind", sorted(PAGES))
def test_the_article_without_the_site_around_it(kind: str) -> None:
    document = read_html(page(PAGES[kind]), "t.html")
    article_of(document)
    assert [(b.text, b.level) for b in document.blocks if isinstance(b, Heading)] == [("报告", 1)]


def test_short_parts_of_a_report_are_not_taken_for_furniture() -> None:
    body = f"<div><div>为区直部门提供技术支持，主办单位验收。</div><div>{REPORT}</div><div>附件说明</div></div>"
    texts = lines(body)
    assert texts[0] == "为区直部门提供技术支持，主办单位验收。"
    assert texts[-1] == "附件说明"


def test_a_report_in_equal_parts_keeps_them_all() -> None:
    part = "<div><p>支出合计2,951.09万元，其中基本支出1,200万元。</p></div>"
    assert len(lines(f"<div>{part * 3}</div>")) == 3


# --- tables ----------------------------------------------------------------------------------------------------------------------


def test_a_span_goes_on_where_the_next_row_group_lacks_its_cell() -> None:
    body = (
        "<table><thead><tr><td rowspan=2>人员</td><td>编制数</td><td>控制率</td></tr></thead>"
        "<tbody><tr><td>36</td><td>95%</td></tr><tr><td>经费</td><td>预算</td><td>决算</td></tr></tbody></table>"
    )
    assert only_tiles(body)[:5] == [
        (0, 0, 2, 1, "人员"),
        (0, 1, 1, 1, "编制数"),
        (0, 2, 1, 1, "控制率"),
        (1, 1, 1, 1, "36"),
        (1, 2, 1, 1, "95%"),
    ]


def test_row_groups_foot_last_and_spans_end_with_their_group() -> None:
    body = (
        "<table><thead><tr><th rowspan=5>项</th><th>数</th></tr></thead><tfoot><tr><td>合计</td><td>3</td></tr></tfoot>"
        "<tbody><tr><td rowspan=0>甲</td><td>1</td></tr><tr><td>2</td></tr></tbody></table>"
    )
    assert only_tiles(body) == [
        (0, 0, 1, 1, "项"),
        (0, 1, 1, 1, "数"),
        (1, 0, 2, 1, "甲"),
        (1, 1, 1, 1, "1"),
        (2, 1, 1, 1, "2"),
        (3, 0, 1, 1, "合计"),
        (3, 1, 1, 1, "3"),
    ]


def test_ragged_rows_colliding_and_boundless_spans() -> None:
    assert only_tiles(
        "<table><tr><td colspan=100>题</td></tr><tr><td>甲</td><td>1</td></tr><tr><td>乙</td></tr></table>"
    ) == [
        (0, 0, 1, 2, "题"),
        (1, 0, 1, 1, "甲"),
        (1, 1, 1, 1, "1"),
        (2, 0, 1, 1, "乙"),
        (2, 1, 1, 1, ""),
    ]
    assert only_tiles("<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=3>d<td>e</table>") == [
        (0, 0, 1, 1, "a"),
        (0, 1, 2, 1, "b"),
        (0, 2, 1, 1, "c"),
        (1, 0, 1, 1, "d"),
        (1, 2, 1, 1, "e"),
    ]
    assert only_tiles("<table><tr><td rowspan=2000000000>a<td colspan='x'>b<tr><td>c</table>") == [
        (0, 0, 2, 1, "a"),
        (0, 1, 1, 1, "b"),
        (1, 1, 1, 1, "c"),
    ]


def test_cells_with_lines_and_blocks() -> None:
    assert only_tiles(
        "<table><tr><td><p>甲</p><p>乙</p></td><td>一<br/>二<br/></td><td> &nbsp; </td></tr></table>"
    ) == [
        (0, 0, 1, 1, "甲\n乙"),
        (0, 1, 1, 1, "一\n二"),
        (0, 2, 1, 1, ""),
    ]


def test_a_nested_table_follows_its_table() -> None:
    inner = "<table><tr><td>内1</td><td>内2</td></tr></table>"
    body = f"<table><tr><td>甲</td><td>乙长一些的文字</td></tr><tr><td>丙</td><td>含{inner}表</td></tr></table>"
    outer, nested = tables_of(read_html(page(body), "t.html"))
    assert [c.text for c in outer.cells] == ["甲", "乙长一些的文字", "丙", "含\n表"]
    assert [c.text for c in nested.cells] == ["内1", "内2"]


def test_a_caption_is_said_once_and_tied_to_its_table() -> None:
    document = read_html(page(f"<p>前</p>{FORM.replace('<tr>', '<caption>表1-2</caption><tr>', 1)}"), "t.html")
    assert tables_of(document)[0].title == "表1-2"
    assert document.text.count("表1-2") == 1


def grid_html(tiles: list[Tile], n_rows: int) -> str:
    out = []
    for row in range(n_rows):
        cells = "".join(f"<td rowspan={t[2]} colspan={t[3]}>{escape(t[4])}</td>" for t in sorted(tiles) if t[0] == row)
        out.append(f"<tr>{cells}</tr>")
    return f"<table>{''.join(out)}</table>"


@settings(max_examples=60, deadline=None)
@given(merged_grids())
def test_any_merged_grid_reads_back(grid: tuple[list[Tile], int, int]) -> None:
    tiles, n_rows, n_cols = grid
    document = read_html(page(f"<p>表</p>{grid_html(tiles, n_rows)}"), "t.html")
    (table,) = tables_of(document)
    assert tiles_of(table) == sorted(tiles)
    assert (table.n_rows, table.n_cols, document.warnings) == (n_rows, n_cols, ())


# --- refusals ------------------------------------------------------------------------------------------------------------------------


def reason(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data, "坏页.html")
    assert "坏页.html" in caught.value.message
    return caught.value.reason


def test_refusals_name_their_reason() -> None:
    assert reason(page("")) == "no_text"
    assert reason(page("<script>1</script>")) == "no_text"
    assert reason(page("<div>" * 30_000 + "深" + "</div>" * 30_000)) == "hostile"
    assert (
        reason(page("<table>" + "<tr>" + "<td colspan=1000 rowspan=60000>x" * 3000 + "<tr><td>y" * 3000 + "</table>"))
        == "hostile"
    )


def test_a_saved_page_with_its_parts() -> None:
    body = page(f"<p>{WORDS}</p>{FORM}", encoding="gb18030", label="gb2312")
    data = (
        b'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\n'
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + body
        + b"\r\n--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n"
    )
    document = read(data, "t.mht")
    assert document.text.startswith(WORDS)
    assert len(tables_of(document)) == 1
