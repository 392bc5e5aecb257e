"""Reader of HTML pages on lxml.html: the article as the page shows it, without navigation, footers and hidden elements.

Which parts of a page are the article is told by the page itself: semantic tags, the share of link text, and the
fixed words
of site furniture (share bars, copyright, visit counters). In doubt a part stays: a word too many is seen, a lost one
is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email import policy
from email.parser import BytesParser

from lxml import etree

from dagster_project.reading.charset import decode
from dagster_project.reading.grid import complete
from dagster_project.reading.guards import MAX_GRID_SLOTS, MAX_NESTING, MAX_ROWSPAN, check_depth, clamp_span
from dagster_project.reading.model import Cell, Document, DocumentBuilder, ReadError

_SKIP = frozenset(
    {
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "svg",
    }
    | {
        "canvas",
        "audio",
        "video",
        "map",
        "select",
        "option",
        "datalist",
        "button",
        "textarea",
        "nav",
        "footer",
        "dialog",
    }
    | {"rt", "rp", "noframes", "progress", "meter"}
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
    }
    | {
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
    }
    | {
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
    }
    | {"tr", "td", "th"}
)
_WRAPPERS = frozenset(
    {"html", "body", "div", "section", "article", "main", "center", "form", "table", "tbody", "thead", "tr", "td", "th"}
    | {"font", "span", "header", "ul", "li", "dl", "dd"}
)
_FURNITURE_TOKENS = frozenset(
    {
        "nav",
        "navbar",
        "navigation",
        "menu",
        "menus",
        "breadcrumb",
        "breadcrumbs",
        "crumb",
        "crumbs",
        "sidebar",
        "footer",
    }
    | {"foot", "copyright", "share", "sharing", "toolbar", "topbar", "pager", "pagination", "related", "recommend"}
    | {"searchbar", "friendlink", "friendlinks"}
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"})
_FURNITURE_WORDS = re.compile(
    "版权所有|ICP备|公网安备|网站标识码|主办单位：|主办：|承办单位：|承办：|技术支持：|网站地图|浏览次数|浏览量|点击数|点击次数|字体[：:]|字号[：:]|打印本页|关闭窗口"
    "|分享到|扫一扫|当前位置|您的位置|您现在的位置|所在位置|上一篇|下一篇|相关链接|相关文章|友情链接|设为首页|加入收藏|责任编辑|信息来源[：:]|无障碍"
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CONDITIONAL = re.compile(r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.S)
_DISPLAY = re.compile(r"display\s*:\s*([\w-]+)", re.I)
_SIMPLE_SELECTOR = re.compile(r"([a-zA-Z][\w-]*)?([.#])([\w-]+)")
_NOISE_LIMIT = 400  # a footer with all its numbers has some 300 characters
_SPACE = " \t\n\r\f"
_WIDE = "\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
# A line break of the source between two wide characters is no space (CSS Text 3, 4.1.3).
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_BLANKS = re.compile("[ \t\r\n\f]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_NESTING + 1)})")  # quicker than a walk when nothing is deep
_BREAK = "\x01"  # a <br> while text is being put together


def read_html(data: bytes, name: str) -> Document:
    """Read an HTML page or fragment. Pages have no page numbers; the page's title is in `properties`.

    Raises `ReadError`: "hostile" (nesting, table size), "no_text", "unsupported" (no text at all).
    """
    text, encoding, note = decode(data, name, labelled=True)
    builder = DocumentBuilder(name, "html")
    builder.properties["encoding"] = encoding
    if note:
        builder.warn("charset", note)
    cut = _cut(text)
    if cut:
        builder.warn("damaged", cut)
    _Reader(_parse(text, name), builder).read()
    return builder.build()


def _cut(text: str) -> str | None:
    """A sentence when the page is not whole; browsers and parsers mend that in silence."""
    if "\x00" in text:
        return "holds zero bytes: a part of the file was never written; download it again"
    low = text.lower()
    if low.count("<table") > low.count("</table"):
        return "a table is opened and not closed: the file was cut, or rows are missing; download it again"
    if low.rfind("<") > low.rfind(">"):
        return "the file ends inside a tag: it was cut; download it again"
    if "<html" in low and "</html" not in low and "</body" not in low:
        return "the file ends before the page does: it was cut; download it again"
    return None


def read_mhtml(data: bytes, name: str) -> Document:
    """Read a page saved whole (MIME): its first HTML part. Raises as `read_html`, and "no_text" when it has no such
    part."""
    for part in BytesParser(policy=policy.compat32).parsebytes(data).walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                return read_html(payload, name)
    raise ReadError("no_text", f"{name}: this saved page holds no HTML part; save it again as .html or .pdf")


def _parse(text: str, name: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    text = _CONTROL.sub("", text)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError) as error:
        raise ReadError("damaged", f"{name}: no readable HTML ({error}); save the page again") from error
    if root is None:
        raise ReadError("no_text", f"{name}: the page is empty")
    if _TOO_DEEP(root):
        check_depth(root, name, MAX_NESTING)
    return root


class _Reader:
    def __init__(self, root: etree._Element, builder: DocumentBuilder) -> None:
        self.root = root
        self.builder = builder
        self.hidden_classes: set[str] = set()
        self.hidden_ids: set[str] = set()
        self.words: dict[etree._Element, tuple[int, int, int]] = {}  # element -> characters, of them in links, links
        self.line: list[str] = []

    def read(self) -> None:
        title = self.root.find(".//title")
        if title is not None and (title.text or "").strip():
            self.builder.properties["title"] = _BLANKS.sub(" ", title.text or "").strip()
        self._style_rules()
        body = self.root.find("body") if self.root.tag == "html" else self.root
        if body is None:
            body = self.root
        self._prune(body)
        if not self._count(body)[0]:
            return
        self._drop_furniture(body)
        self._block(body)
        self._end_line()

    # --- what is not shown -----------------------------------------------------------------------------------------

    def _style_rules(self) -> None:
        """Classes and ids that the page's own style sheet hides; selectors of more than one step are left alone."""
        for sheet in self.root.iter("style"):
            for selectors, body in _RULE.findall(_CONDITIONAL.sub("", sheet.text or "")):
                shown = _DISPLAY.findall(body)
                if not shown:
                    continue
                for selector in selectors.split(","):
                    match = _SIMPLE_SELECTOR.fullmatch(selector.strip())
                    if match:
                        group = self.hidden_ids if match[2] == "#" else self.hidden_classes
                        # The last rule for a selector holds.
                        (group.add if shown[-1].lower() == "none" else group.discard)(match[3])

    def _prune(self, body: etree._Element) -> None:
        """Take hidden elements and semantic furniture out of the tree, keeping the text that follows them."""
        gone = [e for e in body.iter() if e is not body and self._not_shown(e)]
        for element in gone:
            _remove(element)

    def _not_shown(self, element: etree._Element) -> bool:
        tag = element.tag
        if not isinstance(tag, str):
            return True
        if tag in _SKIP or (tag == "aside" and _outside_article(element)):
            return True
        attributes = element.attrib
        if not attributes:
            return False
        if "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        style = attributes.get("style")
        if style and _HIDING.search(style):
            return True
        role = attributes.get("role")
        if role in _ROLES:
            return True
        if self.hidden_ids and attributes.get("id") in self.hidden_ids:
            return True
        classes = attributes.get("class")
        return bool(classes and self.hidden_classes and self.hidden_classes.intersection(classes.split()))

    # --- the article -----------------------------------------------------------------------------------------------

    def _count(self, element: etree._Element) -> tuple[int, int, int]:
        """Characters below `element` without blanks, those of them in links, and the number of links."""
        found = self.words.get(element)
        if found is None:
            total = _solid(element.text)
            linked = links = 0
            for child in element:
                a, b, c = self._count(child)
                total += a + _solid(child.tail)
                linked += b
                links += c
            if element.tag == "a" and element.get("href") is not None:
                linked, links = total, 1
            found = self.words[element] = (total, linked, links)
        return found

    def _drop_furniture(self, body: etree._Element) -> None:
        """Walk down to where the article's text is, and take out the site furniture beside the way."""
        at = body
        while True:
            children = [c for c in at if isinstance(c.tag, str)]
            if not children or (at.tag == "table" and not self._is_layout(at, list(_rows(at)))):
                break
            plain = {c: self._count(c)[0] - self._count(c)[1] for c in children}
            main = max(children, key=lambda c: plain[c])
            for child in children:
                if child is not main and self._is_furniture(child):
                    _remove(child)
            if main.tag not in _WRAPPERS or plain[main] * 2 < sum(plain.values()) or main.tag == "article":
                break
            at = main
        # Navigation tables and link lists may also stand inside the article's own box.
        for element in [e for e in body.iter("table", "ul", "ol", "div") if e is not body]:
            if element.getparent() is not None and self._is_link_list(element):
                _remove(element)

    def _is_furniture(self, element: etree._Element) -> bool:
        total, linked, _ = self._count(element)
        if not total or element.tag in _HEADINGS:
            return False
        if element.tag == "header" and _outside_article(element) and (linked * 2 > total or total < 60):
            return element.find(".//h1") is None
        if self._is_link_list(element):
            return True
        if element.find(".//table") is not None and total > _NOISE_LIMIT:
            return False
        tokens = set(re.split(r"[\s_-]+", f"{element.get('class') or ''} {element.get('id') or ''}".lower()))
        if tokens & _FURNITURE_TOKENS and (total < _NOISE_LIMIT or linked * 2 > total):
            return True
        if total >= _NOISE_LIMIT or element.tag == "p":
            return False
        # Furniture has no sentences; a short block with one is the report's.
        text = "".join(map(str, element.itertext()))
        return "。" not in text and _FURNITURE_WORDS.search(text) is not None

    def _is_link_list(self, element: etree._Element) -> bool:
        total, linked, links = self._count(element)
        if links < 3 or linked * 10 < total * 7:
            return False
        return element.find(".//h1") is None

    # --- blocks ----------------------------------------------------------------------------------------------------

    def _block(self, element: etree._Element) -> None:
        """Write out `element` and what is in it; text that no block holds gathers in lines of its own."""
        self._text(element.text)
        for child in element:
            self._child(child)
            self._text(child.tail)

    def _child(self, child: etree._Element) -> None:
        tag = child.tag
        if tag == "br":
            self._end_line()
        elif tag in _HEADINGS:
            self._end_line()
            if child.find(".//table") is not None:
                self._block(child)
            else:
                text = _lines(_inline_text(child), "\n")
                if text:
                    self.builder.heading(text, _HEADINGS[tag])
            self._end_line()
        elif tag == "table":
            self._end_line()
            self._table(child)
        elif tag == "pre":
            self._end_line()
            for line in "".join(map(str, child.itertext())).splitlines():
                self.builder.paragraph(line)
        elif tag == "input":
            self._text(_input_text(child))
        elif tag in _BLOCKS:
            self._end_line()
            self._block(child)
            self._end_line()
        else:
            self._block(child)

    def _text(self, text: str | None) -> None:
        if text:
            self.line.append(text)

    def _end_line(self) -> None:
        if self.line:
            text = _collapse("".join(self.line))
            self.line = []
            self.builder.paragraph(text)

    # --- tables ----------------------------------------------------------------------------------------------------

    def _table(self, table: etree._Element) -> None:
        caption = table.find("caption")
        title = None
        if caption is not None:
            title = _lines(_inline_text(caption), " ") or None
            if title:
                self.builder.paragraph(title)
        rows = list(_rows(table))
        if self._is_layout(table, rows):
            for row, _ in rows:
                for cell in _row_cells(row):
                    self._block(cell)
                    self._end_line()
            return
        nested: list[etree._Element] = []
        cells, n_rows = _expand(rows, nested, self.builder.name)
        if cells:
            done, n_cols = complete(cells, n_rows, self.builder.name, trim=True)
            self.builder.table(done, n_rows, n_cols, title=title)
        for inner in nested:
            self._table(inner)

    def _is_layout(self, table: etree._Element, rows: list[tuple[etree._Element, int]]) -> bool:
        """Whether the table only arranges the page: one cell holds (nearly) everything, as blocks or tables of its
        own."""
        if table.get("role") in ("presentation", "none"):
            return True
        every = [(self._count(c)[0], c) for row, _ in rows for c in _row_cells(row)]
        filled = [(n, c) for n, c in every if n]
        if not filled:
            return False
        total = sum(n for n, _ in filled)
        most, biggest = max(filled, key=lambda f: f[0])
        if len(filled) == 1:
            return (
                biggest.find(".//table") is not None
                or len(every) == 1
                or len(list(biggest.iter("p", "br", "div", "li"))) >= 3
            )
        holds_tables = [c for _, c in filled if c.find(".//table") is not None]
        if not holds_tables:
            return len(filled) <= 3 and most * 10 >= total * 8 and len(list(biggest.iter("p", "br", "div", "li"))) >= 3
        inside = sum(self._count(t)[0] for c in holds_tables for t in _outer_tables(c))
        return inside * 2 > total or (biggest in holds_tables and most * 10 >= total * 8)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        # The parser lets control characters through that the tree does not take back.
        before = element.getprevious()
        if before is not None:
            before.tail = _CONTROL.sub("", (before.tail or "") + element.tail)
        else:
            parent.text = _CONTROL.sub("", (parent.text or "") + element.tail)
    parent.remove(element)


