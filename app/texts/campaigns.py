"""Campaigns: whom, what they get, who is left out and what that can show, and what came of it."""

from __future__ import annotations

TEXTS = {
    # The list.
    "campaigns.none": (
        "還沒有辦過活動。挑一群會員、決定給什麼，留一小部分不給，就知道有沒有效。",
        "还没有办过活动。挑一群会员、决定给什么，留一小部分不给，就知道有没有效。",
        "No campaign yet. Choose some members and what they get; leave a few out, and you will know whether it worked.",
    ),
    "campaigns.some": ("辦過 {count} 次活動。", "办过 {count} 次活动。", "Campaigns so far: {count}."),
    "campaigns.list": ("所有活動", "所有活动", "All campaigns"),
    "campaigns.new": ("辦活動", "办活动", "New campaign"),
    "campaigns.back": ("← 所有活動", "← 所有活动", "← All campaigns"),
    "campaigns.row": (
        "{since} 起 {days} 天　{segment}　給 {treated} 位，留 {control} 位",
        "{since} 起 {days} 天　{segment}　给 {treated} 位，留 {control} 位",
        "{days} days from {since}   {segment}   {treated} got it, {control} left out",
    ),
    "campaigns.row_all": (
        "{since} 起 {days} 天　{segment}　給 {treated} 位",
        "{since} 起 {days} 天　{segment}　给 {treated} 位",
        "{days} days from {since}   {segment}   {treated} got it",
    ),
    "campaigns.under_way": ("還有 {days} 天", "还有 {days} 天", "{days} days to go"),
    "campaigns.over": ("已結束", "已结束", "Over"),
    # Making one.
    "campaigns.sheet": ("辦一個活動", "办一个活动", "A campaign"),
    "campaigns.whom": ("給誰", "给谁", "Whom"),
    "campaigns.no_segment": (
        "還沒有分群，請先在「分群與標籤」裡存一個。",
        "还没有分群，请先在“分群与标签”里保存一个。",
        "There is no segment yet. Save one on the page “Segments and tags” first.",
    ),
    "campaigns.choose_segment": ("要給哪一群會員？", "要给哪一群会员？", "Which segment?"),
    "campaigns.what": ("給什麼", "给什么", "What they get"),
    "campaigns.offer.coupon": ("優惠券", "优惠券", "A coupon"),
    "campaigns.offer.calls": ("打電話", "打电话", "A call"),
    "campaigns.offer.message": ("訊息", "信息", "A message"),
    "campaigns.template": ("哪一種優惠券", "哪一种优惠券", "Which coupon"),
    "campaigns.choose_template": ("要發哪一種優惠券？", "要发哪一种优惠券？", "Which coupon?"),
    "campaigns.no_template": (
        "還沒有優惠券，請先到設定的「規則」裡做一張。",
        "还没有优惠券，请先到设置的“规则”里做一张。",
        "There is no coupon yet. Make one among the rules in the settings first.",
    ),
    "campaigns.message_hint": (
        "寫下要傳的話，抽完籤可以複製，再用您習慣的方式傳給名單上的人。",
        "写下要发的话，抽完签可以复制，再用您习惯的方式发给名单上的人。",
        "Write what to say. After the draw you can copy it and send it to the list in your own way.",
    ),
    "campaigns.days": ("看幾天的效果", "看几天的效果", "Watched for"),
    "campaigns.days_of": ("{days} 天", "{days} 天", "{days} days"),
    "campaigns.share": ("留多少人不給", "留多少人不给", "Left out by lot"),
    "campaigns.share_of": ("{percent}%", "{percent}%", "{percent} %"),
    "campaigns.share_none": ("都給", "都给", "Nobody"),
    "campaigns.cost": ("其他花費（可以不填）", "其他花费（可以不填）", "Other costs (may stay empty)"),
    "campaigns.name": ("活動名稱", "活动名称", "Name"),
    "campaigns.name_of": ("{segment} {offer}", "{segment} {offer}", "{segment}: {offer}"),
    "campaigns.counting": (
        "正在算看得出多大的效果…",
        "正在算看得出多大的效果…",
        "Working out what it can show…",
    ),
    "campaigns.power": (
        "同意聯絡的有 {willing} 位：給 {treated} 位，抽籤留 {control} 位不給。平常 {days} 天裡有 {base} 的人會來買；"
        "活動讓這個比例多 {rise} 個百分點以上，或每人多買 {each} 以上，就看得出來。",
        "同意联系的有 {willing} 位：给 {treated} 位，抽签留 {control} 位不给。平时 {days} 天里有 {base} 的人会来买；"
        "活动让这个比例多 {rise} 个百分点以上，或每人多买 {each} 以上，就看得出来。",
        "{willing} may be contacted: {treated} get it, {control} are left out by lot. In {days} days {base} of them usually buy; "
        "a rise of about {rise} percentage points, or {each} more spent by each, would show.",
    ),
    "campaigns.power_too_few": (
        "同意聯絡的有 {willing} 位。{needed} 位以下看不出效果，所以全部都給，不留人。",
        "同意联系的有 {willing} 位。{needed} 位以下看不出效果，所以全部都给，不留人。",
        "{willing} may be contacted. With fewer than {needed} no effect can be told, so everybody gets it.",
    ),
    "campaigns.power_all": (
        "同意聯絡的有 {willing} 位，全部都給。沒有人可以對照，之後不會知道有沒有效。",
        "同意联系的有 {willing} 位，全部都给。没有人可以对照，之后不会知道有没有效。",
        "{willing} may be contacted, and all of them get it. With nobody to compare with, the effect will not be known.",
    ),
    "campaigns.power_nobody": (
        "這個分群裡沒有同意聯絡的會員，沒有人可以給。",
        "这个分群里没有同意联系的会员，没有人可以给。",
        "Nobody in this segment agreed to be contacted, so there is nobody to give it to.",
    ),
    "campaigns.start": ("抽籤，開始活動", "抽签，开始活动", "Draw and begin"),
    "campaigns.started": (
        "活動「{name}」開始了：給 {treated} 位，留 {control} 位。",
        "活动“{name}”开始了：给 {treated} 位，留 {control} 位。",
        "The campaign “{name}” has begun: {treated} get it, {control} are left out.",
    ),
    "campaigns.started_all": (
        "活動「{name}」開始了，給 {treated} 位。",
        "活动“{name}”开始了，给 {treated} 位。",
        "The campaign “{name}” has begun: {treated} get it.",
    ),
    "campaigns.giving": ("正在發優惠券", "正在发优惠券", "Giving the coupons"),
    "campaigns.given": ("發出 {count} 張優惠券。", "发出 {count} 张优惠券。", "{count} coupons were given."),
    # What came of it.
    "campaigns.works": (
        "有效：收到的會員每人多買了 {each}。",
        "有效：收到的会员每人多买了 {each}。",
        "It worked: each member who got it spent {each} more.",
    ),
    "campaigns.backfires": (
        "反效果：收到的會員每人少買了 {each}。",
        "反效果：收到的会员每人少买了 {each}。",
        "It backfired: each member who got it spent {each} less.",
    ),
    "campaigns.cannot_tell": (
        "看不出有沒有效：差別在碰巧的範圍裡。",
        "看不出有没有效：差别在碰巧的范围里。",
        "No effect can be told: the difference may be chance.",
    ),
    "campaigns.too_early": (
        "現在下結論還太早，{day} 以後再看。",
        "现在下结论还太早，{day} 以后再看。",
        "Too early to say: look again after {day}.",
    ),
    "campaigns.not_measured": (
        "沒有留人對照，所以不知道效果，只看得到用了多少。",
        "没有留人对照，所以不知道效果，只看得到用了多少。",
        "Nobody was left out to compare with, so its effect is not known; only its use is.",
    ),
    "campaigns.too_few": (
        "留下來對照的人太少，看不出效果。",
        "留下来对照的人太少，看不出效果。",
        "Too few were left out to tell its effect.",
    ),
    "campaigns.about": (
        "{since} 至 {until}　{segment}",
        "{since} 至 {until}　{segment}",
        "{since} to {until}   {segment}",
    ),
    "campaigns.bars": ("來買的人有多少", "来买的人有多少", "How many bought"),
    "campaigns.bars_hint": (
        "方向鍵移動，看兩組各有多少人來買",
        "方向键移动，看两组各有多少人来买",
        "The arrow keys move between the two groups",
    ),
    "campaigns.bar_treated": ("收到的", "收到的", "Got it"),
    "campaigns.bar_control": ("沒收到的", "没收到的", "Left out"),
    "campaigns.bar": (
        "{group}：{n} 位裡有 {bought} 位來買，{share}",
        "{group}：{n} 位里有 {bought} 位来买，{share}",
        "{group}: {bought} of {n} bought, {share}",
    ),
    "campaigns.facts": ("活動的結果", "活动的结果", "What came of it"),
    "campaigns.fact.reached": ("給了幾位", "给了几位", "Reached"),
    "campaigns.fact.control": ("抽籤留下", "抽签留下", "Left out by lot"),
    "campaigns.fact.bought": ("來買的", "来买的", "Came and bought"),
    "campaigns.fact.rise": ("多來的人", "多来的人", "More of them bought"),
    "campaigns.fact.each": ("每人多買", "每人多买", "Spent more by each"),
    "campaigns.fact.lift": ("比沒收到的多買", "比没收到的多买", "More than those left out"),
    "campaigns.fact.extra": ("全部多賣", "全部多卖", "Extra sales in all"),
    "campaigns.fact.coupons": ("用掉的優惠券", "用掉的优惠券", "Coupons used"),
    "campaigns.fact.cost": ("花費", "花费", "Cost"),
    "campaigns.fact.left": ("多賣扣掉花費", "多卖扣掉花费", "Extra sales less cost"),
    "campaigns.people": ("{count} 位", "{count} 位", "{count}"),
    "campaigns.bought_of": (
        "收到的 {with_share}，沒收到的 {without_share}",
        "收到的 {with_share}，没收到的 {without_share}",
        "{with_share} of those who got it, {without_share} of those left out",
    ),
    "campaigns.so_far": (
        "到目前為止，收到的人裡；還有 {days} 天",
        "到目前为止，收到的人里；还有 {days} 天",
        "so far, of those who got it; {days} days to go",
    ),
    "campaigns.bought_all": ("{share} 的人來買", "{share} 的人来买", "{share} of them bought"),
    "campaigns.points": ("{points} 個百分點", "{points} 个百分点", "{points} points"),
    "campaigns.sure": (
        "{confidence} 的把握在 {low} 到 {high} 之間",
        "{confidence} 的把握在 {low} 到 {high} 之间",
        "with {confidence} certainty {low} to {high}",
    ),
    "campaigns.people.reached": ("「{name}」給了誰", "“{name}”给了谁", "Whom “{name}” reached"),
    "campaigns.people.control": (
        "「{name}」抽籤留下的人",
        "“{name}”抽签留下的人",
        "Left out of “{name}” by lot",
    ),
    "campaigns.people.bought": (
        "收到「{name}」後來買的人",
        "收到“{name}”后来买的人",
        "Who got “{name}” and bought",
    ),
    "campaigns.people_spent": ("這段期間消費", "这段期间消费", "Spent in these days"),
    "campaigns.coupons_of": ("發出 {issued} 張", "发出 {issued} 张", "of {issued}"),
    "campaigns.coupons_none": ("還沒發出", "还没发出", "not given yet"),
    "campaigns.cost_of": (
        "優惠券折抵 {off}，其他 {other}",
        "优惠券抵扣 {off}，其他 {other}",
        "{off} by coupons, {other} besides",
    ),
    "campaigns.before_goods": ("還沒扣商品成本", "还没扣商品成本", "before the cost of goods"),
    "campaigns.drawn": (
        "抽籤紀錄與當天一致，可以重現",
        "抽签记录与当天一致，可以重现",
        "The draw of the day can be made again, member by member",
    ),
    "campaigns.not_drawn": (
        "抽籤紀錄和種子對不上，這次的結果請先別採信",
        "抽签记录和种子对不上，这次的结果请先别采信",
        "The kept draw does not follow from its seed: do not rely on this result",
    ),
    "campaigns.issue": ("把優惠券發完", "把优惠券发完", "Give the coupons that are missing"),
    "campaigns.calls": ("聯絡名單…", "联系名单…", "Call list…"),
    "campaigns.copy_message": ("複製訊息", "复制信息", "Copy the message"),
    "campaigns.copied": ("訊息已複製。", "信息已复制。", "The message is copied."),
    "campaigns.message": ("要傳的話", "要发的话", "The message"),
    # What the words mean.
    "campaigns.term.control": ("為什麼要留人不給", "为什么要留人不给", "Why some are left out"),
    "campaigns.about.control": (
        "會員本來就會來買。只有跟一樣的、抽籤沒收到的人比，才知道多出來的是活動帶來的；用「活動前、活動後」比，節日和巧合都會算成效果。",
        "会员本来就会来买。只有跟一样的、抽签没收到的人比，才知道多出来的是活动带来的；用“活动前、活动后”比，节日和巧合都会算成效果。",
        "Members buy anyway. Only beside members like them who were left out by lot does it show what the campaign added; "
        "comparing before with after counts every holiday and chance as its effect.",
    ),
    "campaigns.term.power": ("看得出多大的效果", "看得出多大的效果", "What can be seen"),
    "campaigns.about.power": (
        "真有這麼大的效果時，五次裡有四次看得出來。人越多、留得越接近一半，看得出的就越小。",
        "真有这么大的效果时，五次里有四次看得出来。人越多、留得越接近一半，看得出的就越小。",
        "If the effect is really that large, it shows in four campaigns of five. More members, and a share nearer to a half, show smaller effects.",
    ),
    "campaigns.term.sure": ("「把握」是什麼", "“把握”是什么", "What the range means"),
    "campaigns.about.sure": (
        "同樣的活動辦一百次，有九十五次真正的效果在這個範圍裡。範圍包含 0，就可能只是碰巧。每人多買的金額扣除了各人過去的習慣，所以比較準。",
        "同样的活动办一百次，有九十五次真正的效果在这个范围里。范围包含 0，就可能只是碰巧。每人多买的金额扣除了各人过去的习惯，所以比较准。",
        "In ninety-five of a hundred such campaigns the real effect lies in this range. If the range holds nought, it may be chance. "
        "What each spent more is told with their own past taken off, which makes it surer.",
    ),
    "campaigns.term.early": ("為什麼要等", "为什么要等", "Why wait"),
    "campaigns.about.early": (
        "天數是事先說好的。天天看、好看就喊停，總有一天會「有效」，那只是碰巧。",
        "天数是事先说好的。天天看、好看就喊停，总有一天会“有效”，那只是碰巧。",
        "The days were fixed beforehand. Whoever looks every day and stops when it looks good sees an “effect” some day, by chance.",
    ),
    "campaigns.term.usage": ("用券不等於效果", "用券不等于效果", "Use is not effect"),
    "campaigns.about.usage": (
        "會用券的人很多本來就會來。所以用掉的券只算用量和花費，效果看兩組的差別。",
        "会用券的人很多本来就会来。所以用掉的券只算用量和花费，效果看两组的差别。",
        "Many who use a coupon would have come anyway. So coupons count as use and as cost; the effect is the difference of the two groups.",
    ),
}
