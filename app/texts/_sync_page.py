"""The page of the talk with the central server, pairing, and carrying out on a stick."""

from __future__ import annotations

TEXTS = {
    # --- what waits ---
    "sync_ui.kind.sales": ("銷售", "销售", "sales"),
    "sync_ui.kind.members": ("會員", "会员", "members"),
    "sync_ui.kind.points": ("點數與集點", "积分与集点", "points and stamps"),
    "sync_ui.kind.coupons": ("優惠券", "优惠券", "coupons"),
    "sync_ui.kind.value": ("儲值", "储值", "stored value"),
    "sync_ui.kind.till": ("收銀機紀錄", "收银机记录", "till records"),
    "sync_ui.kind.rules": ("規則", "规则", "rules"),
    "sync_ui.kind.other": ("其他", "其他", "other"),
    "sync_ui.kind.count": ("{kind} {count}", "{kind} {count}", "{count} {kind}"),
    # --- where it stands ---
    "sync_ui.page.practice": (
        "練習中：練習的交易不會上傳。回到真正的收銀機才看得到連線。",
        "练习中：练习的交易不会上传。回到真正的收银机才能看到连接。",
        "Practice: nothing of it is ever sent. Go back to the real till to see its connection.",
    ),
    "sync_ui.page.waiting": ("等著上傳", "等待上传", "Waiting"),
    "sync_ui.page.nothing": ("沒有", "没有", "nothing"),
    "sync_ui.page.oldest": ("最早的一筆", "最早的一条", "Oldest since"),
    "sync_ui.page.contact": ("上次連線", "上次连接", "Last contact"),
    "sync_ui.page.push": ("上次上傳", "上次上传", "Last sent"),
    "sync_ui.page.pull": ("上次下載", "上次下载", "Last received"),
    "sync_ui.page.next": ("下次自動嘗試", "下次自动尝试", "Next attempt"),
    "sync_ui.page.server": ("總部伺服器", "总部服务器", "Server"),
    "sync_ui.page.till": ("這台", "本机", "This till"),
    "sync_ui.page.clock": ("時鐘", "时钟", "Clock"),
    "sync_ui.page.clock_ahead": ("比總部快 {apart}", "比总部快 {apart}", "{apart} ahead of the office"),
    "sync_ui.page.clock_behind": ("比總部慢 {apart}", "比总部慢 {apart}", "{apart} behind the office"),
    "sync_ui.page.never": ("還沒有過", "尚未", "never"),
    "sync_ui.page.now": ("現在上傳", "现在上传", "Send now"),
    "sync_ui.page.working": ("連線中…", "连接中…", "Talking to the office…"),
    "sync_ui.page.done": (
        "完成：上傳 {sent} 筆，收到 {received} 筆，沒有東西在等。",
        "完成：上传 {sent} 条，收到 {received} 条，没有等待。",
        "Done: {sent} sent, {received} received, nothing waits.",
    ),
    "sync_ui.page.left": (
        "上傳 {sent} 筆，收到 {received} 筆，還有 {waiting} 筆在等，會自動接著傳。",
        "上传 {sent} 条，收到 {received} 条，还有 {waiting} 条等待，会自动接着传。",
        "{sent} sent, {received} received; {waiting} still wait and go by themselves.",
    ),
    "sync_ui.page.alone": (
        "一家店一台收銀機，這樣就夠了，資料都在這台裡。有兩台以上或有分店，請總部給配對碼，連起來後會員和點數就共用。",
        "一家店一台收银机，这样就够了，数据都在本机里。有两台以上或有分店，请总部给配对码，连接后会员和积分共用。",
        "For a shop with one till this is all it needs. With more tills or stores, ask the office for a pairing code: "
        "then members and points are shared.",
    ),
    "sync_ui.page.inbox": (
        "總部傳來的資料有 {count} 筆還不能用（多半是在等它前面的那一筆）。資料都留著，會自動再試；三天後還在，請更新程式或通知總部。",
        "总部传来的数据有 {count} 条暂不能用（多半在等它前面的那一条）。数据均已保留，会自动重试；三天后仍在，请更新程序或通知总部。",
        "{count} records from the office cannot be used yet, most likely because they wait for another. They are kept and tried "
        "again; if they are here in three days, update the program or tell the office.",
    ),
    # --- set aside by the server ---
    "sync_ui.aside.title": ("總部另外放著的資料", "总部单独保留的数据", "What the office has set aside"),
    "sync_ui.aside.hint": (
        "這些總部都收到了，不會擋住後面的。每一筆看過、照著做了，就按「看過了」。",
        "这些总部均已收到，不会阻挡后面的。每一条看过、处理后，请按“看过了”。",
        "The office has every one of these and nothing behind them waits. Mark each once you have seen to it.",
    ),
    "sync_ui.aside.seen": ("看過了", "看过了", "Seen"),
    "sync_ui.aside.row": ("{kind}　{time}", "{kind}　{time}", "{kind}  {time}"),
    "sync_ui.aside.conflict": (
        "同一編號，總部已有一筆內容不同的。兩筆都留著；請對照收據，告訴總部哪一筆是真的。",
        "同一编号，总部已有一条内容不同的。两条都保留；请对照小票，告知总部哪一条属实。",
        "The office has another record under this number. Both are kept; compare the receipts and tell the office which is real.",
    ),
    "sync_ui.aside.fork": (
        "另一台收銀機用了這台資料的複本。兩邊都算數；請總部找出哪一台是複製的，重新配對。",
        "另一台收银机使用了本机数据的副本。两边都算数；请总部找出哪一台是复制的，并重新配对。",
        "Another till works on a copy of this one's data. Both count; the office finds the copy and pairs it anew.",
    ),
    "sync_ui.aside.device_revoked": (
        "這台被停用後才傳到的。請總部在「待處理事項」按「收下這筆」。",
        "本机被停用后才传到的。请总部在“待处理事项”按“接收此笔”。",
        "It arrived after this till was shut out. Ask the office to take it in, on its list of things to look at.",
    ),
    "sync_ui.aside.quarantined": (
        "總部無法確認這筆的內容（{code}），原樣留著、還沒入帳。請把代號告訴總部。",
        "总部无法确认此条内容（{code}），原样保留、尚未入账。请将代号告知总部。",
        "The office could not verify it ({code}); it is kept as it came and not counted yet. Tell the office this code.",
    ),
    # --- pairing ---
    "sync_ui.pair.card": ("與總部配對", "与总部配对", "Pairing with an office"),
    "sync_ui.pair.begin": ("用配對碼連線", "用配对码连接", "Pair with a code"),
    "sync_ui.pair.again": ("重新配對", "重新配对", "Pair again"),
    "sync_ui.pair.title": ("與總部配對", "与总部配对", "Pair with the office"),
    "sync_ui.pair.address": ("總部的網址", "总部网址", "Address of the office"),
    "sync_ui.pair.address_help": (
        "總部會告訴您，例如 https://office.example.com",
        "总部会告诉您，例如 https://office.example.com",
        "The office tells you, for example https://office.example.com",
    ),
    "sync_ui.pair.code": ("配對碼", "配对码", "Pairing code"),
    "sync_ui.pair.code_help": (
        "請總部現在產生一組，幾分鐘內有效，只能用一次。",
        "请总部现在生成一组，几分钟内有效，只能使用一次。",
        "Ask the office to make one now. It works for some minutes, once.",
    ),
    "sync_ui.pair.this": (
        "這台會以 {shop} {code} 的名義連線。",
        "本机将以 {shop} {code} 的名义连接。",
        "This till will be known as {shop} {code}.",
    ),
    "sync_ui.pair.not_encrypted": (
        "這個網址沒有加密（http）。只在店裡自己的網路使用；經過網際網路請用 https。",
        "此网址未加密（http）。仅限店内自有网络使用；经过互联网请用 https。",
        "This address is not encrypted (http). Use it inside the shop's own network only; over the internet use https.",
    ),
    "sync_ui.pair.go": ("配對", "配对", "Pair"),
    "sync_ui.pair.checking": (
        "正在聯絡總部、確認配對碼…",
        "正在联系总部、确认配对码…",
        "Asking the office about this code…",
    ),
    "sync_ui.pair.done_title": ("配對完成", "配对完成", "Paired"),
    "sync_ui.pair.done": (
        "這台已經連上總部。商品先下載，會員和帳目接著來；現在就可以收銀，之後的每一筆都會自動上傳。",
        "本机已连上总部。先下载商品，会员和账目随后；现在就可以收银，之后的每一条都会自动上传。",
        "This till is connected. The catalogue comes first, members and books follow. You can sell now; everything is "
        "sent by itself from here on.",
    ),
    "sync_ui.pair.unpair": ("解除配對", "解除配对", "Unpair"),
    "sync_ui.pair.unpair_ask": (
        "解除後這台不再上傳也不再接收，會員和點數以這台最後收到的為準。要再連線，需要總部的新配對碼。",
        "解除后本机不再上传也不再接收，会员和积分以本机最后收到的为准。如需再连接，需要总部的新配对码。",
        "This till will send and receive nothing more; members and points stay as they last were. To connect again you need "
        "a new code from the office.",
    ),
    "sync_ui.pair.unpaired": (
        "已解除配對，這台現在獨立運作。",
        "已解除配对，本机现在独立运行。",
        "Unpaired. This till stands alone now.",
    ),
    # --- carrying out ---
    "sync_ui.carry.begin": ("用隨身碟帶出…", "用 U 盘带出…", "Carry out on a stick…"),
    "sync_ui.carry.title": ("用隨身碟帶出", "用 U 盘带出", "Carry out on a USB stick"),
    "sync_ui.carry.what": (
        "把還沒上傳的 {count} 筆寫成一個加密檔，只有總部打得開。這台裡的資料不會少，網路恢復後照樣上傳，總部不會重複入帳。",
        "将未上传的 {count} 条写成一个加密文件，只有总部能打开。本机数据不会减少，网络恢复后照常上传，总部不会重复入账。",
        "Writes the {count} records that wait into one encrypted file that only the office can open. Nothing leaves this till; "
        "they are still sent when the network is back, and count once.",
    ),
    "sync_ui.carry.folder": ("隨身碟的資料夾", "U 盘文件夹", "Folder on the stick"),
    "sync_ui.carry.choose": ("選擇…", "选择…", "Choose…"),
    "sync_ui.carry.go": ("寫到隨身碟", "写入 U 盘", "Write the file"),
    "sync_ui.carry.writing": ("正在寫入…", "正在写入…", "Writing…"),
    "sync_ui.carry.done_title": ("寫好了", "已写好", "Written"),
    "sync_ui.carry.done": (
        "{count} 筆寫在這個檔案裡，檔名有這台的代號和日期：",
        "{count} 条写在此文件里，文件名含本机代号和日期：",
        "{count} records are in this file, named after this till and the date:",
    ),
    "sync_ui.carry.next": (
        "請先安全移除隨身碟，再把它交給總部，由總部收進伺服器。這台下次連上總部時會知道收到了沒有，那時才算完成。",
        "请先安全移除 U 盘，再交给总部，由总部收进服务器。本机下次连上总部时会知道收到了没有，那时才算完成。",
        "Eject the stick safely, then give it to the office, which takes the file in at the server. This till learns of it "
        "when it is connected again.",
    ),
    # --- limits ---
    "sync_ui.limits.title": ("什麼時候提醒", "何时提醒", "When to warn"),
    "sync_ui.limits.hint": (
        "不管多久沒連線，收銀都不會被擋住；這裡只決定何時提醒。",
        "无论多久未连接，收银都不会被阻挡；这里只决定何时提醒。",
        "However long this till is apart, selling is never stopped; this only says when to warn.",
    ),
    "sync_ui.limits.note_days": (
        "沒上傳幾天，登入和交班時提醒",
        "未上传几天，登录和交班时提醒",
        "Days unsent: mention it at sign-on and closing",
    ),
    "sync_ui.limits.banner_days": (
        "沒上傳幾天，每次登入都請人帶出",
        "未上传几天，每次登录都请人带出",
        "Days unsent: ask at every sign-on to carry out",
    ),
    "sync_ui.limits.clock_warn_minutes": (
        "時鐘差幾分鐘就提醒",
        "时钟相差几分钟就提醒",
        "Minutes the clocks may differ",
    ),
    "sync_ui.limits.clock_confirm_hours": (
        "時鐘差幾小時要請人確認",
        "时钟相差几小时要请人确认",
        "Hours of difference that somebody confirms",
    ),
    "sync_ui.limits.balance_hours": (
        "幾小時沒連線，就標示點數是何時的",
        "几小时未连接，就标示积分是何时的",
        "Hours apart until points say how old they are",
    ),
}
