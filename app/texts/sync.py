"""How the talk with the central server stands, in words: ``sync.phase.<phase>``, and what somebody should do: ``sync.problem.<code>``."""

from __future__ import annotations

TEXTS = {
    "sync.phase.unpaired": (
        "這台收銀機獨立運作，沒有連到總部。",
        "这台收银机独立运行，没有连接总部。",
        "This till stands alone; it is not connected to an office.",
    ),
    "sync.phase.idle": (
        "全部都上傳了，總部和這台一致。",
        "已全部上传，总部与本机一致。",
        "Everything has been sent. The office has all of it.",
    ),
    "sync.phase.waiting": (
        "有資料等著上傳，會自動處理，不用做什麼。",
        "有数据等待上传，会自动处理，无需操作。",
        "Something waits to be sent. It goes by itself.",
    ),
    "sync.phase.sending": ("正在上傳。", "正在上传。", "Sending now."),
    "sync.phase.filling": (
        "正在下載商品、會員和帳目，收到商品後就能開始賣。",
        "正在下载商品、会员和账目，收到商品后即可开始销售。",
        "Catalogue, members and books are arriving. Selling can begin once the catalogue is here.",
    ),
    "sync.phase.offline": (
        "目前連不上總部。收銀、會員、點數都照常，連上後自動補傳。",
        "目前连不上总部。收银、会员、积分照常，连上后自动补传。",
        "The office cannot be reached. Sales, members and points go on; everything is sent when it is back.",
    ),
    "sync.phase.trouble": (
        "上傳停住了，需要有人處理。收銀照常，資料都在這台裡。",
        "上传已停，需要有人处理。收银照常，数据都在本机里。",
        "Sending has stopped and somebody must act. Selling goes on and nothing is lost.",
    ),
    # --- problems: what it is, and who does what ---
    "sync.problem.no_network": (
        "這台電腦沒有網路。請檢查網路線或 Wi-Fi；恢復後會自動補傳。",
        "本机没有网络。请检查网线或 Wi-Fi；恢复后会自动补传。",
        "This computer has no network. Check the cable or the Wi-Fi; sending goes on by itself.",
    ),
    "sync.problem.no_server": (
        "網路正常，但總部的伺服器沒有回應。請總部確認伺服器有開機。",
        "网络正常，但总部服务器没有响应。请总部确认服务器已开机。",
        "The network is there, but the office’s server does not answer. Ask the office whether it is running.",
    ),
    "sync.problem.timeout": (
        "伺服器回應太慢，稍後會自動再試。一直這樣的話，請檢查網路。",
        "服务器响应过慢，稍后会自动重试。若持续如此，请检查网络。",
        "The server answers too slowly. It is tried again by itself; if this goes on, check the network.",
    ),
    "sync.problem.portal": (
        "連上的 Wi-Fi 要先登入（像旅館、商場的網路）。請開瀏覽器完成登入，或改用別的網路。",
        "所连 Wi-Fi 需要先登录（如酒店、商场网络）。请打开浏览器完成登录，或改用其他网络。",
        "This Wi-Fi wants a sign-in first, as in a hotel or mall. Sign in with a browser, or use another network.",
    ),
    "sync.problem.tls": (
        "無法確認對方就是總部的伺服器（安全憑證不符），所以不傳。請總部檢查憑證，並確認這台的日期時間。",
        "无法确认对方就是总部服务器（安全证书不符），因此不上传。请总部检查证书，并确认本机日期时间。",
        "The server could not prove that it is the office’s (certificate), so nothing is sent. "
        "Ask the office to check its certificate, and check this till’s date.",
    ),
    "sync.problem.clock": (
        "這台的時間和伺服器差太多。請到系統設定校正日期、時間與時區。",
        "本机时间与服务器相差太多。请在系统设置中校正日期、时间与时区。",
        "This till’s clock is too far from the server’s. Set date, time and time zone in the system settings.",
    ),
    "sync.problem.revoked": (
        "總部停用了這台收銀機。收銀、會員、點數、列印照常；上傳的資料會先由總部審核，也收不到總部的更新。"
        "請店主向總部要新的配對碼。",
        "总部停用了这台收银机。收银、会员、积分、打印照常；上传的数据先由总部审核，也收不到总部更新。"
        "请店主向总部索取新的配对码。",
        "The office has shut this till out. Sales, members, points and printing go on; what it sends is looked at first, "
        "and nothing comes from the office. The owner asks the office for a new pairing code.",
    ),
    "sync.problem.key": (
        "找不到這台的連線金鑰，無法向總部證明身分。請向總部要新的配對碼，重新配對。",
        "找不到本机的连接密钥，无法向总部证明身份。请向总部索取新的配对码，重新配对。",
        "This till’s key is gone, so it cannot prove itself. Ask the office for a new pairing code and pair again.",
    ),
    "sync.problem.forked": (
        "另一台收銀機在用這台資料的複本。兩邊的帳都保留，請總部確認哪一台是複製的，並重新配對。",
        "另一台收银机正在使用本机数据的副本。两边账目均保留，请总部确认哪一台是复制的，并重新配对。",
        "Another till works on a copy of this one’s data. Both are kept; the office finds out which is the copy and pairs it anew.",
    ),
    "sync.problem.answer": (
        "伺服器的回應不完整，當作沒收到，稍後自動再試。",
        "服务器响应不完整，视为未收到，稍后自动重试。",
        "The server’s answer was not whole, so it does not count. It is tried again by itself.",
    ),
    "sync.problem.server": (
        "總部的伺服器出了問題，稍後自動再試。一直這樣的話，請通知總部。",
        "总部服务器出了问题，稍后自动重试。若持续如此，请通知总部。",
        "Something is wrong at the server. It is tried again by itself; if this goes on, tell the office.",
    ),
    "sync.problem.busy": (
        "總部的伺服器正忙，稍後自動再試。",
        "总部服务器正忙，稍后自动重试。",
        "The server is busy. It is tried again by itself.",
    ),
    "sync.problem.too_old": (
        "這台的程式版本太舊，總部的伺服器不接受。請更新程式。",
        "本机程序版本过旧，总部服务器不接受。请更新程序。",
        "This till’s program is too old for the server. Update it.",
    ),
    "sync.problem.storage": (
        "這台的資料庫或磁碟有問題，暫時無法上傳。請檢查磁碟空間，並到設定做帳務檢查。",
        "本机数据库或磁盘有问题，暂时无法上传。请检查磁盘空间，并在设置中做账务检查。",
        "This till’s disk or books cannot be read for sending. Check the disk space and prove the books in the settings.",
    ),
    "sync.problem.drill": (
        "斷網演練中：這台故意不連總部。演練結束就會自動補傳。",
        "断网演练中：本机故意不连总部。演练结束后会自动补传。",
        "Drill: this till is cut off on purpose. It sends everything when the drill ends.",
    ),
    "sync.problem.other": (
        "上傳時遇到問題（{code}），稍後自動再試。一直這樣的話，請把這個代號告訴總部。",
        "上传时遇到问题（{code}），稍后自动重试。若持续如此，请把此代号告诉总部。",
        "Sending met a problem ({code}). It is tried again by itself; if this goes on, tell the office this code.",
    ),
}
