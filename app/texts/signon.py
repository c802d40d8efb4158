"""What the sign-on screen says, and the frame around all screens."""

from __future__ import annotations

TEXTS = {
    "signon.title": ("登入收銀機", "登录收银机", "Sign on"),
    "signon.locked_title": ("已鎖定", "已锁定", "Locked"),
    "signon.number": ("員工編號", "员工编号", "Staff number"),
    "signon.pin": ("6 位數密碼", "6 位密码", "6-digit PIN"),
    "signon.badge": ("或刷識別證", "或刷工牌", "or scan your badge"),
    "signon.go": ("登入", "登录", "Sign on"),
    "signon.checking": ("確認中…", "确认中…", "Checking…"),
    "signon.basket_waits": (
        "有一筆未完成的交易在等。",
        "有一单未完成的交易在等待。",
        "A sale is waiting to be finished.",
    ),
    "signon.demo": ("示範帳號（點一下就登入）", "演示账号（点一下即登录）", "Demo staff (tap to sign on)"),
    "signon.demo_row": (
        "{number}　{name}　密碼 {pin}",
        "{number}　{name}　密码 {pin}",
        "{number}  {name}  PIN {pin}",
    ),
    # --- the header ---
    "signon.till": ("收銀機 {code}", "收银机 {code}", "Till {code}"),
    "signon.business_date": ("營業日 {date}", "营业日 {date}", "Day {date}"),
    "signon.no_shift": ("尚未開班", "尚未开班", "No shift open"),
    "signon.nobody": ("尚未登入", "尚未登录", "Nobody signed on"),
    "signon.change_operator": ("{key} 換人", "{key} 换人", "{key} change"),
    "signon.settings": ("設定", "设置", "Settings"),
    "signon.owner": ("看板", "看板", "Shop"),
    "signon.history": ("交易紀錄", "交易记录", "Sales"),
    "signon.language": ("中 / EN", "中 / EN", "中 / EN"),
    "signon.dark": ("深色", "深色", "Dark"),
    "signon.light": ("淺色", "浅色", "Light"),
    "signon.training": (
        "練習模式　這裡的交易都不算數，不開錢櫃",
        "练习模式　这里的交易都不算数，不开钱箱",
        "PRACTICE: nothing here counts, the drawer stays shut",
    ),
    "signon.demo_shop": (
        "示範商店　商品、會員與交易都是虛構的",
        "演示商店　商品、会员与交易都是虚构的",
        "Demo shop: goods, members and sales are invented",
    ),
    "signon.set_up": ("設定我的店", "设置我的店", "Set up my shop"),
    "signon.role.cashier": ("收銀員", "收银员", "Cashier"),
    "signon.role.supervisor": ("組長", "组长", "Supervisor"),
    "signon.role.manager": ("店長", "店长", "Manager"),
    "signon.role.owner": ("店主", "店主", "Owner"),
    "signon.scan_not_here": (
        "這個畫面不能刷條碼，請先回到收銀畫面。",
        "此界面不能扫码，请先返回收银界面。",
        "Scans are not taken here. Go back to the sale first.",
    ),
    # --- starting ---
    "signon.product": ("熟客 Regulars", "熟客 Regulars", "Regulars 熟客"),
    "signon.opening": ("正在開啟…", "正在打开…", "Opening…"),
    "signon.starting": ("正在準備示範商店…", "正在准备演示商店…", "Preparing the demo shop…"),
    "signon.passphrase": ("資料庫的通關密語", "数据库口令", "Passphrase of the database"),
    "signon.passphrase_hint": (
        "這家店的資料用通關密語加密，請輸入後繼續。",
        "本店数据用口令加密，请输入后继续。",
        "This shop's data is encrypted with a passphrase. Key it to go on.",
    ),
    "signon.open": ("開啟", "打开", "Open"),
}
