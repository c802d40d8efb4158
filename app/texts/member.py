"""What is said about the customer in front of the till."""

from __future__ import annotations

TEXTS = {
    "member.new_hint": ("結帳時建檔", "结账时建档", "saved with this sale"),
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
    # --- finding ---
    "member.find.title": ("找會員", "找会员", "Find a member"),
    "member.find.placeholder": (
        "手機末三碼以上，或姓名",
        "手机后三位以上，或姓名",
        "Last 3 or more digits, or a name",
    ),
    "member.find.none": ("沒有符合的會員。", "没有符合的会员。", "No member matches."),
    "member.find.choose": ("選這位", "选这位", "Choose"),
    # --- the member's page ---
    "member.page.history": ("最近消費", "最近消费", "Recent sales"),
    "member.page.lots": ("點數明細", "积分明细", "Points, lot by lot"),
    "member.page.no_history": ("還沒有消費紀錄。", "还没有消费记录。", "No sales yet."),
    "member.page.no_lots": ("目前沒有點數。", "目前没有积分。", "No points at the moment."),
    "member.page.lot_debt": (
        "{points} 點，待扣回",
        "{points} 分，待扣回",
        "{points} points still to be taken back",
    ),
    "member.page.expired": ("{expires} 已到期", "{expires} 已到期", "Expired {expires}"),
    "member.page.spendable": ("現在可用 {points} 點", "现在可用 {points} 分", "{points} points to spend now"),
    "member.page.spent": ("累計消費 {amount}", "累计消费 {amount}", "{amount} spent so far"),
    "member.page.joined": ("{date} 加入", "{date} 加入", "Joined {date}"),
    "member.page.as_of": ("點數更新於 {time}", "积分更新于 {time}", "Points as of {time}"),
    "member.page.local": (
        "點數以這台收銀機的紀錄為準",
        "积分以本机记录为准",
        "Points as this till knows them",
    ),
    "member.page.earned_until": (
        "{earned} 取得，{expires} 到期",
        "{earned} 取得，{expires} 到期",
        "Earned {earned}, until {expires}",
    ),
    "member.page.earned_forever": (
        "{earned} 取得，永久有效",
        "{earned} 取得，永久有效",
        "Earned {earned}, never expires",
    ),
    "member.new": ("新會員", "新会员", "New member"),
    "member.unnamed": ("會員", "会员", "Member"),
}
