"""What people may do at the till, as the approval sheet and the slips call it."""

from __future__ import annotations

TEXTS = {
    "authority.right.line_discount": ("單品折扣", "单品折扣", "Line discount"),
    "authority.right.basket_discount": ("整單折扣", "整单折扣", "Basket discount"),
    "authority.right.price_override": ("改價", "改价", "Price change"),
    "authority.right.return": ("退貨", "退货", "Return"),
    "authority.right.return_without_receipt": ("無單退貨", "无单退货", "Return without a receipt"),
    "authority.right.post_void": ("交易作廢", "交易作废", "Void of a finished sale"),
    "authority.right.paid_out": ("取出現金", "取出现金", "Paid out"),
    "authority.right.paid_in": ("存入現金", "存入现金", "Paid in"),
    "authority.right.no_sale": ("開錢櫃", "开钱箱", "Opening the drawer"),
    "authority.right.cancel_basket": ("取消整筆", "取消整单", "Cancelling a sale"),
    "authority.right.see_expected_cash": ("查看應有現金", "查看应有现金", "Seeing the expected cash"),
    "authority.right.training": ("練習模式", "练习模式", "Practice mode"),
    "authority.right.settings": ("設定與員工", "设置与员工", "Settings and staff"),
    "authority.right.reports": ("營業報表", "营业报表", "The shop's figures"),
}
