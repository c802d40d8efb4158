"""What the words on the owner's pages of insight mean: a name and a sentence each."""

from __future__ import annotations

MEANINGS = {
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
    "owner_insight.term.stages": ("會員階段", "会员阶段", "Stages"),
    "owner_insight.about.stages": (
        "照來過的天數分：一次是新客，兩三次是回訪，四次以上是熟客。同一天來幾次都算一次。",
        "按来过的天数分：一次是新客，两三次是回访，四次以上是熟客。同一天来几次都算一次。",
        "By days on which they came: once is new, two or three returning, four or more regular. A day counts once.",
    ),
    "owner_insight.term.silence": ("活躍、沉睡、流失", "活跃、沉睡、流失", "Active, dormant, lost"),
    "owner_insight.about.silence": (
        "從店裡自己的過去量：安靜了這麼多天的人，接下來 90 天回來的不到一半就算沉睡，不到兩成就算流失。"
        "店裡的資料還不到半年時，先用 60 天和 120 天。",
        "从店里自己的过去量：安静了这么多天的人，接下来 90 天回来的不到一半就算沉睡，不到两成就算流失。"
        "店里的数据还不到半年时，先用 60 天和 120 天。",
        "Measured in this shop's past: dormant where fewer than half of those silent so long came within 90 days, lost where fewer than one "
        "in five did. With under half a year of data, 60 and 120 days.",
    ),
    "owner_insight.term.back": ("喚回", "唤回", "Come back"),
    "owner_insight.about.back": (
        "在這段日子的前一天是沉睡或流失，現在又活躍的會員。",
        "在这段日子的前一天是沉睡或流失，现在又活跃的会员。",
        "Dormant or lost on the day before these days, active now.",
    ),
    "owner_insight.term.moves": ("分群變動", "分群变动", "Moves"),
    "owner_insight.about.moves": (
        "用同樣的分界，比較這段日子開始前一天和最後一天各往前一年的分群；資料不到一年，就看一樣長的日子。每位會員只算一次。",
        "用同样的分界，比较这段日子开始前一天和最后一天各往前一年的分群；数据不到一年，就看一样长的日子。每位会员只算一次。",
        "The segments of the year before these days and of the year that ends with them, by the same lines; "
        "where less than a year is known, of equally many days. Every member counts once.",
    ),
    "owner_insight.term.second": ("第二次來", "第二次来", "Second visit"),
    "owner_insight.about.second": (
        "這段日子裡第一次來的會員，之後在另一天又來買的比例。同一天買兩次不算又來。",
        "这段日子里第一次来的会员，之后在另一天又来买的比例。同一天买两次不算又来。",
        "Of members whose very first visit fell in these days, those who came to buy on another day. Twice on one day is once.",
    ),
    "owner_insight.term.watched": ("看得夠久", "看得够久", "Watched long enough"),
    "owner_insight.about.watched": (
        "才來五天的人不可能 30 天內沒回來，所以每個天數只算已經過了那麼久的人。",
        "才来五天的人不可能 30 天内没回来，所以每个天数只算已经过了那么久的人。",
        "Who first came five days ago cannot have failed to return within thirty: each figure counts those alone who were watched that long.",
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
    "owner_insight.term.value": ("會員價值", "会员价值", "Value"),
    "owner_insight.about.value": (
        "從每個人來過幾次、隔多久、還在不在來，估往後一年會來幾次（BG/NBD 模型），乘上一次大約買多少（Gamma-Gamma 模型）。是業績，不是利潤。",
        "从每个人来过几次、隔多久、还在不在来，估往后一年会来几次（BG/NBD 模型），乘上一次大约买多少（Gamma-Gamma 模型）。是业绩，不是利润。",
        "How often they are likely to come in a year, from how often and how lately they came (BG/NBD), times what a visit brings "
        "(Gamma-Gamma). Sales, not profit.",
    ),
    "owner_insight.term.newcomer": ("新會員第一年", "新会员第一年", "A new member's first year"),
    "owner_insight.about.newcomer": (
        "連第一次來那天一起算。虛線是店裡真的發生的：只算已經來了那麼久的會員，少於 30 位就不畫。",
        "连第一次来那天一起算。虚线是店里真的发生的：只算已经来了那么久的会员，少于 30 位就不画。",
        "The first visit included. The dashed line is what really came: of members who have been here that long; under 30 of them it ends.",
    ),
    "owner_insight.term.range": ("範圍", "范围", "Ranges"),
    "owner_insight.about.range": (
        "一個人的估計五次裡有四次落在範圍內。來過不到三次的人只給範圍，不給單一數字。",
        "一个人的估计五次里有四次落在范围内。来过不到三次的人只给范围，不给单一数字。",
        "One person's own figure lies in the range four times in five. Under three visits there is a range alone.",
    ),
    "owner_insight.term.coming": ("大約再來幾次", "大约再来几次", "Visits to come"),
    "owner_insight.about.coming": (
        "BG/NBD 模型估的次數，適合看總數和一年的價值。它把只來過一次的人一律當成還在來，所以不拿來當流失分數。",
        "BG/NBD 模型估的次数，适合看总数和一年的价值。它把只来过一次的人一律当成还在来，所以不拿来当流失分数。",
        "What BG/NBD expects: good for totals and for a year's value. It takes everybody who came only once for still there, so it is no "
        "score of who leaves.",
    ),
    "owner_insight.term.care": ("先聯絡誰", "先联系谁", "Whom first"),
    "owner_insight.about.care": (
        "已經超過自己平常時間沒來的人，用「不來的機會 × 這段日子買了多少」排序，最多二十位。值得打聲招呼，不代表一定會走。",
        "已经超过自己平常时间没来的人，用“不来的机会 × 这段日子买了多少”排序，最多二十位。值得打声招呼，不代表一定会走。",
        "Those later than their own habit, by the chance to stay away times what they spent in these days; twenty at most. Worth a greeting, "
        "not sure to leave.",
    ),
    "owner_insight.term.due": ("差不多該再買", "差不多该再买", "Due to buy again"),
    "owner_insight.about.due": (
        "這段日子至少在三天買過同一樣、平均隔一週以上，現在隔的時間已經到了自己平常的一到三倍。儲值和禮物卡不是商品，不算在內。",
        "这段日子至少在三天买过同一样、平均隔一周以上，现在隔的时间已经到了自己平常的一到三倍。储值和礼品卡不是商品，不算在内。",
        "Bought on three days or more in these days, a week or more apart, and now one to three times as long ago as usual. Stored value and "
        "gift cards are no goods.",
    ),
    "owner_insight.term.usual_goods": ("平常買的", "平常买的", "What they take"),
    "owner_insight.about.usual_goods": (
        "自己買過的商品，買得越多、越近的排越前面；半年前買的只算一半。",
        "自己买过的商品，买得越多、越近的排越前面；半年前买的只算一半。",
        "Goods they bought themselves, the more often and the more lately the higher; half a year ago counts half.",
    ),
    "owner_insight.term.try": ("可以試試", "可以试试", "They might try"),
    "owner_insight.about.try": (
        "買的東西最像的五十位會員常買、他還沒買過的。會員不到三百位時，看他喜歡的類別裡賣得好的。",
        "买的东西最像的五十位会员常买、他还没买过的。会员不到三百位时，看他喜欢的类别里卖得好的。",
        "What the fifty members most like them take and they have never had; under 300 members, best sellers of the kinds they like.",
    ),
}
