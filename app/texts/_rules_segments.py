"""What the blanks of a segment's conditions are called."""

from __future__ import annotations

TEXTS = {
    "rules_ui.blank.segment_join": ("幾個條件一起時", "几个条件一起时", "Conditions together"),
    "rules_ui.blank.segment_how": ("怎麼比", "怎么比", "How"),
    "rules_ui.blank.segment_days": ("天數", "天数", "Days"),
    "rules_ui.blank.segment_low": ("數字", "数字", "Number"),
    "rules_ui.blank.segment_high": ("到多少", "到多少", "Up to"),
    "rules_ui.blank.segment_tier": ("會員等級", "会员等级", "Tiers"),
    "rules_ui.blank.segment_gender": ("性別", "性别", "Gender"),
    "rules_ui.blank.segment_tag": ("標籤", "标签", "Tags"),
    "rules_ui.blank.segment_birthday_month": ("生日月份", "生日月份", "Month of birth"),
    "rules_ui.blank.segment_consent": ("同意聯絡", "同意联系", "May be contacted"),
    "rules_ui.blank.segment_rfm": ("RFM 分群", "RFM 分群", "RFM segments"),
    "rules_ui.blank.segment_stage": ("來店階段", "到店阶段", "Stages"),
    "rules_ui.blank.segment_silence": ("近況", "近况", "Active or dormant"),
    "rules_ui.blank.segment_time_of_day": ("常來的時段", "常来的时段", "Times of day"),
    "rules_ui.blank.segment_favourite": ("最常買的種類", "最常买的种类", "Categories"),
    "rules_ui.blank.segment_bought": ("商品或類別", "商品或类别", "Goods or categories"),
}
