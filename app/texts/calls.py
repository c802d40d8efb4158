"""Call lists on paper and in files."""

TEXTS = {
    "calls.title": ("聯絡名單", "联系名单", "Call list"),
    "calls.name": ("姓名", "姓名", "Name"),
    "calls.phone": ("電話", "电话", "Phone"),
    "calls.words": ("說明", "说明", "About"),
    "calls.joint": ("；", "；", "; "),
}
