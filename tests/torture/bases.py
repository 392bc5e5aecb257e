"""The whole files that mutations start from: small, so that many can be read, and with all that readers know."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache

from reportlab import rl_config

from tests.support.blocks import Block, PageBreak, Para, SheetBreak, TableCell, grid
from tests.support.docx_writer import write_docx
from tests.support.html_writer import write_html
from tests.support.ofd_writer import write_ofd
from tests.support.pdf_writer import write_pdf
from tests.support.sheet_writer import write_xls, write_xlsx
from tests.support.txt_writer import write_txt

FORMATS = ("docx", "html", "xlsx", "xls", "pdf", "ofd", "txt", "zip")
TITLE = "2023年度衡山市青石区水务局部门整体支出绩效自评报告"


def _scored() -> list[list[str | TableCell]]:
    wide = TableCell
    return [
        [wide("年度预算（万元）", rowspan=3), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["年度资金总额", "318.20", "352.75", "341.06", "10", "96.69%", "9.67"],
        ["其中：财政拨款", "318.20", "352.75", "341.06", "", "", ""],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
        [wide("产出指标", rowspan=2), "数量指标", "河道清淤", "≥12公里", "13公里", "30", "30", ""],
        ["质量指标", "工程合格率", "100%", "98%", "30", "28.5", "一处返工"],
        ["效益指标", "社会效益", "供水保障", "提高", "提高", "30", "30", ""],
        [wide("总分", colspan=5), "100", "98.17", ""],
    ]


def prose() -> list[Block]:
    """Sections, lists and a small table about money."""
    return [
        Para(TITLE, 1),
        Para("一、部门基本情况", 2),
        Para("我局编制25名，在职24人，退休11人。内设办公室、河湖股两个股室。"),
        Para("二、一般公共预算支出情况", 2),
        Para("2023年部门整体支出341.06万元，其中：基本支出203.44万元，项目支出137.62万元。"),
        Para("公务接待费支出0.86万元，比上年减少0.12万元，下降12.24%；因公出国（境）费用无。"),
        grid([["项目", "预算数", "决算数"], ["河道清淤", "80.00", "79.62"], ["水质监测", "60.00", "58.00"]]),
        Para("三、存在的问题", 2),
        Para("一是预算编制不够细；二是项目进度偏慢。"),
    ]


def forms() -> list[Block]:
    """A form with merged cells behind a line of prose."""
    return [
        Para(TITLE, 1),
        Para("2023年部门整体支出341.06万元，完成预算的96.69%。"),
        SheetBreak("自评表"),
        PageBreak(),
        Para("附件1-2 部门整体支出绩效自评表"),
        grid(_scored()),
    ]


def _pdf(blocks: list[Block], packed: int) -> bytes:
    before = rl_config.pageCompression
    rl_config.pageCompression = packed
    try:
        return write_pdf(blocks)
    finally:
        rl_config.pageCompression = before


def _zip(blocks: list[Block]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("报告/a.docx", write_docx(blocks, TITLE))
        archive.writestr("报告/b.txt", write_txt(blocks))
        archive.writestr("c.html", write_html(blocks, TITLE))
    return out.getvalue()


def deflated(document: bytes) -> bytes:
    """The packed document as office programs write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name))
    return out.getvalue()


@cache
def bases() -> dict[str, tuple[bytes, ...]]:
    """Format -> whole files."""
    each: dict[str, Callable[[list[Block]], tuple[bytes, ...]]] = {
        "docx": lambda b: (write_docx(b, TITLE), deflated(write_docx(b, TITLE))),
        "html": lambda b: (
            write_html(b, TITLE),
            write_html(b, TITLE, encoding="gb18030", label="gb2312", navigation=True),
        ),
        "xlsx": lambda b: (write_xlsx(b, TITLE), deflated(write_xlsx(b, TITLE))),
        "xls": lambda b: (write_xls(b),),
        "pdf": lambda b: (_pdf(b, 0), _pdf(b, 1)),
        "ofd": lambda b: (write_ofd(b), deflated(write_ofd(b))),
        "txt": lambda b: (write_txt(b), write_txt(b, encoding="gb18030", newline="\r\n", spans="lost")),
        "zip": lambda b: (_zip(b),),
    }
    return {f: tuple(data for content in (prose(), forms()) for data in each[f](content)) for f in FORMATS}
