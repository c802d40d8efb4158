"""The virtual devices on the command line."""

from __future__ import annotations

TEXTS = {
    "virtual.kind_printer": ("出單機", "小票打印机", "Printer"),
    "virtual.kind_scanner": ("條碼掃描器", "扫码枪", "Scanner"),
    "virtual.kind_scale": ("電子秤", "电子秤", "Scale"),
    "virtual.kind_display": ("客戶顯示器", "顾客显示屏", "Customer display"),
    "virtual.ready": (
        "虛擬{kind}已接上：{address}",
        "虚拟{kind}已接入：{address}",
        "Virtual device ready. {kind}: {address}",
    ),
    "virtual.words": (
        "可輸入：scan 條碼、weigh 公克、fault paper-out（或 cover-open、offline…）、ok、power、drawer open、unplug printer、replug printer。按 Ctrl+C 結束。",
        "可输入：scan 条码、weigh 克数、fault paper-out（或 cover-open、offline…）、ok、power、drawer open、unplug printer、replug printer。按 Ctrl+C 结束。",
        "Type: scan CODE, weigh GRAMS, fault paper-out (or cover-open, offline …), ok, power, drawer open, unplug printer, replug printer. Ctrl+C ends it.",
    ),
    "virtual.not_understood": ("看不懂「{line}」。", "无法识别“{line}”。", "“{line}” is not understood."),
    "virtual.kicked": (
        "錢箱收到開啟訊號（第 {pin} 腳）。",
        "钱箱收到打开信号（{pin} 号针）。",
        "The drawer was told to open (pin {pin}).",
    ),
    "virtual.paper": ("── 第 {number} 張 ──", "── 第 {number} 张 ──", "── Paper {number} ──"),
    "virtual.complaint": (
        "出單機看不懂第 {place} 個位元組起的指令：{bytes}",
        "打印机无法识别从第 {place} 个字节起的指令：{bytes}",
        "The printer does not understand the command at byte {place}: {bytes}",
    ),
}
