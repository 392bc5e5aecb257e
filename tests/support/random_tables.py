"""Hypothesis strategies for tables as the writers take them: merged cells, wrapped words, numbers, hard breaks, blanks."""

from __future__ import annotations

from hypothesis import strategies as st

CellTuple = tuple[int, int, int, int, str]
_WORDS = (
    "预算支出绩效自评部门项目资金产出数量质量时效成本社会生态满意度指标办公费水电差旅印刷维修护租赁会议培训公务接待劳务"
)
_money = st.decimals(min_value=0, max_value=99999, places=2).map(lambda d: f"{d:,}")
_percent = st.decimals(min_value=0, max_value=130, places=2).map(lambda d: f"{d}%")
_word = st.text(st.sampled_from(_WORDS), min_size=1, max_size=14)
_item = st.tuples(st.text(st.sampled_from(_WORDS), min_size=3, max_size=9), _money).map(lambda p: f"{p[0]}{p[1]}万元。")
_list = st.lists(_item, min_size=2, max_size=3).map(lambda items: "\n".join(f"{i}.{t}" for i, t in enumerate(items, 1)))
texts = st.one_of(_word, _money, _percent, st.just(""), st.integers(0, 100).map(str), _item, _list)


@st.composite
def tables(draw: st.DrawFn, most_rows: int = 9, most_cols: int = 6) -> tuple[list[CellTuple], int, int]:
    """(cells, rows, columns): every slot covered once, some cells merged."""
    n_rows, n_cols = draw(st.integers(2, most_rows)), draw(st.integers(2, most_cols))
    taken = [[False] * n_cols for _ in range(n_rows)]
    cells: list[CellTuple] = []
    for r in range(n_rows):
        for c in range(n_cols):
            if taken[r][c]:
                continue
            width = 1
            if draw(st.integers(0, 5)) == 0:
                free = next((i for i in range(c, n_cols) if taken[r][i]), n_cols) - c
                width = draw(st.integers(1, free))
            height = draw(st.integers(1, min(3, n_rows - r))) if draw(st.integers(0, 5)) == 0 else 1
            if (width, height) == (n_cols, n_rows):
                height = 1
            for i in range(r, r + height):
                for j in range(c, c + width):
                    taken[i][j] = True
            cells.append((r, c, height, width, draw(texts)))
    return _with_ruled_edges(cells, n_rows, n_cols), n_rows, n_cols


def _with_ruled_edges(cells: list[CellTuple], n_rows: int, n_cols: int) -> list[CellTuple]:
    """Undo merges until every row and column edge is some cell's edge: an edge without a rule leaves no trace on paper."""
    rows, cols = set(range(n_rows)), set(range(n_cols))
    while True:
        lost_rows, lost_cols = rows - {c[0] for c in cells}, cols - {c[1] for c in cells}
        if not lost_rows and not lost_cols:
            return sorted(cells)
        for row, col, height, width, text in cells:
            if any(row < r < row + height for r in lost_rows) or any(col < c < col + width for c in lost_cols):
                cells.remove((row, col, height, width, text))
                cells += [(r, c, 1, 1, text) for r in range(row, row + height) for c in range(col, col + width)]
                break
