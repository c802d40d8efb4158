"""What is refused in a member's file: fields, notes, codes, consents, merging, erasing, events."""

from __future__ import annotations

TEXTS = {
    "error.member_gone": (
        "找不到這位會員，資料可能已經刪除。",
        "找不到这位会员，资料可能已经删除。",
        "This member is not in the file any more.",
    ),
    "error.member_erased": (
        "這位會員的個人資料已依要求刪除，不能再寫入。",
        "这位会员的个人资料已按要求删除，不能再写入。",
        "This member's personal data was erased on request; nothing can be added to it.",
    ),
    "error.phone_unreadable": (
        "這不是可用的手機號碼，請重新輸入。",
        "这不是可用的手机号码，请重新输入。",
        "This is not a usable mobile number. Type it again.",
    ),
    "error.phone_taken": (
        "這個號碼已經是會員 {phone}。若是同一位，請用「合併」。",
        "这个号码已经是会员 {phone}。若是同一位，请用“合并”。",
        "That number already belongs to member {phone}. If it is one person, merge the two files.",
    ),
    "error.field_unknown": (
        "沒有「{field}」這個欄位，請先在設定裡新增。",
        "没有“{field}”这个栏位，请先在设置里新增。",
        "There is no field “{field}”. Add it in the settings first.",
    ),
    "error.field_unreadable": (
        "看不懂「{text}」，請照「{field}」的格式再輸入一次。",
        "看不懂“{text}”，请按“{field}”的格式再输入一次。",
        "“{text}” cannot be read as {field}. Type it again.",
    ),
    "error.field_too_long": (
        "內容太長，最多 {characters_max} 個字。",
        "内容太长，最多 {characters_max} 个字。",
        "That is too long: at most {characters_max} characters.",
    ),
    "error.field_not_a_choice": (
        "「{field}」沒有「{text}」這個選項。可選：{choices}。",
        "“{field}”没有“{text}”这个选项。可选：{choices}。",
        "“{text}” is no choice of {field}. Choose from: {choices}.",
    ),
    "error.fields_too_many": (
        "自訂欄位最多 {fields_max} 個，名稱不能重複。",
        "自定义栏位最多 {fields_max} 个，名称不能重复。",
        "A shop can define at most {fields_max} fields, each with its own name.",
    ),
    "error.birthday_unreadable": (
        "看不懂生日「{text}」。可輸入 5/20、79.5.20 或 農曆八月十五。",
        "看不懂生日“{text}”。可输入 5/20、1990-5-20 或 农历八月十五。",
        "“{text}” is no birthday. Type 5/20, 1990-05-20 or a lunar day such as 農曆八月十五.",
    ),
    "error.email_unreadable": (
        "「{text}」不是電子信箱，請檢查 @ 前後。",
        "“{text}”不是电子邮箱，请检查 @ 前后。",
        "“{text}” is no email address. Check both sides of the @.",
    ),
    "error.tag_empty": ("標籤不能空白。", "标签不能为空。", "A tag needs a word."),
    "error.note_empty": ("請先寫下內容。", "请先写下内容。", "Write something first."),
    "error.note_gone": (
        "這則備註已經不在了。",
        "这条备注已经不在了。",
        "This note is not there any more.",
    ),
    "error.code_unreadable": (
        "這個條碼不能當會員識別碼，請換一張再刷。",
        "这个条码不能当会员识别码，请换一张再扫。",
        "This code cannot stand for a member. Scan another one.",
    ),
    "error.code_taken": (
        "這個條碼已經是會員 {phone} 的。",
        "这个条码已经是会员 {phone} 的。",
        "This code already belongs to member {phone}.",
    ),
    "error.codes_too_many": (
        "一位會員最多 {codes_max} 個條碼，請先移除不用的。",
        "一位会员最多 {codes_max} 个条码，请先移除不用的。",
        "A member has at most {codes_max} codes. Remove one that is not used.",
    ),
    "error.referral_self": (
        "介紹人不能是本人。",
        "介绍人不能是本人。",
        "Nobody can bring themselves.",
    ),
    "error.referrer_unknown": (
        "找不到「{text}」這位介紹人，請確認手機號碼或改刷會員碼。",
        "找不到“{text}”这位介绍人，请确认手机号码或改扫会员码。",
        "There is no member “{text}” to have brought them. Check the number, or scan their code.",
    ),
    "error.referral_known": (
        "介紹人已經登記過，不能更改。",
        "介绍人已经登记过，不能更改。",
        "Who brought this member is on record and stays as it is.",
    ),
    "error.consent_text_missing": (
        "同意書要有三種語言的完整文字，請補齊。",
        "同意书要有三种语言的完整文字，请补齐。",
        "The words of consent are needed in all three languages.",
    ),
    "error.merge_same": (
        "這兩筆已經是同一位會員。",
        "这两条已经是同一位会员。",
        "These two are one member already.",
    ),
    "error.merge_known": (
        "這筆已經併入另一位會員，請先拆開。",
        "这条已经并入另一位会员，请先拆开。",
        "This file was merged into another one. Take it out first.",
    ),
    "error.merge_none": (
        "這位會員沒有併入任何人，不用拆開。",
        "这位会员没有并入任何人，不用拆开。",
        "This member was merged into nobody.",
    ),
    "error.erase_digits_wrong": (
        "末四碼不對，請再輸入一次。",
        "后四位不对，请再输入一次。",
        "Those are not the last four digits. Type them again.",
    ),
    "error.erasure_value_left": (
        "這位會員還有儲值 {amount}，請先退款再刪除。",
        "这位会员还有储值 {amount}，请先退款再删除。",
        "This member still has {amount} of stored value. Refund it, then erase.",
    ),
    "error.erasure_in_basket": (
        "這位會員還在目前的結帳裡，請先結帳或移除會員。",
        "这位会员还在目前的结账里，请先结账或移除会员。",
        "This member is on the sale in hand. Finish it, or take the member off first.",
    ),
    "error.export_target": (
        "匯出檔寫不進 {path}。請確認磁碟已插好、沒有防寫，或換一個位置。",
        "导出文件无法写入 {path}。请确认磁盘已插好、没有写保护，或换一个位置。",
        "The export cannot be written to {path}. Check the drive, or choose another place.",
    ),
    "error.event_name_needed": ("請輸入活動名稱。", "请输入活动名称。", "The event needs a name."),
    "error.event_gone": (
        "這場活動已經取消或刪除。",
        "这场活动已经取消或删除。",
        "This event is not there any more.",
    ),
    "error.event_capacity": (
        "名額不能少於已報名的 {signed_up} 人。",
        "名额不能少于已报名的 {signed_up} 人。",
        "There cannot be fewer places than the {signed_up} who have signed up.",
    ),
    "error.event_full": (
        "「{name}」名額 {capacity} 人已滿。",
        "“{name}”名额 {capacity} 人已满。",
        "“{name}” is full: all {capacity} places are taken.",
    ),
    "error.event_guest_known": (
        "這位會員已經報名「{name}」。",
        "这位会员已经报名“{name}”。",
        "This member is on the list of “{name}” already.",
    ),
    "error.event_guest_gone": (
        "名單上沒有這位會員。",
        "名单上没有这位会员。",
        "This member is not on the list.",
    ),
}
