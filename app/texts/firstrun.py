"""The first-run set-up."""

from __future__ import annotations

TEXTS = {
    "firstrun.welcome": ("歡迎使用 熟客", "欢迎使用 熟客", "Welcome to Regulars"),
    "firstrun.step": (
        "第 {number} 步，共 {count} 步",
        "第 {number} 步，共 {count} 步",
        "Step {number} of {count}",
    ),
    "firstrun.next": ("下一步  Enter", "下一步  Enter", "Next  Enter"),
    "firstrun.previous": ("上一步  Esc", "上一步  Esc", "Back  Esc"),
    "firstrun.finish": ("開始營業  Enter", "开始营业  Enter", "Open the shop  Enter"),
    "firstrun.working": ("正在建立您的店…", "正在创建您的店…", "Setting up your shop…"),
    "firstrun.language": ("語言", "语言", "Language"),
    # --- the shop ---
    "firstrun.shop.title": ("您的店", "您的店", "Your shop"),
    "firstrun.shop.hint": (
        "店名和統一編號會印在收據上。之後都可以在設定裡修改。",
        "店名和统一编号会印在小票上。之后都可以在设置里修改。",
        "The name and tax ID are printed on receipts. All of this can be changed later.",
    ),
    "firstrun.shop.name": ("店名", "店名", "Name of the shop"),
    "firstrun.shop.tax_id": ("統一編號", "统一编号", "Tax ID (統一編號)"),
    "firstrun.shop.tax_id_help": ("沒有可以留空", "没有可以留空", "May be left empty"),
    "firstrun.shop.phone": ("電話", "电话", "Phone"),
    "firstrun.currency": ("幣別", "币种", "Currency"),
    "firstrun.currency.TWD": ("新臺幣", "新台币", "NT$"),
    "firstrun.currency.CNY": ("人民幣", "人民币", "CNY"),
    "firstrun.currency.HKD": ("港幣", "港币", "HK$"),
    "firstrun.currency.USD": ("美元", "美元", "US$"),
    "firstrun.shop.store_code": ("店號", "店号", "Store code"),
    "firstrun.shop.till_code": ("機號", "机号", "Till code"),
    "firstrun.shop.code_help": (
        "單號會是 店號-機號-流水號；只有一台就用預設值。",
        "单号会是 店号-机号-流水号；只有一台就用默认值。",
        "Receipt numbers begin with these; with one till, keep them as they are.",
    ),
    # --- the key ---
    "firstrun.key.title": ("保護您的資料", "保护您的数据", "Protect your records"),
    "firstrun.key.hint": (
        "帳目會加密存在這台電腦。打開它的金鑰要放在哪裡？",
        "账目会加密存在这台电脑。打开它的密钥要放在哪里？",
        "The books are stored encrypted on this computer. Where should the key be kept?",
    ),
    "firstrun.key.hint_no_keyring": (
        "帳目會加密存在這台電腦。這台電腦沒有可用的系統金鑰庫，請選擇金鑰的保管方式。",
        "账目会加密存在这台电脑。这台电脑没有可用的系统密钥库，请选择密钥的保管方式。",
        "The books are stored encrypted. This computer has no working key store, so choose how to keep the key.",
    ),
    "firstrun.key.keyring": ("系統金鑰庫（建議）", "系统密钥库（建议）", "System key store (best)"),
    "firstrun.key.passphrase": ("通關密語", "口令", "Passphrase"),
    "firstrun.key.file": ("金鑰檔", "密钥文件", "Key file"),
    "firstrun.key.keyring_means": (
        "由這台電腦的登入帳號保管，開機登入後就能直接營業。",
        "由这台电脑的登录账号保管，开机登录后即可直接营业。",
        "The computer's own login keeps it; after signing in to the computer the till just opens.",
    ),
    "firstrun.key.passphrase_means": (
        "每次開啟都要輸入。忘記了誰也打不開，請寫下來收在保險箱。",
        "每次打开都要输入。忘记了谁也打不开，请写下来收在保险箱。",
        "It is asked for at every start. Nobody can open the books without it, so write it down and lock it away.",
    ),
    "firstrun.key.file_means": (
        "金鑰放在資料夾的檔案裡，不必輸入；但拿走整個資料夾的人就能讀取帳目。",
        "密钥放在数据文件夹的文件里，不必输入；但拿走整个文件夹的人就能读取账目。",
        "The key lies in a file beside the books: nothing to type, but whoever copies the folder can read everything.",
    ),
    "firstrun.key.passphrase_first": (
        "通關密語（至少 8 個字）",
        "口令（至少 8 个字符）",
        "Passphrase (8 characters or more)",
    ),
    "firstrun.key.passphrase_again": ("再輸入一次", "再输入一次", "Once more"),
    # --- the owner ---
    "firstrun.owner.title": ("店主", "店主", "The owner"),
    "firstrun.owner.hint": (
        "用員工編號和 6 位數密碼登入。其他同事開店後在「設定」裡新增。",
        "用员工编号和 6 位数字密码登录。其他同事开店后在“设置”里新增。",
        "People sign on with a staff number and a 6-digit PIN. Add the others later, in the settings.",
    ),
    "firstrun.owner.name": ("姓名", "姓名", "Name"),
    "firstrun.owner.number": ("員工編號", "员工编号", "Staff number"),
    "firstrun.owner.number_help": (
        "1 到 8 個數字或英文字母",
        "1 到 8 个数字或字母",
        "1 to 8 digits or letters",
    ),
    "firstrun.owner.pin": ("密碼", "密码", "PIN"),
    "firstrun.owner.pin_help": (
        "6 個數字，不要用生日或連號",
        "6 个数字，不要用生日或连号",
        "6 digits; no birthday, no 123456",
    ),
    "firstrun.owner.pin_again": ("再輸入一次密碼", "再输入一次密码", "PIN once more"),
    # --- goods ---
    "firstrun.goods.title": ("商品", "商品", "What you sell"),
    "firstrun.goods.hint": (
        "最後一步。沒有商品也能開始，之後隨時可以匯入。",
        "最后一步。没有商品也能开始，之后随时可以导入。",
        "The last step. You can also start without goods and import them any time.",
    ),
    "firstrun.goods.file": ("匯入商品檔", "导入商品文件", "Import a file"),
    "firstrun.goods.demo": ("先用範例商品", "先用示例商品", "Demo goods"),
    "firstrun.goods.later": ("之後再說", "以后再说", "Later"),
    "firstrun.goods.file_means": (
        "支援 Excel（.xlsx）和 CSV。會先讓您看過每一列再匯入。",
        "支持 Excel（.xlsx）和 CSV。会先让您看过每一行再导入。",
        "Excel (.xlsx) or CSV. You see what every row would do before anything is imported.",
    ),
    "firstrun.goods.demo_means": (
        "放入兩百多項範例商品，先熟悉操作，之後再換成自己的。",
        "放入两百多项示例商品，先熟悉操作，之后再换成自己的。",
        "Some two hundred sample goods to get to know the till; replace them with your own later.",
    ),
    "firstrun.goods.later_means": (
        "從空白開始。之後在「設定 → 資料」匯入。",
        "从空白开始。之后在“设置 → 数据”导入。",
        "Start empty and import later under Settings → Data.",
    ),
}
