"""The owner's pages about what members are worth and who may stay away."""

from __future__ import annotations

TEXTS = {
    # Value.
    "owner_value.curve": ("新會員第一年", "新会员第一年", "A new member's first year"),
    "owner_value.list": (
        "接下來一年最可能買得多的",
        "接下来一年最可能买得多的",
        "Likely to bring most in a year",
    ),
    "owner_value.finding": (
        "一位新會員第一年平均帶來 {value}。",
        "一位新会员第一年平均带来 {value}。",
        "A new member brings {value} in the first year on average.",
    ),
    "owner_value.sure": (
        "95% 的把握在 {low} 到 {high} 之間",
        "95% 的把握在 {low} 到 {high} 之间",
        "with 95% certainty {low} to {high}",
    ),
    "owner_value.really_year": (
        "來滿一年的 {n} 位實際平均 {value}",
        "来满一年的 {n} 位实际平均 {value}",
        "the {n} members of a full year really brought {value}",
    ),
    "owner_value.curve_title": (
        "新會員來了之後，{weeks} 週裡累積買了多少",
        "新会员来了之后，{weeks} 周里累计买了多少",
        "What a new member has spent, week by week, over {weeks} weeks",
    ),
    "owner_value.expected": ("模型估的", "模型估的", "The model"),
    "owner_value.really": ("店裡真的發生的", "店里真的发生的", "What really came"),
    "owner_value.point": (
        "{week} 週：模型估 {value}，實際 {really}（{n} 位）",
        "{week} 周：模型估 {value}，实际 {really}（{n} 位）",
        "Week {week}: the model {value}, really {really} ({n} members)",
    ),
    "owner_value.point_alone": (
        "{week} 週：模型估 {value}（還沒有夠多人來了這麼久）",
        "{week} 周：模型估 {value}（还没有够多人来了这么久）",
        "Week {week}: the model {value} (too few have been members for so long)",
    ),
    "owner_value.curve_hint": (
        "兩條線越近，模型越可信；橫軸是第一次來之後的週數",
        "两条线越近，模型越可信；横轴是第一次来之后的周数",
        "The closer the lines, the better the model. Weeks since the first visit",
    ),
    "owner_value.visits": (
        "一年內大約再來 {visits} 次，一次 {spend}",
        "一年内大约再来 {visits} 次，一次 {spend}",
        "about {visits} more visits in a year, {spend} each",
    ),
    "owner_value.column.visits": ("一年內再來", "一年内再来", "Visits in a year"),
    "owner_value.column.value": ("估計", "估计", "Expected"),
    "owner_value.column.range": ("五次有四次在這之間", "五次有四次在这之间", "Four times in five"),
    # Risk.
    "owner_value.care": ("最值得先聯絡的二十位", "最值得先联系的二十位", "Twenty to get in touch with first"),
    "owner_value.bins": ("誰可能不來", "谁可能不来", "Who may stay away"),
    "owner_value.cross": ("接下來會來幾次", "接下来会来几次", "How often they will come"),
    "owner_value.risk_finding": (
        "有 {count} 位會員，接下來 {days} 天不來的機會超過 {share}。",
        "有 {count} 位会员，接下来 {days} 天不来的机会超过 {share}。",
        "{count} members are more than {share} likely not to come in the next {days} days.",
    ),
    "owner_value.only_order": (
        "會員還不夠多，算不出機率，先照該關心的順序排。",
        "会员还不够多，算不出概率，先按该关心的顺序排。",
        "There are too few members for a chance in percent; this is the order in which to look after them.",
    ),
    "owner_value.base": (
        "上一個 {days} 天，所有會員裡有 {share} 沒來",
        "上一个 {days} 天，所有会员里有 {share} 没来",
        "in the last {days} days {share} of all members did not come",
    ),
    "owner_value.care_row": (
        "{days}沒來，往後 {weeks} 週大約再來 {visits} 次",
        "{days}没来，往后 {weeks} 周大约再来 {visits} 次",
        "{days} away, about {visits} more visits in {weeks} weeks",
    ),
    "owner_value.care_row_hardly": (
        "{days}沒來，往後 {weeks} 週恐怕不會再來",
        "{days}没来，往后 {weeks} 周恐怕不会再来",
        "{days} away, hardly to be expected in the next {weeks} weeks",
    ),
    "owner_value.risk": ("{risk} 不會來", "{risk} 不会来", "{risk} likely to stay away"),
    "owner_value.bin": ("{low}–{high}%", "{low}–{high}%", "{low}–{high}%"),
    "owner_value.bin_words": (
        "接下來 {days} 天不來的機會 {low}–{high}%：{count} 位",
        "接下来 {days} 天不来的机会 {low}–{high}%：{count} 位",
        "{low}–{high}% likely to stay away for {days} days: {count} members",
    ),
    "owner_value.bin_title": (
        "不來的機會 {low}–{high}% 的會員",
        "不来的机会 {low}–{high}% 的会员",
        "Members {low}–{high}% likely to stay away",
    ),
    "owner_value.bins_title": (
        "接下來 {days} 天不來的機會，各有幾位會員",
        "接下来 {days} 天不来的机会，各有几位会员",
        "Members by how likely they are to stay away for {days} days",
    ),
    "owner_value.bins_hint": (
        "用左右鍵看每一格，Enter 看是哪些人",
        "用左右键看每一格，Enter 看是哪些人",
        "Left and right walk the columns, Enter opens the members",
    ),
    "owner_value.risk_band.0": ("七成以上不來", "七成以上不来", "over 70% stay away"),
    "owner_value.risk_band.1": ("三成到七成不來", "三成到七成不来", "30–70% stay away"),
    "owner_value.risk_band.2": ("不到三成不來", "不到三成不来", "under 30% stay away"),
    "owner_value.visit_band.0": ("幾乎不會再來", "几乎不会再来", "hardly again"),
    "owner_value.visit_band.1": ("來一兩次", "来一两次", "once or twice"),
    "owner_value.visit_band.2": ("來兩次以上", "来两次以上", "more than twice"),
    "owner_value.cross_title": (
        "所有會員往後 {weeks} 週大約會來 {value} 次（{low} 到 {high}）",
        "所有会员往后 {weeks} 周大约会来 {value} 次（{low} 到 {high}）",
        "All members together will come about {value} times in {weeks} weeks ({low} to {high})",
    ),
    "owner_value.cross_hint": (
        "兩種算法一起看：左上角兩邊都說不會來，最該關心；只來過一次的不在裡面",
        "两种算法一起看：左上角两边都说不会来，最该关心；只来过一次的不在里面",
        "Two ways side by side: top left both say no. Who came only once is not in it",
    ),
    "owner_value.cross_cell": (
        "{risk}、{visits}：{count} 位",
        "{risk}、{visits}：{count} 位",
        "{risk}, {visits}: {count}",
    ),
    "owner_value.cross_people": ("{risk}、{visits}的會員", "{risk}、{visits}的会员", "{risk}, {visits}"),
    "owner_value.column.risk": ("不來的機會", "不来的机会", "Stays away"),
}