def _outside_article(element: etree._Element) -> bool:
    return next(element.iterancestors("article", "main"), None) is None


def _solid(text: str | None) -> int:
    if not text or text.isspace():
        return 0
    return len(text) if len(text) < 3 else len("".join(text.split()))


def _collapse(text: str) -> str:
    """Blanks as a browser shows them."""
    text = text.strip(_SPACE)
    if "\n" in text or "\r" in text:
        text = _WIDE_BREAK.sub("", text)
    return _BLANKS.sub(" ", text)


def _lines(text: str, separator: str) -> str:
    """Text with `_BREAK` marks as its non-blank lines."""
    if _BREAK not in text:
        return _collapse(text).strip()
    return separator.join(part for part in (_collapse(p).strip() for p in text.split(_BREAK)) if part)


def _inline_text(element: etree._Element, nested: list[etree._Element] | None = None) -> str:
    """All text below `element`, with `_BREAK` where lines end. Tables go to `nested` when it is given."""
    out: list[str] = []

    def walk(node: etree._Element) -> None:
        if node.text:
            out.append(node.text)
        for child in node:
            tag = child.tag
            if tag == "br":
                out.append(_BREAK)
            elif tag == "table" and nested is not None:
                nested.append(child)
                out.append(_BREAK)
            elif tag == "input":
                out.append(_input_text(child))
            elif tag in _BLOCKS:
                out.append(_BREAK)
                walk(child)
                out.append(_BREAK)
            else:
                walk(child)
            if child.tail:
                out.append(child.tail)

    walk(element)
    return "".join(out)


