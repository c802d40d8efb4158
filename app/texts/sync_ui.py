"""Everything of the talk with the central server that a person sees: the lamp, the page, pairing, the stick, the drill, warnings."""

from __future__ import annotations

from app.texts import _sync_drill, _sync_page

TEXTS = {
    **_sync_drill.TEXTS,
    **_sync_page.TEXTS,
    # --- the lamp ---
    "sync_ui.lamp.name": ("上傳：{words}", "上传：{words}", "Sending: {words}"),
    "sync_ui.lamp.all_sent": ("全部已上傳", "已全部上传", "All sent"),
    "sync_ui.lamp.count": ("{count} 筆", "{count} 笔", "{count}"),
    "sync_ui.lamp.sales": ("{count} 筆銷售待上傳", "{count} 笔销售待上传", "{count} sales waiting"),
    "sync_ui.lamp.sales_since": (
        "{count} 筆銷售待上傳，上次連線 {time}",
        "{count} 笔销售待上传，上次连接 {time}",
        "{count} sales waiting, last contact {time}",
    ),
    "sync_ui.lamp.records": ("{count} 筆資料待上傳", "{count} 条数据待上传", "{count} records waiting"),
    "sync_ui.lamp.records_since": (
        "{count} 筆資料待上傳，上次連線 {time}",
        "{count} 条数据待上传，上次连接 {time}",
        "{count} records waiting, last contact {time}",
    ),
    "sync_ui.lamp.sending": ("上傳中", "上传中", "Sending"),
    "sync_ui.lamp.sending_left": ("上傳中，剩 {count} 筆", "上传中，剩 {count} 条", "Sending, {count} left"),
    "sync_ui.lamp.filling": ("初次下載 {percent}%", "首次下载 {percent}%", "Filling {percent}%"),
    "sync_ui.lamp.percent": ("{percent}%", "{percent}%", "{percent}%"),
    "sync_ui.lamp.offline": ("離線", "离线", "Offline"),
    "sync_ui.lamp.offline_since": (
        "離線，上次連線 {time}",
        "离线，上次连接 {time}",
        "Offline, last contact {time}",
    ),
    "sync_ui.lamp.offline_count": ("離線・{count} 筆", "离线・{count} 笔", "Offline · {count}"),
    "sync_ui.lamp.offline_sales": (
        "離線，{count} 筆銷售待上傳",
        "离线，{count} 笔销售待上传",
        "Offline, {count} sales waiting",
    ),
    "sync_ui.lamp.offline_sales_since": (
        "離線，{count} 筆銷售待上傳，上次連線 {time}",
        "离线，{count} 笔销售待上传，上次连接 {time}",
        "Offline, {count} sales waiting, last contact {time}",
    ),
    "sync_ui.lamp.offline_records": (
        "離線，{count} 筆資料待上傳",
        "离线，{count} 条数据待上传",
        "Offline, {count} records waiting",
    ),
    "sync_ui.lamp.offline_records_since": (
        "離線，{count} 筆資料待上傳，上次連線 {time}",
        "离线，{count} 条数据待上传，上次连接 {time}",
        "Offline, {count} records waiting, last contact {time}",
    ),
    "sync_ui.lamp.drill": ("斷網演練中", "断网演练中", "Drill"),
    "sync_ui.lamp.drill_waiting": (
        "斷網演練中，已存 {count} 筆",
        "断网演练中，已存 {count} 条",
        "Drill: cut off, {count} kept here",
    ),
    "sync_ui.lamp.stopped": ("上傳停住", "上传已停", "Not sending"),
    "sync_ui.lamp.revoked": ("總部已停用", "总部已停用", "Shut out"),
    "sync_ui.lamp.clock": ("時間不對", "时间不对", "Clock wrong"),
    "sync_ui.lamp.stopped_count": ("上傳停住・{count} 筆", "上传已停・{count} 条", "Not sending · {count}"),
    "sync_ui.lamp.revoked_count": ("總部已停用・{count} 筆", "总部已停用・{count} 条", "Shut out · {count}"),
    "sync_ui.lamp.clock_count": ("時間不對・{count} 筆", "时间不对・{count} 条", "Clock wrong · {count}"),
    "sync_ui.lamp.set_aside": ("{count} 筆要請店主看", "{count} 条需店主查看", "{count} for the owner"),
    "sync_ui.lamp.look": ("要看", "需查看", "Look"),
    # --- when ---
    "sync_ui.moment.yesterday": ("昨天 {time}", "昨天 {time}", "yesterday {time}"),
    "sync_ui.apart.minutes": ("{count} 分鐘", "{count} 分钟", "{count} minutes"),
    "sync_ui.apart.hours": ("{count} 小時", "{count} 小时", "{count} hours"),
    "sync_ui.apart.days": ("{count} 天", "{count} 天", "{count} days"),
    "sync_ui.balance.as_of": ("點數更新於 {time}", "积分更新于 {time}", "Points as of {time}"),
    "sync_ui.balance.never": (
        "點數只含這台的紀錄",
        "积分仅含本机记录",
        "Points of this till alone",
    ),
    # --- warnings ---
    "sync_ui.notice.old": (
        "有 {count} 筆資料 {days} 天沒上傳了。收銀照常；請店主看一下網路，或打開「總部連線」頁。",
        "有 {count} 条数据 {days} 天未上传。收银照常；请店主检查网络，或打开“总部连接”页。",
        "{count} records have waited {days} days. Selling goes on; the owner should look at the network, "
        "or open the Office page.",
    ),
    "sync_ui.notice.very_old": (
        "有 {count} 筆資料 {days} 天沒上傳，只存在這台電腦裡。請店主今天到「總部連線」頁，用隨身碟帶一份給總部。收銀照常。",
        "有 {count} 条数据 {days} 天未上传，只存在本机。请店主今天到“总部连接”页，用 U 盘带一份给总部。收银照常。",
        "{count} records have waited {days} days and exist on this computer alone. Today the owner should carry them "
        "to the office on a USB stick, from the Office page. Selling goes on.",
    ),
    "sync_ui.notice.revoked": (
        "總部停用了這台收銀機。收銀、會員、點數、列印都照常；請店主向總部要新的配對碼。",
        "总部停用了这台收银机。收银、会员、积分、打印照常；请店主向总部索取新的配对码。",
        "The office has shut this till out. Sales, members, points and printing go on; the owner asks the office "
        "for a new pairing code.",
    ),
    "sync_ui.notice.clock_ahead": (
        "這台的時間比總部快 {apart}。請到系統設定校正日期與時間，優惠和到期日才不會算錯。",
        "本机时间比总部快 {apart}。请在系统设置中校正日期与时间，以免优惠和到期日算错。",
        "This till's clock is {apart} ahead of the office's. Set it, or offers and expiries will be wrong.",
    ),
    "sync_ui.notice.clock_behind": (
        "這台的時間比總部慢 {apart}。請到系統設定校正日期與時間，優惠和到期日才不會算錯。",
        "本机时间比总部慢 {apart}。请在系统设置中校正日期与时间，以免优惠和到期日算错。",
        "This till's clock is {apart} behind the office's. Set it, or offers and expiries will be wrong.",
    ),
    "sync_ui.closing.old": (
        "交班了，但還有 {count} 筆資料 {days} 天沒上傳。資料都在，請告訴店主。",
        "已交班，但还有 {count} 条数据 {days} 天未上传。数据都在，请告知店主。",
        "The shift is closed, but {count} records have waited {days} days to be sent. Nothing is lost; tell the owner.",
    ),
    "sync_ui.closing.very_old": (
        "交班了，但有 {count} 筆資料 {days} 天沒上傳，只存在這台電腦裡。關機前請店主用隨身碟帶一份給總部。",
        "已交班，但有 {count} 条数据 {days} 天未上传，只存在本机。关机前请店主用 U 盘带一份给总部。",
        "The shift is closed, but {count} records have waited {days} days and exist on this computer alone. "
        "The owner should carry them out on a USB stick before it is switched off.",
    ),
    # --- the clocks ---
    "sync_ui.clock.title": ("日期和時間差太多", "日期和时间相差太多", "The clocks are far apart"),
    "sync_ui.clock.till": ("這台現在", "本机现在", "This till says"),
    "sync_ui.clock.server": ("總部現在", "总部现在", "The office says"),
    "sync_ui.clock.ask": (
        "校正系統時間後，這個畫面就不會再出現。如果這台才是對的，請有設定權限的人確認。兩種情況都可以先收銀。",
        "校正系统时间后，此画面不会再出现。如果本机才是对的，请有设置权限的人确认。两种情况都可以先收银。",
        "Once the system's clock is set, this is not asked again. If this till is right, somebody who may change settings "
        "says so. Either way you can sell first.",
    ),
    "sync_ui.clock.later": ("先收銀", "先收银", "Sell first"),
    "sync_ui.clock.right": ("這台是對的", "本机是对的", "This till is right"),
    "sync_ui.clock.confirmed": (
        "已記下：這台的時間由 {name} 確認過。",
        "已记录：本机时间由 {name} 确认。",
        "Noted: {name} says this till's clock is right.",
    ),
    # --- leaving ---
    "sync_ui.leave.title": ("還有資料沒上傳", "还有数据未上传", "Not everything has been sent"),
    "sync_ui.leave.ask": (
        "有 {count} 筆資料還沒上傳到總部。都存在這台電腦裡，下次開機會接著傳；也可以現在先試一次。",
        "有 {count} 条数据还未上传到总部。都存在本机里，下次开机会接着传；也可以现在先试一次。",
        "{count} records have not been sent yet. They are safe on this computer and go out next time, or try now.",
    ),
    "sync_ui.leave.trying": ("正在上傳…", "正在上传…", "Sending…"),
    "sync_ui.leave.left": (
        "還有 {count} 筆沒傳完。{why}",
        "还有 {count} 条未传完。{why}",
        "{count} records are still here. {why}",
    ),
    "sync_ui.leave.done": ("全部都上傳了。", "已全部上传。", "Everything has been sent."),
    "sync_ui.leave.try": ("現在上傳", "现在上传", "Send now"),
    "sync_ui.leave.close": ("直接關閉", "直接关闭", "Close"),
    "sync_ui.leave.stay": ("不關了", "不关了", "Stay"),
}
