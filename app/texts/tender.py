"""What is said about paying, change and what went back."""

from __future__ import annotations

TEXTS = {
    "tender.cash": ("現金", "现金", "Cash"),
    "tender.card": ("刷卡", "刷卡", "Card"),
    "tender.voucher": ("禮券", "代金券", "Voucher"),
    "tender.store_credit": ("購物金", "购物金", "Store credit"),
    "tender.points": ("點數", "积分", "Points"),
    "tender.stored_value": ("儲值金", "储值", "Stored value"),
    "tender.gift_card": ("禮物卡", "礼品卡", "Gift card"),
    "tender.title": ("收款", "收款", "Payment"),
    "tender.refund_title": ("退款", "退款", "Refund"),
    "tender.given": ("客人給的現金", "顾客给的现金", "Cash handed over"),
    "tender.taken_points": ("{points} 點", "{points} 分", "{points} points"),
    "tender.points_offer": (
        "可折 {points} 點（{amount}），共有 {balance} 點",
        "可抵 {points} 分（{amount}），共有 {balance} 分",
        "Up to {points} points ({amount}) of {balance}",
    ),
    "tender.no_points": (
        "這筆沒有點數可以折抵。",
        "本单没有积分可以抵扣。",
        "There are no points to use on this sale.",
    ),
    "tender.no_value": (
        "這筆沒有儲值金可以用了。",
        "本单没有储值可以用了。",
        "There is no stored value to use on this sale.",
    ),
    "tender.points_need_member": (
        "請先輸入會員的手機號碼，才能用點數。",
        "请先输入会员的手机号码，才能用积分。",
        "Key the member's phone number first, then use points.",
    ),
    # --- the sheet of other ways to pay ---
    "tender.other_title": (
        "其他付款方式・還差 {due}",
        "其他付款方式・还差 {due}",
        "Other ways to pay · {due} left",
    ),
    "tender.other_refund_title": (
        "其他退款方式・應退 {due}",
        "其他退款方式・应退 {due}",
        "Other ways to refund · {due}",
    ),
    "tender.choose": (
        "1 刷卡　2 禮券　3 購物金",
        "1 刷卡　2 代金券　3 购物金",
        "1 card   2 voucher   3 store credit",
    ),
    "tender.amount": ("金額", "金额", "Amount"),
    "tender.reference_card": (
        "授權碼（刷卡機上的號碼）",
        "授权码（刷卡机上的号码）",
        "Approval code from the terminal",
    ),
    "tender.reference_voucher": ("禮券號碼", "代金券号码", "Voucher number"),
    "tender.reference_store_credit": ("購物金單號", "购物金单号", "Store credit number"),
    "tender.reference_gift_card": (
        "禮物卡卡號（收款時直接刷卡更快）",
        "礼品卡卡号（收款时直接扫卡更快）",
        "Gift card code (scanning it while paying is faster)",
    ),
    "tender.reference_needed": (
        "請輸入號碼，對帳時才找得到。",
        "请输入号码，对账时才找得到。",
        "Key its number, so that it can be found when the books are checked.",
    ),
    "tender.take": ("收款", "收款", "Take payment"),
    "tender.give": ("退款", "退款", "Give refund"),
    # --- afterwards ---
    "tender.change": ("找零", "找零", "Change"),
    "tender.no_change": ("收款完成，不必找零", "收款完成，不必找零", "Paid exactly, no change"),
    "tender.refunded": ("已退款", "已退款", "Refunded"),
    "tender.received": ("收 {paid}・應收 {total}", "收 {paid}・应收 {total}", "{paid} received for {total}"),
    "tender.receipt": ("單號 {number}", "单号 {number}", "Receipt {number}"),
    "tender.earned": (
        "{who}　+{earned} 點，共 {balance} 點",
        "{who}　+{earned} 分，共 {balance} 分",
        "{who}: +{earned} points, {balance} in all",
    ),
    "tender.spent": (
        "{who}　用了 {spent} 點，剩 {balance} 點",
        "{who}　用了 {spent} 分，剩 {balance} 分",
        "{who}: {spent} points used, {balance} left",
    ),
    "tender.balance": ("{who}　共 {balance} 點", "{who}　共 {balance} 分", "{who}: {balance} points"),
    "tender.earned_spent": (
        "{who}　用了 {spent} 點、得 {earned} 點，共 {balance} 點",
        "{who}　用了 {spent} 分、得 {earned} 分，共 {balance} 分",
        "{who}: {spent} points used, {earned} earned, {balance} in all",
    ),
    "tender.welcome": ("新會員，歡迎！", "新会员，欢迎！", "A new member. Welcome!"),
    "tender.reprint": ("補印收據", "补打小票", "Print a copy"),
}
