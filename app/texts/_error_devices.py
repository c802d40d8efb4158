"""What is refused or missing at the devices: every code that a printer or a line can come up with, and what to do about it."""

from __future__ import annotations

TEXTS = {
    # --- an address ---
    "error.device_address": (
        "「{address}」不是裝置位址。範例：serial:/dev/ttyUSB0?baud=115200、tcp://192.168.1.50:9100、usb:04b8:0e15。",
        "“{address}”不是设备地址。示例：serial:/dev/ttyUSB0?baud=115200、tcp://192.168.1.50:9100、usb:04b8:0e15。",
        "“{address}” is not the address of a device. Examples: serial:/dev/ttyUSB0?baud=115200, tcp://192.168.1.50:9100, usb:04b8:0e15.",
    ),
    "error.device_option": (
        "看不懂連線設定「{option}」。可用 baud、flow（none、rtscts、xonxoff、dsrdtr）、parity（n、e、o）、bits、stop。",
        "无法识别连接设置“{option}”。可用 baud、flow（none、rtscts、xonxoff、dsrdtr）、parity（n、e、o）、bits、stop。",
        "The option “{option}” is not understood. Known: baud, flow (none, rtscts, xonxoff, dsrdtr), parity (n, e, o), bits, stop.",
    ),
    "error.device_name_taken": (
        "已經有一個裝置叫「{name}」，請換個名稱。",
        "已经有一个设备叫“{name}”，请换个名称。",
        "There is a device called {name} already. Choose another name.",
    ),
    # --- the printer itself ---
    "error.printer_paper_out": (
        "出單機沒紙了。請裝上新紙捲並關上蓋子，會自動接著印。",
        "打印机缺纸。请装上新纸卷并合上盖子，会自动接着打印。",
        "The printer is out of paper. Load a roll and close the cover; it goes on by itself.",
    ),
    "error.printer_paper_low": (
        "出單機快沒紙了，請準備新的紙捲。",
        "打印机纸快用完了，请准备新的纸卷。",
        "The printer's paper is nearly used up. Have a new roll at hand.",
    ),
    "error.printer_cover_open": (
        "出單機的蓋子沒關好。蓋上後會自動接著印。",
        "打印机盖子没有合上。合上后会自动接着打印。",
        "The printer's cover is open. Close it and printing goes on by itself.",
    ),
    "error.printer_cutter": (
        "出單機的切刀卡住了。請關電源、清出卡紙，再開機。",
        "打印机切刀卡住了。请关闭电源、取出卡纸，再开机。",
        "The printer's cutter is jammed. Switch the printer off, take out the jammed paper and switch it on again.",
    ),
    "error.printer_error": (
        "出單機回報故障。請關掉電源再打開；若仍不行，請洽維修。",
        "打印机报告故障。请关闭电源再打开；如仍不行，请联系维修。",
        "The printer reports an error. Switch it off and on again; if that does not help, have it looked at.",
    ),
    "error.printer_service": (
        "出單機故障，無法自行恢復，請關掉電源並洽維修。",
        "打印机故障，无法自行恢复，请关闭电源并联系维修。",
        "The printer has a fault that it cannot recover from. Switch it off and call for service.",
    ),
    "error.printer_offline": (
        "出單機離線。請看機器上的燈號，按一下進紙鍵或重新開機。",
        "打印机离线。请查看机器指示灯，按一下走纸键或重新开机。",
        "The printer is offline. Look at its lamps, press its feed button, or switch it off and on.",
    ),
    "error.printer_silent": (
        "出單機沒有回應。請確認電源與連接線，接好後會自動再試。",
        "打印机没有响应。请检查电源与连接线，接好后会自动重试。",
        "The printer does not answer. Check its power and its cable; it is tried again by itself.",
    ),
    "error.printer_stalled": (
        "出單機暫時不收資料，可能缺紙或暫停。處理好後會從停下的地方接著印。",
        "打印机暂时不接收数据，可能缺纸或暂停。处理好后会从停下的地方接着打印。",
        "The printer takes no data; it may be out of paper or paused. It goes on from where it stopped.",
    ),
    # --- the line ---
    "error.printer_missing": (
        "找不到出單機（{address}）。請確認電源與連接線，接好後會自動連上。",
        "找不到打印机（{address}）。请检查电源与连接线，接好后会自动连上。",
        "The printer ({address}) is not there. Check its power and its cable; it is found again by itself.",
    ),
    "error.printer_busy": (
        "另一個程式正在使用出單機（{address}）。請關閉那個程式，會自動連上。",
        "另一个程序正在使用打印机（{address}）。请关闭该程序，会自动连上。",
        "Another program is using the printer ({address}). Close it; the till connects by itself.",
    ),
    "error.printer_refused": (
        "出單機（{address}）拒絕連線，可能另一台電腦正在列印。稍後會自動再試。",
        "打印机（{address}）拒绝连接，可能另一台电脑正在打印。稍后会自动重试。",
        "The printer ({address}) refused the connection; another computer may be printing. It is tried again by itself.",
    ),
    "error.printer_gone": (
        "與出單機（{address}）的連線中斷了。請檢查連接線，接好後會自動連上。",
        "与打印机（{address}）的连接中断。请检查连接线，接好后会自动连上。",
        "The connection to the printer ({address}) broke. Check the cable; it connects again by itself.",
    ),
    "error.printer_timeout": (
        "出單機（{address}）太久沒有回應。請確認電源與網路，會自動再試。",
        "打印机（{address}）长时间没有响应。请检查电源与网络，会自动重试。",
        "The printer ({address}) did not respond in time. Check its power and the network; it is tried again by itself.",
    ),
    "error.printer_denied": (
        "這台電腦的使用者沒有使用出單機（{address}）的權限。請管理員開放序列埠或 USB 的權限。",
        "本机用户没有使用打印机（{address}）的权限。请管理员开放串口或 USB 权限。",
        "This computer's user may not use the printer ({address}). Ask its administrator for access to the port.",
    ),
    "error.printer_unsupported": (
        "這台電腦無法以這種方式連接出單機（{address}）。請改用其他連接方式。",
        "本机无法以这种方式连接打印机（{address}）。请改用其他连接方式。",
        "This computer cannot reach the printer ({address}) in this way. Choose another connection.",
    ),
    # --- papers ---
    "error.print_decided": (
        "這張單據已經處理過了。",
        "这张单据已经处理过了。",
        "This paper has been dealt with already.",
    ),
    "error.print_under_way": (
        "這張單據正在列印，現在不能更改。",
        "这张单据正在打印，现在不能更改。",
        "This paper is being printed and cannot be changed now.",
    ),
    # --- the set-up ---
    "error.printer_in_use": (
        "出單機正在印單據。請等它印完再設定。",
        "打印机正在打印单据。请等它打印完再设置。",
        "The printer is in the middle of a paper. Wait for it before setting it up.",
    ),
    "error.printer_unreadable": (
        "測試頁沒有一行印對。請確認這是 ESC/POS 出單機、連線速度正確，再試一次。",
        "测试页没有一行正确。请确认这是 ESC/POS 打印机、连接速度正确，再试一次。",
        "No line of the test page was right. Check that it is an ESC/POS printer and that the speed is right, then try again.",
    ),
}
