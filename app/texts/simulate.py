"""What the simulation of many tills says: the steps of a story, what the line did, and which promise was broken."""

from __future__ import annotations

TEXTS = {
    "simulate.good": (
        "{seeds} 個種子、{events} 個事件：每項承諾都守住了。",
        "{seeds} 个种子、{events} 个事件：每项承诺都守住了。",
        "{seeds} seeds, {events} events: every promise held.",
    ),
    "simulate.bad": (
        "{seeds} 個種子裡有 {count} 個沒守住承諾。",
        "{seeds} 个种子里有 {count} 个没守住承诺。",
        "{count} of {seeds} seeds broke a promise.",
    ),
    "simulate.other_trace": (
        "種子 {seed} 跑了兩次，過程卻不一樣。",
        "种子 {seed} 跑了两次，过程却不一样。",
        "Seed {seed} was lived twice and went differently.",
    ),
    "simulate.story": (
        "種子 {seed}：縮短到 {steps} 步",
        "种子 {seed}：缩短到 {steps} 步",
        "Seed {seed}, shortened to {steps} steps:",
    ),
    "simulate.again": (
        "重跑：python3 -m app simulate --first {seed} --seeds 1 --events {events}",
        "重跑：python3 -m app simulate --first {seed} --seeds 1 --events {events}",
        "Again: python3 -m app simulate --first {seed} --seeds 1 --events {events}",
    ),
    "simulate.line": (
        "{time} 收銀台 {till}：{deed}（{outcome}）",
        "{time} 收银台 {till}：{deed}（{outcome}）",
        "{time} till {till}: {deed} ({outcome})",
    ),
    "simulate.faults": ("網路狀況：{faults}", "网络状况：{faults}", "The line: {faults}"),
    "simulate.ending": (
        "結果：{invariant} {broken}",
        "结果：{invariant} {broken}",
        "In the end: {invariant} {broken}",
    ),
    "simulate.mutant_caught": (
        "{name}：種子 {seed} 抓到（{invariant}）",
        "{name}：种子 {seed} 抓到（{invariant}）",
        "{name}: caught by seed {seed} ({invariant})",
    ),
    "simulate.mutant_missed": (
        "{name}：{seeds} 個種子都沒抓到",
        "{name}：{seeds} 个种子都没抓到",
        "{name}: not caught by {seeds} seeds",
    ),
    # --- deeds ---
    "simulate.deed.sale": ("賣給沒報號碼的客人", "卖给没报号码的客人", "sells to somebody nobody knows"),
    "simulate.deed.member_sale": ("賣給會員", "卖给会员", "sells to a member"),
    "simulate.deed.return": ("客人退貨", "客人退货", "takes something back"),
    "simulate.deed.void": ("整單作廢", "整单作废", "voids a sale"),
    "simulate.deed.enrol": ("登記新會員", "登记新会员", "enrols a member"),
    "simulate.deed.profile": ("改會員資料", "改会员资料", "changes a member's file"),
    "simulate.deed.phone": ("改會員電話", "改会员电话", "changes a member's number"),
    "simulate.deed.consent": (
        "會員回覆要不要收訊息",
        "会员回复要不要收消息",
        "asks a member whether the shop may write",
    ),
    "simulate.deed.merge": ("合併兩位會員", "合并两位会员", "merges two members"),
    "simulate.deed.unmerge": ("拆開合併的會員", "拆开合并的会员", "takes a merged member out again"),
    "simulate.deed.erase": ("依要求刪除會員個資", "按要求删除会员个人资料", "forgets a member"),
    "simulate.deed.coupon": ("發出或收回優惠券", "发出或收回优惠券", "gives a coupon, or takes one back"),
    "simulate.deed.top_up": ("會員儲值", "会员充值", "tops up a member's account"),
    "simulate.deed.gift": ("用點數換贈品", "用积分换赠品", "gives a gift for points"),
    "simulate.deed.rules": ("改點數規則", "改积分规则", "changes the rules of points"),
    "simulate.deed.shift": ("交班，再開下一班", "交班，再开下一班", "closes the shift and opens the next"),
    "simulate.deed.sync": ("與中央伺服器同步", "与中央服务器同步", "speaks with the server"),
    "simulate.deed.crash_selling": ("結帳到一半斷電", "结账到一半断电", "loses its power while it sells"),
    "simulate.deed.crash_syncing": (
        "同步到一半斷電",
        "同步到一半断电",
        "loses its power while it speaks with the server",
    ),
    "simulate.deed.restart": ("重新開機", "重新开机", "is started again"),
    "simulate.deed.clock": ("時鐘被撥動（分）", "时钟被拨动（分）", "has its clock set (minutes off)"),
    "simulate.deed.image": ("複製一份磁碟備份", "复制一份磁盘备份", "has its disk copied"),
    "simulate.deed.restore": ("換回舊的磁碟備份", "换回旧的磁盘备份", "gets its older disk back"),
    "simulate.deed.clone": (
        "磁碟被複製到另一台機器",
        "磁盘被复制到另一台机器",
        "has a twin, with a copy of its disk",
    ),
    "simulate.deed.poison": (
        "寫下一筆伺服器讀不懂的紀錄",
        "写下一条服务器读不懂的记录",
        "writes a fact that the server cannot read",
    ),
    "simulate.deed.cut": ("斷線的收銀台", "断线的收银台", "sees tills cut off"),
    "simulate.deed.join": ("網路全部恢復", "网络全部恢复", "sees everybody connected again"),
    "simulate.deed.replay": ("有人重送舊的請求", "有人重发旧的请求", "sees an old request sent again"),
    "simulate.deed.forge": ("冒充另一台收銀台", "冒充另一台收银台", "says that it is another till"),
    "simulate.deed.spread": (
        "伺服器整理收到的紀錄",
        "服务器整理收到的记录",
        "gives the server time to spread facts",
    ),
    "simulate.deed.server_image": ("伺服器做備份", "服务器做备份", "sees the server backed up"),
    "simulate.deed.server_restore": (
        "伺服器換回舊備份",
        "服务器换回旧备份",
        "sees the server put back to its backup",
    ),
    "simulate.deed.prices": ("總部改價格", "总部改价格", "sees the office change prices"),
    "simulate.deed.revoke": (
        "總部停用這台收銀台",
        "总部停用这台收银台",
        "has its key taken away by the office",
    ),
    "simulate.deed.rotate": ("換新金鑰", "换新密钥", "gets another key"),
    "simulate.deed.silence": ("休店一個月", "停业一个月", "is closed for a month"),
    # --- what the line does ---
    "simulate.fault.request_lost": (
        "請求遺失 {percent}%",
        "请求丢失 {percent}%",
        "requests are lost ({percent}%)",
    ),
    "simulate.fault.answer_lost": (
        "回覆遺失 {percent}%",
        "回复丢失 {percent}%",
        "answers are lost ({percent}%)",
    ),
    "simulate.fault.twice": (
        "請求送達兩次 {percent}%",
        "请求送达两次 {percent}%",
        "requests arrive twice ({percent}%)",
    ),
    "simulate.fault.late": (
        "請求很晚才到 {percent}%",
        "请求很晚才到 {percent}%",
        "requests arrive late ({percent}%)",
    ),
    "simulate.fault.cut_off": (
        "回覆被截斷 {percent}%",
        "回复被截断 {percent}%",
        "answers are cut off ({percent}%)",
    ),
    "simulate.fault.portal": (
        "登入頁冒充回覆 {percent}%",
        "登录页冒充回复 {percent}%",
        "a sign-in page answers ({percent}%)",
    ),
    "simulate.fault.bad_gateway": (
        "閘道錯誤 {percent}%",
        "网关错误 {percent}%",
        "a gateway fails ({percent}%)",
    ),
    "simulate.fault.too_many": (
        "被要求稍後再試 {percent}%",
        "被要求稍后再试 {percent}%",
        "the server is busy ({percent}%)",
    ),
    "simulate.fault.other_answer": (
        "收到別的請求的回覆 {percent}%",
        "收到别的请求的回复 {percent}%",
        "an earlier answer comes back ({percent}%)",
    ),
    "simulate.fault.partly": (
        "部分紀錄要重送 {percent}%",
        "部分记录要重发 {percent}%",
        "some records are asked for again ({percent}%)",
    ),
    # --- broken promises ---
    "simulate.broken.acknowledged_lost": (
        "伺服器確認過的紀錄 {fact} 不見了",
        "服务器确认过的记录 {fact} 不见了",
        "fact {fact}, which the server had acknowledged, is gone",
    ),
    "simulate.broken.balance_differs": (
        "會員 {member} 的點數，收銀台 {till} 是 {here}，伺服器是 {server}",
        "会员 {member} 的积分，收银台 {till} 是 {here}，服务器是 {server}",
        "member {member} has {here} points at till {till} and {server} at the server",
    ),
    "simulate.broken.books_differ": (
        "收銀台 {till} 和 {other} 的帳不一樣：{tables}",
        "收银台 {till} 和 {other} 的账不一样：{tables}",
        "tills {till} and {other} hold different books: {tables}",
    ),
    "simulate.broken.canonical_differs": (
        "會員 {member} 在收銀台 {till} 歸到 {here}，伺服器歸到 {server}",
        "会员 {member} 在收银台 {till} 归到 {here}，服务器归到 {server}",
        "member {member} is {here} at till {till} and {server} at the server",
    ),
    "simulate.broken.chain_broken": (
        "收銀台 {till} 的紀錄鏈在第 {seq} 筆斷了",
        "收银台 {till} 的记录链在第 {seq} 条断了",
        "the chain of till {till} is broken at fact {seq}",
    ),
    "simulate.broken.clock_back": (
        "收銀台 {till} 的邏輯時鐘倒退了",
        "收银台 {till} 的逻辑时钟倒退了",
        "the logical clock of till {till} went back",
    ),
    "simulate.broken.cursor_ahead": (
        "收銀台 {till} 的進度和手上的資料對不上：{entity}",
        "收银台 {till} 的进度和手上的数据对不上：{entity}",
        "the cursor of till {till} does not cover what is there: {entity}",
    ),
    "simulate.broken.entry_counted_wrong": (
        "一筆點數應是 {mine}，伺服器算成 {server}",
        "一笔积分应是 {mine}，服务器算成 {server}",
        "an entry of {mine} points counts {server} at the server",
    ),
    "simulate.broken.error": ("程式出錯：{error}", "程序出错：{error}", "an error of the program: {error}"),
    "simulate.broken.fact_from_nowhere": (
        "伺服器有一筆沒有收銀台寫過的紀錄 {fact}",
        "服务器有一条没有收银台写过的记录 {fact}",
        "the server holds fact {fact}, which no till ever wrote",
    ),
    "simulate.broken.fact_lost": (
        "收銀台 {till} 的第 {seq} 筆紀錄（{kind}）不在伺服器上",
        "收银台 {till} 的第 {seq} 条记录（{kind}）不在服务器上",
        "fact {seq} of till {till} ({kind}) is not at the server",
    ),
    "simulate.broken.facts_gone": (
        "收銀台 {till} 的檔案少了 {missing} 筆紀錄",
        "收银台 {till} 的文件少了 {missing} 条记录",
        "{missing} facts are gone from the file of till {till}",
    ),
    "simulate.broken.key_at_server": (
        "伺服器還留著 {count} 位已刪除會員的金鑰",
        "服务器还留着 {count} 位已删除会员的密钥",
        "the server still has the keys of forgotten members: {count}",
    ),
    "simulate.broken.money_not_whole": (
        "單據 {number} 的金額不是整數",
        "单据 {number} 的金额不是整数",
        "an amount of receipt {number} is no whole number",
    ),
    "simulate.broken.no_rest": (
        "過了 {minutes} 分鐘還沒同步完：{said}",
        "过了 {minutes} 分钟还没同步完：{said}",
        "after {minutes} minutes there is no rest: {said}",
    ),
    "simulate.broken.number_reused": (
        "單號 {number} 用在兩筆交易上",
        "单号 {number} 用在两笔交易上",
        "receipt number {number} was given out twice",
    ),
    "simulate.broken.place_missing": (
        "收銀台 {till} 的紀錄在第 {seq} 筆之前有缺號",
        "收银台 {till} 的记录在第 {seq} 条之前有缺号",
        "a place is missing before fact {seq} of till {till}",
    ),
    "simulate.broken.postings_differ": (
        "點數分錄 {entry} 借貸不平",
        "积分分录 {entry} 借贷不平",
        "the postings of entry {entry} do not add up to nothing",
    ),
    "simulate.broken.remembered": (
        "收銀台 {till} 還記得 {count} 位已刪除的會員",
        "收银台 {till} 还记得 {count} 位已删除的会员",
        "till {till} still knows forgotten members: {count}",
    ),
    "simulate.broken.sale_counted_wrong": (
        "一筆交易應是 {mine}，伺服器算成 {server}",
        "一笔交易应是 {mine}，服务器算成 {server}",
        "a sale of {mine} counts {server} at the server",
    ),
    "simulate.broken.still_waiting": (
        "收銀台 {till} 還有 {count} 筆沒送出",
        "收银台 {till} 还有 {count} 条没送出",
        "facts still wait at till {till}: {count}",
    ),
    "simulate.broken.totals_differ": (
        "單據 {number} 的明細、總額與付款不相符",
        "单据 {number} 的明细、总额与付款不相符",
        "lines, total and tenders of receipt {number} do not agree",
    ),
    "simulate.broken.two_under_a_number": (
        "收銀台 {till} 有 {count} 個號碼各有兩位會員",
        "收银台 {till} 有 {count} 个号码各有两位会员",
        "till {till} has two members under one number: {count}",
    ),
    "simulate.broken.void_keeps_points": (
        "作廢單 {number} 沒有把點數還原",
        "作废单 {number} 没有把积分还原",
        "voiding by receipt {number} did not take the points back",
    ),
    "simulate.broken.value_differs": (
        "儲值帳戶 {account} 在收銀台 {till} 是 {here}，伺服器是 {server}",
        "储值账户 {account} 在收银台 {till} 是 {here}，服务器是 {server}",
        "account {account} of stored value holds {here} at till {till} and {server} at the server",
    ),
    "simulate.broken.value_below_nothing": (
        "儲值帳戶 {account} 被花到負數",
        "储值账户 {account} 被花到负数",
        "account {account} of stored value was spent below nothing",
    ),
    "simulate.broken.consent_differs": (
        "會員 {member} 要不要收訊息，收銀台 {till} 和伺服器不一致",
        "会员 {member} 要不要收消息，收银台 {till} 和服务器不一致",
        "till {till} and the server differ on whether member {member} may be written to",
    ),
    "simulate.broken.forgotten_unanswered": (
        "收銀台 {till} 以為已送出 {count} 筆紀錄（第 {seq} 筆起），伺服器卻沒回覆過",
        "收银台 {till} 以为已发出 {count} 条记录（第 {seq} 条起），服务器却没回复过",
        "till {till} takes {count} facts for sent (from {seq}) of which the server never said anything",
    ),
}
