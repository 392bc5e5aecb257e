"""Blocks -> an HTML page as government sites publish it: navigation, a content box, tables with rowspan and colspan."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tests.support.blocks import Block, Grid, Para

_NAV = ("首页", "政务公开", "政府信息公开目录", "财政资金", "预决算公开")


def _cell(text: str, rowspan: int, colspan: int) -> str:
    spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
    return f"<td{spans}>{escape(text).replace(chr(10), '<br/>')}</td>"


def write_html(
    blocks: Iterable[Block], title: str = "", *, encoding: str = "utf-8", label: str = "", navigation: bool = True
) -> bytes:
    """The bytes of a page. `label` is the charset that the page claims (gb2312 over GB18030 bytes is a common lie)."""
    body: list[str] = []
    for block in blocks:
        if isinstance(block, Para):
            tag = f"h{min(block.level + 1, 6)}" if block.level else "p"
            style = ' style="display:none"' if block.hidden else ""
            body.append(f"<{tag}{style}>{escape(block.text).replace(chr(10), '<br/>')}</{tag}>")
        elif isinstance(block, Grid):
            style = ' style="display: none;"' if block.hidden else ""
            rows = "".join(
                f"<tr>{''.join(_cell(c.text, c.rowspan, c.colspan) for c in row)}</tr>\n" for row in block.rows
            )
            body.append(f'<table border="1" cellspacing="0"{style}>\n{rows}</table>')
    nav = ""
    if navigation:
        nav = f'<table class="nav"><tr>{"".join(f"<td><a href=#>{name}</a></td>" for name in _NAV)}</tr></table>\n'
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="{label or encoding}"/>\n'
        f"<title>{escape(title)}</title>\n"
        "<style>.nav{color:#888}</style>\n<script>var visits = 20230704;</script>\n</head>\n<body>\n"
        f'{nav}<div class="content">\n{chr(10).join(body)}\n</div>\n</body>\n</html>\n'
    )
    return page.encode(encoding, "replace" if encoding != "utf-8" else "strict")
