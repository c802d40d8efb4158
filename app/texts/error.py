"""Sentences for everything that was refused or is missing: what happened, and what to do next."""

from __future__ import annotations

from app.texts import (
    _error_afterwards,
    _error_books,
    _error_coupons,
    _error_devices,
    _error_guard,
    _error_insight,
    _error_membership,
    _error_picture,
    _error_rule_desk,
    _error_rules,
    _error_scanner,
    _error_server,
    _error_sync,
    _error_sync_ui,
    _error_value,
)

TEXTS = {
    **_error_afterwards.TEXTS,
    **_error_books.TEXTS,
    **_error_coupons.TEXTS,
    **_error_devices.TEXTS,
    **_error_guard.TEXTS,
    **_error_insight.TEXTS,
    **_error_membership.TEXTS,
    **_error_picture.TEXTS,
    **_error_rule_desk.TEXTS,
    **_error_rules.TEXTS,
    **_error_scanner.TEXTS,
    **_error_server.TEXTS,
    **_error_sync.TEXTS,
    **_error_sync_ui.TEXTS,
    **_error_value.TEXTS,
    # --- the basket and the one line ---
    "error.barcode_unknown": (
        "查無條碼 {code}，請確認商品是否已建檔，或改用品名搜尋。",
        "查无条码 {code}，请确认商品是否已建档，或改用品名搜索。",
        "No item has the barcode {code}. Check that it is in the catalogue, or search by name.",
    ),
    "error.barcode_damaged": (
        "條碼 {code} 檢查碼不符，可能刮損或少刷，請再刷一次或輸入品名。",
        "条码 {code} 校验位不符，可能破损或漏扫，请再扫一次或输入品名。",
        "The barcode {code} has a wrong check digit. Scan it again, or type the item's name.",
    ),
    "error.basket_empty": (
        "目前沒有商品，請先刷商品。",
        "目前没有商品，请先扫商品。",
        "There is nothing in the basket yet. Scan an item first.",
    ),
    "error.basket_full": (
        "一筆最多 {lines_max} 項，請先結帳，再開下一筆。",
        "一单最多 {lines_max} 项，请先结账，再开下一单。",
        "One sale holds at most {lines_max} lines. Finish this sale, then start another.",
    ),
    "error.basket_locked_by_tender": (
        "已經收款，不能再更改明細。按 Esc 退回最後一筆收款後再改。",
        "已经收款，不能再更改明细。按 Esc 退回最后一笔收款后再改。",
        "A payment has been taken, so the basket is locked. Press Esc to take the payment back first.",
    ),
    "error.basket_not_empty": (
        "目前還有未結的商品，請先結帳或掛單，再取回另一筆。",
        "目前还有未结的商品，请先结账或挂单，再取回另一单。",
        "There are still items here. Finish or hold this sale before bringing another back.",
    ),
    "error.basket_price_impossible": (
        "整單不能直接改價，請用折扣百分比或折抵金額。",
        "整单不能直接改价，请用折扣百分比或减免金额。",
        "A whole basket has no price of its own. Use a percentage or an amount off.",
    ),
    "error.carrier_not_supported": (
        "電子發票載具尚未啟用，這筆不會存入載具。",
        "电子发票载具尚未启用，本单不会存入载具。",
        "E-invoice carriers are not switched on at this till; nothing was stored to a carrier.",
    ),
    "error.discount_exceeds_line": (
        "折抵金額超過這一項的金額，請改小。",
        "减免金额超过该项金额，请改小。",
        "The discount is more than this line costs. Enter a smaller one.",
    ),
    "error.discount_exceeds_total": (
        "折抵金額超過應付總額，請改小。",
        "减免金额超过应付总额，请改小。",
        "The discount is more than the total. Enter a smaller one.",
    ),
    "error.discount_percent_range": (
        "折扣要在 0 到 100% 之間。",
        "折扣要在 0 到 100% 之间。",
        "A discount is between 0 and 100 percent.",
    ),
    "error.entry_unreadable": (
        "讀不懂「{text}」，可能是條碼破損，請再刷一次。",
        "无法识别“{text}”，可能是条码破损，请再扫一次。",
        "“{text}” could not be read; the code may be damaged. Scan it again.",
    ),
    "error.held_sale_gone": (
        "這筆掛單已被取回或不存在。",
        "这笔挂单已被取回或不存在。",
        "This held sale has already been brought back, or does not exist.",
    ),
    "error.item_gone": (
        "這項商品已下架，請改選其他商品。",
        "该商品已下架，请改选其他商品。",
        "This item is no longer sold. Choose another.",
    ),
    "error.label_quantity_fixed": (
        "磅秤標籤的數量不能修改，請刪除這一項後重新秤重。",
        "秤签的数量不能修改，请删除该项后重新称重。",
        "The quantity comes from the scale's label. Void the line and weigh again.",
    ),
    "error.line_gone": (
        "這一項已不在明細中。",
        "该项已不在明细中。",
        "That line is no longer in the basket.",
    ),
    "error.line_not_discountable": (
        "「{name}」不適用折扣或改價。",
        "“{name}”不适用折扣或改价。",
        "{name} cannot be discounted or repriced.",
    ),
    "error.member_code_unknown": (
        "查無此會員碼，請改輸入手機號碼。",
        "查无此会员码，请改输入手机号码。",
        "No member has this code. Key the phone number instead.",
    ),
    "error.member_phone_taken": (
        "這支手機已經是會員，已改用原有的會員資料。",
        "此手机号已是会员，已改用原有会员资料。",
        "This number already belongs to a member; that member is used.",
    ),
    "error.no_open_shift": (
        "尚未開班，請按 F12 開班並輸入零用金。",
        "尚未开班，请按 F12 开班并输入备用金。",
        "No shift is open. Press F12 to open one with its float.",
    ),
    "error.not_signed_on": (
        "尚未登入，請輸入員工編號與密碼。",
        "尚未登录，请输入员工编号与密码。",
        "Nobody is signed on. Key your staff number and PIN.",
    ),
    "error.nothing_found": (
        "找不到「{text}」，請換個字、注音首碼或條碼再試。",
        "找不到“{text}”，请换个字、拼音首字母或条码再试。",
        "Nothing matches “{text}”. Try another word, the initials, or the barcode.",
    ),
    "error.phone_almost": (
        "「{text}」像手機號碼，但有 {digits} 個數字，手機應為 09 開頭共 10 碼。請更正。",
        "“{text}”像手机号码，但有 {digits} 个数字，手机应为 09 开头共 10 位。请更正。",
        "“{text}” looks like a phone number but has {digits} digits; a mobile number has 10 and starts with 09.",
    ),
    "error.price_negative": (
        "價格不能是負數。",
        "价格不能是负数。",
        "A price cannot be negative.",
    ),
    "error.price_too_high": (
        "金額太大，請確認後重新輸入。",
        "金额太大，请确认后重新输入。",
        "The amount is too large. Check it and key it again.",
    ),
    "error.amount_unreadable": (
        "「{text}」不是有效的金額，請重新輸入。",
        "“{text}”不是有效的金额，请重新输入。",
        "“{text}” is not an amount. Key it again.",
    ),
    "error.quantity_not_whole": (
        "「{name}」以件計，數量要是整數。",
        "“{name}”按件计，数量要是整数。",
        "{name} is sold by the piece; the quantity must be whole.",
    ),
    "error.quantity_out_of_range": (
        "數量要大於 0，最多 {quantity_max}。",
        "数量要大于 0，最多 {quantity_max}。",
        "The quantity must be above 0 and at most {quantity_max}.",
    ),
    "error.quantity_unreadable": (
        "「{text}」不是有效的數量，請重新輸入。",
        "“{text}”不是有效的数量，请重新输入。",
        "“{text}” is not a quantity. Key it again.",
    ),
    "error.reason_needed": (
        "請選擇或輸入原因。",
        "请选择或输入原因。",
        "Choose or type a reason.",
    ),
    "error.receipt_unknown": (
        "這台收銀機查無單號 {number}。請改由會員紀錄查詢，或以無單退貨（需核准）。",
        "本机查无单号 {number}。请改由会员记录查询，或无单退货（需授权）。",
        "This till has no receipt {number}. Look in the member's history, or return without a receipt (needs approval).",
    ),
    "error.return_quantity_fixed": (
        "退貨數量請在退貨畫面修改。",
        "退货数量请在退货界面修改。",
        "Change a returned quantity on the return screen.",
    ),
    "error.return_changed": (
        "這筆銷售剛剛已有其他退貨，請重新開啟退貨畫面。",
        "该笔销售刚刚已有其他退货，请重新打开退货界面。",
        "Other goods of this sale came back in the meantime. Open the return again.",
    ),
    "error.sale_is_completing": (
        "正在存檔，請稍候。",
        "正在保存，请稍候。",
        "The sale is being saved. One moment.",
    ),
    "error.scan_after_tender": (
        "已經收款，不能再加商品。請先完成這筆，或按 Esc 退回收款。",
        "已经收款，不能再加商品。请先完成本单，或按 Esc 退回收款。",
        "A payment has been taken, so nothing can be added. Finish this sale, or press Esc to take the payment back.",
    ),
    "error.cancelled": ("已取消。", "已取消。", "Cancelled."),
    "error.approval_needed": (
        "這個動作超出您的權限，需要主管核准。",
        "此操作超出您的权限，需要主管授权。",
        "This is beyond what your role allows. A second person must approve it.",
    ),
    # --- this machine's settings ---
    "error.config_unreadable": (
        "設定檔 {path} 讀不出來（{reason}）。請修正它，或刪掉它改用預設值。",
        "设置文件 {path} 无法读取（{reason}）。请修正它，或删除它改用默认值。",
        "The settings file {path} cannot be read ({reason}). Correct it, or delete it to use the defaults.",
    ),
    "error.config_setting_unknown": (
        "設定檔 {path} 裡的「{setting}」無法使用。可以寫的是：{allowed}",
        "设置文件 {path} 里的“{setting}”无法使用。可以写的是：{allowed}",
        "The settings file {path} says “{setting}”, which is not possible. What it may say: {allowed}",
    ),
    "error.data_folder_unwritable": (
        "無法在 {path} 存放資料（{reason}）。請檢查權限與磁碟空間，或用 --data 指定另一個資料夾。",
        "无法在 {path} 存放数据（{reason}）。请检查权限与磁盘空间，或用 --data 指定另一个文件夹。",
        "Data cannot be kept in {path} ({reason}). Check its permissions and the free space, or name another folder with --data.",
    ),
    # --- records ---
    "error.record_damaged": (
        "這筆紀錄已損毀，無法讀取。請執行「檢查帳冊」(verify)，並由備份還原。",
        "这条记录已损坏，无法读取。请运行“检查账册”(verify)，并从备份恢复。",
        "This record is damaged and cannot be read. Run verify, and restore from a backup.",
    ),
    "error.record_newer": (
        "這筆紀錄由較新的版本寫入，請先更新本程式。",
        "这条记录由较新的版本写入，请先更新本程序。",
        "A newer version wrote this record. Update this till first.",
    ),
    # --- a table that is brought in ---
    "error.file_unreadable": (
        "讀不到檔案「{file}」（{reason}），請確認檔案還在，且沒有被其他程式佔用。",
        "读不到文件“{file}”（{reason}），请确认文件还在，且没有被其他程序占用。",
        "The file “{file}” cannot be read ({reason}). Check that it is there and not open elsewhere.",
    ),
    "error.file_empty": (
        "「{file}」裡沒有資料，請確認選對了檔案。",
        "“{file}”里没有数据，请确认选对了文件。",
        "“{file}” holds no data. Check that it is the right file.",
    ),
    "error.file_too_large": (
        "「{file}」超過 {megabytes_max} MB，請分成幾個檔案再匯入。",
        "“{file}”超过 {megabytes_max} MB，请分成几个文件再导入。",
        "“{file}” is larger than {megabytes_max} MB. Split it and import the parts.",
    ),
    "error.file_too_many_rows": (
        "「{file}」超過 {rows_max} 列，請分成幾個檔案再匯入。",
        "“{file}”超过 {rows_max} 行，请分成几个文件再导入。",
        "“{file}” has more than {rows_max} rows. Split it and import the parts.",
    ),
    "error.file_not_a_table": (
        "「{file}」不是 CSV 或 XLSX 表格，請用試算表另存成其中一種再匯入。",
        "“{file}”不是 CSV 或 XLSX 表格，请用表格软件另存为其中一种再导入。",
        "“{file}” is neither a CSV nor an XLSX table. Save it as one of them and try again.",
    ),
    "error.file_old_excel": (
        "「{file}」是舊版 Excel（.xls）檔，請用 Excel 另存成 .xlsx 再匯入。",
        "“{file}”是旧版 Excel（.xls）文件，请用 Excel 另存为 .xlsx 再导入。",
        "“{file}” is an old Excel file (.xls). Save it as .xlsx and try again.",
    ),
    "error.file_damaged": (
        "「{file}」已損壞，打不開（{reason}）。請重新匯出或另存一份。",
        "“{file}”已损坏，打不开（{reason}）。请重新导出或另存一份。",
        "“{file}” is damaged and cannot be opened ({reason}). Export or save it again.",
    ),
    "error.encoding_unknown": (
        "沒有「{encoding}」這種編碼，可用的有：{known}。",
        "没有“{encoding}”这种编码，可用的有：{known}。",
        "There is no encoding called “{encoding}”; known are {known}.",
    ),
    "error.file_wrong_encoding": (
        "「{file}」第 {line} 行有無法辨識的文字，可能是編碼不對或檔案損壞。請另存成「CSV UTF-8」再匯入。",
        "“{file}”第 {line} 行有无法识别的文字，可能是编码不对或文件损坏。请另存为“CSV UTF-8”再导入。",
        "Line {line} of “{file}” cannot be read: the encoding is wrong or the file is damaged. Save it as “CSV UTF-8” and try again.",
    ),
    "error.import_columns_missing": (
        "「{file}」少了必要的欄位：{missing}。檔案裡的欄位是：{found}。可用的欄位名稱有：{expected}。",
        "“{file}”少了必要的列：{missing}。文件里的列是：{found}。可用的列名有：{expected}。",
        "“{file}” lacks columns that are needed: {missing}. It has: {found}. Columns that are understood: {expected}.",
    ),
    "error.import_no_rows": (
        "「{file}」只有標題列，下面沒有資料。",
        "“{file}”只有标题行，下面没有数据。",
        "“{file}” has a header and no rows below it.",
    ),
    "error.import_has_errors": (
        "「{file}」有 {rows} 列有問題，所以什麼都沒有匯入。請修正後再試，或選擇略過有問題的列。",
        "“{file}”有 {rows} 行有问题，所以什么都没有导入。请修正后再试，或选择跳过有问题的行。",
        "{rows} rows of “{file}” have problems, so nothing was imported. Correct them, or choose to skip these rows.",
    ),
    "error.import_plan_old": (
        "預覽之後資料已有變動，請重新讀取「{file}」再匯入。",
        "预览之后数据已有变动，请重新读取“{file}”再导入。",
        "The shop's data has changed since the preview. Read “{file}” again, then import.",
    ),
    # --- keys ---
    "error.key_fixed": (
        "{key} 在每個畫面都是同一個意思，不能更改。",
        "{key} 在每个界面都是同一个意思，不能更改。",
        "{key} means the same on every screen and cannot be changed.",
    ),
    "error.key_not_allowed": (
        "{key} 不能當快速鍵，請改用 F1 到 F12（F10 除外），或 Ctrl 加一個英文字母。",
        "{key} 不能用作快捷键，请改用 F1 到 F12（F10 除外），或 Ctrl 加一个字母。",
        "{key} cannot be a hotkey. Use F1 to F12 (not F10), or Ctrl with a letter.",
    ),
    "error.key_taken": (
        "{key} 已經用在「{action}」，請換一個鍵，或先更改那一項。",
        "{key} 已经用于“{action}”，请换一个键，或先更改那一项。",
        "{key} is already used for “{action}”. Choose another key, or change that one first.",
    ),
    # --- the other screens ---
    "error.not_a_sale": (
        "單號 {number} 不是銷售單，不能辦退貨。",
        "单号 {number} 不是销售单，不能办退货。",
        "Receipt {number} is not a sale, so nothing can be returned from it.",
    ),
    "error.nothing_left_to_return": (
        "單號 {number} 的商品已全部退回，沒有可退的了。",
        "单号 {number} 的商品已全部退回，没有可退的了。",
        "Everything on receipt {number} has come back already; nothing is left to return.",
    ),
    "error.return_above_price": (
        "退款單價不能高於「{name}」的售價，請改小。",
        "退款单价不能高于“{name}”的售价，请改小。",
        "The refund may not be more than {name} costs today. Enter a smaller amount.",
    ),
    "error.return_receipt_first": (
        "請先刷收據或選一筆銷售，再刷要退的商品；沒有收據請選「無單退貨」。",
        "请先扫小票或选一笔销售，再扫要退的商品；没有小票请选“无单退货”。",
        "Scan the receipt or choose a sale first, then the goods. Without a receipt, choose “No receipt”.",
    ),
    "error.return_entry_unclear": (
        "這裡看不懂「{text}」，請刷收據條碼、輸入單號或手機號碼。",
        "这里无法识别“{text}”，请扫小票条码、输入单号或手机号。",
        "“{text}” means nothing here. Scan the receipt, or key its number or a phone number.",
    ),
    "error.member_unknown": (
        "這支手機還不是會員，請改刷收據或輸入單號。",
        "此手机号还不是会员，请改扫小票或输入单号。",
        "No member has this number. Scan the receipt or key its number instead.",
    ),
    "error.document_missing": (
        "找不到這筆交易的收據內容，無法補印。",
        "找不到该交易的小票内容，无法补打。",
        "The receipt of this transaction was not kept, so it cannot be printed again.",
    ),
    "error.copies_exhausted": (
        "這張收據已補印 {copies_max} 次，不能再印。",
        "该小票已补打 {copies_max} 次，不能再打印。",
        "This receipt has been printed again {copies_max} times, which is the most.",
    ),
    "error.tax_id_wrong": (
        "統一編號 {number} 的檢查碼不符，請再核對 8 位數字。",
        "统一编号 {number} 的校验码不符，请再核对 8 位数字。",
        "{number} is not a valid tax ID. Check its eight digits.",
    ),
    "error.shop_name_needed": (
        "請填寫店名，收據上會印出來。",
        "请填写店名，小票上会印出来。",
        "Enter the shop's name; it is printed on receipts.",
    ),
    "error.code_unusable": (
        "代碼要用 1 到 4 個英文字母或數字。",
        "代码要用 1 到 4 个字母或数字。",
        "A code is 1 to 4 letters or digits.",
    ),
    "error.pins_differ": (
        "兩次輸入的密碼不同，請再輸入一次。",
        "两次输入的密码不同，请再输入一次。",
        "The two PINs differ. Key them again.",
    ),
    "error.passphrases_differ": (
        "兩次輸入的通關密語不同，請再輸入一次。",
        "两次输入的口令不同，请再输入一次。",
        "The two passphrases differ. Type them again.",
    ),
    "error.number_needed": (
        "請輸入 {minimum} 到 {maximum} 之間的數字。",
        "请输入 {minimum} 到 {maximum} 之间的数字。",
        "Enter a number from {minimum} to {maximum}.",
    ),
    "error.label_pattern_wrong": (
        "格式不對：要 13 個字，20 到 29 開頭，I 代表貨號、V 代表數值、最後一個是 C。例如 28IIIIIVVVVVC。",
        "格式不对：要 13 个字，20 到 29 开头，I 代表货号、V 代表数值、最后一个是 C。例如 28IIIIIVVVVVC。",
        "A pattern has 13 characters: 20 to 29 first, I for the item, V for the value, C last. For example 28IIIIIVVVVVC.",
    ),
    "error.last_owner": (
        "至少要有一位在職的店主，請先指定另一位。",
        "至少要有一位在职的店主，请先指定另一位。",
        "At least one active owner is needed. Name another one first.",
    ),
    # --- the database and its disk ---
    "error.database_missing": (
        "找不到收銀資料庫，請確認資料夾是否正確，或從備份還原。",
        "找不到收银数据库，请确认数据文件夹是否正确，或从备份恢复。",
        "The till's database is missing. Check the data folder, or restore a backup.",
    ),
    "error.database_exists": (
        "這裡已經有資料庫了，不會覆蓋。請換一個資料夾，或開啟原有的資料庫。",
        "此处已有数据库，不会覆盖。请换一个文件夹，或打开原有的数据库。",
        "There is a database here already, and it will not be overwritten. Choose another folder, or open this one.",
    ),
    "error.database_foreign": (
        "這個資料庫打不開：金鑰不符，或不是這台收銀機的檔案。請確認金鑰與資料夾，資料沒有被更動。",
        "无法打开此数据库：密钥不符，或不是本机的文件。请确认密钥与文件夹，数据没有被改动。",
        "This database does not open: the key is another one, or the file is not this till's. Check both; nothing was changed.",
    ),
    "error.database_corrupt": (
        "資料庫檔案損壞。請停止收銀，保留這個檔案，並從備份還原。",
        "数据库文件已损坏。请停止收银，保留该文件，并从备份恢复。",
        "The database file is damaged. Stop selling, keep the file, and restore the latest backup.",
    ),
    "error.database_locked": (
        "資料庫正被另一個程式使用，請關閉另一個收銀視窗後再試。",
        "数据库正被另一个程序使用，请关闭另一个收银窗口后再试。",
        "Another program is using the database. Close the other till window and try again.",
    ),
    "error.database_newer": (
        "資料庫是較新的版本建立的，這個程式不會更動它。請更新程式後再開啟。",
        "数据库由较新的版本建立，本程序不会改动它。请更新程序后再打开。",
        "The database was made by a newer version and is left alone. Update this program, then open it.",
    ),
    "error.disk_full": (
        "磁碟空間不足，這一步沒有存檔，畫面上的內容都還在。請再試一次；還是不行的話，請先清出磁碟空間。",
        "磁盘空间不足，这一步没有保存，屏幕上的内容都还在。请再试一次；如仍不行，请先清理磁盘空间。",
        "The disk is full and this step was not saved; what is on the screen is still there. Try once more. If it fails again, make room on the disk first.",
    ),
    "error.disk_read_only": (
        "磁碟目前無法寫入，沒有存檔。請停止收銀，檢查磁碟或權限後重新啟動。",
        "磁盘目前无法写入，没有保存。请停止收银，检查磁盘或权限后重新启动。",
        "The disk cannot be written to and nothing was saved. Stop selling, check the disk and its permissions, then restart.",
    ),
    "error.disk_error": (
        "磁碟發生錯誤，無法確定是否存檔。請先不要重做這筆，重新啟動後查詢最後一筆交易。",
        "磁盘发生错误，无法确定是否已保存。请先不要重做本单，重新启动后查看最后一笔交易。",
        "The disk failed, and whether this was saved is not known. Do not repeat it: restart, then look at the last transaction.",
    ),
    "error.sqlite_too_old": (
        "資料庫元件版本 {version} 太舊，可能遺失交易，程式不會開啟。請重新安裝。",
        "数据库组件版本 {version} 过旧，可能丢失交易，程序不会打开。请重新安装。",
        "The database engine {version} is too old and could lose sales. Install the program again.",
    ),
}
