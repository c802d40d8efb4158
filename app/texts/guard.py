"""What the guard over the points noticed, said as a finding: a reason to look, never an accusation. Only the owner reads it."""

from __future__ import annotations

TEXTS = {
    "guard.title.many_times_a_day": (
        "{member} 在 {day} 一天內消費 {count} 次，累積 {points} 點，其中 {by_one} 次由 {operator} 結帳",
        "{member} 在 {day} 一天内消费 {count} 次，累积 {points} 分，其中 {by_one} 次由 {operator} 结账",
        "{member} bought {count} times on {day} and earned {points} points; {operator} served {by_one} of them",
    ),
    "guard.hint.many_times_a_day": (
        "同一支號碼常被用在別人的消費上。對照監視器，看看當時是不是同一位客人。",
        "同一个号码可能被用在别人的消费上。对照监控，看看当时是不是同一位顾客。",
        "One number may be standing in for other people's purchases. Check whether it was one customer.",
    ),
    "guard.title.staff_number": (
        "員工 {operator} 的號碼累積了 {count} 筆、{points} 點，其中 {by_themselves} 筆是自己結的帳",
        "员工 {operator} 的号码累积了 {count} 笔、{points} 分，其中 {by_themselves} 笔是自己结的账",
        "The number of {operator}, who works here, earned {points} points on {count} sales; {by_themselves} they rang up themselves",
    ),
    "guard.hint.staff_number": (
        "員工可以在店裡消費，但最好由別人結帳。看看這幾筆買的是什麼。",
        "员工可以在店里消费，但最好由别人结账。看看这几笔买的是什么。",
        "Staff may shop here, but somebody else should serve them. Look at what was bought.",
    ),
    "guard.title.member_at_the_end": (
        "{operator} 有 {count} 筆（{percent}%）在總額出來之後才加會員，分屬 {members} 位會員，最多的一位 {same_member} 筆",
        "{operator} 有 {count} 笔（{percent}%）在总额出来之后才加会员，分属 {members} 位会员，最多的一位 {same_member} 笔",
        "{operator} added the member after the total on {count} sales ({percent}%), for {members} members; one of them {same_member} times",
    ),
    "guard.hint.member_at_the_end": (
        "客人說不用累點之後，才補上某個號碼？請看是不是總是那幾位會員。",
        "顾客说不用积分之后，才补上某个号码？请看是不是总是那几位会员。",
        "Was a number put in after the customer declined? See whether it is always the same few members.",
    ),
    "guard.title.only_offline": (
        "{member} 的 {count} 次點數折抵（共 {points} 點）都發生在斷線時，其中 {by_one} 次由 {operator} 結帳",
        "{member} 的 {count} 次积分抵扣（共 {points} 分）都发生在断网时，其中 {by_one} 次由 {operator} 结账",
        "{member} spent points {count} times ({points} in all), always while offline; {operator} served {by_one} of them",
    ),
    "guard.hint.only_offline": (
        "斷線時無法查到別台收銀機的餘額。看看是不是有人故意拔線。",
        "断网时无法查到其他收银机的余额。看看是不是有人故意断网。",
        "Offline, the till cannot ask for the balance elsewhere. See whether somebody cuts the line on purpose.",
    ),
    "guard.title.points_stayed": (
        "{operator} 辦了 {count} 筆無單退貨，退的是 {member} 不久前買的商品，點數沒有收回",
        "{operator} 办了 {count} 笔无单退货，退的是 {member} 不久前买的商品，积分没有收回",
        "{operator} took back goods without a receipt {count} times that {member} had just bought; the points stayed",
    ),
    "guard.hint.points_stayed": (
        "請用原收據補辦退貨，點數才會跟著收回。",
        "请用原小票补办退货，积分才会一起收回。",
        "Do such returns with the original receipt: then the points go back too.",
    ),
    "guard.title.points_owed": (
        "{member} 先用掉點數再退貨（{count} 筆，多由 {operator} 經手），現在倒欠 {points} 點",
        "{member} 先用掉积分再退货（{count} 笔，多由 {operator} 经手），现在倒欠 {points} 分",
        "{member} spent the points, then returned the goods ({count} times, mostly with {operator}), and now owes {points} points",
    ),
    "guard.hint.points_owed": (
        "下次消費會先抵掉欠的點數。若一再發生，可以設定點數過幾天才能使用。",
        "下次消费会先抵掉欠的积分。如果一再发生，可以设置积分过几天才能使用。",
        "The next purchase pays it off first. If it happens again, let points wait some days before use.",
    ),
    "guard.title.enrolled_for_nothing": (
        "{operator} 建了 {enrolled} 位新會員，{percent}% 之後再也沒來（{count} 位）",
        "{operator} 建了 {enrolled} 位新会员，{percent}% 之后再也没来（{count} 位）",
        "{operator} enrolled {enrolled} members; {percent}% of them never came again ({count})",
    ),
    "guard.hint.enrolled_for_nothing": (
        "打幾支電話看看號碼是不是真的，再看開卡禮是誰領走的。",
        "打几个电话看看号码是不是真的，再看开卡礼是谁领走的。",
        "Call a few of the numbers, and see who took the welcome gifts.",
    ),
    "guard.title.points_by_hand": (
        "{operator} 手動加點 {count} 次，共 {points} 點，給了 {members} 位會員",
        "{operator} 手动加分 {count} 次，共 {points} 分，给了 {members} 位会员",
        "{operator} gave points by hand {count} times: {points} in all, to {members} members",
    ),
    "guard.hint.points_by_hand": (
        "看看每一次的原因寫得清不清楚。",
        "看看每一次的原因写得清不清楚。",
        "See whether each has a reason that holds.",
    ),
    "guard.title.always_the_same": (
        "{member} 的 {visits} 次消費有 {percent}% 由 {operator} 結帳，同幾天的其他會員只有 {expected_percent}%，累積 {points} 點",
        "{member} 的 {visits} 次消费有 {percent}% 由 {operator} 结账，同几天的其他会员只有 {expected_percent}%，累积 {points} 分",
        "{operator} served {member} on {percent}% of {visits} visits ({points} points); other members on those days: {expected_percent}%",
    ),
    "guard.hint.always_the_same": (
        "可能只是熟客認人，也可能是替自己人累點。看看客人買的東西像不像同一個人。",
        "可能只是熟客认人，也可能是替自己人积分。看看买的东西像不像同一个人。",
        "A regular may simply prefer somebody; or the points go to a friend. See whether the baskets look like one person's.",
    ),
    "guard.title.refunds_without_receipt": (
        "{member} 無單退款 {count} 次，共 {amount}，其中 {by_one} 次由 {operator} 辦理",
        "{member} 无单退款 {count} 次，共 {amount}，其中 {by_one} 次由 {operator} 办理",
        "{member} got money back without a receipt {count} times, {amount} in all; {operator} did {by_one} of them",
    ),
    "guard.hint.refunds_without_receipt": (
        "查一查這些商品當初有沒有賣出，庫存對不對得上。",
        "查一查这些商品当初有没有卖出，库存对不对得上。",
        "Check whether these goods were ever sold, and whether the stock agrees.",
    ),
    "guard.severity.notice": ("留意", "留意", "Notice"),
    "guard.severity.warning": ("該看", "该看", "Look"),
    "guard.severity.alert": ("先看", "先看", "Look first"),
    "guard.nobody": ("不明人員", "不明人员", "somebody unknown"),
    "guard.no_member": ("會員", "会员", "A member"),
}
