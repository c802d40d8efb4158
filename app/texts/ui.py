"""Words of the widgets themselves, and of the messages that every screen may show."""

from __future__ import annotations

TEXTS = {
    # --- the one line ---
    "ui.entry.name": ("輸入列", "输入栏", "Entry line"),
    "ui.entry.placeholder": (
        "刷商品、輸入手機號碼，或打品名",
        "扫商品、输入手机号，或打品名",
        "Scan an item, key a phone number, or type a name",
    ),
    # --- the basket ---
    "ui.basket.name": ("購物明細", "购物明细", "Basket"),
    "ui.basket.number": ("#", "#", "#"),
    "ui.basket.item": ("品項", "商品", "Item"),
    "ui.basket.quantity": ("數量", "数量", "Qty"),
    "ui.basket.unit_price": ("單價", "单价", "Price"),
    "ui.basket.amount": ("小計", "小计", "Amount"),
    "ui.basket.empty": ("下一位，歡迎光臨", "下一位，欢迎光临", "Ready for the next customer"),
    "ui.basket.empty_hint": (
        "刷商品就開始，會員先報、後報都可以",
        "扫商品即可开始，会员先报后报都行",
        "Scan to begin; the member can come first or last",
    ),
    "ui.basket.spoken_empty": ("沒有商品", "没有商品", "No lines"),
    "ui.basket.spoken": (
        "共 {count} 項。第 {number} 項：{name}，數量 {quantity}，小計 {amount}",
        "共 {count} 项。第 {number} 项：{name}，数量 {quantity}，小计 {amount}",
        "{count} lines. Line {number}: {name}, quantity {quantity}, amount {amount}",
    ),
    "ui.basket.void": ("已取消", "已取消", "Void"),
    "ui.basket.return": ("退", "退", "Return"),
    # --- the customer ---
    "ui.member.nobody": ("非會員", "非会员", "No member"),
    "ui.member.nobody_hint": (
        "輸入手機 10 碼，或掃會員碼",
        "输入手机号，或扫会员码",
        "Key a phone number or scan a member code",
    ),
    "ui.member.nobody_seal": ("客", "客", "?"),
    "ui.member.points": ("點", "积分", "points"),
    "ui.member.new": ("新會員", "新会员", "New"),
    # --- lists, pads and counting ---
    "ui.results.name": ("搜尋結果 {count} 筆", "搜索结果 {count} 条", "{count} results"),
    "ui.results.none": ("沒有符合的結果", "没有符合的结果", "Nothing found"),
    "ui.tiles.page": ("第 {number} 頁", "第 {number} 页", "Page {number}"),
    "ui.keypad.enter": ("確定", "确定", "Enter"),
    "ui.keypad.backspace": ("刪除一碼", "删除一位", "Backspace"),
    "ui.pin.name": ("密碼", "密码", "PIN"),
    "ui.pin.ask": ("請輸入密碼", "请输入密码", "Enter your PIN"),
    "ui.pin.spoken": (
        "已輸入 {count} 碼，共 {length} 碼",
        "已输入 {count} 位，共 {length} 位",
        "{count} of {length} digits entered",
    ),
    "ui.count.total": ("合計", "合计", "Total"),
    "ui.count.pieces_of": (
        "{denomination} 的張數或枚數",
        "{denomination} 的张数或枚数",
        "Pieces of {denomination}",
    ),
    "ui.progress.stopping": ("正在停止…", "正在停止…", "Stopping…"),
    # --- sheets and messages ---
    "ui.sheet.keys": ("Enter 確定・Esc 返回", "Enter 确定・Esc 返回", "Enter confirms · Esc goes back"),
    "ui.ok": ("知道了", "知道了", "OK"),
    "ui.cancel": ("取消", "取消", "Cancel"),
    "ui.close": ("關閉", "关闭", "Close"),
    "ui.back": ("返回", "返回", "Back"),
    "ui.confirm": ("確定", "确定", "Confirm"),
    "ui.retry": ("再試一次", "再试一次", "Try again"),
    "ui.crash.title": (
        "程式出了錯，收銀可以繼續",
        "程序出错了，收银可以继续",
        "Something went wrong in the program; the till goes on",
    ),
    "ui.crash.what_now": (
        "剛才那一步沒有完成，已經收的款項和目前的商品都還在。請再試一次；如果又出現，請複製報告傳給維護人員。",
        "刚才那一步没有完成，已收的款项和当前的商品都还在。请再试一次；如果再次出现，请复制报告发给维护人员。",
        "The last step was not finished. What was paid and what is in the basket are safe. Try again; if this returns, copy the report for whoever looks after the till.",
    ),
    "ui.crash.copy": ("複製報告", "复制报告", "Copy report"),
    "ui.crash.copied": ("已複製", "已复制", "Copied"),
    "ui.crash.go_on": ("繼續收銀", "继续收银", "Go on"),
    "ui.alert.info": ("請留意", "请留意", "Please note"),
    "ui.alert.good": ("完成", "完成", "Done"),
    "ui.alert.warn": ("請注意", "请注意", "Attention"),
    "ui.alert.error": ("出了狀況", "出现问题", "Something is wrong"),
}
