"""Stored value and gift cards: on the ticket, on paper, and in the sheet that sells them."""

from __future__ import annotations

TEXTS = {
    # --- on the ticket and its paper ---
    "value.line_top_up": ("儲值", "充值", "Top-up"),
    "value.line_card": ("禮物卡 {card}", "礼品卡 {card}", "Gift card {card}"),
    "value.line_new_card": ("禮物卡（新卡）", "礼品卡（新卡）", "Gift card (new)"),
    "value.line_refund": ("儲值退費 {card}", "充值退款 {card}", "Stored value refund {card}"),
    "value.tender_stored_value": ("儲值金", "储值", "Stored value"),
    "value.tender_gift_card": ("禮物卡", "礼品卡", "Gift card"),
    "value.paper_member": ("儲值金", "储值余额", "Stored value"),
    "value.paper_card": ("禮物卡 {card}", "礼品卡 {card}", "Gift card {card}"),
    "value.paper_before": ("交易前餘額", "交易前余额", "Balance before"),
    "value.paper_moved": ("本次", "本次", "This time"),
    "value.paper_bonus": ("含贈送", "含赠送", "of it bonus"),
    "value.paper_after": ("交易後餘額", "交易后余额", "Balance now"),
    "value.paper_scan": (
        "付款時出示這個條碼，請當現金保管",
        "付款时出示此二维码，请像现金一样保管",
        "Show this to pay. Keep it as you keep cash.",
    ),
    # --- paying ---
    "value.pay": ("儲值金 {balance}", "储值 {balance}", "Stored value {balance}"),
    "value.pay_card": ("禮物卡 {card} {balance}", "礼品卡 {card} {balance}", "Card {card} {balance}"),
    # --- the sheet ---
    "value.title": ("儲值 / 禮物卡", "充值 / 礼品卡", "Top-up and gift cards"),
    "value.top_up_of": ("儲值到 {who}", "充值到 {who}", "Top up {who}"),
    "value.balance": ("目前餘額 {balance}", "当前余额 {balance}", "Balance {balance}"),
    "value.balance_bonus": (
        "目前餘額 {balance}（含贈送 {bonus}）",
        "当前余额 {balance}（含赠送 {bonus}）",
        "Balance {balance}, of it {bonus} bonus",
    ),
    "value.needs_member": (
        "先輸入會員的手機號碼，才能儲值；禮物卡不必。",
        "先输入会员的手机号码才能充值；礼品卡不需要。",
        "Key the member's phone number first to top up; a gift card needs none.",
    ),
    "value.kind_top_up": ("儲值", "充值", "Top up"),
    "value.kind_card": ("禮物卡", "礼品卡", "Gift card"),
    "value.kind_refund": ("退費", "退款", "Pay out"),
    "value.key_bonus": ("送 {bonus}", "送 {bonus}", "+{bonus} free"),
    "value.amount": ("金額", "金额", "Amount"),
    "value.code": ("卡號（卡片背面 14 碼）", "卡号（卡片背面 14 位）", "Card code (14 characters)"),
    "value.code_new": (
        "沒有實體卡就留空：會開一張新卡，印在收據上",
        "没有实体卡就留空：会开一张新卡，印在小票上",
        "Empty: a new card is made and printed on the receipt.",
    ),
    "value.bind": ("綁定這位會員", "绑定这位会员", "Keep on this member's file"),
    "value.card_new": ("還沒開卡的禮物卡 {card}", "尚未开卡的礼品卡 {card}", "Card {card}, not sold yet"),
    "value.card_known": (
        "禮物卡 {card}，餘額 {balance}",
        "礼品卡 {card}，余额 {balance}",
        "Gift card {card}: {balance}",
    ),
    "value.bonus_preview": (
        "儲值 {amount}，再送 {bonus}",
        "充值 {amount}，再送 {bonus}",
        "{amount}, and {bonus} free",
    ),
    "value.refund_most": ("最多可退 {most}", "最多可退 {most}", "At most {most}"),
    "value.refund_how": (
        "只退客人付的錢：還沒用的贈送會收回，用掉的贈送先扣除。",
        "只退顾客付的钱：未用的赠送收回，已用的赠送先扣除。",
        "Only what the customer paid: unused bonus ends, used bonus is taken off first.",
    ),
    "value.add": ("放進這筆", "加入本单", "Put on this sale"),
}
