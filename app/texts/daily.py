"""What is done once a business day beside the sales."""

from __future__ import annotations

TEXTS = {
    "daily.expiry": ("到期點數", "到期积分", "Points that end"),
    "daily.inactivity": ("久未消費", "久未消费", "Members away"),
    "daily.value": ("到期的儲值贈金", "到期的储值赠金", "Bonus money that ends"),
    "daily.tiers": ("會員等級", "会员等级", "Tiers"),
    "daily.birthdays": ("生日禮", "生日礼", "Birthdays"),
    "daily.guard": ("異常檢查", "异常检查", "Guard"),
    "daily.segments": ("會員分群", "会员分群", "Segments"),
    "daily.tags": ("自動標籤", "自动标签", "Tags by rule"),
    "daily.running": ("整理{job} {percent}%", "整理{job} {percent}%", "{job} {percent}%"),
    "daily.stop": (
        "每個營業日整理一次，不影響結帳。點一下先停，之後會接著做。",
        "每个营业日整理一次，不影响收银。点一下先停，之后会接着做。",
        "Done once a business day, beside the sales. A tap stops it; it goes on later.",
    ),
    "daily.stopped": (
        "先停下來了，下次開啟時接著整理。",
        "先停下来了，下次打开时接着整理。",
        "Stopped for now; it goes on the next time the till starts.",
    ),
    "daily.failed": (
        "今天的「{job}」沒有做完：{why}",
        "今天的“{job}”没有做完：{why}",
        "Today's “{job}” was not finished: {why}",
    ),
    "daily.guard_found": (
        "點數異常檢查：有 {count} 件事值得看一下。",
        "积分异常检查：有 {count} 件事值得看一下。",
        "The guard over the points has {count} things worth a look.",
    ),
}
