"""Words that every screen with questions shares."""

from __future__ import annotations

TEXTS = {
    "form.back_to_sale": ("回收銀畫面  Esc", "返回收银  Esc", "Back to the till  Esc"),
    "form.save": ("儲存", "保存", "Save"),
    "form.saved": ("已儲存。", "已保存。", "Saved."),
    "form.next": ("下一步", "下一步", "Next"),
    "form.previous": ("上一步", "上一步", "Back"),
    "form.none": ("無", "无", "None"),
    "form.change": ("更改", "更改", "Change"),
    "form.add": ("新增", "新增", "Add"),
    "form.working": ("處理中…", "处理中…", "Working…"),
    "form.progress": ("{done} / {total}", "{done} / {total}", "{done} of {total}"),
}
