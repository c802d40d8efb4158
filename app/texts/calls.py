"""Call lists on paper and in files."""

TEXTS = {
    "calls.title": ("聯絡名單", "联系名单", "Call list"),
    "calls.name": ("姓名", "姓名", "Name"),
    "calls.phone": ("電話", "电话", "Phone"),
    "calls.words": ("說明", "说明", "About"),
    "calls.joint": ("；", "；", "; "),
    "calls.sheet": ("要聯絡 {count} 位會員", "要联系 {count} 位会员", "Members to call: {count}"),
    "calls.masked": (
        "畫面上遮住姓名和號碼；印出或存檔才有完整的，並會記下是誰、為什麼。",
        "屏幕上遮住姓名和号码；打印或保存才有完整的，并会记下是谁、为什么。",
        "Names and numbers are whole only on paper and in the file; who took them and why is kept.",
    ),
    "calls.silent": (
        "{count} 位沒有同意收到通知，名單上不會有他們。",
        "{count} 位没有同意接收通知，名单上不会有他们。",
        "{count} did not agree to be contacted and will not be on the list.",
    ),
    "calls.reason": ("為了什麼聯絡？", "为了什么联系？", "What is it for?"),
    "calls.reason_help": (
        "會印在名單上，也會留下紀錄，例如：生日問候",
        "会印在名单上，也会留下记录，例如：生日问候",
        "It stands on the list and is kept. For example: birthday wishes",
    ),
    "calls.print": ("印出來  Enter", "打印  Enter", "Print  Enter"),
    "calls.save": ("存成檔案…", "保存为文件…", "Save as a file…"),
    "calls.save_title": ("聯絡名單存到哪裡？", "联系名单保存到哪里？", "Where does the call list go?"),
    "calls.printed": (
        "{count} 位的聯絡名單列印中。",
        "{count} 位的联系名单打印中。",
        "The call list is printing: {count}.",
    ),
}
