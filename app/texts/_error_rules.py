"""What is refused about rules, bonuses, gifts and tiers."""

from __future__ import annotations

TEXTS = {
    "error.rules_damaged": (
        "規則設定「{place}」讀不懂，請重新設定這一項。",
        "规则设置“{place}”无法识别，请重新设置该项。",
        "The rule setting “{place}” cannot be understood. Set it again.",
    ),
    "error.rules_valid_from_past": (
        "規則不能從過去開始生效，請選今天或之後的時間。",
        "规则不能从过去开始生效，请选今天或之后的时间。",
        "Rules cannot begin in the past. Choose now or a later time.",
    ),
    "error.rules_unchanged": (
        "內容與目前的規則相同，沒有新的版本。",
        "内容与当前的规则相同，没有新的版本。",
        "Nothing differs from the rules in force, so there is no new version.",
    ),
    "error.rules_owner_only": (
        "只有店主可以更改規則。",
        "只有店主可以更改规则。",
        "Only an owner may change the rules.",
    ),
    "error.bonus_not_set": (
        "目前沒有設定這項贈點。",
        "目前没有设置该项赠分。",
        "No such bonus is set at the moment.",
    ),
    "error.bonus_given": (
        "這項贈點已經給過了。",
        "该项赠分已经给过了。",
        "This bonus was given already.",
    ),
    "error.gift_unknown": (
        "沒有代號「{code}」的兌換禮。",
        "没有代号“{code}”的兑换礼品。",
        "There is no gift with the code “{code}”.",
    ),
    "error.gift_pieces": (
        "數量要在 1 到 {pieces_max} 之間。",
        "数量要在 1 到 {pieces_max} 之间。",
        "The number must be from 1 to {pieces_max}.",
    ),
    "error.gift_not_today": (
        "「{name}」目前不在兌換期間。",
        "“{name}”目前不在兑换期间。",
        "{name} cannot be had today.",
    ),
    "error.gift_not_for_tier": (
        "「{name}」限指定等級的會員兌換。",
        "“{name}”限指定等级的会员兑换。",
        "{name} is for other tiers.",
    ),
    "error.gift_gone": (
        "「{name}」只剩 {left} 份。",
        "“{name}”只剩 {left} 份。",
        "Only {left} of {name} are left.",
    ),
    "error.gift_points_missing": (
        "點數不足，兌換「{name}」還差 {missing} 點。",
        "积分不足，兑换“{name}”还差 {missing} 分。",
        "{missing} more points are needed for {name}.",
    ),
    "error.gift_member_needed": (
        "兌換禮要先輸入會員手機。",
        "兑换礼品要先输入会员手机号。",
        "A gift needs a member. Key the phone number first.",
    ),
    "error.gift_given_back": (
        "這份兌換禮已經退回了。",
        "该兑换礼品已经退回了。",
        "This gift was given back already.",
    ),
    "error.tier_unknown": (
        "沒有代號「{code}」的等級。",
        "没有代号“{code}”的等级。",
        "There is no tier with the code “{code}”.",
    ),
}
