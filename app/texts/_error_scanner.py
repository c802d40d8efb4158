"""What a scanner read and cannot be used where it was scanned, and what a scanner, scale, display or drawer cannot do just now."""

from __future__ import annotations

TEXTS = {
    # --- read and understood, but not for here ---
    "error.scan_not_here_coupon": (
        "這是優惠券，目前的畫面不能使用。請在結帳畫面有商品時再刷。",
        "这是优惠券，当前界面不能使用。请在收银界面有商品时再扫。",
        "This is a coupon and cannot be used here. Scan it on the sale screen once there are items.",
    ),
    "error.scan_not_here_gift_card": (
        "這是禮物卡，請在收款時再刷。",
        "这是礼品卡，请在收款时再扫。",
        "This is a gift card. Scan it when the payment is taken.",
    ),
    "error.scan_not_here_badge": (
        "這是員工識別證，要換人收銀請先鎖定，再刷識別證。",
        "这是员工工牌，如需换人收银请先锁定，再刷工牌。",
        "This is a staff badge. Lock the till first, then scan the badge to sign on.",
    ),
    "error.scan_not_here_payment": (
        "這是客人的付款碼，請先選擇行動支付的方式，再刷一次。",
        "这是顾客的付款码，请先选择移动支付方式，再扫一次。",
        "This is a customer's payment code. Choose the wallet first, then scan it again.",
    ),
    "error.scan_not_here_invoice": (
        "這是電子發票的條碼。要退換貨請到退貨畫面，再刷發票。",
        "这是电子发票的条码。如需退换货请到退货界面，再扫发票。",
        "This is the barcode of an e-invoice. For a return, open the returns screen and scan it there.",
    ),
    # --- scanners ---
    "error.scanner_check_digit": (
        "條碼 {code} 檢查碼不符，沒有採用，請再刷一次。",
        "条码 {code} 校验位不符，未采用，请再扫一次。",
        "The code {code} has a wrong check digit and was not taken. Scan it again.",
    ),
    "error.scanner_cut_off": (
        "條碼只讀到一半，沒有採用，請再刷一次。",
        "条码只读到一半，未采用，请再扫一次。",
        "Only a part of the code was read, so it was not taken. Scan it again.",
    ),
    "error.scanner_too_long": (
        "掃描器送來的內容太長，沒有採用。請檢查掃描器的結尾字元設定（建議 Enter）。",
        "扫描枪送来的内容太长，未采用。请检查扫描枪的结束符设置（建议 Enter）。",
        "The scanner sent too much without an end, so it was not taken. Check its suffix setting (Enter is best).",
    ),
    "error.scanner_calibration_short": (
        "還看不出掃描器的速度，請把同一張條碼再刷 {scans} 次。",
        "还判断不出扫描枪的速度，请把同一张条码再扫 {scans} 次。",
        "The scanner's speed is not clear yet. Scan the same code {scans} more times.",
    ),
    "error.scanner_too_slow": (
        "掃描器每個字元要 {gap_ms} 毫秒，和打字分不出來。請把掃描器設成不延遲，或設定前置鍵。",
        "扫描枪每个字符要 {gap_ms} 毫秒，与打字无法区分。请把扫描枪设为不延迟，或设置前缀键。",
        "The scanner takes {gap_ms} ms per character, no faster than typing. Switch its delay off, or program a prefix key.",
    ),
    "error.bench_needs": (
        "這項測試需要 {tools}，請先安裝再執行。",
        "此项测试需要 {tools}，请先安装再运行。",
        "This benchmark needs {tools}. Install it, then run it again.",
    ),
    "error.device_name": (
        "請給裝置一個名稱，最多 {length_max} 個字。",
        "请给设备一个名称，最多 {length_max} 个字符。",
        "Give the device a name of at most {length_max} characters.",
    ),
    "error.devices_too_many": (
        "最多只能設定 {devices_max} 個裝置，請先移除不用的。",
        "最多只能设置 {devices_max} 个设备，请先移除不用的。",
        "At most {devices_max} devices can be set up. Remove one that is not used.",
    ),
    # --- scale ---
    "error.scale_missing": (
        "電子秤沒有回應，請檢查電源與接線，或改用鍵盤輸入重量。",
        "电子秤没有回应，请检查电源与接线，或改用键盘输入重量。",
        "The scale does not answer. Check its power and cable, or key the weight in.",
    ),
    "error.scale_moving": (
        "秤上還在晃動，請放穩後再讀一次。",
        "秤上还在晃动，请放稳后再读一次。",
        "The scale has not settled. Let it come to rest and read again.",
    ),
    "error.scale_over": (
        "超過電子秤的最大秤量，請減少份量後再秤。",
        "超过电子秤的最大称量，请减少份量后再称。",
        "This is more than the scale can weigh. Take some off and weigh again.",
    ),
    "error.scale_under": (
        "電子秤顯示負重，請清空秤盤、歸零後再秤。",
        "电子秤显示负重，请清空秤盘、归零后再称。",
        "The scale is below zero. Clear the plate, set it to zero and weigh again.",
    ),
    "error.scale_empty": (
        "秤上沒有東西，請放上商品後再讀。",
        "秤上没有东西，请放上商品后再读。",
        "There is nothing on the scale. Put the goods on it and read again.",
    ),
    "error.scale_unit": (
        "電子秤的單位不是公斤，請在秤上改成 kg。",
        "电子秤的单位不是公斤，请在秤上改为 kg。",
        "The scale does not weigh in kilograms. Switch it to kg.",
    ),
}
