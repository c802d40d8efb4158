"""What is refused or missing where the books are kept: the key, backups, restoring, and records that are damaged."""

from __future__ import annotations

TEXTS = {
    # --- the key ---
    "error.key_missing": (
        "找不到資料庫金鑰（key.json），資料打不開。請把它放回資料夾，或以設有通關密語的備份還原。",
        "找不到数据库密钥（key.json），数据打不开。请把它放回数据文件夹，或用设有口令的备份恢复。",
        "The key of the database (key.json) is missing, so nothing can be opened. Put it back into the data folder, or restore a backup that has a passphrase.",
    ),
    "error.key_unreadable": (
        "金鑰檔 {file} 內容損壞。請放回原來的檔案，或以設有通關密語的備份還原。",
        "密钥文件 {file} 内容已损坏。请放回原来的文件，或用设有口令的备份恢复。",
        "The key file {file} is damaged. Put the original back, or restore a backup that has a passphrase.",
    ),
    "error.keyring_missing": (
        "無法使用這台電腦的系統金鑰庫，可能尚未解鎖。請登入或解鎖後再試；若沒有金鑰庫，設定時請改用通關密語。",
        "无法使用本机的系统密钥库，可能尚未解锁。请登录或解锁后再试；如没有密钥库，设置时请改用口令。",
        "This computer's key store cannot be used; it may be locked. Unlock it and try again. Where there is none, choose a passphrase at set-up.",
    ),
    "error.key_lost": (
        "系統金鑰庫裡找不到這台收銀機的金鑰，可能換了使用者帳號。請改用原來的帳號登入，或以設有通關密語的備份還原。",
        "系统密钥库里找不到本收银机的密钥，可能换了用户账号。请改用原来的账号登录，或用设有口令的备份恢复。",
        "The key store no longer has this till's key; the user account may be another one. Sign in to the computer as before, or restore a backup that has a passphrase.",
    ),
    "error.passphrase_needed": (
        "開啟資料庫需要店主的通關密語，請輸入後再試。",
        "打开数据库需要店主的口令，请输入后再试。",
        "The owner's passphrase is needed to open the database. Type it and try again.",
    ),
    "error.passphrase_wrong": (
        "通關密語不對，請留意大小寫與輸入法，再試一次。",
        "口令不正确，请留意大小写与输入法，再试一次。",
        "The passphrase is wrong. Mind capitals and the input method, and try again.",
    ),
    "error.passphrase_short": (
        "通關密語至少要 {length_min} 個字。",
        "口令至少要 {length_min} 个字符。",
        "A passphrase has at least {length_min} characters.",
    ),
    # --- making a backup ---
    "error.backup_target": (
        "備份寫不進 {path}。請確認隨身碟已插好、沒有防寫，或換一個位置；原有資料沒有變動。",
        "备份无法写入 {path}。请确认 U 盘已插好、没有写保护，或换一个位置；原有数据没有变动。",
        "The backup cannot be written to {path}. Check that the drive is plugged in and not write-protected, or choose another place; nothing else was changed.",
    ),
    "error.backup_no_room": (
        "{path} 的空間不夠放這份備份，請清出空間或換一個位置。",
        "{path} 的空间不够存放此备份，请清理空间或换一个位置。",
        "There is not enough room for the backup at {path}. Make room, or choose another place.",
    ),
    "error.backup_over_data": (
        "{path} 是收銀機自己的檔案，不能當成備份使用。請換一個檔名或位置。",
        "{path} 是收银机自己的文件，不能当作备份使用。请换一个文件名或位置。",
        "{path} is one of the till's own files and cannot be the backup. Choose another name or place.",
    ),
    # --- restoring ---
    "error.backup_missing": (
        "找不到備份檔 {path}，請確認路徑與隨身碟。",
        "找不到备份文件 {path}，请确认路径与 U 盘。",
        "There is no backup at {path}. Check the path and the drive.",
    ),
    "error.backup_unreadable": (
        "備份檔 {path} 不完整或已損壞，無法使用。請改用另一份備份；原有資料沒有變動。",
        "备份文件 {path} 不完整或已损坏，无法使用。请改用另一份备份；原有数据没有变动。",
        "The backup {path} is incomplete or damaged and was not used. Take another backup; everything is as it was.",
    ),
    "error.backup_foreign": (
        "這台收銀機的金鑰打不開 {path}。備份時若設了通關密語，請加上 --passphrase；若是另一台機器的備份，請在原機器上用通關密語重新備份。",
        "本收银机的密钥打不开 {path}。备份时如设了口令，请加上 --passphrase；如是另一台机器的备份，请在原机器上用口令重新备份。",
        "{path} does not open with this till's key. If it was made with a passphrase, add --passphrase; if it comes from another machine, make it again there with a passphrase.",
    ),
    "error.backup_passphrase": (
        "通關密語不對，或這份備份沒有設通關密語。請確認後再試；原有資料沒有變動。",
        "口令不正确，或该备份没有设口令。请确认后再试；原有数据没有变动。",
        "The passphrase is wrong, or this backup has none. Check it and try again; everything is as it was.",
    ),
    "error.restore_no_room": (
        "{path} 的空間不足，無法還原。請清出空間再試；原有資料沒有變動。",
        "{path} 的空间不足，无法恢复。请清理空间后再试；原有数据没有变动。",
        "There is not enough room in {path} to restore. Make room and try again; everything is as it was.",
    ),
    "error.restore_needs_yes": (
        "這裡已有收銀資料。還原會以備份取代它（原有資料另外保留），確定要做請加上 --yes。",
        "此处已有收银数据。恢复会用备份取代它（原有数据另行保留），确定要做请加上 --yes。",
        "There are books here already. Restoring puts the backup in their place (they are kept beside it); add --yes if that is meant.",
    ),
    # --- stored things that are damaged, and paper ---
    "error.promotion_damaged": (
        "促銷設定損壞，無法讀取。請重新建立這項促銷，並執行「檢查帳冊」(verify)。",
        "促销设置已损坏，无法读取。请重新建立该促销，并运行“检查账册”(verify)。",
        "A stored promotion is damaged and cannot be read. Enter it again, and run verify.",
    ),
    "error.receipt_damaged": (
        "這張收據的存檔損壞，無法補印。交易本身仍在，請執行「檢查帳冊」(verify)。",
        "该小票的存档已损坏，无法补打。交易本身仍在，请运行“检查账册”(verify)。",
        "The stored receipt is damaged and cannot be printed again. The sale itself is kept; run verify.",
    ),
    "error.print_folder": (
        "收據寫不進「{folder}」資料夾，會稍後再試。請檢查磁碟空間與權限。",
        "小票无法写入“{folder}”文件夹，会稍后再试。请检查磁盘空间与权限。",
        "The receipt could not be written to the folder “{folder}” and will be tried again. Check the free space and permissions.",
    ),
    "error.demo_folder_not_empty": (
        "資料夾 {path} 不是空的，請換一個新的資料夾。",
        "文件夹 {path} 不是空的，请换一个新的文件夹。",
        "The folder {path} is not empty. Name a new one.",
    ),
    "error.demo_papers_late": (
        "單據遲遲沒有印完，請查看 prints 資料夾是否可以寫入。",
        "单据迟迟没有打印完，请查看 prints 文件夹是否可以写入。",
        "The papers were not finished in time. Check that the prints folder can be written.",
    ),
    "error.demo_code_unread": (
        "讀不出 {file} 上的 QR code。",
        "读不出 {file} 上的二维码。",
        "The QR code on {file} could not be read.",
    ),
    "error.demo_books_off": (
        "示範商店的帳目不符：{detail}",
        "演示商店的账目不符：{detail}",
        "The demo shop's books are off: {detail}",
    ),
}
