"""Pairing and sending, as told on the command line."""

from __future__ import annotations

TEXTS = {
    "sync_command.paired": (
        "已和「{tenant}」配對：{url}",
        "已与“{tenant}”配对：{url}",
        "Paired with “{tenant}” at {url}.",
    ),
    "sync_command.next": (
        "下次開啟收銀機就會自動上傳；要馬上傳，請執行：python3 -m app sync --once",
        "下次打开收银机会自动上传；要立即上传，请运行：python3 -m app sync --once",
        "The till sends by itself when it is next opened. To send now, run: python3 -m app sync --once",
    ),
    "sync_command.not_encrypted": (
        "注意：{url} 沒有加密，同一個網路上的人都看得到會員與銷售資料。對外請用 https://。",
        "注意：{url} 未加密，同一网络上的人都能看到会员与销售数据。对外请使用 https://。",
        "Mind: {url} is not encrypted. Everybody on that network can read members and sales; beyond this machine use https://.",
    ),
    "sync_command.round": (
        "上傳 {sent} 筆，收到 {received} 筆，還有 {waiting} 筆等待上傳。",
        "上传 {sent} 条，收到 {received} 条，还有 {waiting} 条等待上传。",
        "Sent: {sent}. Received: {received}. Still waiting: {waiting}.",
    ),
    "sync_command.server": ("總部：{url}", "总部：{url}", "Office: {url}"),
    "sync_command.waiting": (
        "等待上傳 {waiting} 筆，需要總部查看 {aside} 筆。",
        "等待上传 {waiting} 条，需要总部查看 {aside} 条。",
        "Waiting: {waiting}. For the office to look at: {aside}.",
    ),
    "sync_command.last_contact": ("最後連線：{at}", "最后连接：{at}", "Last contact: {at}"),
    "sync_command.never": ("還沒有連線過。", "尚未连接过。", "There was no contact yet."),
    "sync_command.carried": (
        "已把 {facts} 筆帶出到 {file}，只有總部的伺服器打得開。資料仍留在這台，等總部收到才算完成。",
        "已把 {facts} 条带出到 {file}，只有总部服务器能打开。数据仍留在本机，总部收到后才算完成。",
        "Carried out: {facts}, in {file}. Only the office's server can open it. Everything also stays here until the server has it.",
    ),
    "sync_command.unpaired": (
        "已解除配對，這台收銀機獨立運作。總部那邊請停用這台的金鑰。",
        "已解除配对，本收银机独立运行。请在总部停用本机的密钥。",
        "Unpaired: this till stands alone. At the office, revoke its key.",
    ),
    "sync_command.taken_in": (
        "已讀完 {file}：新收 {applied} 筆，原本就有 {duplicate} 筆，需要查看 {aside} 筆，下次再傳 {retry} 筆。",
        "已读完 {file}：新收 {applied} 条，原本已有 {duplicate} 条，需要查看 {aside} 条，下次再传 {retry} 条。",
        "Read {file}. New: {applied}. Known already: {duplicate}. To be looked at: {aside}. To be sent again: {retry}.",
    ),
}
