"""What stands on every chart, and what is said when one was saved."""

from __future__ import annotations

TEXTS = {
    "charts.save": ("存成圖片  S", "存成图片  S", "Save picture  S"),
    "charts.saved": (
        "圖片存好了，在 {path}。",
        "图片存好了，在 {path}。",
        "The picture is saved: {path}",
    ),
    "charts.not_saved": (
        "圖片存不進去：{reason}。請看看磁碟有沒有空間。",
        "图片存不进去：{reason}。请看看磁盘有没有空间。",
        "The picture could not be saved: {reason}. Look whether the disk has room.",
    ),
    "charts.now": ("這段日子", "这段日子", "These days"),
    "charts.equal": ("每個人都買一樣多", "每个人都买一样多", "If all spent the same"),
}
