"""What is said while the demo shop is being made, and the words in its books."""

from __future__ import annotations

TEXTS = {
    "seed.goods": ("正在上架商品…", "正在上架商品…", "Stocking the shelves…"),
    "seed.members": ("正在建立會員…", "正在建立会员…", "Enrolling members…"),
    "seed.sales": ("正在補上過去的交易：{day}", "正在补上过去的交易：{day}", "Ringing up past sales: {day}"),
    "seed.short_reason": ("找零有誤", "找零有误", "Wrong change given"),
}
