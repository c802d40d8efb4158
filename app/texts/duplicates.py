"""Why two member files look like one person. Short, to stand side by side in one line."""

from __future__ import annotations

TEXTS = {
    "duplicates.separator": ("、", "、", ", "),
    "duplicates.reason.same_phone": ("同一支號碼", "同一个号码", "same number"),
    "duplicates.reason.phone_one_digit": ("號碼只差一碼", "号码只差一位", "number one digit off"),
    "duplicates.reason.phone_swapped": ("號碼有兩碼對調", "号码有两位对调", "two digits swapped"),
    "duplicates.reason.phone_close": ("號碼只差兩碼", "号码只差两位", "number two digits off"),
    "duplicates.reason.same_code": ("卡號相同", "卡号相同", "same card number"),
    "duplicates.reason.same_carrier": ("載具相同", "载具相同", "same e-invoice carrier"),
    "duplicates.reason.same_line": ("LINE ID 相同", "LINE ID 相同", "same LINE ID"),
    "duplicates.reason.same_email": ("電子信箱相同", "电子邮箱相同", "same email"),
    "duplicates.reason.email_close": ("電子信箱只差一點", "电子邮箱只差一点", "nearly the same email"),
    "duplicates.reason.same_name": ("同名", "同名", "same name"),
    "duplicates.reason.same_sound": ("姓名同音", "姓名同音", "names sound the same"),
    "duplicates.reason.name_close": ("姓名發音相近", "姓名发音相近", "names sound alike"),
    "duplicates.reason.name_within": ("姓名只差一個姓", "姓名只差一个姓", "names differ by a surname"),
    "duplicates.reason.name_romanised": (
        "中英文姓名相符",
        "中英文姓名相符",
        "Chinese and English names agree",
    ),
    "duplicates.reason.same_surname": ("同姓", "同姓", "same surname"),
    "duplicates.reason.same_birthday": ("生日相同", "生日相同", "same birthday"),
    "duplicates.reason.same_day": ("生日同月同日", "生日同月同日", "same day and month of birth"),
    "duplicates.reason.birthday_close": ("生日相近", "生日相近", "nearly the same birthday"),
}
