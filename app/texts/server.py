"""What the central server says: on its command line and on the office's page."""

from __future__ import annotations

TEXTS = {
    # --- the command line ---
    "server.tenant_made": (
        "已建立店家「{name}」，代號 {tenant}。",
        "已建立店家“{name}”，编号 {tenant}。",
        "The shop “{name}” is set up. Its id is {tenant}.",
    ),
    "server.owner_token": (
        "總部登入碼（{name}，老闆）：{token}\n請收好，這串碼只會顯示這一次。",
        "总部登录码（{name}，老板）：{token}\n请妥善保管，此码只显示这一次。",
        "Office token of {name} (owner): {token}\nKeep it safe: it is shown this once and never again.",
    ),
    "server.pairing_code": (
        "配對碼：{code}\n請在收銀機上輸入，{minutes} 分鐘內有效，只能用一次。",
        "配对码：{code}\n请在收银机上输入，{minutes} 分钟内有效，只能使用一次。",
        "Pairing code: {code}\nType it at the till within {minutes} minutes. It works once.",
    ),
    "server.hub_code": (
        "門市主機配對碼：{code}\n請在門市主機上執行 serve --hub --upstream 網址 --pair {code}，{minutes} 分鐘內有效，只能用一次。",
        "门店主机配对码：{code}\n请在门店主机上运行 serve --hub --upstream 网址 --pair {code}，{minutes} 分钟内有效，只能使用一次。",
        "Pairing code for a store’s hub: {code}\n"
        "Run serve --hub --upstream URL --pair {code} there within {minutes} minutes. It works once.",
    ),
    "server.hub_paired": (
        "這台電腦是「{tenant}」{store} 店的門市主機了，上層伺服器：{url}\n"
        "接著執行 serve --hub，再用 serve --hub --pairing-code 門市 產生收銀機的配對碼。",
        "这台电脑是“{tenant}”{store} 店的门店主机了，上层服务器：{url}\n"
        "接着运行 serve --hub，再用 serve --hub --pairing-code 门店 生成收银机的配对码。",
        "This machine is the hub of store {store} of “{tenant}” below {url}.\n"
        "Now run serve --hub, and make codes for its tills with serve --hub --pairing-code STORE.",
    ),
    "server.hub_of": (
        "{store} 店的門市主機，上層伺服器：{url}",
        "{store} 店的门店主机，上层服务器：{url}",
        "The hub of store {store}, below {url}.",
    ),
    "server.publish_sent": (
        "已發布 {name}（第 {version} 版）",
        "已发布 {name}（第 {version} 版）",
        "Published {name} (version {version}).",
    ),
    "server.publish_done": (
        "完成：發布 {sent} 份，{same} 份沒有變動。收銀機下次連線時會收到。",
        "完成：发布 {sent} 份，{same} 份没有变化。收银机下次连接时会收到。",
        "Done: {sent} published, {same} unchanged. Tills get them when they next connect.",
    ),
    "server.listening": (
        "伺服器已啟動：{url}（按 Ctrl+C 停止）",
        "服务器已启动：{url}（按 Ctrl+C 停止）",
        "The server is listening at {url} (Ctrl+C stops it).",
    ),
    "server.no_tenant": (
        "還沒有店家。請先執行：python3 -m app serve --new-tenant 店名",
        "还没有店家。请先运行：python3 -m app serve --new-tenant 店名",
        "There is no shop yet. First run: python3 -m app serve --new-tenant NAME",
    ),
    "server.backup_made": (
        "已備份到 {file}。要用同一把金鑰（資料夾裡的 key.json）才打得開，請一起保管。",
        "已备份到 {file}。需用同一把密钥（文件夹里的 key.json）才能打开，请一并保管。",
        "Backed up to {file}. It opens with the same key alone: keep the folder’s key.json with it.",
    ),
    "server.new_life": (
        "已標記為還原後的伺服器；每台收銀機下次連線時會補傳缺少的資料。",
        "已标记为还原后的服务器；每台收银机下次连接时会补传缺少的数据。",
        "Marked as restored: every till sends again what is missing when it next connects.",
    ),
    "server.not_encrypted": (
        "注意：沒有設定憑證，連線不加密。對外服務請用 --certificate 與 --private-key，或放在 HTTPS 代理後面。",
        "注意：未设置证书，连接不加密。对外服务请使用 --certificate 与 --private-key，或置于 HTTPS 代理之后。",
        "Without a certificate nothing is encrypted on the way. Beyond this machine use --certificate and --private-key, or an HTTPS proxy.",
    ),
    # --- the office's page ---
    "server.page_title": ("熟客總部", "熟客总部", "Regulars Office"),
    "server.page_token": ("總部登入碼", "总部登录码", "Office token"),
    "server.page_sign_in": ("登入", "登录", "Sign in"),
    "server.page_sign_out": ("登出", "退出", "Sign out"),
    "server.page_wrong_token": (
        "登入碼不對，請再確認一次。",
        "登录码不正确，请再确认一次。",
        "This token is not known. Check it and try again.",
    ),
    "server.page_no_contact": (
        "連不上伺服器，請稍後再試。",
        "无法连接服务器，请稍后再试。",
        "The server does not answer. Try again in a moment.",
    ),
    "server.page_not_allowed": (
        "您的權限不能做這件事。",
        "您的权限不能进行此操作。",
        "Your role may not do this.",
    ),
    "server.page_tills": ("門市與收銀機", "门店与收银机", "Stores and tills"),
    "server.page_store": ("門市", "门店", "Store"),
    "server.page_till": ("收銀機", "收银机", "Till"),
    "server.page_last_contact": ("最後連線", "最后连接", "Last contact"),
    "server.page_facts": ("已收紀錄", "已收记录", "Records received"),
    "server.page_state": ("狀態", "状态", "State"),
    "server.page_state_ok": ("正常", "正常", "In order"),
    "server.page_state_quiet": ("超過一天沒連線", "超过一天未连接", "Silent for more than a day"),
    "server.page_state_revoked": ("已停用", "已停用", "Revoked"),
    "server.page_never": ("尚未連線", "尚未连接", "Never"),
    "server.page_hub": ("門市主機", "门店主机", "Hub"),
    "server.page_revoke": ("停用", "停用", "Revoke"),
    "server.page_revoke_sure": (
        "要停用 {till} 嗎？它會立刻拿不到任何資料，傳來的紀錄要由您決定是否收下。",
        "要停用 {till} 吗？它会立即无法获取任何数据，传来的记录要由您决定是否接收。",
        "Revoke {till}? It is given nothing any more, and what it sends waits for you to take it in.",
    ),
    "server.page_code": ("產生配對碼", "生成配对码", "Make a pairing code"),
    "server.page_code_store": ("門市代號", "门店编号", "Store"),
    "server.page_code_kind": ("給", "用于", "For"),
    "server.page_code_till": ("收銀機", "收银机", "A till"),
    "server.page_code_made": (
        "配對碼 {code}，{until} 前有效，只能用一次。",
        "配对码 {code}，{until} 前有效，只能使用一次。",
        "{code}, good until {until}. It works once.",
    ),
    "server.page_not_understood": (
        "門市代號只能用英文字母和數字；門市主機一定要有門市代號。",
        "门店编号只能使用英文字母和数字；门店主机必须有门店编号。",
        "A store’s code has letters and digits only; a hub needs one.",
    ),
    "server.page_done_already": (
        "這件事已經有人處理過了，請重新整理。",
        "此事已有人处理过，请刷新页面。",
        "Somebody has settled this already. Load the page again.",
    ),
    "server.page_days": ("每日業績與會員", "每日业绩与会员", "Sales and members by day"),
    "server.page_day": ("營業日", "营业日", "Business date"),
    "server.page_sales": ("筆數", "笔数", "Sales"),
    "server.page_total": ("營業額", "营业额", "Total"),
    "server.page_member_share": ("會員營業額占比", "会员营业额占比", "Share of members"),
    "server.page_members": ("到店會員", "到店会员", "Members served"),
    "server.page_new_members": ("新會員", "新会员", "New members"),
    "server.page_points": ("點數 發放／折抵", "积分 发放／抵扣", "Points earned / spent"),
    "server.page_exceptions": ("待處理事項", "待处理事项", "Needs a look"),
    "server.page_found_at": ("發現時間", "发现时间", "Found"),
    "server.page_what": ("事項", "事项", "What"),
    "server.page_what_to_do": ("怎麼處理", "如何处理", "What to do"),
    "server.page_settle": ("處理完畢", "处理完毕", "Settle"),
    "server.page_accept": ("收下這筆", "接收此笔", "Take it in"),
    "server.page_note": ("處理說明", "处理说明", "What was done"),
    "server.page_nothing": ("目前沒有資料。", "目前没有数据。", "Nothing here yet."),
    "server.page_all_well": (
        "一切正常，沒有待處理事項。",
        "一切正常，没有待处理事项。",
        "All is well: nothing waits for you.",
    ),
    "server.page_loading": ("讀取中…", "读取中…", "Loading…"),
    "server.page_kind_conflict": ("同一編號有兩筆紀錄", "同一编号有两条记录", "Two records under one id"),
    "server.page_todo_conflict": (
        "兩筆都已保留。請對照收據，確認哪一筆才是真的。",
        "两条都已保留。请对照小票，确认哪一条属实。",
        "Both are kept. Compare them with the receipts.",
    ),
    "server.page_kind_fork": ("收銀機的資料被複製過", "收银机数据被复制过", "A till’s data was copied"),
    "server.page_todo_fork": (
        "兩邊的交易都已入帳。請確認哪一台是複製出來的，並重新配對。",
        "两边的交易都已入账。请确认哪一台是复制出来的，并重新配对。",
        "The sales of both are counted. Find out which one is the copy and pair it again.",
    ),
    "server.page_kind_quarantined": (
        "有一筆紀錄無法確認來源",
        "有一条记录无法确认来源",
        "A record could not be verified",
    ),
    "server.page_todo_quarantined": (
        "原始內容已保留，未入帳。停用收銀機傳來的紀錄，確認後可以收下。",
        "原始内容已保留，未入账。停用收银机传来的记录，确认后可以接收。",
        "Its bytes are kept and not counted. What a revoked till sent can be taken in once you have looked at it.",
    ),
    "server.page_todo_quarantined_device_revoked": (
        "停用的收銀機傳來的紀錄。原始內容已保留，確認是真的就按「收下這筆」。",
        "停用的收银机传来的记录。原始内容已保留，确认属实后请点“接收此笔”。",
        "A revoked till sent it. Its bytes are kept; take it in once you know that it is true.",
    ),
    "server.page_todo_quarantined_unlinked": (
        "門市主機轉送的紀錄和收銀機簽章對不起來，未入帳。讓那台收銀機直接連到這裡，就會補上正確的紀錄。",
        "门店主机转送的记录与收银机签名不符，未入账。让该收银机直接连到这里，就会补上正确的记录。",
        "A hub brought it and the till’s signature does not vouch for it. Pair that till with this server: it sends what is true.",
    ),
    "server.page_kind_clock_ahead": ("收銀機的時間太快", "收银机时间过快", "A till’s clock is ahead"),
    "server.page_todo_clock_ahead": (
        "請校正那台收銀機的日期與時間。",
        "请校正该收银机的日期与时间。",
        "Set the date and time of that till.",
    ),
    "server.page_kind_damaged": ("有一筆紀錄內容損壞", "有一条记录内容损坏", "A record is damaged"),
    "server.page_todo_damaged": (
        "原始內容已保留，但沒有計入報表。請聯絡技術支援。",
        "原始内容已保留，但未计入报表。请联系技术支持。",
        "Its bytes are kept but not in the figures. Ask for support.",
    ),
    "server.page_kind_double_redemption": (
        "同一張優惠券用了不只一次",
        "同一张优惠券被多次使用",
        "A coupon was used twice",
    ),
    "server.page_todo_double_redemption": (
        "兩台收銀機斷線時都收了這張券。兩筆交易都成立，損失由店家承擔。",
        "两台收银机断网时都收了此券。两笔交易均成立，损失由店家承担。",
        "Two tills took it while they were apart. Both sales stand; the shop bears the difference.",
    ),
    "server.page_kind_negative_balance": (
        "會員點數變成負數",
        "会员积分为负数",
        "A member’s points are below zero",
    ),
    "server.page_todo_negative_balance": (
        "斷線時多折抵了點數。下次消費會自動補回，也可以手動調整。",
        "断网时多抵扣了积分。下次消费会自动补回，也可以手动调整。",
        "Too many were spent while tills were apart. The next purchases make up for it, or adjust them.",
    ),
    "server.page_kind_negative_value": ("儲值金變成負數", "储值余额为负数", "Stored value is below zero"),
    "server.page_todo_negative_value": (
        "請聯絡持有人補足差額，或由店家認列損失。",
        "请联系持有人补足差额，或由店家确认损失。",
        "Ask the holder for the difference, or book it as a loss.",
    ),
    "server.page_kind_one_phone": (
        "同一支手機登記了兩次",
        "同一手机号登记了两次",
        "One number was enrolled twice",
    ),
    "server.page_todo_one_phone": (
        "已自動合併，兩邊的點數一起計算。若其實是兩個人，請在收銀機上拆開。",
        "已自动合并，两边积分一并计算。若其实是两个人，请在收银机上拆分。",
        "They count as one member with the points of both. If they are two people, take them apart at a till.",
    ),
}
