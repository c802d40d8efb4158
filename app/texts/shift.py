"""The drawer's reasons, as the operator chooses them. What is chosen is stored and printed in these words."""

from __future__ import annotations

TEXTS = {
    "shift.reason.no_sale.make_change": ("換零錢", "换零钱", "Make change"),
    "shift.reason.no_sale.check_drawer": ("核對錢櫃", "核对钱箱", "Check the drawer"),
    "shift.reason.no_sale.other": ("其他", "其他", "Other"),
    "shift.reason.paid_in.more_change": ("補零錢", "补零钱", "More change"),
    "shift.reason.paid_in.float_top_up": ("增加零用金", "增加备用金", "More float"),
    "shift.reason.paid_in.other": ("其他", "其他", "Other"),
    "shift.reason.paid_out.supplies": ("買耗材", "买耗材", "Supplies"),
    "shift.reason.paid_out.supplier": ("付貨款", "付货款", "Supplier"),
    "shift.reason.paid_out.postage": ("郵資運費", "邮费运费", "Postage and freight"),
    "shift.reason.paid_out.to_bank": ("繳回現金", "上缴现金", "Cash to the bank"),
    "shift.reason.paid_out.other": ("其他", "其他", "Other"),
}
