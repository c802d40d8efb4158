"""What a coupon gives and when, as paper and screens say it."""

from __future__ import annotations

TEXTS = {
    # --- what it gives ---
    "coupons.percent": ("{fold} 折", "{fold} 折", "{percent} off"),
    "coupons.free": ("免費", "免费", "free of charge"),
    "coupons.amount": ("折 {value}", "减 {value}", "{value} off"),
    "coupons.price": ("每件 {value}", "每件 {value}", "{value} each"),
    "coupons.gift": ("送「{gift}」1 件", "送“{gift}”1 件", "One {gift} free"),
    # --- on what ---
    "coupons.everything": ("全店商品：{what}", "全店商品：{what}", "Everything: {what}"),
    "coupons.covers": ("{goods}：{what}", "{goods}：{what}", "{goods}: {what}"),
    "coupons.more_goods": ("等 {count} 項", "等 {count} 项", "and others, {count} in all"),
    "coupons.excluded": ("不含：{goods}", "不含：{goods}", "Not for: {goods}"),
    "coupons.pieces": (
        "限最高價 {count} 件",
        "限最高价 {count} 件",
        "For {count} pieces, the dearest ones",
    ),
    "coupons.pieces_cheapest": (
        "限最低價 {count} 件",
        "限最低价 {count} 件",
        "For {count} pieces, the cheapest ones",
    ),
    "coupons.minimum": ("消費滿 {amount} 可用", "消费满 {amount} 可用", "From {amount} on"),
    "coupons.off_max": ("最多折 {amount}", "最多减 {amount}", "{amount} off at most"),
    "coupons.not_with_promotions": (
        "特價及優惠商品不適用",
        "特价及优惠商品不适用",
        "Not for goods on offer",
    ),
    "coupons.alone": ("不可與其他優惠券併用", "不可与其他优惠券并用", "Not with other coupons"),
    # --- when and who ---
    "coupons.until": ("使用期限 {last}", "使用期限 {last}", "Use by {last}"),
    "coupons.from_until": ("{first} 至 {last} 可用", "{first} 至 {last} 可用", "From {first} to {last}"),
    "coupons.from_on": ("{first} 起可用", "{first} 起可用", "From {first} on"),
    "coupons.days_to": ("{first}至{last}", "{first}至{last}", "{first} to {last}"),
    "coupons.weekdays": ("限{days}", "限{days}", "On {days} only"),
    "coupons.hours": ("限 {start}-{end}", "限 {start}-{end}", "From {start} to {end} only"),
    "coupons.uses": ("可使用 {count} 次", "可使用 {count} 次", "Good for {count} uses"),
    "coupons.personal": ("限本人使用", "仅限本人使用", "For this member only"),
    "coupons.transferable": ("可轉送其他會員", "可转送其他会员", "May be passed on to another member"),
    "coupons.tiers": ("限指定會員等級", "仅限指定会员等级", "For certain member tiers"),
    "coupons.day_0": ("週一", "周一", "Monday"),
    "coupons.day_1": ("週二", "周二", "Tuesday"),
    "coupons.day_2": ("週三", "周三", "Wednesday"),
    "coupons.day_3": ("週四", "周四", "Thursday"),
    "coupons.day_4": ("週五", "周五", "Friday"),
    "coupons.day_5": ("週六", "周六", "Saturday"),
    "coupons.day_6": ("週日", "周日", "Sunday"),
    "coupons.comma": ("、", "、", ", "),
    # --- on paper ---
    "coupons.title": ("下次來店優惠", "下次来店优惠", "For your next visit"),
    "coupons.slip_title": ("優惠券", "优惠券", "Coupon"),
    "coupons.code": ("券號 {code}", "券号 {code}", "Code {code}"),
    "coupons.scan": ("結帳時出示", "结账时出示", "Show this when you pay"),
    "coupons.redeemed": ("集點兌換：{name}", "集点兑换：{name}", "Stamp card: {name}"),
    "coupons.stamps": ("集點卡：{name}", "集点卡：{name}", "Stamp card: {name}"),
    "coupons.stamps_ready": (
        "可兌換 {count} 次",
        "可兑换 {count} 次",
        "{count} to redeem",
    ),
}
