"""The owner's work list: one sentence for each thing to do."""

TEXTS = {
    "work.complaint": (
        "{member} 的客訴還沒處理完：{words}",
        "{member} 的投诉还没处理完：{words}",
        "A complaint of {member} is open: {words}",
    ),
    "work.request": (
        "{member} 交代的事今天要辦：{words}",
        "{member} 交代的事今天要办：{words}",
        "{member} asked for something that is due: {words}",
    ),
    "work.follow_up": (
        "該回訪 {member} 了：{words}",
        "该回访 {member} 了：{words}",
        "Time to get back to {member}: {words}",
    ),
    "work.print": (
        "第 {number} 張單據不確定有沒有印出來，請確認。",
        "第 {number} 张单据不确定有没有打印出来，请确认。",
        "Nobody knows whether paper {number} was printed. Have a look.",
    ),
    "work.sync": (
        "有一筆資料和其他收銀機或總部對不上（{code}），請確認。",
        "有一笔数据和其他收银机或总部对不上（{code}），请确认。",
        "A record does not agree with another till or the head office ({code}). Have a look.",
    ),
    "work.birthday": (
        "{member} {date} 生日（還有 {days} 天）。",
        "{member} {date} 生日（还有 {days} 天）。",
        "{member} has a birthday on {date} (in {days} days).",
    ),
    "work.birthday_lunar": (
        "{member} {date} 過農曆生日（還有 {days} 天）。",
        "{member} {date} 过农历生日（还有 {days} 天）。",
        "{member} has a lunar birthday on {date} (in {days} days).",
    ),
    "work.lapsing": (
        "{member} 平常 {habit} 天來一次，已經 {days} 天沒來。",
        "{member} 平常 {habit} 天来一次，已经 {days} 天没来。",
        "{member} usually comes every {habit} days and has not come for {days}.",
    ),
    "work.points_ending": (
        "{member} 有 {points} 點在 {date} 到期。",
        "{member} 有 {points} 积分在 {date} 到期。",
        "{points} points of {member} end on {date}.",
    ),
    "work.coupon_ending": (
        "{member} 的優惠券「{coupon}」{date} 到期。",
        "{member} 的优惠券“{coupon}”{date} 到期。",
        "{member}'s coupon “{coupon}” ends on {date}.",
    ),
}
