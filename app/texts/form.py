"""Words that every screen with questions shares."""

from __future__ import annotations

TEXTS = {
    "form.back_to_sale": ("回收銀畫面  Esc", "返回收银  Esc", "Back to the till  Esc"),
    "form.save": ("儲存", "保存", "Save"),
    "form.saved": ("已儲存。", "已保存。", "Saved."),
    "form.working": ("處理中…", "处理中…", "Working…"),
}
