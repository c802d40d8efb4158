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
    "verify.step_pages": ("檢查檔案…", "检查文件…", "Checking the file…"),
    "verify.step_references": ("檢查關聯…", "检查关联…", "Checking references…"),
    "verify.step_totals": ("核對金額…", "核对金额…", "Adding up totals…"),
    "verify.step_numbers": ("核對單號…", "核对单号…", "Checking receipt numbers…"),
    "verify.step_ledger": ("核對點數…", "核对积分…", "Adding up points…"),
    "verify.step_papers": ("核對單據…", "核对单据…", "Checking papers…"),
    "verify.step_outbox": ("核對待上傳…", "核对待上传…", "Checking what waits to be sent…"),
    "verify.step_chain": ("核對雜湊鏈…", "核对哈希链…", "Checking the chain…"),
    "verify.step_rows": ("逐筆比對…", "逐条比对…", "Comparing every row…"),
    "verify.step_points": ("逐筆比對點數…", "逐条比对积分…", "Comparing every points entry…"),
    "verify.step_shifts": ("核對結班…", "核对结班…", "Checking closings…"),
    "verify.page_damaged": ("資料頁損壞：{place}", "数据页损坏：{place}", "Damaged page: {place}"),
    "verify.file_damaged": ("檔案結構損壞：{place}", "文件结构损坏：{place}", "Damaged file: {place}"),
    "verify.reference_broken": (
        "關聯遺失：{place} → {detail}",
        "关联丢失：{place} → {detail}",
        "Broken reference: {place} → {detail}",
    ),
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
    "verify.number_off": (
        "單號 {place} 格式不符",
        "单号 {place} 格式不符",
        "Receipt number {place} is malformed",
    ),
    "verify.number_gap": (
        "單號 {place} 不連續，前一號是 {detail}",
        "单号 {place} 不连续，前一号是 {detail}",
        "Receipt number {place} does not follow {detail}",
    ),
    "verify.z_number_off": (
        "日結號 {place} 重複或倒退",
        "日结号 {place} 重复或倒退",
        "Z number {place} repeats or falls",
    ),
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
    "verify.member_missing": (
        "會員 {place} 有點數卻沒有資料",
        "会员 {place} 有积分却没有资料",
        "Member {place} has points but no file",
    ),
    "verify.two_originals": (
        "{place} 有 {detail} 張未註記的正本",
        "{place} 有 {detail} 张未标注的正本",
        "{place} has {detail} unmarked originals",
    ),
    "verify.outbox_gap": (
        "待上傳清單有缺漏：{place}（{detail}）",
        "待上传清单有缺漏：{place}（{detail}）",
        "The outbox has a gap: {place} ({detail})",
    ),
    "verify.fact_missing": ("紀錄遺失：{place}", "记录丢失：{place}", "Missing record: {place}"),
    "verify.chain_broken": ("雜湊鏈斷裂：{place}", "哈希链断裂：{place}", "The chain is broken at {place}"),
    "verify.fact_changed": ("紀錄遭更動：{place}", "记录被改动：{place}", "A record was changed: {place}"),
    "verify.clock_back": ("時序倒退：{place}", "时序倒退：{place}", "The clock goes back at {place}"),
    "verify.head_off": (
        "鏈首不符：{place}（{detail}）",
        "链首不符：{place}（{detail}）",
        "The head is off: {place} ({detail})",
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
    "verify.entry_differs": (
        "點數與紀錄不符：{place}",
        "积分与记录不符：{place}",
        "Points differ from their record: {place}",
    ),
    "verify.entry_count_off": (
        "點數分錄 {place} 筆，紀錄卻有 {detail} 筆",
        "积分分录 {place} 条，记录却有 {detail} 条",
        "{place} points entries, but {detail} on record",
    ),
    "verify.closing_missing": (
        "找不到 {place} 的結班紀錄",
        "找不到 {place} 的结班记录",
        "{place} has no closing record",
    ),
    "verify.closing_off": (
        "{place} 的應有現金與交易不符",
        "{place} 的应有现金与交易不符",
        "{place}: expected cash differs from its transactions",
    ),
}
