"""The owner's pages about the way of members: stages, moves between segments, the second visit."""

from __future__ import annotations

TEXTS = {
    "owner_life.column.stage": ("階段", "阶段", "Stage"),
    # Stages.
    "owner_life.stages.map": ("誰還在來、誰睡著了", "谁还在来、谁睡着了", "Who still comes, who sleeps"),
    "owner_life.stages.moved": ("這段日子的變化", "这段日子的变化", "What changed in these days"),
    "owner_life.stages.curve": ("多久沒來還會回來", "多久没来还会回来", "How long until they come no more"),
    "owner_life.stages.finding": (
        "有 {active} 位熟客還常來，{dormant} 位睡著了，{lost} 位已經流失。",
        "有 {active} 位熟客还常来，{dormant} 位睡着了，{lost} 位已经流失。",
        "{active} regulars still come, {dormant} are dormant, {lost} are lost.",
    ),
    "owner_life.stages.no_regulars": (
        "還沒有熟客（來過四次以上）；目前有 {new} 位新客、{returning} 位回訪。",
        "还没有熟客（来过四次以上）；目前有 {new} 位新客、{returning} 位回访。",
        "No regulars yet (four visits or more): {new} new and {returning} returning members so far.",
    ),
    "owner_life.stages.measured": (
        "{dormant} 天沒來算沉睡、{lost} 天算流失（從店裡的過去量出來的）",
        "{dormant} 天没来算沉睡、{lost} 天算流失（从店里的过去量出来的）",
        "dormant from {dormant} days, lost from {lost} (measured in this shop's past)",
    ),
    "owner_life.stages.assumed": (
        "資料還不夠量，先用 {dormant} 天沒來算沉睡、{lost} 天算流失",
        "数据还不够量，先用 {dormant} 天没来算沉睡、{lost} 天算流失",
        "too little to measure: dormant from {dormant} days, lost from {lost}, until there is more",
    ),
    "owner_life.stages.cell": (
        "{stage}、{silence}：{count} 位",
        "{stage}、{silence}：{count} 位",
        "{stage}, {silence}: {count}",
    ),
    "owner_life.stages.hint": (
        "顏色越重人越多；方向鍵移動，Enter 看是哪些人",
        "颜色越重人越多；方向键移动，Enter 看是哪些人",
        "The stronger the colour, the more members. Arrows move, Enter opens them",
    ),
    "owner_life.stages.people": (
        "{stage}、{silence}的會員",
        "{stage}、{silence}的会员",
        "{stage}, {silence}",
    ),
    "owner_life.stages.back": (
        "這段日子喚回了 {count} 位睡著或流失的會員",
        "这段日子唤回了 {count} 位睡着或流失的会员",
        "{count} dormant or lost members came back in these days",
    ),
    "owner_life.stages.was": ("本來{silence}", "本来{silence}", "was: {silence}"),
    "owner_life.stages.now": ("現在{silence}", "现在{silence}", "now: {silence}"),
    "owner_life.stages.not_yet": ("還沒來過", "还没来过", "not there yet"),
    "owner_life.stages.moved_cell": (
        "本來{was}，現在{now}：{count} 位",
        "本来{was}，现在{now}：{count} 位",
        "{was} before, {now} now: {count}",
    ),
    "owner_life.stages.moved_people": (
        "本來{was}，現在{now}的會員",
        "本来{was}，现在{now}的会员",
        "{was} before, {now} now",
    ),
    "owner_life.stages.moved_hint": (
        "{days}；Enter 看是哪些人",
        "{days}；Enter 看是哪些人",
        "{days}. Enter opens them",
    ),
    "owner_life.stages.curve_title": (
        "安靜了這麼多天的人，{horizon} 天內還會回來的有多少",
        "安静了这么多天的人，{horizon} 天内还会回来的有多少",
        "Of those silent for so many days, how many came within the next {horizon}",
    ),
    "owner_life.stages.point": (
        "{days} 天沒來的人，{share} 在 {horizon} 天內回來（{low} 到 {high}，看過 {n} 次）",
        "{days} 天没来的人，{share} 在 {horizon} 天内回来（{low} 到 {high}，看过 {n} 次）",
        "Silent for {days} days: {share} came within {horizon} days ({low} to {high}; seen {n} times)",
    ),
    "owner_life.stages.curve_hint": (
        "低於五成算沉睡，低於兩成算流失；淺色帶是把握的範圍",
        "低于五成算沉睡，低于两成算流失；浅色带是把握的范围",
        "Under one half: dormant; under one fifth: lost. The band is how sure it is",
    ),
    # Moves.
    "owner_life.moves.list": ("最多人走的路", "最多人走的路", "The most common moves"),
    "owner_life.moves.map": ("從哪一群到哪一群", "从哪一群到哪一群", "From where to where"),
    "owner_life.moves.slipped": (
        "從 {since} 到現在，有 {count} 位最好的熟客開始少來了。",
        "从 {since} 到现在，有 {count} 位最好的熟客开始少来了。",
        "Since {since}, {count} of the best regulars have begun to stay away.",
    ),
    "owner_life.moves.stayed": (
        "從 {since} 到現在，{share} 的會員還在同一群，最好的熟客都沒變少來。",
        "从 {since} 到现在，{share} 的会员还在同一群，最好的熟客都没变少来。",
        "Since {since}, {share} of members stayed where they were, and no best regular has slipped away.",
    ),
    "owner_life.moves.sure": ("留在原群的：{sure}", "留在原群的：{sure}", "stayed: {sure}"),
    "owner_life.moves.windows": (
        "兩邊各看之前的 {days} 天",
        "两边各看之前的 {days} 天",
        "by the {days} days before each",
    ),
    "owner_life.moves.row": ("{was} → {now}", "{was} → {now}", "{was} → {now}"),
    "owner_life.moves.of": (
        "原來{was}的 {share}",
        "原来{was}的 {share}",
        "{share} of: {was}",
    ),
    "owner_life.moves.cell": (
        "本來{was}，現在{now}：{count} 位",
        "本来{was}，现在{now}：{count} 位",
        "{was} → {now}: {count}",
    ),
    "owner_life.moves.hint": (
        "列是之前，欄是現在，斜線上的沒有動；Enter 看是哪些人",
        "行是之前，列是现在，斜线上的没有动；Enter 看是哪些人",
        "Rows: before; columns: now (the second four spend less). Enter opens them",
    ),
    "owner_life.moves.none": ("沒有人換到別群。", "没有人换到别群。", "Nobody moved."),
    "owner_life.short.key_value": ("重要價值", "重要价值", "Best"),
    "owner_life.short.key_keep": ("重要保持", "重要保持", "Keep"),
    "owner_life.short.key_develop": ("重要發展", "重要发展", "Grow"),
    "owner_life.short.key_win_back": ("重要挽回", "重要挽回", "Win back"),
    "owner_life.short.plain_value": ("一般價值", "一般价值", "Often"),
    "owner_life.short.plain_keep": ("一般保持", "一般保持", "Away"),
    "owner_life.short.plain_develop": ("一般發展", "一般发展", "Seldom"),
    "owner_life.short.plain_win_back": ("一般挽留", "一般挽留", "Gone"),
    "owner_life.short.not_there": ("沒有來", "没有来", "None"),
    # The second visit.
    "owner_life.second.curve": (
        "第一次來之後，幾天內又來",
        "第一次来之后，几天内又来",
        "How soon they come again",
    ),
    "owner_life.second.facts": ("再來的人", "再来的人", "Who comes again"),
    "owner_life.second.finding": (
        "第一次來的會員，{days} 天內有 {share} 又來了。",
        "第一次来的会员，{days} 天内有 {share} 又来了。",
        "{share} of first-time members came again within {days} days.",
    ),
    "owner_life.second.sure": (
        "95% 的把握在 {low} 到 {high} 之間，看得夠久的有 {n} 位",
        "95% 的把握在 {low} 到 {high} 之间，看得够久的有 {n} 位",
        "with 95% certainty {low} to {high}; {n} members watched that long",
    ),
    "owner_life.second.was": ("那時候是 {share}", "那时候是 {share}", "{share} then"),
    "owner_life.second.was_unsure": (
        "那時候是 {share}，差別可能只是碰巧",
        "那时候是 {share}，差别可能只是碰巧",
        "{share} then; the difference may be chance",
    ),
    "owner_life.second.point": (
        "{days} 天內：{share} 又來了（{low} 到 {high}，{n} 位）",
        "{days} 天内：{share} 又来了（{low} 到 {high}，{n} 位）",
        "Within {days} days: {share} came again ({low} to {high}; {n} members)",
    ),
    "owner_life.second.hint": (
        "橫軸是第一次來之後的天數；淺色帶是把握的範圍",
        "横轴是第一次来之后的天数；浅色带是把握的范围",
        "Days after the first visit; the band is how sure it is",
    ),
    "owner_life.second.within": ("{days} 天內又來的", "{days} 天内又来的", "Again within {days} days"),
    "owner_life.second.waiting": ("還沒來第二次的新客", "还没来第二次的新客", "New, not yet come again"),
    "owner_life.second.waiting_about": (
        "這段日子第一次來的會員；Enter 看是哪些人",
        "这段日子第一次来的会员；Enter 看是哪些人",
        "First came in these days. Enter opens them",
    ),
}
