"""What stands in the way of pairing with the central server, and of carrying facts out to it."""

from __future__ import annotations

TEXTS = {
    "error.server_url": (
        "「{text}」不是伺服器的網址。請輸入總部給的網址，例如 https://office.example.com",
        "“{text}”不是服务器的网址。请输入总部给的网址，例如 https://office.example.com",
        "“{text}” is no server's address. Type the one the office gave you, for example https://office.example.com",
    ),
    "error.pairing_code": (
        "「{text}」不是配對碼。配對碼有 12 個字，像 ABCD-EFGH-JKLM，請照總部給的再輸入一次。",
        "“{text}”不是配对码。配对码有 12 个字符，如 ABCD-EFGH-JKLM，请按总部给的再输入一次。",
        "“{text}” is no pairing code. A code has 12 characters, like ABCD-EFGH-JKLM. Type it as the office gave it.",
    ),
    "error.pairing_code_wrong": (
        "配對碼不對、已過期或已用過。配對碼 10 分鐘內有效，只能用一次，請總部再產生一組。",
        "配对码不正确、已过期或已用过。配对码 10 分钟内有效，只能使用一次，请总部再生成一个。",
        "This code is wrong, too old, or used already. A code lives for 10 minutes and works once; ask the office for another.",
    ),
    "error.pairing_store_other": (
        "這組配對碼是給別家門市的，這台屬於門市 {store}。請總部產生這家門市的配對碼。",
        "此配对码属于其他门店，本机属于门店 {store}。请总部生成本门店的配对码。",
        "This code is for another store; this till belongs to store {store}. Ask the office for a code of this store.",
    ),
    "error.pairing_busy": (
        "試太多次了，請等一分鐘再輸入。",
        "尝试次数过多，请等一分钟再输入。",
        "Too many attempts. Wait a minute, then try again.",
    ),
    "error.pairing_failed": (
        "還沒有配對。{reason}",
        "尚未配对。{reason}",
        "Not paired yet. {reason}",
    ),
    "error.device_key_unkept": (
        "這台電腦存不了連線金鑰（系統金鑰庫或資料夾不能寫入），所以還沒有配對，配對碼也還沒用掉。請先解鎖或修正後再試。",
        "本机无法保存连接密钥（系统密钥库或文件夹不可写），因此尚未配对，配对码也未使用。请先解锁或修正后再试。",
        "This computer cannot keep the till's key (the key store or the folder takes nothing), so nothing was paired and the code is still good. "
        "Unlock or repair it, then try again.",
    ),
    "error.not_paired": (
        "這台收銀機還沒有和總部配對。請執行：python3 -m app pair 配對碼 --server 網址",
        "本收银机尚未与总部配对。请运行：python3 -m app pair 配对码 --server 网址",
        "This till is not paired with an office. Run: python3 -m app pair CODE --server URL",
    ),
    "error.carry_no_key": (
        "總部的伺服器是舊版，沒有給加密用的金鑰，不能帶出。請更新伺服器後重新配對。",
        "总部服务器是旧版，未提供加密所需的密钥，无法带出。请更新服务器后重新配对。",
        "The server is too old to have given a key to encrypt for, so nothing can be carried out. Update it and pair again.",
    ),
    "error.carry_unwritable": (
        "無法寫入 {path}（{reason}）。請換一個隨身碟或資料夾。",
        "无法写入 {path}（{reason}）。请换一个 U 盘或文件夹。",
        "{path} cannot be written ({reason}). Use another stick or folder.",
    ),
    "error.carry_not_one": (
        "{file} 不是收銀機帶出的檔案。",
        "{file} 不是收银机带出的文件。",
        "{file} is no file that a till has carried out.",
    ),
    "error.carry_damaged": (
        "{file} 損壞或沒有複製完整。前面完好的 {batches} 批已收下；請從隨身碟重新複製，再收一次，不會重複入帳。",
        "{file} 已损坏或未复制完整。前面完好的 {batches} 批已接收；请从 U 盘重新复制后再接收一次，不会重复入账。",
        "{file} is damaged or was not copied whole. What came before ({batches}) is taken in; copy it from the stick again and take it in once more. "
        "Nothing counts twice.",
    ),
    "error.carry_other_server": (
        "{file} 是給另一台伺服器的，這台解不開。請拿到收銀機所配對的伺服器上收。",
        "{file} 属于另一台服务器，本服务器无法解开。请在收银机所配对的服务器上接收。",
        "{file} was encrypted for another server. Take it in where the till is paired.",
    ),
    "error.carry_unknown_till": (
        "{file} 不是由這裡配對過的收銀機簽署的，沒有收下。請先把那台收銀機重新配對，再帶出一次。",
        "{file} 不是由在此配对过的收银机签署的，未接收。请先将该收银机重新配对，再带出一次。",
        "{file} was not signed by a till that is paired here, so it was not taken in. Pair that till again and carry out once more.",
    ),
    "error.server_busy": (
        "伺服器的資料庫正忙，請稍後再試一次，不會重複入帳。",
        "服务器的数据库正忙，请稍后再试一次，不会重复入账。",
        "The server's database is busy. Try again in a moment; nothing counts twice.",
    ),
    "error.device_key_lost": (
        "找不到這台的連線金鑰，無法向總部證明身分。請向總部要新的配對碼，重新配對。",
        "找不到本机的连接密钥，无法向总部证明身份。请向总部索取新的配对码，重新配对。",
        "This till's key is gone, so it cannot prove itself to the office. Ask for a new pairing code and pair again.",
    ),
}
