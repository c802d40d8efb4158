"""Backup, restore, import and export, as told on the command line."""

from __future__ import annotations

TEXTS = {
    "data.backup_made": (
        "備份完成：{file}（{megabytes} MB），已讀回檢查無誤。",
        "备份完成：{file}（{megabytes} MB），已读回检查无误。",
        "Backup made and read back: {file} ({megabytes} MB).",
    ),
    "data.backup_own_key": (
        "注意：這份備份只能用這台收銀機的金鑰打開。要能在另一台電腦還原，請加上 --passphrase 設定通關密語。",
        "注意：该备份只能用本收银机的密钥打开。要能在另一台电脑恢复，请加上 --passphrase 设置口令。",
        "Note: this backup opens only with this till's own key. To restore on another machine, add --passphrase.",
    ),
    "data.restored": (
        "還原完成。收銀機以新的編號字軌開始，單號不會重複。",
        "还原完成。收银机以新的编号字轨开始，单号不会重复。",
        "Restored. The till begins a new series of receipt numbers; none is used twice.",
    ),
    "data.replaced_kept": (
        "原有資料保留在 {file}。",
        "原有数据保留在 {file}。",
        "What was there is kept as {file}.",
    ),
    "data.key_in_file": (
        "注意：這台電腦沒有系統金鑰庫，資料庫金鑰存放在資料夾內的 key.json，請保護好這個資料夾。",
        "注意：本机没有系统密钥库，数据库密钥存放在数据文件夹内的 key.json，请保护好该文件夹。",
        "Note: this machine has no key store, so the database key lies in key.json in the data folder. Protect that folder.",
    ),
    "data.passphrase_prompt": ("請輸入店主的通關密語：", "请输入店主的口令：", "Owner's passphrase: "),
    "data.backup_passphrase": (
        "請輸入備份的通關密語：",
        "请输入备份的口令：",
        "Passphrase of the backup: ",
    ),
    "data.backup_passphrase_again": ("請再輸入一次：", "请再输入一次：", "Once more: "),
    "data.step_copy": ("複製資料…", "复制数据…", "Copying…"),
    "data.step_encrypt": ("加密…", "加密…", "Encrypting…"),
    "data.step_check": ("讀回檢查…", "读回检查…", "Reading it back…"),
    "data.import_plan": (
        "{file}（{form}）共 {rows} 列：新增 {added}、變更 {changed}、相同 {unchanged}、有誤 {refused}。",
        "{file}（{form}）共 {rows} 行：新增 {added}、变更 {changed}、相同 {unchanged}、有误 {refused}。",
        "{file} ({form}): {rows} rows; {added} new, {changed} changed, {unchanged} the same, {refused} with errors.",
    ),
    "data.import_row": (
        "第 {row} 列〔{column}〕{problem}",
        "第 {row} 行〔{column}〕{problem}",
        "Row {row} [{column}] {problem}",
    ),
    "data.import_more": ("…另有 {count} 個錯誤。", "…另有 {count} 个错误。", "… and {count} more."),
    "data.import_done": (
        "匯入完成：新增 {added}、變更 {changed}、略過 {skipped}。",
        "导入完成：新增 {added}、变更 {changed}、略过 {skipped}。",
        "Imported: {added} new, {changed} changed, {skipped} skipped.",
    ),
    "data.import_refused": (
        "有 {rows} 列有誤，整份檔案都沒有匯入。請修正後再試，或加上 --skip-bad-rows 只匯入正確的列。",
        "有 {rows} 行有误，整份文件都没有导入。请修正后再试，或加上 --skip-bad-rows 只导入正确的行。",
        "{rows} rows have errors, so nothing was taken. Correct them, or add --skip-bad-rows to take the good rows only.",
    ),
    "data.os_refused": (
        "電腦拒絕了這個動作：{reason}（{path}）。請檢查路徑、權限與磁碟空間後再試。",
        "电脑拒绝了此操作：{reason}（{path}）。请检查路径、权限与磁盘空间后再试。",
        "The computer refused: {reason} ({path}). Check the path, the rights and the disk space, then try again.",
    ),
    "data.interrupted": (
        "已中斷，存檔過的資料都還在。",
        "已中断，已保存的数据都还在。",
        "Interrupted. What was saved is still there.",
    ),
    "data.arguments_wrong": (
        "看不懂這個指令（{problem}）。加上 -h 看用法。",
        "看不懂这个命令（{problem}）。加上 -h 查看用法。",
        "The command line was not understood ({problem}). Add -h to see how it is used.",
    ),
    "data.screenshot": (
        "沒有螢幕，收銀機已在背景開啟，畫面存在 {file}。",
        "没有屏幕，收银机已在后台打开，画面保存在 {file}。",
        "There is no screen; the till opened off-screen and its picture is {file}.",
    ),
}
