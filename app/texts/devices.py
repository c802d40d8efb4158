"""Printers: their state, their papers, and setting one up."""

from __future__ import annotations

TEXTS = {
    # --- the lamp ---
    "devices.condition.ready": ("出單機正常", "打印机正常", "The printer is ready"),
    "devices.condition.warning": ("出單機要留意", "打印机需留意", "The printer needs attention soon"),
    "devices.condition.fault": ("出單機要處理", "打印机需处理", "The printer needs you"),
    "devices.condition.offline": ("出單機沒有連上", "打印机未连接", "The printer is not connected"),
    "devices.condition.starting": ("正在連接出單機", "正在连接打印机", "Connecting to the printer"),
    # --- papers ---
    "devices.paper.receipt": ("收據", "小票", "Receipt"),
    "devices.paper.slip": ("錢櫃單", "钱箱单", "Drawer slip"),
    "devices.paper.x_report": ("X 報表", "X 报表", "X report"),
    "devices.paper.z_report": ("Z 報表", "Z 报表", "Z report"),
    "devices.paper.other": ("單據", "单据", "Paper"),
    "devices.paper_state.queued": ("等待列印", "等待打印", "Waiting its turn"),
    "devices.paper_state.sending": ("正在傳送", "正在发送", "Being sent"),
    "devices.paper_state.awaiting": ("等出單機印完", "等打印机打完", "Being printed"),
    "devices.paper_state.waiting": ("等出單機恢復", "等打印机恢复", "Waiting for the printer"),
    "devices.paper_state.done": ("已印出", "已打印", "Printed"),
    "devices.paper_state.submitted": (
        "已送出（這台無法回報是否印出）",
        "已发送（本机无法回报是否打印）",
        "Handed over (this printer cannot say whether it printed)",
    ),
    "devices.paper_state.held": ("暫停", "暂停", "Held"),
    "devices.paper_state.unknown": ("不確定有沒有印出", "不确定是否打印", "Nobody knows whether it came out"),
    "devices.paper_state.cancelled": ("已取消", "已取消", "Cancelled"),
    "devices.why.restart": (
        "列印途中收銀機重新啟動",
        "打印途中收银机重新启动",
        "The till restarted while it was being printed",
    ),
    "devices.why.interrupted": (
        "列印途中收銀機突然中斷",
        "打印途中收银机突然中断",
        "The till went down while it was being printed",
    ),
    "devices.why.restored": (
        "這是還原的備份，當時正在等待列印",
        "这是恢复的备份，当时正在等待打印",
        "It was waiting when the backup that was restored was made",
    ),
    "devices.why.bug": ("列印時程式出錯", "打印时程序出错", "The program failed while printing it"),
    "devices.why.unconfirmed": (
        "已經送出，出單機卻沒有確認印完",
        "已发送，但打印机没有确认打印完成",
        "It was sent, and the printer never confirmed it",
    ),
    "devices.why.operator": ("由人員暫停", "由人员暂停", "Held by a person"),
    "devices.question": (
        "{paper} {number} 有印出來嗎？",
        "{paper} {number} 打印出来了吗？",
        "Did {paper} {number} come out?",
    ),
    "devices.question_yes": ("有，已印出", "有，已打印", "Yes, it did"),
    "devices.question_no": ("沒有，補印一張", "没有，补打一张", "No, print it again as a copy"),
    "devices.drawer_shut": (
        "錢櫃沒有自動打開，請用鑰匙開。{reason}",
        "钱箱没有自动打开，请用钥匙开。{reason}",
        "The drawer did not open by itself; use its key. {reason}",
    ),
    # --- what can be chosen ---
    "devices.kind.serial": ("序列埠", "串口", "Serial port"),
    "devices.kind.usb": ("USB 出單機", "USB 打印机", "USB printer"),
    "devices.kind.system": ("系統印表機", "系统打印机", "Printer of the system"),
    # --- the test pages ---
    "devices.test_title": ("出單機測試", "打印机测试", "Printer test"),
    "devices.test_time": ("時間 {time}", "时间 {time}", "Time {time}"),
    "devices.test_address": ("位址 {address}", "地址 {address}", "Address {address}"),
    "devices.test_goods": ("阿里山高山烏龍茶", "阿里山高山乌龙茶", "Alishan oolong tea"),
    "devices.test_end": (
        "看得到這行就是印對了",
        "能看到这行就是打印正确",
        "If you can read this, it prints right",
    ),
    # --- the command line ---
    "devices.none_found": (
        "沒有找到裝置。序列埠、USB 與系統印表機都看過了；網路出單機請直接輸入位址。",
        "没有找到设备。已查看串口、USB 与系统打印机；网络打印机请直接输入地址。",
        "Nothing was found at the serial ports, on USB or among the system's printers. A network printer is named by its address.",
    ),
    "devices.found": (
        "{kind}　{label}　{address}",
        "{kind}　{label}　{address}",
        "{kind}: {label}  {address}",
    ),
    "devices.test_done": (
        "測試頁已印出（{bytes} 位元組，{seconds} 秒）。",
        "测试页已打印（{bytes} 字节，{seconds} 秒）。",
        "The test page came out ({bytes} bytes, {seconds} s).",
    ),
    "devices.test_submitted": (
        "測試頁已送出（{bytes} 位元組，{seconds} 秒）；這條線路無法回報是否印出。",
        "测试页已发送（{bytes} 字节，{seconds} 秒）；该线路无法回报是否打印。",
        "The test page was handed over ({bytes} bytes, {seconds} s); this line cannot say whether it printed.",
    ),
    "devices.test_unknown": (
        "測試頁送出後沒有收到確認，請看看有沒有印出來。",
        "测试页发送后没有收到确认，请查看是否打印。",
        "Nothing confirmed the test page. Look whether it came out.",
    ),
}
