"""The screens of the counter's devices: the lamp, the strip, the list, and the sheets that set a device up or try it."""

from __future__ import annotations

TEXTS = {
    # --- the lamp ---
    "devices_ui.lamp.name": ("裝置：{words}", "设备：{words}", "Devices: {words}"),
    "devices_ui.lamp.all_well": ("都正常", "都正常", "all is well"),
    "devices_ui.lamp.question": ("{count} 張不確定", "{count} 张待确认", "{count} unsure"),
    "devices_ui.lamp.paper_out": ("出單機沒紙", "打印机缺纸", "No paper"),
    "devices_ui.lamp.paper_out_waiting": (
        "沒紙・{count} 張在等",
        "缺纸・{count} 张在等",
        "No paper, {count} wait",
    ),
    "devices_ui.lamp.cover_open": ("出單機蓋子沒關", "打印机盖子没合", "Printer cover open"),
    "devices_ui.lamp.cover_open_waiting": (
        "蓋子沒關・{count} 張在等",
        "盖子没合・{count} 张在等",
        "Cover open, {count} wait",
    ),
    "devices_ui.lamp.cutter": ("切刀卡住", "切刀卡住", "Cutter jammed"),
    "devices_ui.lamp.cutter_waiting": (
        "切刀卡住・{count} 張在等",
        "切刀卡住・{count} 张在等",
        "Cutter jammed, {count} wait",
    ),
    "devices_ui.lamp.error": ("出單機故障", "打印机故障", "Printer fault"),
    "devices_ui.lamp.error_waiting": (
        "出單機故障・{count} 張在等",
        "打印机故障・{count} 张在等",
        "Printer fault, {count} wait",
    ),
    "devices_ui.lamp.offline": ("出單機沒連上", "打印机未连接", "Printer away"),
    "devices_ui.lamp.offline_waiting": (
        "出單機沒連上・{count} 張在等",
        "打印机未连接・{count} 张在等",
        "Printer away, {count} wait",
    ),
    "devices_ui.lamp.paper_low": ("快沒紙了", "纸快用完", "Paper low"),
    "devices_ui.lamp.attention": ("出單機要留意", "打印机需留意", "Printer: look"),
    "devices_ui.lamp.held": ("{count} 張暫停", "{count} 张暂停", "{count} held"),
    "devices_ui.lamp.left_open": ("錢櫃沒關", "钱箱没关", "Drawer open"),
    "devices_ui.lamp.missing_scanner": ("掃描器沒連上", "扫描枪未连接", "Scanner away"),
    "devices_ui.lamp.missing_badge": ("讀卡機沒連上", "读卡器未连接", "Badge reader away"),
    "devices_ui.lamp.missing_scale": ("電子秤沒連上", "电子秤未连接", "Scale away"),
    "devices_ui.lamp.missing_display": ("客顯沒連上", "客显未连接", "Display away"),
    "devices_ui.lamp.missing_printer": ("出單機沒連上", "打印机未连接", "Printer away"),
    # --- the strip on the sale screen ---
    "devices_ui.strip.question_unnumbered": (
        "{paper}有印出來嗎？",
        "{paper}打印出来了吗？",
        "Did the {paper} come out?",
    ),
    "devices_ui.strip.yes": ("印好了", "打印好了", "It printed"),
    "devices_ui.strip.no": ("再印一張（標示補印）", "再打一张（标示补打）", "Print a marked copy"),
    "devices_ui.strip.look": ("看裝置", "看设备", "Devices"),
    "devices_ui.strip.away": ("知道了", "知道了", "OK"),
    "devices_ui.strip.more": ("另有 {count} 件", "另有 {count} 项", "{count} more"),
    "devices_ui.strip.left_open": (
        "錢櫃開著超過 {seconds} 秒了，找完零請關上。",
        "钱箱开着超过 {seconds} 秒了，找完零请关上。",
        "The drawer has been open for {seconds} s. Close it once the change is given.",
    ),
    "devices_ui.strip.missing_scanner": (
        "「{device}」沒連上，接好線就會自動恢復；這段時間條碼可以用鍵盤輸入。",
        "“{device}”未连接，接好线就会自动恢复；这段时间条码可以用键盘输入。",
        "{device} is not connected. Plug it in and it works again; codes can be keyed meanwhile.",
    ),
    "devices_ui.strip.missing_scale": (
        "「{device}」沒連上，接好線就會自動恢復；這段時間重量可以用鍵盤輸入。",
        "“{device}”未连接，接好线就会自动恢复；这段时间重量可以用键盘输入。",
        "{device} is not connected. Plug it in and it works again; weights can be keyed meanwhile.",
    ),
    "devices_ui.strip.missing_badge": (
        "「{device}」沒連上，接好線就會自動恢復；這段時間請用密碼登入。",
        "“{device}”未连接，接好线就会自动恢复；这段时间请用密码登录。",
        "{device} is not connected. Plug it in and it works again; sign on with the PIN meanwhile.",
    ),
    "devices_ui.strip.missing_other": (
        "「{device}」沒連上，請檢查接線與電源，接好就會自動恢復。",
        "“{device}”未连接，请检查接线与电源，接好就会自动恢复。",
        "{device} is not connected. Check its cable and power; it works again by itself.",
    ),
    "devices_ui.strip.busy": (
        "「{device}」被另一個程式佔用，關掉那個程式就會自動恢復。",
        "“{device}”被另一个程序占用，关闭那个程序就会自动恢复。",
        "Another program is using {device}. Close it and the till connects by itself.",
    ),
    "devices_ui.strip.denied": (
        "系統不允許使用「{device}」，請管理員開放序列埠的權限。",
        "系统不允许使用“{device}”，请管理员开放串口权限。",
        "This computer may not use {device}. Ask its administrator for access to the port.",
    ),
    # --- how a device is ---
    "devices_ui.printer.none": (
        "還沒設定出單機，單據先存成圖片。",
        "还没设置打印机，单据先存成图片。",
        "No printer is set up; papers are kept as pictures.",
    ),
    "devices_ui.state.off": ("沒有啟用", "未启用", "Off"),
    "devices_ui.state.connecting": ("正在連接…", "正在连接…", "Connecting…"),
    "devices_ui.state.ready": ("正常", "正常", "Working"),
    "devices_ui.state.silent": (
        "連上了，但沒有回應。請看電源有沒有開、設定的種類對不對。",
        "已连接，但没有响应。请看电源是否打开、设置的种类是否正确。",
        "Connected, but it does not answer. Check its power and the kind that is set.",
    ),
    "devices_ui.state.missing": (
        "沒連上。請檢查接線與電源，接好就會自動恢復。",
        "未连接。请检查接线与电源，接好就会自动恢复。",
        "Not connected. Check its cable and power; it works again by itself.",
    ),
    "devices_ui.state.busy": (
        "被另一個程式佔用，關掉那個程式就會自動恢復。",
        "被另一个程序占用，关闭那个程序就会自动恢复。",
        "In use by another program. Close that one and it works again by itself.",
    ),
    "devices_ui.state.denied": (
        "系統不允許使用，請管理員開放序列埠的權限。",
        "系统不允许使用，请管理员开放串口权限。",
        "Not permitted by the system. Ask the administrator for access to the port.",
    ),
    "devices_ui.state.open": ("開著", "开着", "Open"),
    "devices_ui.state.left_open": (
        "開著很久了，請關上。",
        "开着很久了，请关上。",
        "Open for a while. Please close it.",
    ),
    "devices_ui.drawer.ready": ("關著", "关着", "Closed"),
    "devices_ui.drawer.silent": (
        "出單機沒有回報錢櫃的開關。",
        "打印机没有回报钱箱的开关。",
        "The printer does not say whether it is open.",
    ),
}
