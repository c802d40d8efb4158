"""The part of :mod:`app.texts.error` about coupons and stamp cards. Its keys belong to that area."""

from __future__ import annotations

TEXTS = {
    "error.coupon_guesses": (
        "打錯的券號太多次了，請等 {seconds} 秒再試；也可以直接掃券上的條碼。",
        "输错的券号太多次了，请等 {seconds} 秒再试；也可以直接扫券上的二维码。",
        "Too many wrong coupon codes. Wait {seconds} seconds, or scan the symbol on the coupon.",
    ),
    "error.coupon_code_damaged": (
        "這張優惠券不是本店發的，或條碼已經損壞。請再刷一次，或輸入券上的 10 碼。",
        "这张优惠券不是本店发的，或条码已经损坏。请再扫一次，或输入券上的 10 位码。",
        "This coupon is not one of ours, or its code is damaged. Scan it again, or type the ten characters on it.",
    ),
    "error.coupon_code_unknown": (
        "這台收銀機沒有券號 {text} 的紀錄，請改刷券上的 QR code。",
        "这台收银机没有券号 {text} 的记录，请改扫券上的二维码。",
        "This till does not know the coupon {text}. Scan the QR code on it instead.",
    ),
    "error.coupon_unknown": (
        "找不到這張優惠券。",
        "找不到这张优惠券。",
        "This coupon cannot be found.",
    ),
    "error.coupon_template_unknown": (
        "這台收銀機還沒有「{template}」這種優惠券的內容，請先更新設定。",
        "这台收银机还没有“{template}”这种优惠券的内容，请先更新设置。",
        "This till does not know what a “{template}” coupon gives. Update its rules first.",
    ),
    "error.coupon_used": (
        "這張優惠券已經用過了。",
        "这张优惠券已经用过了。",
        "This coupon has been used.",
    ),
    "error.coupon_gone": (
        "「{name}」已經在別筆用掉或作廢了，請到「優惠」把這張券取回，再結帳。",
        "“{name}”已经在别笔用掉或作废了，请到“优惠”把这张券取回，再结账。",
        "“{name}” has been used elsewhere or cancelled meanwhile. Take it back under Offers, then total again.",
    ),
    "error.coupon_cancelled": (
        "這張優惠券已經作廢。",
        "这张优惠券已经作废。",
        "This coupon was cancelled.",
    ),
    "error.coupon_passed_on": (
        "這張優惠券已經轉送給別的會員。",
        "这张优惠券已经转送给别的会员。",
        "This coupon was passed on to another member.",
    ),
    "error.coupon_expired": (
        "這張優惠券只能用到 {day}，已經過期。",
        "这张优惠券只能用到 {day}，已经过期。",
        "This coupon was valid until {day}.",
    ),
    "error.coupon_not_yet": (
        "這張優惠券從 {day} 起才能用。",
        "这张优惠券从 {day} 起才能用。",
        "This coupon can be used from {day} on.",
    ),
    "error.coupon_not_today": (
        "這張優惠券今天（星期）不能用。",
        "这张优惠券今天（星期）不能用。",
        "This coupon cannot be used on this day of the week.",
    ),
    "error.coupon_not_at_this_hour": (
        "這張優惠券在這個時段不能用。",
        "这张优惠券在这个时段不能用。",
        "This coupon cannot be used at this hour.",
    ),
    "error.coupon_needs_member": (
        "這張優惠券限會員使用，請先輸入會員電話。",
        "这张优惠券仅限会员使用，请先输入会员电话。",
        "This coupon is for members. Key the member's number first.",
    ),
    "error.coupon_of_other_member": (
        "這張優惠券是其他會員的，不能在這筆使用。",
        "这张优惠券是其他会员的，不能在本单使用。",
        "This coupon belongs to another member.",
    ),
    "error.coupon_not_for_tier": (
        "這張優惠券不適用這位會員的等級。",
        "这张优惠券不适用这位会员的等级。",
        "This coupon is not for this member's tier.",
    ),
    "error.coupon_nothing_covered": (
        "目前沒有這張優惠券適用的商品。",
        "目前没有这张优惠券适用的商品。",
        "There is nothing here yet that this coupon applies to.",
    ),
    "error.coupon_not_with_promotions": (
        "適用的商品已有其他優惠，不能再用這張優惠券。",
        "适用的商品已有其他优惠，不能再用这张优惠券。",
        "The goods it applies to already have an offer, and this coupon does not go with offers.",
    ),
    "error.coupon_below_minimum": (
        "未達優惠券的低消，還差 {missing}。",
        "未达优惠券的最低消费，还差 {missing}。",
        "{missing} more is needed for this coupon.",
    ),
    "error.coupon_gift_missing": (
        "這張優惠券的贈品目前沒有，請改用別張。",
        "这张优惠券的赠品目前没有，请改用别张。",
        "The gift of this coupon is not to be had. Use another one.",
    ),
    "error.coupon_twice": (
        "「{name}」已經用在這筆了。",
        "“{name}”已经用在本单了。",
        "“{name}” is already used in this sale.",
    ),
    "error.coupon_not_stackable": (
        "已經用了「{name}」，不能與這張合併使用。",
        "已经用了“{name}”，不能与这张合并使用。",
        "“{name}” is in use, and the two cannot be combined.",
    ),
    "error.coupons_too_many": (
        "一筆最多用 {coupons_max} 張。",
        "一单最多用 {coupons_max} 张。",
        "One sale takes {coupons_max} coupons at most.",
    ),
    "error.coupon_none_helps": (
        "這位會員目前沒有可用在這筆的優惠券。",
        "这位会员目前没有可用在本单的优惠券。",
        "None of this member's coupons helps with this sale.",
    ),
    "error.coupon_ended": (
        "「{name}」的活動已經結束，不能再發券。",
        "“{name}”的活动已经结束，不能再发券。",
        "“{name}” has ended, so no more of these coupons are given.",
    ),
    "error.coupon_not_transferable": (
        "這張優惠券不能轉送。",
        "这张优惠券不能转送。",
        "This coupon cannot be passed on.",
    ),
    "error.gift_quantity_fixed": (
        "贈品的數量不能改；不要的話請直接刪除這一項。",
        "赠品的数量不能改；不要的话请直接删除这一项。",
        "The quantity of a gift is fixed. Void the line if it is not wanted.",
    ),
    "error.stamp_card_unknown": (
        "找不到這張集點卡。",
        "找不到这张集点卡。",
        "There is no such stamp card.",
    ),
    "error.stamps_too_few": (
        "這張集點卡還沒集滿，差 {missing} 點。",
        "这张集点卡还没集满，差 {missing} 点。",
        "The card is not full yet: {missing} more to go.",
    ),
    "error.stamp_reward_twice": (
        "「{name}」已經兌換在這筆了。",
        "“{name}”已经兑换在本单了。",
        "“{name}” is already redeemed in this sale.",
    ),
}
