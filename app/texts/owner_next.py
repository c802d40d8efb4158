"""The owner's page about what members will want next, and the sheet about one of them."""

from __future__ import annotations

TEXTS = {
    "owner_next.search": (
        "查一位會員常買什麼（電話或姓名）",
        "查一位会员常买什么（电话或姓名）",
        "What one member takes (phone or name)",
    ),
    "owner_next.nobody_found": (
        "沒有這位會員，或是這段日子沒有買過。",
        "没有这位会员，或是这段日子没有买过。",
        "No such member, or they bought nothing in these days.",
    ),
    "owner_next.list": ("差不多該再買的", "差不多该再买的", "Due to buy again"),
    "owner_next.finding": (
        "有 {count} 位會員常買的東西，差不多該再買了。",
        "有 {count} 位会员常买的东西，差不多该再买了。",
        "{count} members are due to buy again what they always buy.",
    ),
    "owner_next.nothing": (
        "現在沒有會員常買的東西該再買。",
        "现在没有会员常买的东西该再买。",
        "No member is due to buy anything again.",
    ),
    "owner_next.nobody": (
        "還沒有人常買的東西到了該再買的時候。",
        "还没有人常买的东西到了该再买的时候。",
        "Nobody's usual goods are due yet.",
    ),
    "owner_next.due": (
        "{item}：平常 {gap} 天買一次，已經 {days} 天",
        "{item}：平常 {gap} 天买一次，已经 {days} 天",
        "{item}: every {gap} days, {days} days ago",
    ),
    "owner_next.and": ("；", "；", "; "),
    "owner_next.goods": ("{count} 樣", "{count} 样", "{count} goods"),
    "owner_next.column.goods": ("該再買的", "该再买的", "Due"),
    "owner_next.title": ("{member} 會想要什麼", "{member} 会想要什么", "What {member} may want"),
    "owner_next.own": ("平常買的", "平常买的", "What they take"),
    "owner_next.no_own": ("還沒有常買的東西。", "还没有常买的东西。", "Nothing yet."),
    "owner_next.bought": ("買過 {count} 天，{since}", "买过 {count} 天，{since}", "on {count} days, {since}"),
    "owner_next.bought_every": (
        "買過 {count} 天，平均 {gap} 天一次，{since}",
        "买过 {count} 天，平均 {gap} 天一次，{since}",
        "on {count} days, every {gap} days, {since}",
    ),
    "owner_next.is_due": ("該再買了", "该再买了", "due"),
    "owner_next.new": ("可以請他試試", "可以请他试试", "They might try"),
    "owner_next.no_new": ("沒有還沒買過的建議。", "没有还没买过的建议。", "No suggestion."),
    "owner_next.neighbours": (
        "買的東西和他最像的 {neighbours} 位會員，有 {buyers} 位買",
        "买的东西和他最像的 {neighbours} 位会员，有 {buyers} 位买",
        "{buyers} of the {neighbours} members most like them take it",
    ),
    "owner_next.best_seller": (
        "店裡賣得好，他還沒買過",
        "店里卖得好，他还没买过",
        "sells well here, and they have not had it",
    ),
    "owner_next.only_a_try": (
        "沒買過的只是試試：十樣裡通常中不到一樣。",
        "没买过的只是试试：十样里通常中不到一样。",
        "What is new to them is a try: of ten such goods, fewer than one is usually taken.",
    ),
}