def _input_text(element: etree._Element) -> str:
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if element.get("checked") is not None else "☐"
    return element.get("value") or "" if kind in ("text", "number") else ""


def _rows(table: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The rows in the order that a browser shows them (tfoot last), each with the number of its row group."""
    groups: list[list[etree._Element]] = []
    feet: list[list[etree._Element]] = []
    loose: list[etree._Element] | None = None
    for child in table:
        if child.tag == "tr":
            if loose is None:
                loose = []
                groups.append(loose)
            loose.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            loose = None
            (feet if child.tag == "tfoot" else groups).append([row for row in child if row.tag == "tr"])
    for number, group in enumerate([*groups, *feet]):
        for row in group:
            yield row, number


def _row_cells(row: etree._Element) -> list[etree._Element]:
    return [c for c in row if c.tag in ("td", "th")]


def _outer_tables(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == "table":
            yield child
        else:
            yield from _outer_tables(child)


def _expand(
    rows: Iterable[tuple[etree._Element, int]], nested: list[etree._Element], name: str
) -> tuple[list[Cell], int]:
    """Cells with their slots by the HTML standard's algorithm (4.9.12.1); where spans would overlap, the later one
    is cut. Spans end with their row group, unless the next group leaves out just their cells: office programs split off
    the rows that are repeated on each page, whatever is merged over them."""
    ordered = list(rows)
    group_end: dict[int, int] = {}
    for r, (_, group) in enumerate(ordered):
        group_end[group] = r + 1
    cells: list[Cell] = []
    down: dict[int, int] = {}  # column -> first row that a span from above no longer covers
    cut: list[tuple[int, int]] = []  # the cells that their group's end cut, by number, and the rows that they asked for
    width = slots = 0
    for r, (row, group) in enumerate(ordered):
        if cut and group != ordered[r - 1][1]:
            own = sum(clamp_span(node.get("colspan")) for node in _row_cells(row))
            if own and own + sum(cells[n].colspan for n, _ in cut) == width:
                for n, wanted in cut:
                    cell = cells[n]
                    until = min(cell.row + wanted, group_end[group])
                    cells[n] = replace(cell, rowspan=until - cell.row)
                    down.update(dict.fromkeys(range(cell.col, cell.col + cell.colspan), until))
            cut = []
        col = 0
        for node in _row_cells(row):
            while down.get(col, 0) > r:
                col += 1
            colspan = rowspan = 1
            if node.attrib:
                colspan = clamp_span(node.get("colspan"))
                down_to = node.get("rowspan")
                rowspan = group_end[group] - r if (down_to or "").strip() == "0" else clamp_span(down_to, MAX_ROWSPAN)
                wanted, rowspan = rowspan, min(rowspan, group_end[group] - r)
                if wanted > rowspan:
                    cut.append((len(cells), wanted))
            free = 1
            while free < colspan and down.get(col + free, 0) <= r:
                free += 1
            colspan = min(colspan, free)
            slots += colspan * rowspan
            if slots > MAX_GRID_SLOTS:
                raise ReadError("hostile", f"{name}: a table whose spans claim over {MAX_GRID_SLOTS:,} slots")
            if rowspan > 1:
                for c in range(col, col + colspan):
                    down[c] = r + rowspan
            cells.append(Cell(r, col, _lines(_inline_text(node, nested), "\n"), rowspan, colspan))
            col += colspan
        width = max(width, col)
    return cells, len(ordered)
