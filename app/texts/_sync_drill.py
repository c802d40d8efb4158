"""The pull-the-plug drill: a till cut off on purpose, what to try meanwhile, and the proof at the end."""

from __future__ import annotations

TEXTS = {
    "sync_ui.drill.card": ("斷網演練", "断网演练", "Pull-the-plug drill"),
    "sync_ui.drill.hint": (
        "把這台和總部斷開，照常做生意，再接回來，親眼看到一筆都沒少。交易都是真的，不是練習。",
        "将本机与总部断开，照常做生意，再接回来，亲眼看到一条都没少。交易都是真的，不是练习。",
        "Cut this till off, work as always, plug it back in and see that nothing is missing. The sales are real, not practice.",
    ),
    "sync_ui.drill.begin": ("拔掉網路，開始演練", "断开网络，开始演练", "Pull the plug"),
    "sync_ui.drill.on": (
        "從 {time} 起斷開中。想斷多久都可以；重開程式也還是斷著，直到您按「接回網路」。",
        "自 {time} 起断开中。想断多久都可以；重启程序也仍断着，直到您按“接回网络”。",
        "Cut off since {time}, for as long as you like, even over a restart, until you plug it back in.",
    ),
    "sync_ui.drill.step.sold": ("賣一筆", "卖一单", "Sell something"),
    "sync_ui.drill.step.enrolled": ("加一位新會員", "加一位新会员", "Enrol a new member"),
    "sync_ui.drill.step.printed": ("印一張收據", "打印一张小票", "Print a receipt"),
    "sync_ui.drill.step_done": ("做到了：{step}", "已完成：{step}", "Done: {step}"),
    "sync_ui.drill.step_open": ("試試看：{step}", "试试看：{step}", "To try: {step}"),
    "sync_ui.drill.kept": (
        "這段時間已經記下 {count} 筆，都在這台裡。",
        "这段时间已记下 {count} 条，都在本机里。",
        "{count} records made meanwhile, all on this till.",
    ),
    "sync_ui.drill.to_sale": ("去收銀", "去收银", "To the till"),
    "sync_ui.drill.plug_in": ("接回網路", "接回网络", "Plug it back in"),
    "sync_ui.drill.draining": (
        "正在補傳：{made} 筆中，還剩 {left} 筆。",
        "正在补传：{made} 条中，还剩 {left} 条。",
        "Sending what was made meanwhile: {left} of {made} left.",
    ),
    "sync_ui.drill.waits": (
        "還連不上總部，連上就會自動補傳。{why}",
        "还连不上总部，连上就会自动补传。{why}",
        "The office cannot be reached yet; it goes on by itself. {why}",
    ),
    "sync_ui.drill.proof": (
        "演練完成：斷網 {duration}，期間 {sales} 筆交易、{members} 位新會員，共 {count} 筆紀錄，總部全部收到，一筆都沒少。",
        "演练完成：断网 {duration}，期间 {sales} 笔交易、{members} 位新会员，共 {count} 条记录，总部全部收到，一条都没少。",
        "The drill is over: {duration} offline, {sales} sales, {members} new members, {count} records in all, and the office "
        "has received every one.",
    ),
    "sync_ui.drill.finish": ("好，結束演練", "好，结束演练", "Good, end the drill"),
}
