"""What the set-up says. This file must parse on any Python 3: it holds the sentence that asks for a newer one."""

TEXTS = {
    "setup.python_too_old": (
        "熟客需要 Python 3.11 或更新的版本（這裡是 {found}）。請先安裝新版 Python，再執行一次同樣的指令。",
        "熟客需要 Python 3.11 或更新的版本（这里是 {found}）。请先安装新版 Python，再运行一次同样的命令。",
        "Regulars needs Python 3.11 or newer (this is {found}). Install a newer Python, then run the same command again.",
    ),
    "setup.begin": (
        "第一次啟動：正在把需要的元件下載到 {folder}（下載約 120 MB，占用約 400 MB，通常一到三分鐘），之後就會直接開啟。",
        "首次启动：正在把需要的组件下载到 {folder}（下载约 120 MB，占用约 400 MB，通常一到三分钟），以后会直接打开。",
        "First start: fetching what Regulars needs into {folder} (120 MB to fetch, 400 MB on disk, usually one to three minutes). Next time it opens at once.",
    ),
    "setup.changed": (
        "正在檢查並補齊需要的元件（{folder}）。",
        "正在检查并补齐需要的组件（{folder}）。",
        "Checking and completing what Regulars needs in {folder}.",
    ),
    "setup.waiting": (
        "另一個視窗正在準備中，完成後會自動接著開啟。",
        "另一个窗口正在准备，完成后会自动继续。",
        "Another window is already setting up; this one goes on when it is done.",
    ),
    "setup.step_environment": ("建立執行環境", "建立运行环境", "making the environment"),
    "setup.step_fetching": ("下載元件", "下载组件", "fetching components"),
    "setup.step_unpacking": ("解壓縮並安裝", "解压并安装", "unpacking and installing"),
    "setup.step_done": ("完成", "完成", "done"),
    "setup.done": ("準備完成。", "准备完成。", "Set-up is complete."),
    "setup.stopped": (
        "已停止。再執行一次同樣的指令，就會從這裡繼續。",
        "已停止。再运行一次同样的命令，就会从这里继续。",
        "Stopped. Run the same command again to go on from here.",
    ),
    "setup.no_network": (
        "無法連上網路下載元件（{reason}）。第一次啟動需要網路，之後就不用了。請檢查網路，若公司使用代理伺服器請設定 HTTPS_PROXY，再執行一次同樣的指令。詳細記錄：{log}",
        "无法连接网络下载组件（{reason}）。首次启动需要网络，以后就不用了。请检查网络，如果公司使用代理请设置 HTTPS_PROXY，再运行一次同样的命令。详细记录：{log}",
        "The network could not be reached to fetch what is needed ({reason}). Only the first start needs it. Check the connection, set HTTPS_PROXY if you are behind a proxy, then run the same command again. Details: {log}",
    ),
    "setup.wrong_hash": (
        "下載的檔案與清單（{lock}）記載的指紋不符，為了安全沒有安裝。請換一個網路再試；若仍然如此，請告訴提供軟體給您的人。詳細記錄：{log}",
        "下载的文件与清单（{lock}）记载的指纹不符，为了安全没有安装。请换一个网络再试；如果仍然如此，请告诉提供软件给您的人。详细记录：{log}",
        "A downloaded file does not match its fingerprint in {lock}, so it was not installed. Try another network; if it stays like this, tell whoever gave you the software. Details: {log}",
    ),
    "setup.disk_full": (
        "磁碟空間不足，請在 {folder} 所在的磁碟清出至少 1 GB，再執行一次同樣的指令。",
        "磁盘空间不足，请在 {folder} 所在的磁盘清出至少 1 GB，再运行一次同样的命令。",
        "The disk is full. Free at least 1 GB on the disk that holds {folder}, then run the same command again.",
    ),
    "setup.no_build": (
        "有元件不支援這台電腦或這個 Python（{python}）：{reason}。請改用 64 位元系統與 Python 3.11 到 3.14。詳細記錄：{log}",
        "有组件不支持这台电脑或这个 Python（{python}）：{reason}。请改用 64 位系统与 Python 3.11 到 3.14。详细记录：{log}",
        "A component has no build for this computer or this Python ({python}): {reason}. Use a 64-bit system with Python 3.11 to 3.14. Details: {log}",
    ),
    "setup.not_writable": (
        "沒有權限寫入 {folder}（{reason}）。請用有權限的帳號執行，或把環境變數 REGULARS_ENV 設成可以寫入的資料夾。",
        "没有权限写入 {folder}（{reason}）。请用有权限的账号运行，或把环境变量 REGULARS_ENV 设为可以写入的文件夹。",
        "There is no permission to write in {folder} ({reason}). Use an account that may, or set REGULARS_ENV to a folder you can write to.",
    ),
    "setup.folder_taken": (
        "{folder} 裡有其他檔案，不會覆蓋。請移開它，或把環境變數 REGULARS_ENV 設成另一個資料夾。",
        "{folder} 里有其他文件，不会覆盖。请移开它，或把环境变量 REGULARS_ENV 设为另一个文件夹。",
        "{folder} holds other files and will not be overwritten. Move it away, or set REGULARS_ENV to another folder.",
    ),
    "setup.no_venv": (
        "這個 Python 缺少建立執行環境的部分。請執行：{command}  然後再執行一次同樣的指令。",
        "这个 Python 缺少建立运行环境的部分。请运行：{command}  然后再运行一次同样的命令。",
        "This Python lacks the part that makes environments. Run: {command}  and then the same command again.",
    ),
    "setup.failed": (
        "準備沒有完成：{reason}。再執行一次同樣的指令會從這裡繼續；詳細記錄：{log}",
        "准备没有完成：{reason}。再运行一次同样的命令会从这里继续；详细记录：{log}",
        "Set-up did not finish: {reason}. Running the same command again goes on from here. Details: {log}",
    ),
    "setup.no_screen": (
        "這台電腦沒有螢幕，熟客會在背景執行，並把畫面存成圖片。",
        "这台电脑没有屏幕，熟客会在后台运行，并把画面存成图片。",
        "There is no screen here, so Regulars runs without one and saves a picture of what it would show.",
    ),
    "setup.libraries_missing": (
        "無法開啟視窗，因為系統缺少：{libraries}",
        "无法打开窗口，因为系统缺少：{libraries}",
        "Windows cannot be opened because the system lacks: {libraries}",
    ),
    "setup.libraries_install": (
        "請執行：{command}",
        "请运行：{command}",
        "Run: {command}",
    ),
    "setup.libraries_find": (
        "請用系統的套件管理工具安裝提供這些檔案的套件，再執行一次同樣的指令。",
        "请用系统的软件包管理工具安装提供这些文件的软件包，再运行一次同样的命令。",
        "Install the packages that provide these files with your system's package manager, then run the same command again.",
    ),
    "setup.screen_failed": (
        "無法開啟視窗：{reason}。若這台電腦沒有螢幕，請先移除環境變數 DISPLAY 再執行一次。",
        "无法打开窗口：{reason}。如果这台电脑没有屏幕，请先移除环境变量 DISPLAY 再运行一次。",
        "No window can be opened: {reason}. If this computer has no screen, unset DISPLAY and run it again.",
    ),
}
