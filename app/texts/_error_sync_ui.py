"""What the screens of the talk with the central server refuse."""

from __future__ import annotations

TEXTS = {
    "error.facts_unsent": (
        "還有 {count} 筆資料沒上傳到總部，現在不能解除，否則這些資料就只剩這台有。請先按「現在上傳」，或用隨身碟帶出並等總部收到。",
        "还有 {count} 条数据未上传到总部，现在不能解除，否则这些数据只剩本机有。请先按“现在上传”，或用 U 盘带出并等总部收到。",
        "{count} records have not been sent yet, so this is not possible now: only this computer has them. Send them first, "
        "or carry them out on a stick and wait until the office has them.",
    ),
    "error.nothing_waits": (
        "沒有東西要帶出，全部都上傳了。",
        "没有需要带出的，已全部上传。",
        "There is nothing to carry out. Everything has been sent.",
    ),
    "error.drill_needs_server": (
        "這台還沒和總部配對，沒有網路可以拔。請先配對，再做演練。",
        "本机尚未与总部配对，没有网络可断。请先配对，再做演练。",
        "This till is not paired with an office, so there is no plug to pull. Pair it first.",
    ),
    "error.drill_under_way": (
        "演練已經在進行。請先接回網路、看完結果。",
        "演练已在进行。请先接回网络、看完结果。",
        "A drill is under way already. Plug it back in and see it to its end first.",
    ),
    "error.no_drill": (
        "現在沒有演練在進行。",
        "现在没有演练在进行。",
        "There is no drill under way.",
    ),
    "error.drill_not_proved": (
        "還有資料沒傳完，等總部全部收到再結束演練。",
        "还有数据未传完，等总部全部收到再结束演练。",
        "Some of it is still on its way. End the drill once the office has everything.",
    ),
    "error.sync_limits_order": (
        "「每次登入都請人帶出」的天數不能比「提醒」的天數少。",
        "“每次登录都请人带出”的天数不能少于“提醒”的天数。",
        "The days until somebody is asked to carry out cannot be fewer than the days until it is mentioned.",
    ),
    "error.sync_address": (
        "這不像網址。請輸入總部給的網址，例如 https://office.example.com",
        "这不像网址。请输入总部给的网址，例如 https://office.example.com",
        "This is no address. Type the one the office gave you, for example https://office.example.com",
    ),
    "error.carry_folder": (
        "找不到這個資料夾。請插好隨身碟，按「選擇」指出要寫在哪裡。",
        "找不到此文件夹。请插好 U 盘，按“选择”指出写到哪里。",
        "There is no such folder. Plug the stick in and choose where to write.",
    ),
    "error.sync_code_empty": (
        "請輸入總部給的配對碼。",
        "请输入总部给的配对码。",
        "Type the pairing code from the office.",
    ),
}
