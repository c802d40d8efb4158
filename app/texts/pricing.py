"""Why a line costs what it costs."""

from __future__ import annotations

TEXTS = {
    # --- where the price starts ---
    "pricing.regular": (
        "原價 {price} × {quantity}，共 {amount}。",
        "原价 {price} × {quantity}，共 {amount}。",
        "Regular price {price} × {quantity}: {amount}.",
    ),
    "pricing.member": (
        "會員價 {price}（原價 {regular}）× {quantity}，共 {amount}。",
        "会员价 {price}（原价 {regular}）× {quantity}，共 {amount}。",
        "Member price {price} (regular {regular}) × {quantity}: {amount}.",
    ),
    "pricing.tier": (
        "{name} {fold} 折，{price}（原價 {regular}）× {quantity}，共 {amount}。",
        "{name} {fold} 折，{price}（原价 {regular}）× {quantity}，共 {amount}。",
        "{name}, {percent} off: {price} (regular {regular}) × {quantity}: {amount}.",
    ),
    "pricing.tier_part": (
        "其中一部分以{name} {fold} 折計算，省 {off}，剩 {amount}。",
        "其中一部分按{name} {fold} 折计算，省 {off}，剩 {amount}。",
        "Some of them at {percent} off for {name}: {off} less, {amount} left.",
    ),
    "pricing.override": (
        "改價為 {price}（原價 {regular}）× {quantity}，共 {amount}。",
        "改价为 {price}（原价 {regular}）× {quantity}，共 {amount}。",
        "Price changed to {price} (regular {regular}) × {quantity}: {amount}.",
    ),
    "pricing.override_reason": (
        "改價為 {price}（原價 {regular}）× {quantity}，共 {amount}，原因：{reason}。",
        "改价为 {price}（原价 {regular}）× {quantity}，共 {amount}，原因：{reason}。",
        "Price changed to {price} (regular {regular}) × {quantity}: {amount}, because: {reason}.",
    ),
    "pricing.label": (
        "標籤上的價格，共 {amount}。",
        "标签上的价格，共 {amount}。",
        "The price on the label: {amount}.",
    ),
    "pricing.open": (
        "現場輸入的價格 {price} × {quantity}，共 {amount}。",
        "现场输入的价格 {price} × {quantity}，共 {amount}。",
        "Price keyed at the till {price} × {quantity}: {amount}.",
    ),
    "pricing.returned": (
        "退貨，退回當初實付的 {off}。",
        "退货，退回当初实付的 {off}。",
        "Returned goods: {off} goes back, exactly what was paid.",
    ),
    "pricing.member_part": (
        "其中一部分以會員價計算，省 {off}，剩 {amount}。",
        "其中一部分按会员价计算，省 {off}，剩 {amount}。",
        "Some of them at the member price: {off} less, {amount} left.",
    ),
    "pricing.coupon": (
        "「{name}」折抵 {off}，剩 {amount}。",
        "“{name}”抵扣 {off}，剩 {amount}。",
        "“{name}”: {off} less, {amount} left.",
    ),
    # --- promotions ---
    "pricing.percent": (
        "「{name}」每件 {fold} 折，省 {off}，剩 {amount}。",
        "“{name}”每件 {fold} 折，省 {off}，剩 {amount}。",
        "“{name}”: {percent} off each; {off} less, {amount} left.",
    ),
    "pricing.free": (
        "「{name}」免費，省 {off}。",
        "“{name}”免费，省 {off}。",
        "“{name}”: free of charge; {off} less.",
    ),
    "pricing.amount": (
        "「{name}」每件（公斤）折 {value}，省 {off}，剩 {amount}。",
        "“{name}”每件（公斤）减 {value}，省 {off}，剩 {amount}。",
        "“{name}”: {value} off each (or each kilogram); {off} less, {amount} left.",
    ),
    "pricing.fixed_price": (
        "「{name}」每件（公斤）特價 {value}，省 {off}，剩 {amount}。",
        "“{name}”每件（公斤）特价 {value}，省 {off}，剩 {amount}。",
        "“{name}”: {value} each (or each kilogram); {off} less, {amount} left.",
    ),
    "pricing.n_for_price": (
        "「{name}」任選 {n} 件 {value}，本項省 {off}，剩 {amount}。",
        "“{name}”任选 {n} 件 {value}，本项省 {off}，剩 {amount}。",
        "“{name}”: any {n} for {value}; this line {off} less, {amount} left.",
    ),
    "pricing.buy_x_get_y": (
        "「{name}」每 {units} 件，最便宜的 {y} 件 {fold} 折，本項分攤省 {off}，剩 {amount}。",
        "“{name}”每 {units} 件，最便宜的 {y} 件 {fold} 折，本项分摊省 {off}，剩 {amount}。",
        "“{name}”: of every {units}, the cheapest {y} at {percent} off; this line's share {off}, {amount} left.",
    ),
    "pricing.buy_x_get_y_free": (
        "「{name}」買 {x} 送 {y}，最便宜的免費，本項分攤省 {off}，剩 {amount}。",
        "“{name}”买 {x} 送 {y}，最便宜的免费，本项分摊省 {off}，剩 {amount}。",
        "“{name}”: buy {x}, get {y} free, the cheapest; this line's share {off}, {amount} left.",
    ),
    "pricing.mix_match_price": (
        "「{name}」搭配 {units} 件一組 {value}，本項分攤省 {off}，剩 {amount}。",
        "“{name}”搭配 {units} 件一组 {value}，本项分摊省 {off}，剩 {amount}。",
        "“{name}”: a set of {units} for {value}; this line's share {off}, {amount} left.",
    ),
    "pricing.mix_match_percent": (
        "「{name}」搭配 {units} 件一組 {fold} 折，本項分攤省 {off}，剩 {amount}。",
        "“{name}”搭配 {units} 件一组 {fold} 折，本项分摊省 {off}，剩 {amount}。",
        "“{name}”: {percent} off a set of {units}; this line's share {off}, {amount} left.",
    ),
    "pricing.mix_match_amount": (
        "「{name}」搭配 {units} 件一組折 {value}，本項分攤省 {off}，剩 {amount}。",
        "“{name}”搭配 {units} 件一组减 {value}，本项分摊省 {off}，剩 {amount}。",
        "“{name}”: {value} off a set of {units}; this line's share {off}, {amount} left.",
    ),
    "pricing.basket_threshold": (
        "「{name}」滿 {limit} 折 {value}，本項分攤 {off}，剩 {amount}。",
        "“{name}”满 {limit} 减 {value}，本项分摊 {off}，剩 {amount}。",
        "“{name}”: {value} off from {limit} on; this line's share {off}, {amount} left.",
    ),
    "pricing.basket_threshold_percent": (
        "「{name}」滿 {limit} 打 {fold} 折，本項分攤 {off}，剩 {amount}。",
        "“{name}”满 {limit} 打 {fold} 折，本项分摊 {off}，剩 {amount}。",
        "“{name}”: {percent} off from {limit} on; this line's share {off}, {amount} left.",
    ),
    "pricing.left_out": (
        "這裡少用了別的優惠，湊到「{name}」的門檻，整筆反而更便宜。",
        "这里少用了别的优惠，凑到“{name}”的门槛，整单反而更便宜。",
        "Another offer is left out here, so that the basket reaches “{name}” and costs less in all.",
    ),
    # --- discounts that a person gave ---
    "pricing.line_discount": (
        "單品折扣 {off}，剩 {amount}。",
        "单品折扣 {off}，剩 {amount}。",
        "Discount on this line {off}, {amount} left.",
    ),
    "pricing.line_discount_reason": (
        "單品折扣 {off}，原因：{reason}，剩 {amount}。",
        "单品折扣 {off}，原因：{reason}，剩 {amount}。",
        "Discount on this line {off} because: {reason}; {amount} left.",
    ),
    "pricing.line_discount_percent": (
        "單品打 {fold} 折，省 {off}，剩 {amount}。",
        "单品打 {fold} 折，省 {off}，剩 {amount}。",
        "{percent} off this line: {off} less, {amount} left.",
    ),
    "pricing.line_discount_percent_reason": (
        "單品打 {fold} 折，原因：{reason}，省 {off}，剩 {amount}。",
        "单品打 {fold} 折，原因：{reason}，省 {off}，剩 {amount}。",
        "{percent} off this line because: {reason}; {off} less, {amount} left.",
    ),
    "pricing.basket_discount": (
        "整單折扣，本項分攤 {off}，剩 {amount}。",
        "整单折扣，本项分摊 {off}，剩 {amount}。",
        "Discount on the whole sale: this line's share {off}, {amount} left.",
    ),
    "pricing.basket_discount_reason": (
        "整單折扣，原因：{reason}，本項分攤 {off}，剩 {amount}。",
        "整单折扣，原因：{reason}，本项分摊 {off}，剩 {amount}。",
        "Discount on the whole sale because: {reason}; this line's share {off}, {amount} left.",
    ),
    "pricing.basket_discount_percent": (
        "整單打 {fold} 折，本項分攤 {off}，剩 {amount}。",
        "整单打 {fold} 折，本项分摊 {off}，剩 {amount}。",
        "{percent} off the whole sale: this line's share {off}, {amount} left.",
    ),
    "pricing.basket_discount_percent_reason": (
        "整單打 {fold} 折，原因：{reason}，本項分攤 {off}，剩 {amount}。",
        "整单打 {fold} 折，原因：{reason}，本项分摊 {off}，剩 {amount}。",
        "{percent} off the whole sale because: {reason}; this line's share {off}, {amount} left.",
    ),
}
