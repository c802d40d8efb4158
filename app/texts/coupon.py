"""Coupons, stamp cards and gifts as the sale screen offers them."""

from __future__ import annotations

TEXTS = {
    "coupon.title": ("優惠券、集點卡與贈品", "优惠券、集点卡与赠品", "Coupons, stamp cards and gifts"),
    "coupon.list": ("可以用的", "可以用的", "To use"),
    "coupon.why": ("這筆的價錢怎麼來的", "本单的价钱怎么来的", "Why it costs what it costs"),
    "coupon.best": ("最省", "最省", "Best"),
    "coupon.on_counter": ("已使用，Enter 取回", "已使用，Enter 取回", "In use, Enter takes it back"),
    "coupon.waiting": ("已放上，{why}", "已放上，{why}", "On the counter: {why}"),
    "coupon.until": ("到 {date}", "到 {date}", "until {date}"),
    "coupon.no_end": ("沒有期限", "没有期限", "no end"),
    "coupon.stamp_ready": (
        "集滿 {needed} 點，可以兌換",
        "集满 {needed} 点，可以兑换",
        "{needed} stamps: to redeem",
    ),
    "coupon.stamp_left": ("還差 {missing} 點", "还差 {missing} 点", "{missing} more to go"),
    "coupon.gift": ("贈品", "赠品", "Gift"),
    "coupon.gift_points": ("{points} 點", "{points} 分", "{points} points"),
    "coupon.gift_missing": ("點數還差 {missing}", "积分还差 {missing}", "{missing} points short"),
    "coupon.gift_gone": ("已經換完", "已经换完", "None left"),
    "coupon.gift_left": ("剩 {left} 份", "剩 {left} 份", "{left} left"),
    "coupon.use": ("使用", "使用", "Use it"),
    "coupon.applied": (
        "已用「{name}」，折 {amount}。",
        "已用“{name}”，减 {amount}。",
        "“{name}” takes {amount} off.",
    ),
    "coupon.applied_words": ("已用「{name}」。", "已用“{name}”。", "“{name}” is in use."),
    "coupon.laid": (
        "「{name}」先放著：{why}",
        "“{name}”先放着：{why}",
        "“{name}” waits: {why}",
    ),
    "coupon.taken_away": ("「{name}」已取回。", "“{name}”已取回。", "“{name}” is taken back."),
    "coupon.token_off": ("{name}　−{amount}", "{name}　−{amount}", "{name}  −{amount}"),
    "coupon.token_gift": (
        "贈品 {name} ×{pieces}　{points} 點",
        "赠品 {name} ×{pieces}　{points} 分",
        "Gift {name} ×{pieces}  {points} points",
    ),
    "coupon.token_waits": ("{name}：{why}", "{name}：{why}", "{name}: {why}"),
    "coupon.hint": (
        "上下鍵選，Enter 使用或取回；也可以直接刷券。",
        "上下键选，Enter 使用或取回；也可以直接扫券。",
        "Up and down to choose, Enter to use or take back; a coupon can be scanned here.",
    ),
}
