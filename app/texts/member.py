"""What is said about the customer in front of the till."""

from __future__ import annotations

TEXTS = {
    "member.new_hint": ("結帳時建檔，F2 補資料", "结账时建档，F2 补资料", "saved with the sale"),
    "member.points_some": ("{points} 點", "{points} 分", "{points} points"),
    "member.visits": ("來過 {visits} 次", "来过 {visits} 次", "{visits} visits"),
    "member.last_visit": ("上次 {date}", "上次 {date}", "Last here {date}"),
    "member.first_visit": ("第一次來", "第一次来", "First visit"),
    "member.tier.basic": ("一般會員", "普通会员", "Member"),
    "member.tier.silver": ("銀卡", "银卡", "Silver"),
    "member.tier.gold": ("金卡", "金卡", "Gold"),
    "member.tier.platinum": ("白金卡", "白金卡", "Platinum"),
    "member.remove": ("移除會員", "移除会员", "Remove"),
    # --- an unknown number ---
    "member.offer.title": ("還不是會員", "还不是会员", "Not a member yet"),
    "member.offer.consent": (
        "告知客人：號碼用於累點與交易服務，可隨時查詢或刪除。",
        "告知顾客：号码用于积分与交易服务，可随时查询或删除。",
        "Tell the customer: the number is kept for points and service; they may see or delete it any time.",
    ),
    "member.offer.near": (
        "只差一碼的會員，是不是打錯了？",
        "只差一位的会员，是不是输错了？",
        "These members are one digit away. A slip?",
    ),
    "member.offer.back": ("改號碼　Esc", "改号码　Esc", "Correct it  Esc"),
    "member.welcome": ("建檔就送 {points} 點", "建档就送 {points} 分", "{points} points to say welcome"),
    "member.welcome_from": (
        "這次消費滿 {amount} 送 {points} 點",
        "本次消费满 {amount} 送 {points} 分",
        "{points} points to say welcome, from {amount} on",
    ),
    "member.offer.welcome": ("入會禮：{gift}", "入会礼：{gift}", "Welcome gift: {gift}"),
    # --- asking a new member lightly ---
    "member.enrol.title": ("新會員 {phone}", "新会员 {phone}", "New member {phone}"),
    "member.enrol.lead": (
        "都可以不填。Enter 到下一格；什麼都沒填就按 Enter，直接結帳。",
        "都可以不填。Enter 到下一格；什么都没填就按 Enter，直接结账。",
        "All of it is optional. Enter goes on; Enter with nothing filled in goes back to the sale.",
    ),
    "member.enrol.name": ("怎麼稱呼", "怎么称呼", "What to call them"),
    "member.enrol.birthday": ("生日（月日就好）", "生日（月日就好）", "Birthday (day and month will do)"),
    "member.enrol.birthday_help": (
        "5/20、0520、民國 79.5.20、農曆八月十五都可以",
        "5/20、0520、1990-5-20、农历八月十五都可以",
        "5/20, 20 May, 1990-05-20, or a lunar day such as 農曆八月十五",
    ),
    "member.enrol.referrer": ("介紹人", "介绍人", "Who brought them"),
    "member.enrol.referrer_help": (
        "介紹人的手機，或刷他的會員碼",
        "介绍人的手机，或扫他的会员码",
        "Their number, or scan their code",
    ),
    "member.enrol.consent": ("收優惠消息", "接收优惠消息", "Offers and news"),
    "member.enrol.consent_yes": ("同意", "同意", "Agrees"),
    "member.enrol.consent_no": ("不要", "不要", "No"),
    "member.enrol.consent_unasked": ("沒問", "没问", "Not asked"),
    "member.enrol.save": ("完成", "完成", "Done"),
    "member.enrol.remove": ("不加入了", "不加入了", "Not a member"),
    "member.enrol.saved": (
        "記下了，會和這筆交易一起存檔。",
        "记下了，会和本单一起存档。",
        "Noted; it is saved with the sale.",
    ),
    # --- finding ---
    "member.find.title": ("找會員", "找会员", "Find a member"),
    "member.find.placeholder": (
        "末三碼以上、姓名、注音或拼音",
        "后三位以上、姓名或拼音首字母",
        "Last 3+ digits, name or initials",
    ),
    "member.find.keys": (
        "Enter 選這位，{page_key} 看會員頁；也可以刷會員 QR、卡片或手機載具。",
        "Enter 选这位，{page_key} 看会员页；也可以扫会员码、卡片或载具。",
        "Enter chooses, {page_key} opens the page; a member QR, card or carrier can be scanned as well.",
    ),
    "member.find.none": ("沒有符合的會員。", "没有符合的会员。", "No member matches."),
    "member.find.choose": ("選這位", "选这位", "Choose"),
    # --- what the panel says ---
    "member.left.spend": ("再消費 {missing}", "再消费 {missing}", "{missing} more"),
    "member.left.points": ("再累積 {missing}", "再累积 {missing}", "{missing} more"),
    "member.left.visits": ("再來 {missing}", "再来 {missing}", "{missing} more"),
    "member.to_tier": ("{left} 升{tier}", "{left} 升{tier}", "{left} to {tier}"),
    "member.birthday_today": ("今天生日", "今天生日", "Birthday today"),
    "member.birthday_month": ("本月壽星", "本月寿星", "Birthday month"),
    "member.due": ("今天：{words}", "今天：{words}", "Today: {words}"),
    "member.due_more": (
        "今天：{words}（還有 {count} 件）",
        "今天：{words}（还有 {count} 件）",
        "Today: {words} (and {count} more)",
    ),
    "member.pending": (
        "另有 {points} 點，{date} 起可用",
        "另有 {points} 分，{date} 起可用",
        "{points} more from {date}",
    ),
    "member.pending_some": (
        "另有 {points} 點還不能用",
        "另有 {points} 分还不能用",
        "{points} more are not usable yet",
    ),
    "member.ending": ("{points} 點 {date} 到期", "{points} 分 {date} 到期", "{points} end on {date}"),
    "member.stamps": ("{name} {stamps}/{needed}", "{name} {stamps}/{needed}", "{name} {stamps}/{needed}"),
    "member.key.usual": ("老樣子", "老样子", "The usual"),
    "member.key.coupon": ("用券", "用券", "Coupon"),
    "member.key.coupons": ("優惠券", "优惠券", "Coupons"),
    "member.key.stamp": ("集點卡換", "集点卡兑换", "Stamp card"),
    "member.key.saves": ("{name}　−{amount}", "{name}　−{amount}", "{name}  −{amount}"),
    "member.key.coupon_count": ("有 {count} 張", "有 {count} 张", "{count} to look at"),
    "member.usual_put": (
        "老樣子放好了，共 {count} 項。",
        "老样子放好了，共 {count} 项。",
        "The usual is in: {count} lines.",
    ),
    "member.usual_part": (
        "老樣子放好了；沒放 {names}：已停售，或要先輸入價格、重量。",
        "老样子放好了；没放 {names}：已停售，或要先输入价格、重量。",
        "The usual is in, without {names}: no longer sold, or a price or weight is needed first.",
    ),
    "member.usual_none": (
        "還看不出這位會員固定買什麼。",
        "还看不出这位会员固定买什么。",
        "There is no usual yet for this member.",
    ),
    "member.usual_nobody": (
        "先輸入會員手機，才有老樣子。",
        "先输入会员手机，才有老样子。",
        "Key the member's number first.",
    ),
    "member.new": ("新會員", "新会员", "New member"),
    "member.unnamed": ("會員", "会员", "Member"),
}
