"""A self-evaluation form and a statistics table in the official layouts, with figures of our own, as writers take them."""

from __future__ import annotations

from tests.support.random_tables import CellTuple

FORM_COLUMNS = 8
PROSE = (
    "2023年度本单位年初预算1,234.50万元，全年预算1,300.25万元，全年执行数1,200.75万元，预算执行率92.35%。"
    "其中：基本支出700.50万元，项目支出500.25万元，控制在预算以内，各项工作按计划完成。"
)


def evaluation_form() -> tuple[list[CellTuple], int, int]:
    """Form 1-2: funding block, goals, indicators in merged level-1 and level-2 rows, total. 37 rows of 8 columns."""
    cells: list[CellTuple] = [(0, 0, 1, 2, "预算单位名称"), (0, 2, 1, 6, "荷塘区档案馆")]
    cells += [(1, 0, 6, 1, "年度预算申请（万元）"), (1, 1, 1, 1, "")]
    cells += [
        (1, 2 + i, 1, 1, t) for i, t in enumerate(("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"))
    ]
    funding = (
        ("年度资金总额", "1,234.50 1,300.25 1,200.75 10 92.35% 9.24"),
        ("其中：当年财政拨款", "1,000.00 1,050.25 950.75 / 90.53% /"),
        ("上年结转资金", "34.5 49.75 49.75 / 100% /"),
        ("其他资金", "200 200.25 200.25 / 100% /"),
        ("合计", "1234.5 1300.25 1200.75 10 92.35% 9.24"),
    )
    for row, (label, values) in enumerate(funding, 2):
        cells.append((row, 1, 1, 1, label))
        cells += [(row, 2 + i, 1, 1, value) for i, value in enumerate(values.split())]
    cells += [
        (7, 0, 1, 1, "年度总体目标"),
        (7, 1, 1, 3, "1.完成年度档案接收进馆工作；\n2.完成馆藏档案数字化扫描120万页，数字化率达到95%以上。"),
        (7, 4, 1, 4, "1.完成年度档案接收进馆工作；\n2.完成馆藏档案数字化扫描118万页，数字化率达到93.6%。"),
    ]
    heads = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    cells += [(8, i, 1, 1, t) for i, t in enumerate(heads)]
    row = 9
    for level_1, level_2 in (
        ("产出指标（50分）", ("数量指标", "质量指标", "时效指标", "成本指标")),
        ("效益指标（30分）", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
        ("满意度指标（10分）", ("服务对象满意度指标",)),
    ):
        cells.append((row, 0, 3 * len(level_2), 1, level_1))
        for name in level_2:
            cells.append((row, 1, 3, 1, name))
            for i in range(3):
                values = (
                    f"第{row}项档案数字化页数",
                    f"≥{row * 3}万页" if i else "100%",
                    str(row * 3 + 1) if i else "98.6%",
                    str(row % 7 + 1),
                    str(row % 7 + 0.5),
                    "因疫情影响，部分工作推迟，下一步加快进度" if i == 1 else "",
                )
                cells += [(row, 2 + c, 1, 1, value) for c, value in enumerate(values)]
                row += 1
    cells += [(row, 0, 1, 5, "总分"), (row, 5, 1, 1, "100"), (row, 6, 1, 1, "96.74"), (row, 7, 1, 1, "")]
    return sorted(cells), row + 1, FORM_COLUMNS
