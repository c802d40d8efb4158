"""Why the operating system refused, in a few words that stand inside a sentence."""

from __future__ import annotations

TEXTS = {
    "oserror.ENOENT": ("找不到檔案或資料夾", "找不到文件或文件夹", "no such file or folder"),
    "oserror.EACCES": ("沒有權限", "没有权限", "permission denied"),
    "oserror.EPERM": ("不允許這個動作", "不允许此操作", "not permitted"),
    "oserror.EEXIST": ("那裡是一個檔案", "该处是一个文件", "there is a file of that name"),
    "oserror.ENOTDIR": ("那裡不是資料夾", "该处不是文件夹", "not a folder"),
    "oserror.EISDIR": ("那是資料夾，不是檔案", "那是文件夹，不是文件", "a folder, not a file"),
    "oserror.ENOSPC": ("磁碟已滿", "磁盘已满", "the disk is full"),
    "oserror.EDQUOT": ("磁碟配額已用完", "磁盘配额已用完", "the disk quota is used up"),
    "oserror.EROFS": ("磁碟設為唯讀", "磁盘为只读", "the disk is read-only"),
    "oserror.EIO": ("磁碟讀寫失敗", "磁盘读写失败", "the disk failed to read or write"),
    "oserror.EBUSY": ("正被其他程式使用", "正被其他程序使用", "another program is using it"),
    "oserror.ENAMETOOLONG": ("檔名太長", "文件名太长", "the name is too long"),
}
