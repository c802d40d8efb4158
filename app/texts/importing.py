"""Bringing in the shop's own tables: the columns by name, and what is wrong with a row and how to put it right."""

from __future__ import annotations

TEXTS = {
    "importing.list_separator": ("、", "、", ", "),
    "importing.yes": ("是", "是", "yes"),
    "importing.no": ("否", "否", "no"),
    # --- columns ---
    "importing.column.name": ("品名", "品名", "Name"),
    "importing.column.price": ("售價", "售价", "Price"),
    "importing.column.sku": ("貨號", "货号", "SKU"),
    "importing.column.barcode": ("條碼", "条码", "Barcode"),
    "importing.column.internal": ("自編條碼", "自编条码", "Internal barcode"),
    "importing.column.member_price": ("會員價", "会员价", "Member price"),
    "importing.column.category": ("分類", "分类", "Category"),
    "importing.column.category_1": ("大分類", "大分类", "Category 1"),
    "importing.column.category_2": ("中分類", "中分类", "Category 2"),
    "importing.column.category_3": ("小分類", "小分类", "Category 3"),
    "importing.column.unit": ("單位", "单位", "Unit"),
    "importing.column.tax": ("稅別", "税别", "Tax"),
    "importing.column.cost": ("成本", "成本", "Cost"),
    "importing.column.plu": ("電子秤代碼", "电子秤代码", "Scale code (PLU)"),
    "importing.column.open_price": ("開放價", "开放价", "Open price"),
    "importing.column.discountable": ("可折扣", "可折扣", "Discountable"),
    "importing.column.points": ("可集點", "可积分", "Earns points"),
    "importing.column.active": ("啟用", "启用", "Active"),
    "importing.column.phone": ("電話", "电话", "Phone"),
    "importing.column.member_name": ("姓名", "姓名", "Name"),
    "importing.column.birthday": ("生日", "生日", "Birthday"),
    "importing.column.gender": ("性別", "性别", "Gender"),
    "importing.column.joined_on": ("加入日期", "加入日期", "Joined on"),
    "importing.column.code": ("會員卡號", "会员卡号", "Card number"),
    "importing.column.tier": ("等級", "等级", "Tier"),
    "importing.column.note": ("備註", "备注", "Note"),
    "importing.column.email": ("電子信箱", "电子邮箱", "Email"),
    "importing.column.line_id": ("LINE ID", "LINE ID", "LINE ID"),
    "importing.column.channel": ("希望的聯絡方式", "希望的联系方式", "Preferred channel"),
    "importing.column.occupation": ("職業", "职业", "Occupation"),
    "importing.column.interests": ("興趣", "兴趣", "Interests"),
    "importing.column.needs": ("特殊需求", "特殊需求", "Special needs"),
    "importing.column.source": ("加入來源", "加入来源", "How they joined"),
    "importing.column.carrier": ("手機條碼載具", "手机条码载具", "E-invoice carrier"),
    "importing.column.tags": ("標籤", "标签", "Tags"),
    "importing.column.consent": ("同意行銷", "同意营销", "Marketing consent"),
    # --- words for values ---
    "importing.unit.each": ("個", "个", "each"),
    "importing.unit.kg": ("公斤", "公斤", "kg"),
    "importing.tax.taxable": ("應稅", "应税", "taxable"),
    "importing.tax.zero": ("零稅率", "零税率", "zero-rated"),
    "importing.tax.exempt": ("免稅", "免税", "exempt"),
    "importing.gender.male": ("男", "男", "male"),
    "importing.gender.female": ("女", "女", "female"),
    # --- the report of what is wrong ---
    "importing.report.row": ("列", "行", "Row"),
    "importing.report.column": ("欄位", "列", "Column"),
    "importing.report.problem": ("問題與處理方式", "问题与处理方式", "Problem and remedy"),
    # --- one row: members ---
    "importing.row.probable_duplicate": (
        "很像會員 {phone}（{reasons}）。匯入後可在「重複會員」裡合併。",
        "很像会员 {phone}（{reasons}）。导入后可在“重复会员”里合并。",
        "This looks like member {phone} ({reasons}). They can be merged under Duplicates afterwards.",
    ),
    "importing.row.field_unreadable": (
        "看不懂「{text}」，請照欄位的格式改寫，或先留空。",
        "看不懂“{text}”，请按栏位的格式改写，或先留空。",
        "“{text}” cannot be read. Write it the way the column asks for, or leave it empty.",
    ),
    "importing.row.carrier_unreadable": (
        "「{text}」不是手機條碼，應為斜線加七碼，例如 /ABC+123。",
        "“{text}”不是手机条码，应为斜线加七位，例如 /ABC+123。",
        "“{text}” is no e-invoice carrier: a slash and seven characters, such as /ABC+123.",
    ),
    "importing.row.carrier_repeated": (
        "載具 {carrier} 已經屬於別位會員，一個載具只能屬於一位。",
        "载具 {carrier} 已经属于别的会员，一个载具只能属于一位。",
        "The carrier {carrier} belongs to another member already; it can be one's only.",
    ),
    # --- one row: goods ---
    "importing.row.name_missing": (
        "沒有品名，請補上。",
        "没有品名，请补上。",
        "The name is missing. Fill it in.",
    ),
    "importing.row.name_too_long": (
        "品名或名稱超過 {characters_max} 個字，請縮短。",
        "品名或名称超过 {characters_max} 个字，请缩短。",
        "The name is longer than {characters_max} characters. Shorten it.",
    ),
    "importing.row.name_unreadable": (
        "「{text}」含有無法辨識的字元，請在試算表裡重新輸入。",
        "“{text}”含有无法识别的字符，请在表格里重新输入。",
        "“{text}” holds characters that cannot be read. Type it again in the spreadsheet.",
    ),
    "importing.row.name_ambiguous": (
        "現有 {count} 項商品都叫「{name}」，請加上貨號或條碼，才知道要改哪一項。",
        "现有 {count} 个商品都叫“{name}”，请加上货号或条码，才知道要改哪一个。",
        "{count} items are called “{name}”. Add the SKU or barcode to say which one is meant.",
    ),
    "importing.row.name_repeated": (
        "「{code}」在第 {first_row} 列已經出現過。若是不同商品，請加上貨號或條碼。",
        "“{code}”在第 {first_row} 行已经出现过。若是不同商品，请加上货号或条码。",
        "“{code}” already stands in row {first_row}. If it is another item, give it a SKU or barcode.",
    ),
    "importing.row.sku_unreadable": (
        "貨號「{text}」太長或含有空白，請改成沒有空白的短代號。",
        "货号“{text}”太长或含有空格，请改成没有空格的短代号。",
        "The SKU “{text}” is too long or holds spaces. Use a short code without spaces.",
    ),
    "importing.row.sku_repeated": (
        "貨號 {code} 在第 {first_row} 列已經出現過。同一商品的多個條碼請寫在同一格，用逗號隔開。",
        "货号 {code} 在第 {first_row} 行已经出现过。同一商品的多个条码请写在同一格，用逗号隔开。",
        "SKU {code} already stands in row {first_row}. Several barcodes of one item go into one cell, separated by commas.",
    ),
    "importing.row.price_missing": (
        "新商品沒有售價，請補上；若由收銀員現場輸入，請在「開放價」填「是」。",
        "新商品没有售价，请补上；若由收银员现场输入，请在“开放价”填“是”。",
        "A new item needs a price. If the cashier keys it at the till, put “yes” under Open price.",
    ),
    "importing.row.price_zero": (
        "售價是 0。若由收銀員現場輸入，請在「開放價」填「是」，否則請填正確售價。",
        "售价是 0。若由收银员现场输入，请在“开放价”填“是”，否则请填正确售价。",
        "The price is 0. Put “yes” under Open price if the cashier keys it, else enter the price.",
    ),
    "importing.row.amount_negative": (
        "「{text}」是負數，金額不能小於 0。",
        "“{text}”是负数，金额不能小于 0。",
        "“{text}” is negative. An amount cannot be below 0.",
    ),
    "importing.row.amount_unreadable": (
        "看不懂金額「{text}」，請只填數字，例如 25。",
        "看不懂金额“{text}”，请只填数字，例如 25。",
        "“{text}” is not an amount. Enter digits only, for example 25.",
    ),
    "importing.row.amount_has_decimals": (
        "「{text}」的小數太多：{currency} 最多 {digits} 位小數。請先決定進位或捨去。",
        "“{text}”的小数太多：{currency} 最多 {digits} 位小数。请先决定进位或舍去。",
        "“{text}” has too many decimals: {currency} has {digits}. Decide how to round it first.",
    ),
    "importing.row.amount_too_large": (
        "「{text}」太大，最多 {most}。請確認沒有多打數字。",
        "“{text}”太大，最多 {most}。请确认没有多打数字。",
        "“{text}” is too large; the most is {most}. Check for an extra digit.",
    ),
    "importing.row.member_price_higher": (
        "會員價 {member_price} 比售價 {price} 還高，請確認是否填反。",
        "会员价 {member_price} 比售价 {price} 还高，请确认是否填反。",
        "The member price {member_price} is above the price {price}. Check whether they are swapped.",
    ),
    "importing.row.price_below_cost": (
        "售價 {price} 低於成本 {cost}，請確認。",
        "售价 {price} 低于成本 {cost}，请确认。",
        "The price {price} is below the cost {cost}. Check it.",
    ),
    "importing.row.barcode_check_digit": (
        "條碼 {barcode} 的檢查碼不符，正確應為 {expected}。若是店內自編碼，請在「自編條碼」欄填「是」。",
        "条码 {barcode} 的校验位不符，正确应为 {expected}。若是店内自编码，请在“自编条码”列填“是”。",
        "Barcode {barcode} has a wrong check digit; {expected} would be right. If it is the shop's own code, put “yes” under Internal"
        " barcode.",
    ),
    "importing.row.barcode_scientific": (
        "條碼變成了 {text}，後面的數字已被試算表丟失。請把整欄設成「文字」格式，再重新貼上條碼。",
        "条码变成了 {text}，后面的数字已被表格丢失。请把整列设成“文本”格式，再重新粘贴条码。",
        "The barcode became {text}: the spreadsheet has lost its last digits. Set the column to “text” and paste the barcodes again.",
    ),
    "importing.row.barcode_unreadable": (
        "條碼「{text}」只能用英數字與半形符號，請重新輸入。",
        "条码“{text}”只能用英文、数字与半角符号，请重新输入。",
        "The barcode “{text}” may hold only Latin letters, digits and signs. Type it again.",
    ),
    "importing.row.barcode_repeated": (
        "條碼 {code} 在第 {first_row} 列已經用過，一個條碼只能屬於一項商品。",
        "条码 {code} 在第 {first_row} 行已经用过，一个条码只能属于一个商品。",
        "Barcode {code} is already used in row {first_row}. A barcode belongs to one item only.",
    ),
    "importing.row.barcode_taken": (
        "條碼 {code} 已屬於 {sku}「{name}」，請確認是哪一項商品。",
        "条码 {code} 已属于 {sku}“{name}”，请确认是哪一个商品。",
        "Barcode {code} already belongs to {sku} “{name}”. Check which item it is.",
    ),
    "importing.row.barcode_odd_length": (
        "{barcode} 有 {digits} 碼，不是國際條碼的長度，會當成店內自編碼。",
        "{barcode} 有 {digits} 位，不是国际条码的长度，会当成店内自编码。",
        "{barcode} has {digits} digits, which no international barcode has; it is taken as the shop's own code.",
    ),
    "importing.row.plu_unreadable": (
        "電子秤代碼「{text}」要是 1 到 8 位數字。",
        "电子秤代码“{text}”要是 1 到 8 位数字。",
        "The scale code “{text}” must be 1 to 8 digits.",
    ),
    "importing.row.plu_repeated": (
        "電子秤代碼 {code} 在第 {first_row} 列已經用過，請改用別的代碼。",
        "电子秤代码 {code} 在第 {first_row} 行已经用过，请改用别的代码。",
        "Scale code {code} is already used in row {first_row}. Use another.",
    ),
    "importing.row.plu_taken": (
        "電子秤代碼 {code} 已屬於 {sku}「{name}」，請改用別的代碼。",
        "电子秤代码 {code} 已属于 {sku}“{name}”，请改用别的代码。",
        "Scale code {code} already belongs to {sku} “{name}”. Use another.",
    ),
    "importing.row.unit_unknown": (
        "看不懂單位「{text}」。算件數請填「個」，秤重請填「公斤」（台斤請先換算）。",
        "看不懂单位“{text}”。算件数请填“个”，称重请填“公斤”（市斤请先换算）。",
        "The unit “{text}” is not known. Use “each” for pieces or “kg” for weight (convert other weights first).",
    ),
    "importing.row.tax_unknown": (
        "看不懂稅別「{text}」，請填「應稅」、「零稅率」或「免稅」。",
        "看不懂税别“{text}”，请填“应税”、“零税率”或“免税”。",
        "The tax “{text}” is not known. Use “taxable”, “zero-rated” or “exempt”.",
    ),
    "importing.row.not_yes_or_no": (
        "看不懂「{text}」，請填「是」或「否」。",
        "看不懂“{text}”，请填“是”或“否”。",
        "“{text}” is neither yes nor no. Use “yes” or “no”.",
    ),
    "importing.row.category_too_deep": (
        "分類最多 {depth_max} 層，請減少層數。",
        "分类最多 {depth_max} 层，请减少层数。",
        "Categories are at most {depth_max} levels deep. Use fewer.",
    ),
    # --- one row: members ---
    "importing.row.phone_missing": (
        "沒有電話，會員以電話為準，請補上。",
        "没有电话，会员以电话为准，请补上。",
        "The phone number is missing. A member is known by it; fill it in.",
    ),
    "importing.row.phone_unreadable": (
        "這不是手機號碼（讀到 {digits} 個數字），請確認有沒有少打或多打。",
        "这不是手机号码（读到 {digits} 个数字），请确认有没有少打或多打。",
        "This is no mobile number ({digits} digits were read). Check for a missing or extra digit.",
    ),
    "importing.row.phone_repeated": (
        "{phone} 在第 {first_row} 列已經出現過，請合併成一列。",
        "{phone} 在第 {first_row} 行已经出现过，请合并成一行。",
        "{phone} already stands in row {first_row}. Make one row of them.",
    ),
    "importing.row.code_unreadable": (
        "會員卡號「{text}」只能用英數字，且不能太長。",
        "会员卡号“{text}”只能用英文和数字，且不能太长。",
        "The card number “{text}” may hold only letters and digits, and not too many.",
    ),
    "importing.row.code_taken": (
        "會員卡號 {code} 已屬於 {phone}，請確認是哪一位會員。",
        "会员卡号 {code} 已属于 {phone}，请确认是哪一位会员。",
        "Card number {code} already belongs to {phone}. Check whose it is.",
    ),
    "importing.row.date_unreadable": (
        "看不懂日期「{text}」，請寫成 1990-03-05（民國年 79/3/5 也可以）。",
        "看不懂日期“{text}”，请写成 1990-03-05。",
        "“{text}” is not a date that makes sense here. Write it as 1990-03-05.",
    ),
    "importing.row.gender_unknown": (
        "看不懂性別「{text}」，請填「男」、「女」或留空。",
        "看不懂性别“{text}”，请填“男”、“女”或留空。",
        "The gender “{text}” is not known. Use “male”, “female”, or leave it empty.",
    ),
}
