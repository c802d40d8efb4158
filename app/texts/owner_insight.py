"""The owner's pages of insight: what was found as a sentence, how sure it is, and what the words mean."""

from __future__ import annotations

TEXTS = {
    "owner_insight.help": ("這一頁怎麼看  ?", "这一页怎么看  ?", "How to read this  ?"),
    "owner_insight.again": ("重新計算", "重新计算", "Work it out"),
    "owner_insight.working": ("正在計算…", "正在计算…", "Working it out…"),
    "owner_insight.stopped": ("已停止計算。", "已停止计算。", "Stopped."),
    "owner_insight.days": ("{since} 至 {until}", "{since} 至 {until}", "{since} to {until}"),
    "owner_insight.members": ("根據 {n} 位會員", "根据 {n} 位会员", "from {n} members"),
    "owner_insight.tickets": ("{n} 張單", "{n} 张单", "{n} tickets"),
    "owner_insight.baskets": ("根據 {n} 筆購物", "根据 {n} 笔购物", "from {n} baskets"),
    "owner_insight.and": ("、", "、", ", "),
    "owner_insight.days_ago": ("{days} 天前", "{days} 天前", "{days} days ago"),
    "owner_insight.days_count": ("{days} 天", "{days} 天", "{days} days"),
    "owner_insight.people_count": ("{count} 人", "{count} 人", "{count}"),
    "owner_insight.people": ("共 {count} 位", "共 {count} 位", "{count} members"),
    "owner_insight.people_first": (
        "共 {count} 位，先列 {shown} 位",
        "共 {count} 位，先列 {shown} 位",
        "The first {shown} of {count} members",
    ),
    "owner_insight.column.last": ("上次來", "上次来", "Last visit"),
    "owner_insight.sure": (
        "{value}（{confidence} 的把握在 {low} 到 {high} 之間，{n} 位）",
        "{value}（{confidence} 的把握在 {low} 到 {high} 之间，{n} 位）",
        "{value} (with {confidence} certainty {low} to {high}; {n} members)",
    ),
    "owner_insight.span.quarter": ("近三個月", "近三个月", "3 months"),
    "owner_insight.span.half": ("近半年", "近半年", "6 months"),
    "owner_insight.span.year": ("近一年", "近一年", "12 months"),
    "owner_insight.span.other": ("其他日子…", "其他日子…", "Other days…"),
    # Too little.
    "owner_insight.too_little": (
        "資料還不夠：現在有 {n} {what}，要有 {needed} {what}才看得準。",
        "数据还不够：现在有 {n} {what}，要有 {needed} {what}才看得准。",
        "Not enough yet: there are {n} {what}; {needed} are needed to tell.",
    ),
    "owner_insight.little.baskets": ("筆購物", "笔购物", "baskets"),
    "owner_insight.little.days": ("天", "天", "days"),
    "owner_insight.little.items": ("項商品", "项商品", "items"),
    "owner_insight.little.members": ("位會員", "位会员", "members"),
    "owner_insight.little.first_time_buyers": ("位第一次來的會員", "位第一次来的会员", "first-time buyers"),
    "owner_insight.little.members_in_each_group": (
        "位會員（每組）",
        "位会员（每组）",
        "members in each group",
    ),
    "owner_insight.little.members_of_each_kind": (
        "位回來與沒回來的會員",
        "位回来与没回来的会员",
        "members of each kind",
    ),
    "owner_insight.little.members_with_sales": ("位有消費的會員", "位有消费的会员", "members with sales"),
    "owner_insight.little.open_days": ("個營業日", "个营业日", "open days"),
    "owner_insight.little.operators_with_tickets": (
        "位單子夠多的店員",
        "位单子够多的店员",
        "operators with enough tickets",
    ),
    "owner_insight.little.repeat_buyers": ("位回頭客", "位回头客", "repeat buyers"),
    "owner_insight.little.return_visits": ("次再訪", "次再访", "return visits"),
    "owner_insight.little.settled_parameters": ("個穩定的參數", "个稳定的参数", "settled parameters"),
    "owner_insight.little.silences": ("段沒來的日子", "段没来的日子", "silences"),
    "owner_insight.little.visits": ("次來店", "次来店", "visits"),
    "owner_insight.little.windows": ("段可比較的期間", "段可比较的期间", "windows"),
    # The list of pages.
    "owner_insight.page.rfm": ("會員分群", "会员分群", "Segments"),
    "owner_insight.page.late": ("太久沒來", "太久没来", "Staying away"),
    "owner_insight.page.cohort": ("新客留存", "新客留存", "Who comes back"),
    "owner_insight.page.few": ("八二法則", "二八法则", "80/20"),
    "owner_insight.page.peaks": ("尖峰時段", "高峰时段", "Busy hours"),
    "owner_insight.page.forecast": ("下週預測", "下周预测", "Coming week"),
    "owner_insight.page.pairs": ("一起買的", "一起买的", "Bought together"),
    "owner_insight.page.abc": ("商品 ABC", "商品 ABC", "ABC of goods"),
    "owner_insight.page.staff": ("店員表現", "店员表现", "Staff"),
    # Segments.
    "owner_insight.segments": ("八種會員", "八种会员", "Eight kinds of members"),
    "owner_insight.scores": (
        "多久沒來 × 多常來",
        "多久没来 × 多常来",
        "How recently × how often",
    ),
    "owner_insight.segment.key_value": ("重要價值", "重要价值", "Best: recent, often, high"),
    "owner_insight.segment.key_keep": ("重要保持", "重要保持", "To keep: away, often, high"),
    "owner_insight.segment.key_develop": ("重要發展", "重要发展", "To grow: recent, seldom, high"),
    "owner_insight.segment.key_win_back": ("重要挽回", "重要挽回", "To win back: away, seldom, high"),
    "owner_insight.segment.plain_value": ("一般價值", "一般价值", "Recent, often, low"),
    "owner_insight.segment.plain_keep": ("一般保持", "一般保持", "Away, often, low"),
    "owner_insight.segment.plain_develop": ("一般發展", "一般发展", "Recent, seldom, low"),
    "owner_insight.segment.plain_win_back": ("一般挽留", "一般挽留", "Away, seldom, low"),
    "owner_insight.rfm.keep": (
        "有 {members} 位常來又買得多的熟客最近變少來了，他們占會員消費的 {share}。",
        "有 {members} 位常来又买得多的熟客最近变少来了，他们占会员消费的 {share}。",
        "{members} regulars who used to come often and spend much stay away; they are {share} of members' spending.",
    ),
    "owner_insight.rfm.best": (
        "有 {members} 位最近常來又買得多的熟客，他們占會員消費的 {share}。",
        "有 {members} 位最近常来又买得多的熟客，他们占会员消费的 {share}。",
        "{members} regulars come often and spend much; they are {share} of members' spending.",
    ),
    "owner_insight.rfm.cuts": (
        "近：{near} 天內來過；常：{often} 次以上；高：{high} 以上",
        "近：{near} 天内来过；常：{often} 次以上；高：{high} 以上",
        "Recent: within {near} days; often: {often} visits or more; high: {high} or more",
    ),
    "owner_insight.rfm.segment": (
        "平均 {days} 天沒來，來過 {visits} 次",
        "平均 {days} 天没来，来过 {visits} 次",
        "{days} days away on average, {visits} visits",
    ),
    "owner_insight.rfm.money": ("占消費 {share}", "占消费 {share}", "{share} of spending"),
    "owner_insight.rfm.r": ("R {score}", "R {score}", "R {score}"),
    "owner_insight.rfm.f": ("F {score}", "F {score}", "F {score}"),
    "owner_insight.rfm.cell": (
        "最近程度 {r} 分、常來程度 {f} 分：{count} 位",
        "最近程度 {r} 分、常来程度 {f} 分：{count} 位",
        "Recency {r}, frequency {f}: {count} members",
    ),
    "owner_insight.rfm.cell_title": (
        "最近程度 {r} 分、常來程度 {f} 分的會員",
        "最近程度 {r} 分、常来程度 {f} 分的会员",
        "Members with recency {r} and frequency {f}",
    ),
    "owner_insight.rfm.map_hint": (
        "越深人越多；5 分最近、最常。方向鍵移動，Enter 看是哪些人",
        "越深人越多；5 分最近、最常。方向键移动，Enter 看是哪些人",
        "Darker is more members; 5 is most recent, most often. Arrows move, Enter opens",
    ),
    # Late.
    "owner_insight.late.some": (
        "有 {count} 位熟客超過平常時間沒來。",
        "有 {count} 位熟客超过平常时间没来。",
        "{count} regulars have stayed away longer than they usually do.",
    ),
    "owner_insight.late.none": (
        "熟客都照平常的時間來。",
        "熟客都按平常的时间来。",
        "All regulars come as they usually do.",
    ),
    "owner_insight.late.nobody": ("沒有要關心的人。", "没有要关心的人。", "There is nobody to look after."),
    "owner_insight.late.list": ("最值得打聲招呼的", "最值得打声招呼的", "Whom to greet first"),
    "owner_insight.late.shop": (
        "店裡的會員平常隔 {days} 天來一次",
        "店里的会员平常隔 {days} 天来一次",
        "members usually come every {days} days",
    ),
    "owner_insight.late.habit": (
        "平常 {gap} 天來一次，來過 {visits} 次",
        "平常 {gap} 天来一次，来过 {visits} 次",
        "every {gap} days, {visits} visits",
    ),
    "owner_insight.late.silent": ("{days} 天沒來", "{days} 天没来", "{days} days away"),
    "owner_insight.late.risk": ("{risk} 可能不再來", "{risk} 可能不再来", "{risk} chance to stay away"),
    "owner_insight.late.tested": (
        "風險用最近 {days} 天驗過：兩人相比，{hits}% 的時候排得對",
        "风险用最近 {days} 天验过：两人相比，{hits}% 的时候排得对",
        "tested on the last {days} days: of two members, ordered right {hits}% of the time",
    ),
    # Cohorts.
    "owner_insight.cohort.map": (
        "每個月的新客，後來還有多少人來",
        "每个月的新客，后来还有多少人来",
        "Of each month's new members, how many came later",
    ),
    "owner_insight.cohort.finding": (
        "第一次來的會員，有 {share} 在下個月又來。",
        "第一次来的会员，有 {share} 在下个月又来。",
        "{share} of new members came again the month after.",
    ),
    "owner_insight.cohort.too_soon": (
        "還要再過一個月，才看得出新客會不會回來。",
        "还要再过一个月，才看得出新客会不会回来。",
        "It takes another month to see whether new members come back.",
    ),
    "owner_insight.cohort.row": ("{month}（{n} 位）", "{month}（{n} 位）", "{month} ({n})"),
    "owner_insight.cohort.column": ("+{month} 月", "+{month} 月", "+{month}"),
    "owner_insight.cohort.cell": (
        "{month} 的新客，{later} 個月後：",
        "{month} 的新客，{later} 个月后：",
        "New in {month}, {later} months later:",
    ),
    "owner_insight.cohort.hint": (
        "越深，回來的人越多；人太少的月份只寫人數",
        "越深，回来的人越多；人太少的月份只写人数",
        "Darker: more came back. Where they are too few, their number stands",
    ),
    # Few.
    "owner_insight.few.curve": (
        "買最多的會員排在前面，加起來占多少",
        "买最多的会员排在前面，加起来占多少",
        "What the best members add up to",
    ),
    "owner_insight.few.again": ("會不會再來", "会不会再来", "Whether they come again"),
    "owner_insight.few.finding": (
        "買最多的兩成會員，占了會員消費的 {share}。",
        "买最多的两成会员，占了会员消费的 {share}。",
        "The best 20% of members bring {share} of members' spending.",
    ),
    "owner_insight.few.most": (
        "八成的消費來自 {share} 的會員",
        "八成的消费来自 {share} 的会员",
        "80% of spending comes from {share} of members",
    ),
    "owner_insight.few.point": (
        "買最多的 {members}% 會員占 {share}",
        "买最多的 {members}% 会员占 {share}",
        "The best {members}% of members bring {share}",
    ),
    "owner_insight.few.hint": (
        "離細線越遠，越靠少數人；方向鍵看每一點",
        "离细线越远，越靠少数人；方向键看每一点",
        "The further from the thin line, the fewer carry it. Arrow keys read each point",
    ),
    "owner_insight.few.again_rate": ("這段期間來過第二次的", "这段期间来过第二次的", "Came at least twice"),
    "owner_insight.few.gap": ("兩次之間隔多久", "两次之间隔多久", "Between two visits"),
    "owner_insight.few.gap_sure": (
        "中位數；95% 的把握在 {low} 到 {high} 天之間",
        "中位数；95% 的把握在 {low} 到 {high} 天之间",
        "median; with 95% certainty {low} to {high} days",
    ),
    # Peaks.
    "owner_insight.peaks.map": (
        "每週七天，哪個小時有幾位客人",
        "每周七天，哪个小时有几位客人",
        "Customers by weekday and hour",
    ),
    "owner_insight.peaks.finding": (
        "{weekday} {hour} 點最忙，平均 {tickets} 張單。",
        "{weekday} {hour} 点最忙，平均 {tickets} 张单。",
        "{weekday} {hour}:00 is the busiest hour, {tickets} tickets on average.",
    ),
    "owner_insight.peaks.cell": (
        "{weekday} {hour} 點：平均 {tickets} ± {half} 張單、{money}（{days} 天）",
        "{weekday} {hour} 点：平均 {tickets} ± {half} 张单、{money}（{days} 天）",
        "{weekday} {hour}:00: {tickets} ± {half} tickets, {money} on average ({days} days)",
    ),
    "owner_insight.peaks.hint": (
        "越深越忙；方向鍵看每一格",
        "越深越忙；方向键看每一格",
        "Darker is busier; arrow keys read each cell",
    ),
    # Forecast.
    "owner_insight.forecast.chart": ("接下來七天", "接下来七天", "The next seven days"),
    "owner_insight.forecast.kinds": (
        "各類商品（Enter 看每天）",
        "各类商品（Enter 看每天）",
        "By category (Enter shows its days)",
    ),
    "owner_insight.forecast.finding": (
        "接下來七天大約會賣 {value}。",
        "接下来七天大约会卖 {value}。",
        "The next seven days will bring about {value}.",
    ),
    "owner_insight.forecast.sure": (
        "{percent}% 的把握在 {low} 到 {high} 之間，看過 {n} 個營業日",
        "{percent}% 的把握在 {low} 到 {high} 之间，看过 {n} 个营业日",
        "with {percent}% certainty {low} to {high}, from {n} open days",
    ),
    "owner_insight.forecast.no_kind": ("未分類", "未分类", "No category"),
    "owner_insight.forecast.range": ("{low} 到 {high}", "{low} 到 {high}", "{low} to {high}"),
    "owner_insight.forecast.missed": (
        "過去八週每天平均差 {share}",
        "过去八周每天平均差 {share}",
        "off by {share} a day in the last 8 weeks",
    ),
    "owner_insight.forecast.point": (
        "{day}：{value}（{low} 到 {high}）",
        "{day}：{value}（{low} 到 {high}）",
        "{day}: {value} ({low} to {high})",
    ),
    "owner_insight.forecast.hint": (
        "{name}；淺色帶是 {percent}% 把握的範圍",
        "{name}；浅色带是 {percent}% 把握的范围",
        "{name}; the band holds {percent}% of all cases",
    ),
    # Pairs.
    "owner_insight.pairs.list": (
        "常放進同一個購物籃的",
        "常放进同一个购物篮的",
        "Often in the same basket",
    ),
    "owner_insight.pairs.finding": (
        "買「{item}」的客人，有 {share} 也買「{other}」。",
        "买“{item}”的客人，有 {share} 也买“{other}”。",
        "{share} of those who buy {item} also take {other}.",
    ),
    "owner_insight.pairs.nothing": (
        "還看不出哪些商品常一起買。",
        "还看不出哪些商品常一起买。",
        "No goods stand out as bought together yet.",
    ),
    "owner_insight.pairs.none": (
        "沒有特別常一起買的商品。",
        "没有特别常一起买的商品。",
        "No pairs stand out.",
    ),
    "owner_insight.pairs.pair": ("{item} ＋ {other}", "{item} ＋ {other}", "{item} + {other}"),
    "owner_insight.pairs.detail": (
        "{share} 的人一起買，共 {together} 次",
        "{share} 的人一起买，共 {together} 次",
        "{share} take both; {together} times",
    ),
    "owner_insight.pairs.lift": ("{lift} 倍", "{lift} 倍", "{lift}×"),
    "owner_insight.pairs.sure": (
        "比碰巧多（{low} 到 {high} 倍）",
        "比碰巧多（{low} 到 {high} 倍）",
        "as often as by accident ({low} to {high})",
    ),
    # ABC.
    "owner_insight.abc.map": ("賣多少 × 穩不穩", "卖多少 × 稳不稳", "How much × how steadily"),
    "owner_insight.abc.list": ("賣最多的商品", "卖最多的商品", "The goods that bring most"),
    "owner_insight.abc.finding": (
        "{all} 項有賣出的商品裡，{count} 項撐起了大部分業績。",
        "{all} 项有卖出的商品里，{count} 项撑起了大部分业绩。",
        "{count} of the {all} goods sold carry most of the sales.",
    ),
    "owner_insight.abc.cell": (
        "{worth} 類，{steady}：{count} 項",
        "{worth} 类，{steady}：{count} 项",
        "{worth}, {steady}: {count}",
    ),
    "owner_insight.abc.hint": (
        "A 類最要緊，不能缺貨",
        "A 类最要紧，不能缺货",
        "A matters most: never run out of it",
    ),
    "owner_insight.abc.x": ("每週都穩", "每周都稳", "Steady"),
    "owner_insight.abc.y": ("有時多有時少", "有时多有时少", "Up and down"),
    "owner_insight.abc.z": ("很不一定", "很不一定", "Irregular"),
    "owner_insight.abc.n": ("新上架", "新上架", "New"),
    # Staff.
    "owner_insight.staff.list": (
        "同樣的時段相比，每張單賣多少",
        "同样的时段相比，每张单卖多少",
        "Sales per ticket against the same hours",
    ),
    "owner_insight.staff.above": (
        "{names}的每張單比同時段多。",
        "{names}的每张单比同时段多。",
        "{names} sell more per ticket than the same hours usually bring.",
    ),
    "owner_insight.staff.even": (
        "店員之間看不出明顯差別。",
        "店员之间看不出明显差别。",
        "No clear difference between the staff.",
    ),
    "owner_insight.staff.higher": ("比同時段多", "比同时段多", "above the same hours"),
    "owner_insight.staff.lower": ("比同時段少", "比同时段少", "below the same hours"),
    "owner_insight.staff.alike": ("和大家差不多", "和大家差不多", "like everybody"),
    "owner_insight.staff.unknown": ("單子還不夠多", "单子还不够多", "too few tickets yet"),
    "owner_insight.staff.sure": (
        "平常是 100，{low} 到 {high}",
        "平常是 100，{low} 到 {high}",
        "{low} to {high}, where 100 is usual",
    ),
    # What the words mean.
    "owner_insight.term.rfm": ("RFM", "RFM", "RFM"),
    "owner_insight.about.rfm": (
        "R 是多久沒來（天數越少越好），F 是來過幾天，M 是這段期間買了多少（扣掉退貨）。",
        "R 是多久没来（天数越少越好），F 是来过几天，M 是这段期间买了多少（扣掉退货）。",
        "R is how many days ago they came last, F on how many days they came, M what they spent less returns.",
    ),
    "owner_insight.term.segments": ("八種會員", "八种会员", "The eight kinds"),
    "owner_insight.about.segments": (
        "近或遠、常或少、高或低，三個條件分成八種，每位會員剛好屬於一種。",
        "近或远、常或少、高或低，三个条件分成八种，每位会员刚好属于一种。",
        "Recent or away, often or seldom, high or low: every member is in exactly one of the eight.",
    ),
    "owner_insight.term.scores": ("分數", "分数", "Scores"),
    "owner_insight.about.scores": (
        "把會員排隊分成五等份，5 分是最近來的、最常來的；條件相同的人分數一定相同。",
        "把会员排队分成五等份，5 分是最近来的、最常来的；条件相同的人分数一定相同。",
        "Members in five equal parts; 5 is the most recent, the most frequent. Equals always score the same.",
    ),
    "owner_insight.term.cuts": ("分界", "分界", "Where the lines are"),
    "owner_insight.about.cuts": (
        "照店裡自己的習慣建議：八成的再訪都在「近」的天數之內，「常」與「高」用平均。",
        "按店里自己的习惯建议：八成的再访都在“近”的天数之内，“常”与“高”用平均。",
        "Suggested from the shop's own past: four of five return visits fall within “recent”; often and high are the means.",
    ),
    "owner_insight.term.late": ("太久沒來", "太久没来", "Staying away"),
    "owner_insight.about.late": (
        "來過三次以上的會員，這次隔的天數是自己平常的兩倍到六倍。",
        "来过三次以上的会员，这次隔的天数是自己平常的两倍到六倍。",
        "Members with three visits or more who have been away two to six times as long as they usually are.",
    ),
    "owner_insight.term.risk": ("可能不再來", "可能不再来", "Chance to stay away"),
    "owner_insight.about.risk": (
        "用店裡自己過去的會員學出來的機率：接下來三十天都不會來。",
        "用店里自己过去的会员学出来的概率：接下来三十天都不会来。",
        "Learned from this shop's own past: how likely they are not to come in the next thirty days.",
    ),
    "owner_insight.term.cohort": ("新客留存", "新客留存", "Who comes back"),
    "owner_insight.about.cohort": (
        "同一個月第一次來的會員算一群，看他們之後每個月有多少人來。還沒過完的月份不算。",
        "同一个月第一次来的会员算一群，看他们之后每个月有多少人来。还没过完的月份不算。",
        "Members who first came in the same month, and how many of them came in each later month. Months not over are left out.",
    ),
    "owner_insight.term.few": ("八二法則", "二八法则", "80/20"),
    "owner_insight.about.few": (
        "把會員從買最多排到買最少，看前面的人加起來占全部會員消費多少。",
        "把会员从买最多排到买最少，看前面的人加起来占全部会员消费多少。",
        "Members from the one who spends most to the least, and what the first of them add up to.",
    ),
    "owner_insight.term.repurchase": ("再來", "再来", "Coming again"),
    "owner_insight.about.repurchase": (
        "這段期間買過的會員裡，至少在兩個不同的日子買過的比例。",
        "这段期间买过的会员里，至少在两个不同的日子买过的比例。",
        "Of the members who bought in this period, those who did on two days or more.",
    ),
    "owner_insight.term.peaks": ("尖峰時段", "高峰时段", "Busy hours"),
    "owner_insight.about.peaks": (
        "每個星期幾、每個小時，平均一天有幾張單。沒營業的日子不算；天數太少的星期幾留白。",
        "每个星期几、每个小时，平均一天有几张单。没营业的日子不算；天数太少的星期几留白。",
        "Tickets in each hour of an average open day of each weekday; weekdays with too few days are left blank.",
    ),
    "owner_insight.term.forecast": ("預測", "预测", "Forecast"),
    "owner_insight.about.forecast": (
        "三種看星期幾的算法取平均，範圍來自它過去八週每天差了多少。遇到檔期要自己加減。"
        "只算商品，儲值和禮物卡不算。",
        "三种看星期几的算法取平均，范围来自它过去八周每天差了多少。遇到节日档期要自己加减。"
        "只算商品，储值和礼品卡不算。",
        "The mean of three weekday rules; the range is how far they missed in the last eight weeks. Festivals are yours to add. "
        "Goods alone: stored value and gift cards are left out.",
    ),
    "owner_insight.term.pairs": ("一起買", "一起买", "Bought together"),
    "owner_insight.about.pairs": (
        "「幾倍」是比碰巧放在一起多幾倍。只列確定不是巧合的組合。儲值和禮物卡不是商品，不算在內。",
        "“几倍”是比碰巧放在一起多几倍。只列确定不是巧合的组合。储值和礼品卡不是商品，不算在内。",
        "How many times as often as by accident. Only pairs that are surely no accident are listed. "
        "Stored value and gift cards are no goods and are left out.",
    ),
    "owner_insight.term.abc": ("ABC", "ABC", "ABC"),
    "owner_insight.about.abc": (
        "商品從賣最多排起：前八成業績是 A，接下來的一成五是 B，最後半成是 C。儲值和禮物卡不算商品。",
        "商品从卖最多排起：前八成业绩是 A，接下来的一成五是 B，最后半成是 C。储值和礼品卡不算商品。",
        "Goods from the best seller down: the first 80% of sales are A, the next 15% B, the last 5% C. "
        "Stored value and gift cards are no goods.",
    ),
    "owner_insight.term.xyz": ("穩不穩", "稳不稳", "How steady"),
    "owner_insight.about.xyz": (
        "每週賣的數量變動小是「每週都穩」，變動比平均還大是「很不一定」；上架不到八週的是新上架。",
        "每周卖的数量变动小是“每周都稳”，变动比平均还大是“很不一定”；上架不到八周的是新上架。",
        "Steady: weeks vary by less than half their mean. Irregular: by more than the mean. New: on sale for under eight weeks.",
    ),
    "owner_insight.term.staff": ("店員表現", "店员表现", "Staff"),
    "owner_insight.about.staff": (
        "每張單和同一個時段平常的單相比，100 是平常。單子少於一百張的人不評。",
        "每张单和同一个时段平常的单相比，100 是平常。单子少于一百张的人不评。",
        "Each ticket against what the same hours usually bring; 100 is usual. Under a hundred tickets nothing is said.",
    ),
}
