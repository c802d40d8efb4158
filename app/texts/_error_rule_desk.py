"""What is refused on the rule desk and in the loyalty office."""

from __future__ import annotations

TEXTS = {
    "error.rule_text_needed": ("這裡要寫幾個字。", "这里要写几个字。", "Write a few words here."),
    "error.rule_amount_least": (
        "金額至少要 {least}。",
        "金额至少要 {least}。",
        "The amount must be {least} or more.",
    ),
    "error.rule_day_unreadable": (
        "「{text}」看不懂，請寫成 2026/12/31。",
        "“{text}”看不懂，请写成 2026/12/31。",
        "“{text}” is no day. Write it as 2026/12/31.",
    ),
    "error.rule_hour_unreadable": (
        "「{text}」看不懂，請寫成 18:00。",
        "“{text}”看不懂，请写成 18:00。",
        "“{text}” is no time. Write it as 18:00.",
    ),
    "error.rule_hours_empty": (
        "開始與結束是同一個時間，請改其中一個。",
        "开始与结束是同一个时间，请改其中一个。",
        "It begins and ends at the same time. Change one of them.",
    ),
    "error.rule_choice_needed": ("請至少選一個。", "请至少选一个。", "Choose at least one."),
    "error.rule_goods_needed": (
        "請選商品或分類。",
        "请选商品或分类。",
        "Choose goods or a category.",
    ),
    "error.rule_items_only": (
        "排除只能選單項商品，不能選分類。",
        "排除只能选单项商品，不能选分类。",
        "Only single items can be left out, no categories.",
    ),
    "error.rule_days_crossed": (
        "結束日期在開始日期之前，請對調。",
        "结束日期在开始日期之前，请对调。",
        "The last day comes before the first one.",
    ),
    "error.rule_visits_crossed": (
        "至多的次數比至少的還小。",
        "至多的次数比至少的还小。",
        "The most is fewer than the least.",
    ),
    "error.rule_amounts_crossed": (
        "最高金額比最低的還小。",
        "最高金额比最低的还小。",
        "The most is less than the least.",
    ),
    "error.rule_two_terms": (
        "效期只能有一種，請拿掉其中一個。",
        "有效期只能有一种，请去掉其中一个。",
        "There can be only one way to end. Take one away.",
    ),
    "error.rule_points_needed": (
        "推薦人或好友至少一方要有點數。",
        "推荐人或好友至少一方要有积分。",
        "At least one of the two must get points.",
    ),
    "error.rule_bonus_twice": (
        "同一種場合只能有一項贈點，請改原來那一項。",
        "同一种场合只能有一项赠送，请改原来那一项。",
        "There is a bonus for this occasion already. Change that one.",
    ),
    "error.rule_step_uneven": (
        "單位要是 {points} 的倍數，折抵才會是整數。",
        "单位要是 {points} 的倍数，抵扣才会是整数。",
        "The step must be a multiple of {points}.",
    ),
    "error.rule_name_twice": ("這個名稱已經用了。", "这个名称已经用了。", "This name is taken."),
    "error.rule_choices_two": (
        "至少要兩個選項，用頓號隔開。",
        "至少要两个选项，用顿号隔开。",
        "Write two choices or more, parted by commas.",
    ),
    "error.tier_threshold_twice": (
        "兩個等級的門檻一樣，請改成不同。",
        "两个等级的门槛一样，请改成不同。",
        "Two tiers ask for the same. Change one of them.",
    ),
    "error.stamp_way_needed": (
        "還沒說怎麼集格，請按「＋ 條件」加上件數、來店或金額。",
        "还没说怎么集格，请按“＋ 条件”加上件数、到店或金额。",
        "Nothing says how stamps are earned. Add pieces, visits or an amount.",
    ),
    "error.stamp_two_ways": (
        "一張卡只能有一種集格方式，請拿掉其中一個。",
        "一张卡只能有一种集格方式，请去掉其中一个。",
        "A card has one way to earn stamps. Take one away.",
    ),
    "error.coupon_template_used": (
        "「{name}」還在自動送券裡使用，請先到那一頁拿掉。",
        "“{name}”还在自动送券里使用，请先到那一页去掉。",
        "{name} is still given by itself. Take it away on that page first.",
    ),
}
