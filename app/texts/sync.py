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
        "The network is there, but the office's server does not answer. Ask the office whether it is running.",
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
        "The server could not prove that it is the office's (certificate), so nothing is sent. "
        "Ask the office to check its certificate, and check this till's date.",
    ),
    "sync.problem.clock": (
        "這台的時間和伺服器差太多。請到系統設定校正日期、時間與時區。",
        "本机时间与服务器相差太多。请在系统设置中校正日期、时间与时区。",
        "This till's clock is too far from the server's. Set date, time and time zone in the system settings.",
    ),
    "sync.problem.revoked": (
        "總部停用了這台收銀機。收銀、會員、點數、列印照常；上傳的資料會先由總部審核，也收不到總部的更新。"
        "請店主向總部要新的配對碼。",
        "总部停用了这台收银机。收银、会员、积分、打印照常；上传的数据先由总部审核，也收不到总部更新。"
        "请店主向总部索取新的配对码。",
        "The office has shut this till out. Sales, members, points and printing go on; what it sends is looked at first, "
        "and nothing comes from the office. The owner asks the office for a new pairing code.",
    ),
    "sync.problem.key_lost": (
        "找不到這台的連線金鑰，無法向總部證明身分。請向總部要新的配對碼，重新配對。",
        "找不到本机的连接密钥，无法向总部证明身份。请向总部索取新的配对码，重新配对。",
        "This till's key is gone, so it cannot prove itself. Ask the office for a new pairing code and pair again.",
    ),
    "sync.problem.forked": (
        "另一台收銀機在用這台資料的複本。兩邊的帳都保留，請確認哪一台是複製的，把那一台當成新收銀機重新設定。",
        "另一台收银机正在使用本机数据的副本。两边账目均保留，请确认哪一台是复制的，把那一台作为新收银机重新设置。",
        "Another till works on a copy of this one's data. Both are kept; find out which is the copy, and set that one up anew as a till of its own.",
    ),
    "sync.problem.truncated": (
        "伺服器的回應不完整，當作沒收到，稍後自動再試。",
        "服务器响应不完整，视为未收到，稍后自动重试。",
        "The server's answer was not whole, so it does not count. It is tried again by itself.",
    ),
    "sync.problem.server_error": (
        "總部的伺服器出了問題，稍後自動再試。一直這樣的話，請通知總部。",
        "总部服务器出了问题，稍后自动重试。若持续如此，请通知总部。",
        "Something is wrong at the server. It is tried again by itself; if this goes on, tell the office.",
    ),
    "sync.problem.busy": (
        "總部的伺服器正忙，稍後自動再試。",
        "总部服务器正忙，稍后自动重试。",
        "The server is busy. It is tried again by itself.",
    ),
    "sync.problem.version": (
        "這台和總部的程式版本不同，彼此聽不懂。請更新這台的程式；已經是新版的話，請總部更新伺服器。",
        "本机与总部的程序版本不同，无法通信。请更新本机程序；若已是新版，请总部更新服务器。",
        "This till and the server speak different versions. Update this till; if it is up to date, the office updates the server.",
    ),
    "sync.problem.dns": (
        "找不到總部伺服器的名稱。請檢查網路；網路正常的話，請總部確認網址。",
        "找不到总部服务器的名称。请检查网络；网络正常的话，请总部确认网址。",
        "The server's name cannot be found. Check the network; if that is fine, ask the office for its address.",
    ),
    "sync.problem.tls_expired": (
        "總部伺服器的安全憑證過期了，所以不傳。請通知總部更新憑證。",
        "总部服务器的安全证书已过期，因此不上传。请通知总部更新证书。",
        "The server's certificate has run out, so nothing is sent. Tell the office to renew it.",
    ),
    "sync.problem.tls_host": (
        "安全憑證屬於別的網址，對方可能不是總部，所以不傳。請和總部核對網址。",
        "安全证书属于别的网址，对方可能不是总部，因此不上传。请与总部核对网址。",
        "The certificate belongs to another address, so this may not be the office. Compare the address with the office.",
    ),
    "sync.problem.tls_self_signed": (
        "總部伺服器的安全憑證沒有人擔保，所以不傳。請總部換成正式的憑證。",
        "总部服务器的安全证书无人担保，因此不上传。请总部换成正式的证书。",
        "Nobody vouches for the server's certificate, so nothing is sent. The office needs a proper one.",
    ),
    "sync.problem.tls_clock": (
        "這台的日期看起來不對（安全憑證還沒生效），所以不傳。請到系統設定校正日期與時間。",
        "本机日期似乎不对（安全证书尚未生效），因此不上传。请在系统设置中校正日期与时间。",
        "This till's date looks wrong: the certificate is not valid yet. Set date and time in the system settings.",
    ),
    "sync.problem.unknown_till": (
        "總部不認得這台收銀機。收銀照常；請店主向總部要新的配對碼，重新配對。",
        "总部不认得这台收银机。收银照常；请店主向总部索取新的配对码，重新配对。",
        "The office does not know this till. Selling goes on; the owner asks for a new pairing code and pairs again.",
    ),
    "sync.problem.not_server": (
        "這個網址有回應，但不是熟客的伺服器。請和總部核對網址。",
        "此网址有响应，但不是熟客的服务器。请与总部核对网址。",
        "Something answers at this address, but it is no Regulars server. Compare the address with the office.",
    ),
    "sync.problem.refused": (
        "總部的伺服器不接受這台的要求，資料都還在這台。請通知總部。",
        "总部服务器不接受本机的请求，数据都还在本机。请通知总部。",
        "The server does not accept what this till asks. Everything is still here; tell the office.",
    ),
    "sync.problem.too_large": (
        "伺服器的回應大得不合理，所以不收。請通知總部。",
        "服务器的响应大得不合理，因此不接收。请通知总部。",
        "The server's answer is larger than it can be, so it is not taken. Tell the office.",
    ),
    "sync.problem.books_differ": (
        "這台和總部的帳對不起來，正在重新核對。一直這樣的話，請通知總部，並到設定做帳務檢查。",
        "本机与总部的账目对不上，正在重新核对。若持续如此，请通知总部，并在设置中做账务检查。",
        "This till's books and the office's differ and are compared again. If this goes on, tell the office and prove the books "
        "in the settings.",
    ),
    "sync.problem.storage": (
        "這台的資料庫或磁碟有問題，暫時無法上傳。請檢查磁碟空間，並到設定做帳務檢查。",
        "本机数据库或磁盘有问题，暂时无法上传。请检查磁盘空间，并在设置中做账务检查。",
        "This till's disk or books cannot be read for sending. Check the disk space and prove the books in the settings.",
    ),
    "sync.problem.cut_off": (
        "斷網演練中：這台故意不連總部。演練結束就會自動補傳。",
        "断网演练中：本机故意不连总部。演练结束后会自动补传。",
        "Drill: this till is cut off on purpose. It sends everything when the drill ends.",
    ),
    "sync.problem.other": (
        "上傳時遇到問題（{code}），稍後自動再試。一直這樣的話，請把這個代號告訴總部。",
        "上传时遇到问题（{code}），稍后自动重试。若持续如此，请把此代号告诉总部。",
        "Sending met a problem ({code}). It is tried again by itself; if this goes on, tell the office this code.",
    ),
    "sync.problem.unpaired": (
        "這台還沒有和總部配對。請店主向總部要配對碼。",
        "本机尚未与总部配对。请店主向总部索取配对码。",
        "This till is not paired with an office yet. The owner asks the office for a pairing code.",
    ),
    "sync.problem.internal": (
        "上傳程式自己出了錯，已寫進記錄檔，資料都還在這台。請通知技術支援。",
        "上传程序自身出错，已写入日志，数据都还在本机。请通知技术支持。",
        "Sending met a fault of its own and wrote it to the log. Everything is still here; ask for support.",
    ),
}
