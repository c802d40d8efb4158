"""What is refused about summaries, analyses, segments and exports."""

from __future__ import annotations

TEXTS = {
    "error.summary_range": (
        "期間的開始要在結束之前，最長 {days} 天。",
        "期间的开始要在结束之前，最长 {days} 天。",
        "The period has to begin before it ends, and may last {days} days at most.",
    ),
}
