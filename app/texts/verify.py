"""What a check of the books says."""

from __future__ import annotations

TEXTS = {
    "verify.good": (
        "帳目完整：{facts} 筆紀錄全部相符。",
        "账目完整：{facts} 条记录全部相符。",
        "The books are whole: all {facts} records agree.",
    ),
    "verify.bad": (
        "發現 {count} 個問題（共 {facts} 筆紀錄）。請先備份，再聯絡技術支援。",
        "发现 {count} 个问题（共 {facts} 条记录）。请先备份，再联系技术支持。",
        "{count} problems among {facts} records. Make a backup first, then ask for support.",
    ),
    # --- what is being checked ---
    "verify.step_pages": ("檢查每一頁資料…", "检查每一页数据…", "Checking every page…"),
    "verify.step_structure": ("檢查檔案結構…", "检查文件结构…", "Checking the file's structure…"),
    "verify.step_references": ("檢查關聯…", "检查关联…", "Checking references…"),
    "verify.step_totals": ("核對總額…", "核对总额…", "Adding up totals…"),
    "verify.step_lines": ("核對明細…", "核对明细…", "Adding up lines…"),
    "verify.step_returns": ("核對退貨…", "核对退货…", "Checking returns…"),
    "verify.step_numbers": ("核對單號…", "核对单号…", "Checking receipt numbers…"),
    "verify.step_ledger": ("核對點數…", "核对积分…", "Adding up points…"),
    "verify.step_value": ("核對儲值金…", "核对储值…", "Adding up stored value…"),
    "verify.step_members": ("核對會員…", "核对会员…", "Checking members…"),
    "verify.step_papers": ("核對單據…", "核对单据…", "Checking papers…"),
    "verify.step_outbox": ("核對待上傳…", "核对待上传…", "Checking what waits to be sent…"),
    "verify.step_inbox": (
        "核對其他收銀機的紀錄…",
        "核对其他收银机的记录…",
        "Checking what other tills told…",
    ),
    "verify.step_baskets": ("檢查掛單…", "检查挂单…", "Checking held sales…"),
    "verify.step_search": ("檢查搜尋索引…", "检查搜索索引…", "Checking the search index…"),
    "verify.step_facts": ("逐筆比對紀錄…", "逐条比对记录…", "Comparing every record…"),
    "verify.step_rules": ("核對規則與等級…", "核对规则与等级…", "Checking rules and tiers…"),
    "verify.step_bonuses": ("核對贈點…", "核对赠送积分…", "Checking bonuses…"),
    "verify.step_days": (
        "重算每個營業日…",
        "重算每个营业日…",
        "Adding up each business day again…",
    ),
    "verify.step_loyalty": (
        "核對優惠券與集點…",
        "核对优惠券与集点…",
        "Checking coupons and stamps…",
    ),
    "verify.step_mark": ("核對進度標記…", "核对进度标记…", "Checking the mark…"),
    # --- the file ---
    "verify.page_damaged": ("第 {place} 頁資料損壞", "第 {place} 页数据损坏", "Page {place} is damaged"),
    "verify.file_damaged": (
        "資料表 {place} 的結構損壞（{detail}）",
        "数据表 {place} 的结构已损坏（{detail}）",
        "Table {place} is damaged ({detail})",
    ),
    "verify.unreadable": (
        "檔案損壞，「{place}」這項檢查做不完（{detail}）",
        "文件损坏，“{place}”这项检查无法完成（{detail}）",
        "The file is damaged: the check “{place}” could not finish ({detail})",
    ),
    "verify.reference_broken": (
        "關聯遺失：{place} → {detail}",
        "关联丢失：{place} → {detail}",
        "Broken reference: {place} → {detail}",
    ),
    "verify.mark_off": (
        "資料庫與旁邊的進度標記不符（{place}，{detail}），可能是放回了較舊的檔案",
        "数据库与旁边的进度标记不符（{place}，{detail}），可能放回了较旧的文件",
        "The database is not the one this till last sold with ({place}, {detail}); an older file may have been put back",
    ),
    # --- money ---
    "verify.total_off": (
        "單號 {place} 的總額、明細與收款不符（{detail}）",
        "单号 {place} 的总额、明细与收款不符（{detail}）",
        "Receipt {place}: total, lines and tenders disagree ({detail})",
    ),
    "verify.line_off": (
        "明細 {place} 的折扣加總不符",
        "明细 {place} 的折扣合计不符",
        "Line {place}: the discounts do not add up",
    ),
    "verify.returned_too_much": (
        "明細 {place} 退貨超過售出",
        "明细 {place} 退货超过售出",
        "Line {place}: more came back than was sold",
    ),
    "verify.closing_missing": (
        "找不到 {place} 的交班紀錄",
        "找不到 {place} 的交班记录",
        "{place} has no closing record",
    ),
    "verify.closing_off": (
        "{place} 的應有現金與交易不符（{detail}）",
        "{place} 的应有现金与交易不符（{detail}）",
        "{place}: expected cash differs from its transactions ({detail})",
    ),
    "verify.shift_off": (
        "單號 {place} 不屬於任何進行中的班別",
        "单号 {place} 不属于任何进行中的班次",
        "Receipt {place} belongs to no open shift",
    ),
    # --- numbers ---
    "verify.number_off": (
        "單號 {place} 與店號、機號或字軌不符",
        "单号 {place} 与店号、机号或字轨不符",
        "Receipt number {place} does not match the till",
    ),
    "verify.number_gap": (
        "單號 {place} 不連續，前一號是 {detail}",
        "单号 {place} 不连续，前一号是 {detail}",
        "Receipt number {place} does not follow {detail}",
    ),
    "verify.z_number_off": (
        "Z 報表號 {place} 不連續，前一號是 {detail}",
        "Z 报表号 {place} 不连续，前一号是 {detail}",
        "Z number {place} does not follow {detail}",
    ),
    # --- points and members ---
    "verify.entry_unbalanced": (
        "點數分錄 {place} 借貸不平（{detail}）",
        "积分分录 {place} 借贷不平（{detail}）",
        "Points entry {place} does not balance ({detail})",
    ),
    "verify.entry_empty": (
        "點數分錄 {place} 沒有內容",
        "积分分录 {place} 没有内容",
        "Points entry {place} is empty",
    ),
    "verify.entry_differs": (
        "點數與紀錄不符：{place}",
        "积分与记录不符：{place}",
        "Points differ from their record: {place}",
    ),
    "verify.entry_without_fact": (
        "點數分錄 {place} 沒有對應的紀錄",
        "积分分录 {place} 没有对应的记录",
        "Points entry {place} has no record",
    ),
    "verify.points_off": (
        "單號 {place} 的點數與分錄不符（相差 {detail}）",
        "单号 {place} 的积分与分录不符（相差 {detail}）",
        "Receipt {place}: its points and their entries differ (by {detail})",
    ),
    "verify.member_missing": (
        "會員 {place} 有紀錄卻沒有資料",
        "会员 {place} 有记录却没有资料",
        "Member {place} has records but no file",
    ),
    "verify.member_key_missing": (
        "會員 {place} 的金鑰不見了，{detail} 打不開",
        "会员 {place} 的密钥不见了，{detail} 打不开",
        "Member {place} has no key; {detail} cannot be opened",
    ),
    "verify.member_field_off": (
        "會員資料與紀錄不符：{place}（{detail}）",
        "会员资料与记录不符：{place}（{detail}）",
        "A member's field is not what was recorded: {place} ({detail})",
    ),
    "verify.member_note_off": (
        "會員備註與紀錄不符：{place}",
        "会员备注与记录不符：{place}",
        "A member's note is not what was recorded: {place}",
    ),
    "verify.consent_off": (
        "同意紀錄與事實不符：{place}",
        "同意记录与事实不符：{place}",
        "A consent is not what was recorded: {place}",
    ),
    "verify.merge_off": (
        "會員 {place} 併入的對象與紀錄不符",
        "会员 {place} 并入的对象与记录不符",
        "Member {place} is not merged as was recorded",
    ),
    "verify.erasure_off": (
        "已刪除的會員 {place} 還留有資料",
        "已删除的会员 {place} 还留有资料",
        "Member {place} was erased, yet something is left",
    ),
    "verify.referral_off": (
        "介紹人與紀錄不符：{place}",
        "介绍人与记录不符：{place}",
        "Who brought a member is not what was recorded: {place}",
    ),
    # --- rules, tiers and bonuses ---
    "verify.rules_off": (
        "規則版本與紀錄不符：{place}",
        "规则版本与记录不符：{place}",
        "A version of the rules is not what was recorded: {place}",
    ),
    "verify.tier_off": (
        "會員等級與紀錄不符：{place} {detail}",
        "会员等级与记录不符：{place} {detail}",
        "A member's tier is not what was recorded: {place} {detail}",
    ),
    "verify.bonus_twice": (
        "贈點 {place} 重複或查無由來（{detail}）",
        "赠送积分 {place} 重复或查无来由（{detail}）",
        "Bonus {place} was given twice, or for nothing ({detail})",
    ),
    # --- coupons and stamps ---
    "verify.day_off": (
        "某個營業日的加總與交易不符：{place} {detail}",
        "某个营业日的汇总与交易不符：{place} {detail}",
        "The sums of a business day are not what its transactions add up to: {place} {detail}",
    ),
    "verify.day_gap": (
        "營業日的加總有缺漏或重複：{place}（前一段到 {detail}）",
        "营业日的汇总有缺漏或重复：{place}（前一段到 {detail}）",
        "Part of the business days was added up twice or left out: {place} (the part before ended at {detail})",
    ),
    "verify.day_owed_off": (
        "日報上欠會員的點數或儲值與帳本不符：{place} {detail}",
        "日报上欠会员的积分或储值与账本不符：{place} {detail}",
        "What the summary says is owed differs from the ledger: {place} {detail}",
    ),
    "verify.coupon_off": (
        "優惠券與紀錄不符：{place} {detail}",
        "优惠券与记录不符：{place} {detail}",
        "A coupon is not what was recorded: {place} {detail}",
    ),
    "verify.coupon_event_off": (
        "優惠券的使用紀錄不符：{place} {detail}",
        "优惠券的使用记录不符：{place} {detail}",
        "What happened to a coupon is not what was recorded: {place} {detail}",
    ),
    "verify.stamp_off": (
        "集點與紀錄不符：{place} {detail}",
        "集点与记录不符：{place} {detail}",
        "Stamps are not what was recorded: {place} {detail}",
    ),
    "verify.coupon_use_off": (
        "單號 {place} 用的優惠券與紀錄不符 {detail}",
        "单号 {place} 用的优惠券与记录不符 {detail}",
        "Receipt {place}: the coupons it used disagree with their events {detail}",
    ),
    "verify.stamp_use_off": (
        "單號 {place} 的集點與紀錄不符 {detail}",
        "单号 {place} 的集点与记录不符 {detail}",
        "Receipt {place}: its stamps disagree with their events {detail}",
    ),
    # --- stored value ---
    "verify.value_unbalanced": (
        "儲值分錄 {place} 借貸不平（{detail}）",
        "储值分录 {place} 借贷不平（{detail}）",
        "Stored value entry {place} does not balance ({detail})",
    ),
    "verify.value_negative": (
        "儲值帳戶 {place} 是負的（{detail}）",
        "储值账户 {place} 是负的（{detail}）",
        "Stored value account {place} is below nothing ({detail})",
    ),
    "verify.value_account_off": (
        "儲值帳戶與紀錄不符：{place} {detail}",
        "储值账户与记录不符：{place} {detail}",
        "A stored value account is not what was recorded: {place} {detail}",
    ),
    "verify.value_entry_off": (
        "儲值分錄與紀錄不符：{place} {detail}",
        "储值分录与记录不符：{place} {detail}",
        "A stored value entry is not what was recorded: {place} {detail}",
    ),
    "verify.value_tender_off": (
        "單號 {place} 用儲值金付的金額與分錄不符（{detail}）",
        "单号 {place} 用储值付的金额与分录不符（{detail}）",
        "Receipt {place}: what stored value paid differs from its entries ({detail})",
    ),
    "verify.value_sold_off": (
        "單號 {place} 儲值的金額與分錄不符（{detail}）",
        "单号 {place} 充值的金额与分录不符（{detail}）",
        "Receipt {place}: the stored value it sold differs from its entries ({detail})",
    ),
    # --- papers, the outbox, the desk ---
    "verify.two_originals": (
        "{place} 有 {detail} 張未註記的正本",
        "{place} 有 {detail} 张未标注的正本",
        "{place} has {detail} unmarked originals",
    ),
    "verify.outbox_gap": (
        "{place} 沒有排入待上傳，伺服器也沒有確認收到",
        "{place} 没有排入待上传，服务器也没有确认收到",
        "{place} is not waiting to be sent, and the server never said that it has it",
    ),
    "verify.inbox_off": (
        "其他收銀機的紀錄與其內容不符：{place}",
        "其他收银机的记录与其内容不符：{place}",
        "A record of another till is not what its own words say: {place}",
    ),
    "verify.inbox_changed": (
        "其他收銀機的紀錄收到後被更動：{place}",
        "其他收银机的记录收到后被改动：{place}",
        "A record of another till was changed after it came: {place}",
    ),
    "verify.basket_unreadable": (
        "掛單或草稿無法讀取：{place}（{detail}）",
        "挂单或草稿无法读取：{place}（{detail}）",
        "A held sale or the draft cannot be read: {place} ({detail})",
    ),
    "verify.search_missing": (
        "搜尋索引缺漏：{place}",
        "搜索索引缺漏：{place}",
        "Not in the search index: {place}",
    ),
    # --- the chain ---
    "verify.fact_missing": ("紀錄遺失：{place}", "记录丢失：{place}", "Missing record: {place}"),
    "verify.chain_broken": ("雜湊鏈斷裂：{place}", "哈希链断裂：{place}", "The chain is broken at {place}"),
    "verify.fact_changed": ("紀錄遭更動：{place}", "记录被改动：{place}", "A record was changed: {place}"),
    "verify.life_off": (
        "紀錄不屬於當時的字軌：{place} {detail}",
        "记录不属于当时的字轨：{place} {detail}",
        "A record belongs to another incarnation: {place} {detail}",
    ),
    "verify.clock_back": ("時序倒退：{place}", "时序倒退：{place}", "The clock goes back at {place}"),
    "verify.head_off": (
        "鏈尾不符：{place}（{detail}），可能少了最後幾筆",
        "链尾不符：{place}（{detail}），可能少了最后几条",
        "The end of the chain is off: {place} ({detail}); the last records may be missing",
    ),
    "verify.fact_unreadable": (
        "紀錄無法讀取：{place}",
        "记录无法读取：{place}",
        "Unreadable record: {place}",
    ),
    "verify.row_differs": (
        "資料列與紀錄不符：{place}",
        "数据行与记录不符：{place}",
        "A row differs from its record: {place}",
    ),
    "verify.row_without_fact": (
        "資料列沒有對應的紀錄：{place}",
        "数据行没有对应的记录：{place}",
        "A row has no record: {place}",
    ),
}
