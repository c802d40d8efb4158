"""Charts filled with a small tea shop's figures, for the tests and for looking at."""

from __future__ import annotations

from ui.charts.columns import ColumnChart
from ui.charts.heat_map import HeatMap
from ui.charts.lines import LineChart
from ui.charts.values import Band, Cell, Grid, Point, Series


def say(amount: float) -> str:
    return f"{amount:,.0f}"


def hours() -> ColumnChart:
    amounts = (0, 320, 1_480, 2_960, 3_210, 2_440, 1_900, 2_020, 3_870, 4_410, 3_050, 1_120)
    before = (0, 400, 1_200, 2_500, 3_600, 2_200, 1_700, 1_900, 3_500, 4_000, 3_300, 900)
    points = tuple(
        Point(f"{10 + n}", amount, say(amount), f"{10 + n} 時：NT${say(amount)}", f"hour:{10 + n}")
        for n, amount in enumerate(amounts)
    )
    chart = ColumnChart(say)
    series = Series(
        "今天", points, tuple(Point(p.label, b, say(b), "") for p, b in zip(points, before, strict=True))
    )
    chart.show_series(series, "傍晚六七點最忙", "橫線是上週同一天")
    return chart


def forecast() -> LineChart:
    amounts = (12_000, 13_500, 11_800, 15_200, 19_800, 22_100, 14_000, 12_600, 13_900, 12_400, 15_800, 20_300)
    points = tuple(
        Point(f"11/{n + 14}", a, say(a), f"11 月 {n + 14} 日：NT${say(a)}") for n, a in enumerate(amounts)
    )
    low = tuple(a * 0.85 for a in amounts[8:])
    high = tuple(a * 1.15 for a in amounts[8:])
    chart = LineChart(say)
    chart.show_band(
        Band(Series("茶", points), low, high, from_index=8),
        "下週茶類大約賣 NT$62,000",
        "淺色帶：八成把握的範圍",
    )
    return chart


def triangle() -> HeatMap:
    months = ("6 月", "7 月", "8 月", "9 月", "10 月", "11 月")
    cells = tuple(
        tuple(
            Cell(None, "", "")
            if row + column >= 6
            else Cell(
                heat := (1.0 if column == 0 else 0.55 / (column + row * 0.2)),
                f"{heat:.0%}",
                f"{months[row]}的新客，{column} 個月後回來 {heat:.0%}",
            )
            for column in range(6)
        )
        for row in range(6)
    )
    chart = HeatMap()
    chart.show_grid(
        Grid(months, tuple(f"第 {n} 月" for n in range(6)), cells, "入會"),
        "六成新客一個月內回來過",
        "顏色越深，回來的人越多",
    )
    return chart


def compared_line() -> LineChart:
    amounts = (0.0, 0.42, 0.61, 0.74, 0.83, 0.9, 0.94, 0.97, 0.99, 1.0)
    points = tuple(
        Point(f"{n * 10}%", a, f"{a:.0%}", f"買最多的 {n * 10}% 會員占 {a:.0%}")
        for n, a in enumerate(amounts)
    )
    before = tuple(Point(point.label, point.amount * 0.9, "", "") for point in points)
    chart = LineChart(lambda amount: f"{amount:.0%}")
    chart.show_band(
        Band(
            Series("這段日子", points, before, "去年同期"),
            guide=tuple(n / 9 for n in range(10)),
            guide_name="每個人都買一樣多",
        ),
        "買最多的兩成會員，占了會員消費的 61%。",
        "離細線越遠，越靠少數人",
    )
    return chart
