"""What customers read on the screen that is turned to them."""

from __future__ import annotations

TEXTS = {
    "customer.window_title": ("客人的畫面", "顾客屏", "For the customer"),
    "customer.welcome": ("歡迎光臨", "欢迎光临", "Welcome"),
    "customer.today": ("今天的優惠", "今日优惠", "On offer today"),
    "customer.members_only": ("會員：{name}", "会员：{name}", "Members: {name}"),
    "customer.goods": ("您的商品", "您的商品", "Your items"),
    "customer.more": ("前面還有 {count} 項", "前面还有 {count} 项", "{count} more above"),
    "customer.count": ("共 {pieces} 件", "共 {pieces} 件", "Pieces: {pieces}"),
    "customer.saved": ("幫您省了", "为您省了", "You save"),
    "customer.line_saved": ("省 {amount}", "省 {amount}", "save {amount}"),
    "customer.total": ("合計", "合计", "Total"),
    "customer.due": ("應付", "应付", "To pay"),
    "customer.paid": ("收您", "收您", "Paid"),
    "customer.rest": ("還差", "还差", "Still to pay"),
    "customer.change": ("找您", "找您", "Your change"),
    "customer.refund": ("退您", "退您", "Your refund"),
    "customer.thanks": ("謝謝光臨", "谢谢光临", "Thank you"),
    "customer.receipt": (
        "收據 {number}，退換貨時出示",
        "小票 {number}，退换货时出示",
        "Receipt {number}, for returns",
    ),
    "customer.new_member": ("新會員　{phone}", "新会员　{phone}", "New member  {phone}"),
    "customer.points": ("現有 {points} 點", "现有 {points} 分", "{points} points"),
    "customer.points_earning": (
        "現有 {points} 點，這次可得 {earned} 點",
        "现有 {points} 分，这次可得 {earned} 分",
        "{points} points, and {earned} from this visit",
    ),
    "customer.points_earned": (
        "這次得到 {earned} 點，共 {points} 點",
        "这次得到 {earned} 分，共 {points} 分",
        "{earned} points earned, {points} in all",
    ),
    # --- the customer's own number ---
    "customer.enter": ("輸入手機號碼累積點數", "输入手机号码累积积分", "Key your number for points"),
    "customer.number": ("請輸入手機號碼", "请输入手机号码", "Your mobile number"),
    "customer.privacy": (
        "號碼只用來找您的會員資料，店員只看得到頭尾幾碼。",
        "号码只用来查找您的会员资料，店员只看得到首尾几位。",
        "Your number only finds your membership. The cashier sees no more than its first and last digits.",
    ),
    "customer.ok": ("確定", "确定", "OK"),
    "customer.cancel": ("取消", "取消", "Cancel"),
    "customer.delete": ("刪除一個數字", "删除一个数字", "Delete a digit"),
    "customer.wrong": (
        "號碼好像不對，請再看一次。",
        "号码好像不对，请再看一次。",
        "That does not look like a mobile number. Please check it.",
    ),
    "customer.ask_join": (
        "這個號碼還不是會員，要加入嗎？",
        "这个号码还不是会员，要加入吗？",
        "This number is no member yet. Would you like to join?",
    ),
    "customer.join_notice": (
        "加入後，本店會保存您的手機號碼與消費紀錄，用來累積點數。您隨時可以請店員查詢、更正或刪除。",
        "加入后，本店会保存您的手机号码与消费记录，用来累积积分。您随时可以请店员查询、更正或删除。",
        "The shop will keep your number and what you buy, to count your points. You may ask to see, correct or delete it at any time.",
    ),
    "customer.join": ("加入會員", "加入会员", "Join"),
    "customer.not_now": ("這次不要", "这次不要", "Not now"),
    "customer.ask_staff": (
        "現在沒辦法加上，請告訴店員。",
        "现在无法添加，请告诉店员。",
        "That cannot be done just now. Please tell the cashier.",
    ),
    # --- the card among the devices ---
    "customer.card": ("客人的畫面", "顾客屏", "The customer's screen"),
    "customer.card_hint": (
        "接第二個螢幕，客人就能看到商品、金額與點數，也可以自己輸入手機號碼。",
        "接第二个屏幕，顾客就能看到商品、金额与积分，也可以自己输入手机号码。",
        "On a second screen customers see their items, the total and their points, and may key their own number.",
    ),
    "customer.off": ("不使用", "不使用", "Off"),
    "customer.on": ("使用", "使用", "On"),
    "customer.where": ("哪一個螢幕", "哪一个屏幕", "Which screen"),
    "customer.second": ("第二個螢幕", "第二个屏幕", "The second one"),
    "customer.one_screen": (
        "現在只有一個螢幕，先用視窗顯示；接上第二個螢幕就會自動移過去。",
        "现在只有一个屏幕，先用窗口显示；接上第二个屏幕就会自动移过去。",
        "There is only one screen, so it shows in a window. It moves by itself once a second one is connected.",
    ),
    "customer.numbers": (
        "讓客人自己輸入手機號碼（觸控螢幕）",
        "让顾客自己输入手机号码（触控屏）",
        "Customers key their number (touch screen)",
    ),
    "customer.language": ("客人看的語言", "顾客看的语言", "Its language"),
    "customer.shop_language": ("和店裡一樣", "和店里一样", "As the shop's"),
}
