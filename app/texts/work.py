"""The owner's work list: one sentence for each thing to do, the same without the name, and what settles it."""

from __future__ import annotations

TEXTS = {
    "work.complaint": (
        "{member} 的客訴還沒處理完：{words}",
        "{member} 的投诉还没处理完：{words}",
        "{member} has an open complaint: {words}",
    ),
    "work.request": (
        "{member} 交代的事該辦了：{words}",
        "{member} 交代的事该办了：{words}",
        "{member} asked for something: {words}",
    ),
    "work.follow_up": (
        "該回訪 {member} 了：{words}",
        "该回访 {member} 了：{words}",
        "Time to get back to {member}: {words}",
    ),
    "work.print": (
        "{paper} 不確定有沒有印出來。",
        "{paper} 不确定有没有打印出来。",
        "{paper}: nobody knows whether it was printed.",
    ),
    "work.print_held": (
        "{paper} 還留在列印佇列，沒有印出來。",
        "{paper} 还留在打印队列，没有打印出来。",
        "{paper} is held back and has not been printed.",
    ),
    "work.sync": (
        "有一筆資料和其他收銀機或總部對不上（{code}）。",
        "有一笔数据和其他收银机或总部对不上（{code}）。",
        "A record does not agree with another till or the head office ({code}).",
    ),
    "work.sync.same_id": (
        "有一筆交易在總部出現兩個版本，兩份都留著。",
        "有一笔交易在总部出现两个版本，两份都留着。",
        "A sale stands at the head office in two versions. Both are kept.",
    ),
    "work.sync.place_taken": (
        "有一筆交易和另一台收銀機用了同一個位置，這台的資料可能被複製過。",
        "有一笔交易和另一台收银机用了同一个位置，这台的数据可能被复制过。",
        "Another till used the place of one of these sales: this till's data may have been copied.",
    ),
    "work.sync.overspent": (
        "有會員的點數在兩台收銀機重複用掉了。",
        "有会员的积分在两台收银机重复用掉了。",
        "A member's points were spent at two tills.",
    ),
    "work.birthday": (
        "{member} 的生日在 {days} 天後（{date}）。",
        "{member} 的生日在 {days} 天后（{date}）。",
        "{member} has a birthday in {days} days, on {date}.",
    ),
    "work.birthday_today": (
        "{member} 今天生日。",
        "{member} 今天生日。",
        "{member} has a birthday today.",
    ),
    "work.birthday_tomorrow": (
        "{member} 明天（{date}）生日。",
        "{member} 明天（{date}）生日。",
        "{member} has a birthday tomorrow, on {date}.",
    ),
    "work.birthday_lunar": (
        "{member} 的農曆生日在 {days} 天後（{date}）。",
        "{member} 的农历生日在 {days} 天后（{date}）。",
        "{member} has a lunar birthday in {days} days, on {date}.",
    ),
    "work.birthday_lunar_today": (
        "{member} 今天過農曆生日。",
        "{member} 今天过农历生日。",
        "{member} has a lunar birthday today.",
    ),
    "work.birthday_lunar_tomorrow": (
        "{member} 明天（{date}）過農曆生日。",
        "{member} 明天（{date}）过农历生日。",
        "{member} has a lunar birthday tomorrow, on {date}.",
    ),
    "work.lapsing": (
        "{member} 平常 {habit} 天來一次，已經 {days} 天沒來。",
        "{member} 平常 {habit} 天来一次，已经 {days} 天没来。",
        "{member} comes every {habit} days or so, and was last here {days} days ago.",
    ),
    "work.points_ending": (
        "{member} 有 {points} 點在 {date} 到期。",
        "{member} 有 {points} 积分在 {date} 到期。",
        "{member} has {points} points that end on {date}.",
    ),
    "work.coupon_ending": (
        "{member} 的優惠券「{coupon}」{date} 到期。",
        "{member} 的优惠券“{coupon}”{date} 到期。",
        "{member} has a coupon “{coupon}” that ends on {date}.",
    ),
    # Without the name, for a list on which it stands already.
    "work.about.complaint": ("客訴：{words}", "投诉：{words}", "Complaint: {words}"),
    "work.about.request": ("交代的事：{words}", "交代的事：{words}", "Asked for: {words}"),
    "work.about.follow_up": ("回訪：{words}", "回访：{words}", "Get back to them: {words}"),
    "work.about.birthday": ("{date} 生日", "{date} 生日", "birthday on {date}"),
    "work.about.birthday_today": ("今天（{date}）生日", "今天（{date}）生日", "birthday today, {date}"),
    "work.about.birthday_tomorrow": (
        "明天（{date}）生日",
        "明天（{date}）生日",
        "birthday tomorrow, {date}",
    ),
    "work.about.birthday_lunar": ("{date} 農曆生日", "{date} 农历生日", "lunar birthday on {date}"),
    "work.about.birthday_lunar_today": (
        "今天（{date}）農曆生日",
        "今天（{date}）农历生日",
        "lunar birthday today, {date}",
    ),
    "work.about.birthday_lunar_tomorrow": (
        "明天（{date}）農曆生日",
        "明天（{date}）农历生日",
        "lunar birthday tomorrow, {date}",
    ),
    "work.about.lapsing": (
        "平常 {habit} 天來一次，已經 {days} 天沒來",
        "平常 {habit} 天来一次，已经 {days} 天没来",
        "usually every {habit} days, last here {days} days ago",
    ),
    "work.about.points_ending": (
        "{points} 點 {date} 到期",
        "{points} 积分 {date} 到期",
        "{points} points end on {date}",
    ),
    "work.about.coupon_ending": (
        "優惠券「{coupon}」{date} 到期",
        "优惠券“{coupon}”{date} 到期",
        "coupon “{coupon}” ends on {date}",
    ),
    # The groups, and what settles what stands in them.
    "work.group.complaint": ("客訴", "投诉", "Complaints"),
    "work.group.request": ("會員交代的事", "会员交代的事", "What members asked for"),
    "work.group.follow_up": ("該回訪的會員", "该回访的会员", "Members to get back to"),
    "work.group.guard": ("點數異常", "积分异常", "Points that need a look"),
    "work.group.print": ("還沒確認的單據", "还没确认的单据", "Papers nobody confirmed"),
    "work.group.sync": ("對不上的資料", "对不上的数据", "Records that disagree"),
    "work.group.birthday": ("快過生日的會員", "快过生日的会员", "Birthdays to come"),
    "work.group.lapsing": ("快要不來的熟客", "快要不来的熟客", "Regulars who may stay away"),
    "work.group.points_ending": ("快到期的點數", "快到期的积分", "Points about to end"),
    "work.group.coupon_ending": ("快到期的優惠券", "快到期的优惠券", "Coupons about to end"),
    "work.group_count": ("{group}　{count}", "{group}　{count}", "{group}　{count}"),
    "work.unfold": ("再列 {count} 筆", "再列 {count} 笔", "List {count} more"),
    "work.more": (
        "還有 {count} 筆，這裡先列最要緊的。",
        "还有 {count} 笔，这里先列最要紧的。",
        "{count} more; those that matter most stand here.",
    ),
    "work.settles.complaint": (
        "處理好了按「完成」，這一件就收起來。",
        "处理好了按“完成”，这一件就收起来。",
        "Press Done when it is settled, and it goes.",
    ),
    "work.settles.request": (
        "辦好了按「完成」，這一件就收起來。",
        "办好了按“完成”，这一件就收起来。",
        "Press Done when it is seen to, and it goes.",
    ),
    "work.settles.follow_up": (
        "聯絡過了按「完成」，這一件就收起來。",
        "联系过了按“完成”，这一件就收起来。",
        "Press Done when you have spoken to them, and it goes.",
    ),
    "work.settles.guard": (
        "看過了按「看過了」、寫下原因，就不再列出；再發生時會重新出現。",
        "看过了按“看过了”、写下原因，就不再列出；再发生时会重新出现。",
        "Press Seen and say why, and it goes until it happens again.",
    ),
    "work.settles.print": (
        "按 Enter 回答有沒有印出來；留住的單據在裝置頁放行。",
        "按 Enter 回答有没有打印出来；留住的单据在设备页放行。",
        "Enter asks whether it came out; what is held back is let go on the page of the devices.",
    ),
    "work.settles.sync": (
        "按 Enter 看該怎麼辦；在那裡按「看過了」，這一件就會消失。",
        "按 Enter 看该怎么办；在那里按“看过了”，这一件就会消失。",
        "Enter says what to do about it; mark it as seen there, and it goes.",
    ),
    "work.settles.birthday": (
        "生日過了會自己消失。",
        "生日过了会自己消失。",
        "Goes by itself after the birthday.",
    ),
    "work.settles.lapsing": (
        "會員來過一次就會自己消失。",
        "会员来过一次就会自己消失。",
        "Goes by itself when they come again.",
    ),
    "work.settles.points_ending": (
        "點數用掉或到期後會自己消失。",
        "积分用掉或到期后会自己消失。",
        "Goes by itself when the points are spent or have ended.",
    ),
    "work.settles.coupon_ending": (
        "券用掉或到期後會自己消失。",
        "券用掉或到期后会自己消失。",
        "Goes by itself when the coupon is used or has ended.",
    ),
    "work.means.complaint": (
        "寫在會員頁裡、還沒完成的客訴，到期才列出。",
        "写在会员页里、还没完成的投诉，到期才列出。",
        "Complaints written in a member's file that are due and not done.",
    ),
    "work.means.request": (
        "寫在會員頁裡、會員交代要辦的事，到期才列出。",
        "写在会员页里、会员交代要办的事，到期才列出。",
        "What a member asked for, written in their file, once it is due.",
    ),
    "work.means.follow_up": (
        "寫在會員頁裡、說好要再聯絡的，到期才列出。",
        "写在会员页里、说好要再联系的，到期才列出。",
        "Whom somebody promised to get back to, once it is due.",
    ),
    "work.means.guard": (
        "點數的來去有不尋常的地方，值得看一下；不代表有人做錯。只有店主看得到。",
        "积分的来去有不寻常的地方，值得看一下；不代表有人做错。只有店主看得到。",
        "Something unusual about points, worth a look; nobody is accused. Only the owner sees it.",
    ),
    "work.means.print": (
        "當機或印表機出錯時正在印的單據，或被留住的單據。",
        "死机或打印机出错时正在打印的单据，或被留住的单据。",
        "Papers that were under way when the till or the printer stopped, or that are held back.",
    ),
    "work.means.sync": (
        "和總部或其他收銀機交換資料時，兩邊說法不同的紀錄。",
        "和总部或其他收银机交换数据时，两边说法不同的记录。",
        "Records of which this till and the head office say different things.",
    ),
    "work.means.birthday": (
        "七天內生日的會員，農曆生日換算成當年的日期。",
        "七天内生日的会员，农历生日换算成当年的日期。",
        "Members with a birthday in the next seven days; lunar birthdays by this year's date.",
    ),
    "work.means.lapsing": (
        "照會員自己平常的間隔，已經過了 1.2 到 2 倍的時間還沒來；消費多的在前面。",
        "按会员自己平常的间隔，已经过了 1.2 到 2 倍的时间还没来；消费多的在前面。",
        "Away for 1.2 to 2 times as long as is usual for them; who spent most comes first.",
    ),
    "work.means.points_ending": (
        "七天內到期、還沒用掉的點數。",
        "七天内到期、还没用掉的积分。",
        "Points not spent that end in the next seven days.",
    ),
    "work.means.coupon_ending": (
        "七天內到期、還能用的優惠券。",
        "七天内到期、还能用的优惠券。",
        "Coupons that can still be used and end in the next seven days.",
    ),
    # The page.
    "work.reading": ("正在看今天有哪些事…", "正在看今天有哪些事…", "Looking at what is to be done today…"),
    "work.finding_both": (
        "今天有 {urgent} 件事要處理，另外 {worth} 件值得聯絡會員。",
        "今天有 {urgent} 件事要处理，另外 {worth} 件值得联系会员。",
        "To be done today: {urgent}. Members worth a call: {worth}.",
    ),
    "work.finding_urgent": (
        "今天有 {urgent} 件事要處理。",
        "今天有 {urgent} 件事要处理。",
        "To be done today: {urgent}.",
    ),
    "work.finding_worth": (
        "今天沒有急事，有 {worth} 件值得聯絡會員。",
        "今天没有急事，有 {worth} 件值得联系会员。",
        "Nothing is urgent today. Members worth a call: {worth}.",
    ),
    "work.finding_none": (
        "今天沒有要處理的事。",
        "今天没有要处理的事。",
        "There is nothing to do today.",
    ),
    "work.about_page": (
        "{date} 起 {days} 天內的事。最要緊的在上面。",
        "{date} 起 {days} 天内的事。最要紧的在上面。",
        "What falls in the {days} days from {date}; the most pressing comes first.",
    ),
    "work.about_none": (
        "有人生日、該回訪，或點數、優惠券快到期時，會列在這裡。",
        "有人生日、该回访，或积分、优惠券快到期时，会列在这里。",
        "Birthdays, promises, and points and coupons about to end will stand here.",
    ),
    "work.no_habits": (
        "來店紀錄還不夠多，暫時看不出誰快要不來了。",
        "来店记录还不够多，暂时看不出谁快要不来了。",
        "There are too few visits yet to tell who is about to stay away.",
    ),
    "work.help": ("這裡列些什麼  ?", "这里列些什么  ?", "What stands here  ?"),
    "work.late": ("晚了 {days} 天", "晚了 {days} 天", "{days} days late"),
    "work.today": ("今天", "今天", "today"),
    "work.done": ("完成  D", "完成  D", "Done  D"),
    "work.seen": ("看過了  D", "看过了  D", "Seen  D"),
    "work.answer": ("回答  D", "回答  D", "Answer  D"),
    "work.choose_all": ("全選  A", "全选  A", "Choose all  A"),
    "work.choose_none": ("全不選  A", "全不选  A", "Choose none  A"),
    "work.call": ("聯絡名單  L", "联系名单  L", "Call list  L"),
    "work.call_chosen": ("聯絡名單（{count}）  L", "联系名单（{count}）  L", "Call list ({count})  L"),
    "work.hint": (
        "上下鍵移動，Enter 打開，空白鍵選取會員",
        "上下键移动，Enter 打开，空格键选取会员",
        "Up and down move, Enter opens, Space chooses a member",
    ),
    "work.nobody_chosen": (
        "先選要聯絡的會員：空白鍵選一位，A 全選。",
        "先选要联系的会员：空格键选一位，A 全选。",
        "Choose whom to call first: Space chooses one, A chooses all.",
    ),
    "work.is_done": ("完成了。", "完成了。", "Done."),
    "work.is_seen": (
        "記下來了，這一件不再列出。",
        "记下来了，这一件不再列出。",
        "Noted. It no longer stands on the list.",
    ),
    "work.is_gone": (
        "這一件已經處理過了。",
        "这一件已经处理过了。",
        "This has been dealt with already.",
    ),
    # What a finding and a record open.
    "work.look.office": ("到點數異常頁", "到积分异常页", "Open the guard"),
    "work.look.why": ("為什麼不用再看？", "为什么不用再看？", "Why is it all right?"),
    "work.look.print": ("{paper} 有印出來嗎？", "{paper} 打印出来了吗？", "Did {paper} come out?"),
    "work.look.print_yes": ("有，印出來了", "有，打印出来了", "Yes, it did"),
    "work.look.print_no": ("沒有，再印一張", "没有，再打印一张", "No, print it again"),
}
