"""Past sales."""

from __future__ import annotations

TEXTS = {
    "history.title": ("交易紀錄", "交易记录", "Past sales"),
    "history.count": ("最近 {count} 筆", "最近 {count} 笔", "The last {count}"),
    "history.placeholder": (
        "刷收據，或輸入單號、會員手機",
        "扫小票，或输入单号、会员手机",
        "Scan a receipt, or key its number or a phone",
    ),
    "history.keys": (
        "↑↓ 選一筆・Enter 補印・{to_return} 退換貨・{to_void} 作廢・Esc 返回",
        "↑↓ 选一笔・Enter 补打・{to_return} 退换货・{to_void} 作废・Esc 返回",
        "↑↓ choose · Enter prints again · {to_return} returns · {to_void} voids · Esc goes back",
    ),
    "history.column.time": ("時間", "时间", "Time"),
    "history.column.number": ("單號", "单号", "Receipt"),
    "history.column.member": ("會員", "会员", "Member"),
    "history.column.amount": ("金額", "金额", "Amount"),
    "history.column.state": ("狀態", "状态", "State"),
    "history.state.sale": ("完成", "完成", "Done"),
    "history.state.return": ("退貨", "退货", "Return"),
    "history.state.returned": ("有退貨", "有退货", "Part back"),
    "history.state.voided": ("已作廢", "已作废", "Voided"),
    "history.state.void": ("作廢單", "作废单", "Void"),
    "history.empty": ("這裡會顯示收據。", "这里会显示小票。", "The receipt appears here."),
    "history.without_paper": (
        "這筆交易沒有留下收據。",
        "该交易没有留下小票。",
        "No receipt was kept for this transaction.",
    ),
    "history.reprint": ("補印", "补打", "Print again"),
    "history.return": ("退換貨", "退换货", "Return"),
    "history.void": ("作廢", "作废", "Void"),
    "history.reprinted": (
        "單號 {number} 已補印，收據上標示「補印」。",
        "单号 {number} 已补打，小票上标有“补打”。",
        "{number} is printing again, marked COPY.",
    ),
}
