"""What is refused about summaries, analyses, segments and exports."""

from __future__ import annotations

TEXTS = {
    "error.owner_date": (
        "「{text}」不是日期，請輸入像 2026/11/22 或 11/22 的日期。",
        "“{text}”不是日期，请输入像 2026/11/22 或 11/22 的日期。",
        "“{text}” is no date. Type one like 2026/11/22 or 11/22.",
    ),
    "error.owner_date_order": (
        "結束的日子要在開始之後。",
        "结束的日子要在开始之后。",
        "The last day has to come after the first.",
    ),
    "error.summary_range": (
        "期間的開始要在結束之前，最長 {days} 天。",
        "期间的开始要在结束之前，最长 {days} 天。",
        "The period has to begin before it ends, and may last {days} days at most.",
    ),
    "error.insight_cuts": (
        "天數與次數至少要是 1，金額不能是負的。",
        "天数与次数至少要是 1，金额不能是负的。",
        "Days and visits have to be 1 at least, and the amount not below nothing.",
    ),
    "error.report_date": (
        "「{text}」不是日期，請寫成 2026-11-22。",
        "“{text}”不是日期，请写成 2026-11-22。",
        "“{text}” is no date. Write it as 2026-11-22.",
    ),
    "error.report_from_missing": (
        "請同時寫出期間的開始（--from）。",
        "请同时写出期间的开始（--from）。",
        "Say where the range begins, too (--from).",
    ),
    "error.report_out_missing": (
        "{format} 要存成檔案，請用 --out 指定檔名。",
        "{format} 要存成文件，请用 --out 指定文件名。",
        "A {format} is a file: name it with --out.",
    ),
    "error.report_no_pdf": (
        "這份分析沒有 PDF，請用 text、json 或 xlsx。",
        "这份分析没有 PDF，请用 text、json 或 xlsx。",
        "There is no PDF of this analysis: use text, json or xlsx.",
    ),
    "error.calls_nobody": (
        "名單上沒有可以聯絡的會員：他們沒有同意收到通知。",
        "名单上没有可以联系的会员：他们没有同意接收通知。",
        "Nobody on the list may be contacted: none of them agreed to it.",
    ),
    "error.calls_too_many": (
        "一次最多 {most} 位，請縮小範圍。",
        "一次最多 {most} 位，请缩小范围。",
        "{most} members at most at once: choose fewer.",
    ),
    "error.calls_kind": (
        "聯絡名單可以存成 CSV、Excel 或 PDF，沒有「{kind}」。",
        "联系名单可以存成 CSV、Excel 或 PDF，没有“{kind}”。",
        "A call list can be CSV, Excel or PDF, not “{kind}”.",
    ),
    "error.file_taken": (
        "已經有一個叫「{name}」的檔案，請換個檔名。",
        "已经有一个叫“{name}”的文件，请换个文件名。",
        "There is a file called “{name}” already. Choose another name.",
    ),
    "error.file_not_saved": (
        "沒有存成：{reason}。請換一個資料夾，或處理好再試一次。",
        "没有保存成功：{reason}。请换一个文件夹，或处理好再试一次。",
        "Not saved: {reason}. Choose another folder, or put it right and try again.",
    ),
    "error.file_name_needed": (
        "請替檔案取個名字。",
        "请给文件取个名字。",
        "Give the file a name.",
    ),
    "error.segment_damaged": (
        "這個分群的條件讀不懂，請重新設定。",
        "这个分群的条件无法识别，请重新设置。",
        "The conditions of this segment cannot be understood. Set them again.",
    ),
    "error.segment_name": (
        "請替這個分群取個名字。",
        "请给这个分群取个名字。",
        "Give the segment a name.",
    ),
    "error.segment_name_taken": (
        "已經有叫「{name}」的分群，請換個名字。",
        "已经有叫“{name}”的分群，请换个名字。",
        "There is a segment called “{name}” already. Choose another name.",
    ),
    "error.segment_order": (
        "前面的數字要比後面的小。",
        "前面的数字要比后面的小。",
        "The first number has to be the smaller one.",
    ),
    "error.segment_nobody": (
        "這個分群目前沒有會員，沒有東西可以匯出。",
        "这个分群目前没有会员，没有东西可以导出。",
        "Nobody is in this segment at present, so there is nothing to take out.",
    ),
    "error.segment_tag_taken": (
        "標籤「{tag}」已經由分群「{name}」維護，請換一個標籤。",
        "标签“{tag}”已经由分群“{name}”维护，请换一个标签。",
        "The tag “{tag}” is kept up by the segment “{name}” already. Choose another tag.",
    ),
    "error.segment_tag_itself": (
        "這個分群的條件本身就看標籤「{tag}」，貼上以後就拿不掉了。請改條件或換一個標籤。",
        "这个分群的条件本身就看标签“{tag}”，贴上以后就拿不掉了。请改条件或换一个标签。",
        "The conditions of this segment ask for the tag “{tag}” themselves: once given, it would stay for good. "
        "Change the conditions or choose another tag.",
    ),
    "error.segments_too_many": (
        "分群最多 {most} 個，請先刪掉不用的。",
        "分群最多 {most} 个，请先删掉不用的。",
        "There can be {most} segments at most. Delete one you do not need.",
    ),
    "error.campaign_name": (
        "請替這次活動取個名字。",
        "请给这次活动取个名字。",
        "Give the campaign a name.",
    ),
    "error.campaign_days": (
        "觀察期間要在 1 到 {most} 天之間。",
        "观察期间要在 1 到 {most} 天之间。",
        "A campaign is watched for 1 to {most} days.",
    ),
    "error.campaign_message": (
        "請寫下要傳給會員的話。",
        "请写下要发给会员的话。",
        "Write down what to tell the members.",
    ),
    "error.campaign_nobody": (
        "這個分群裡沒有同意收到通知的會員。",
        "这个分群里没有同意接收通知的会员。",
        "Nobody in this segment agreed to be contacted.",
    ),
    "error.campaigns_too_many": (
        "活動紀錄最多 {most} 筆。",
        "活动记录最多 {most} 条。",
        "There can be {most} campaigns at most.",
    ),
    "error.campaign_damaged": (
        "這次活動的名單讀不出來，無法計算效果。",
        "这次活动的名单无法读取，无法计算效果。",
        "The list of this campaign cannot be read, so its effect cannot be worked out.",
    ),
}
