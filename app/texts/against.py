"""What a stretch of days is set beside: the question, the answers, and how the answer reads in a sentence."""

from __future__ import annotations

TEXTS = {
    "against.ask": ("和別段日子比…", "和别段日子比…", "Compare…"),
    "against.with": ("對照：{words}", "对照：{words}", "Beside: {words}"),
    "against.title": ("要和哪段日子比？", "要和哪段日子比？", "Compare with which days?"),
    "against.show": ("和這些日子比", "和这些日子比", "Compare with these"),
    "against.none": ("不比", "不比", "Nothing"),
    "against.usual": ("照平常", "按平常", "As usual"),
    "against.before": ("前一段", "前一段", "Just before"),
    "against.weekdays": ("前面同樣的星期幾", "前面同样的星期几", "Same weekdays before"),
    "against.year": ("去年同期", "去年同期", "A year before"),
    "against.other": ("另外選的日子", "另外选的日子", "Other days"),
    "against.dated": ("{words}　{days}", "{words}　{days}", "{words}　{days}"),
    "against.days": ("{since}–{until}", "{since}–{until}", "{since}–{until}"),
    "against.beside": ("對照 {days}", "对照 {days}", "beside {days}"),
    "against.too_little": (
        "對照的 {days} 資料還不夠",
        "对照的 {days} 数据还不够",
        "too little is known of {days} to compare",
    ),
    # In a legend.
    "against.name.before": ("前一段", "前一段", "Just before"),
    "against.name.weekdays": ("前面同樣的星期幾", "前面同样的星期几", "Same weekdays before"),
    "against.name.year": ("去年同期", "去年同期", "A year before"),
    "against.name.other": ("對照的日子", "对照的日子", "Days compared with"),
    # Beside a figure.
    "against.was": ("之前 {value}", "之前 {value}", "{value} then"),
}
