"""What the till says about scanners, scale, customer display, badge reader and drawer."""

from __future__ import annotations

TEXTS = {
    # --- how a device is ---
    "scanner.state.off": ("未啟用", "未启用", "off"),
    "scanner.state.connecting": ("連線中", "连接中", "connecting"),
    "scanner.state.ready": ("正常", "正常", "ready"),
    "scanner.state.silent": ("沒有回應", "没有回应", "no answer"),
    "scanner.state.missing": (
        "找不到，請檢查接線與電源",
        "找不到，请检查接线与电源",
        "not found; check cable and power",
    ),
    "scanner.state.busy": ("被另一個程式佔用", "被另一个程序占用", "in use by another program"),
    "scanner.state.denied": ("系統不允許使用", "系统不允许使用", "not permitted by the system"),
    "scanner.state.open": ("抽屜開著", "钱箱开着", "drawer open"),
    "scanner.state.left_open": ("抽屜一直沒關", "钱箱一直没关", "drawer left open"),
    # --- what kind it is ---
    "scanner.kind.printer": ("印表機", "打印机", "printer"),
    "scanner.kind.scanner": ("掃描器", "扫描枪", "scanner"),
    "scanner.kind.badge": ("識別證讀卡機", "工牌读卡器", "badge reader"),
    "scanner.kind.scale": ("電子秤", "电子秤", "scale"),
    "scanner.kind.display": ("客顯", "客显", "customer display"),
    "scanner.kind.drawer": ("錢箱", "钱箱", "cash drawer"),
    # --- what happened ---
    "scanner.event.state": ("{device}：{state}", "{device}：{state}", "{device}: {state}"),
    "scanner.event.scan": (
        "{device} 讀到 {code}（{kind}）",
        "{device} 读到 {code}（{kind}）",
        "{device} read {code} ({kind})",
    ),
    "scanner.event.badge": ("{device} 讀到識別證", "{device} 读到工牌", "{device} read a badge"),
    "scanner.event.scan_repeated": (
        "{device} 重複讀到同一條碼，只算一次",
        "{device} 重复读到同一条码，只算一次",
        "{device} read the same code twice; it counts once",
    ),
    "scanner.event.scan_refused": (
        "{device} 讀壞了：{reason}",
        "{device} 读取失败：{reason}",
        "{device} misread: {reason}",
    ),
    "scanner.event.weight": ("{device} {weight} 公斤", "{device} {weight} 公斤", "{device} {weight} kg"),
    "scanner.event.drawer_opened": ("{device}打開了", "{device}打开了", "{device} opened"),
    "scanner.event.drawer_closed": ("{device}關上了", "{device}关上了", "{device} closed"),
    "scanner.event.drawer_left_open": (
        "{device}已經開著 {seconds} 秒，請關好",
        "{device}已经开着 {seconds} 秒，请关好",
        "{device} has been open for {seconds} s; please close it",
    ),
    "scanner.event.drawer_unasked": (
        "沒有交易，{device}卻打開了，已經記錄",
        "没有交易，{device}却打开了，已经记录",
        "{device} opened without a sale; this has been recorded",
    ),
    # --- on the customer's display: twenty cells, the amount beside it ---
    "scanner.display.welcome": ("歡迎光臨", "欢迎光临", "Welcome"),
    "scanner.display.total": ("合計", "合计", "Total"),
    "scanner.display.paid": ("收您", "收您", "Paid"),
    "scanner.display.change": ("找零", "找零", "Change"),
    # --- why a scan was refused ---
    "scanner.reason.check_digit": ("檢查碼不符", "校验位不符", "wrong check digit"),
    "scanner.reason.too_long": ("內容太長，沒有結尾字元", "内容太长，没有结束符", "too long, with no end"),
    "scanner.reason.cut_off": ("只讀到一半", "只读到一半", "cut off"),
    # --- what a code is ---
    "scanner.code.nothing": ("空白", "空白", "nothing"),
    "scanner.code.quantity": ("數量", "数量", "quantity"),
    "scanner.code.phone": ("手機號碼", "手机号码", "phone number"),
    "scanner.code.barcode": ("商品條碼", "商品条码", "barcode"),
    "scanner.code.label": ("秤重標籤", "称重标签", "scale label"),
    "scanner.code.member": ("會員碼", "会员码", "member code"),
    "scanner.code.coupon": ("優惠券", "优惠券", "coupon"),
    "scanner.code.gift_card": ("禮物卡", "礼品卡", "gift card"),
    "scanner.code.receipt": ("收據", "小票", "receipt"),
    "scanner.code.held": ("掛單", "挂单", "held sale"),
    "scanner.code.badge": ("識別證", "工牌", "badge"),
    "scanner.code.payment": ("付款碼", "付款码", "payment code"),
    "scanner.code.invoice": ("電子發票", "电子发票", "e-invoice"),
    "scanner.code.carrier": ("發票載具", "发票载具", "invoice carrier"),
    "scanner.code.gs1": ("GS1 條碼", "GS1 条码", "GS1 symbol"),
    "scanner.code.words": ("貨號或文字", "货号或文字", "article number or words"),
    "scanner.code.damaged": ("無法辨識", "无法识别", "not readable"),
    # --- the keyboard wedge ---
    "scanner.caps_lock": (
        "鍵盤的 Caps Lock 開著，條碼已自動修正。請關掉，以免會員碼讀錯。",
        "键盘的 Caps Lock 开着，条码已自动修正。请关闭，以免会员码读错。",
        "Caps Lock is on. The code was put right; switch it off so that the next one needs no mending.",
    ),
    "scanner.input_method": (
        "輸入法攔截了掃描內容，請切換到英文輸入，再刷一次。",
        "输入法拦截了扫描内容，请切换到英文输入，再扫一次。",
        "The input method swallowed a scan. Switch to English input and scan again.",
    ),
    "scanner.watch.title": (
        "裝置監看中，按 Ctrl+C 結束。",
        "设备监看中，按 Ctrl+C 结束。",
        "Watching the devices. Ctrl+C ends it.",
    ),
    "scanner.watch.none": (
        "沒有設定任何裝置。可用 --scanner、--badge、--scale 加上位址指定，例如 serial:/dev/ttyUSB0?baud=9600。",
        "没有设置任何设备。可用 --scanner、--badge、--scale 加上地址指定，例如 serial:/dev/ttyUSB0?baud=9600。",
        "No devices are set up. Name one with --scanner, --badge or --scale and an address such as serial:/dev/ttyUSB0?baud=9600.",
    ),
}
