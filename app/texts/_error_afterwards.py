"""The part of :mod:`app.texts.error` about tender, returns, points, people and the shift. Its keys belong to that area."""

from __future__ import annotations

TEXTS = {
    # --- tender ---
    "error.tender_amount_invalid": (
        "金額要大於 0，請重新輸入。",
        "金额要大于 0，请重新输入。",
        "The amount must be above zero. Key it again.",
    ),
    "error.already_settled": (
        "這筆已經付清，按 Enter 完成結帳。",
        "本单已付清，按 Enter 完成结账。",
        "This sale is already paid. Press Enter to finish it.",
    ),
    "error.tender_exceeds_due": (
        "金額不能超過待付的 {due}，只有現金可以找零。",
        "金额不能超过待付的 {due}，只有现金可以找零。",
        "This may not be more than the {due} still due; only cash gives change.",
    ),
    "error.cash_not_payable": (
        "最小的硬幣是 {step}，現金付不出這個金額，請重新輸入。",
        "最小的硬币是 {step}，现金付不出这个金额，请重新输入。",
        "The smallest coin is {step}, so cash cannot pay this amount. Key it again.",
    ),
    "error.cash_too_much": (
        "應收只有 {due}，收到的現金似乎太多，請確認後重新輸入。",
        "应收只有 {due}，收到的现金似乎太多，请确认后重新输入。",
        "Only {due} is due; this looks like too much cash. Check the amount and key it again.",
    ),
    "error.tenders_too_many": (
        "一筆最多分 {tenders_max} 次付款。",
        "一单最多分 {tenders_max} 次付款。",
        "One sale can be split over {tenders_max} payments at most.",
    ),
    "error.tender_too_small": (
        "還差 {due}，付清後才能完成。",
        "还差 {due}，付清后才能完成。",
        "{due} is still due. The sale can finish once it is paid.",
    ),
    "error.refund_incomplete": (
        "還要退給客人 {due}，請選擇退款方式。",
        "还要退给顾客 {due}，请选择退款方式。",
        "{due} still has to go back to the customer. Choose how.",
    ),
    # --- afterwards ---
    "error.return_line_unknown": (
        "這一項不在原銷售明細中，請選擇售出的商品。",
        "该项不在原销售明细中，请选择售出的商品。",
        "This line is not part of the sale. Choose one of the goods that were sold.",
    ),
    "error.return_exceeds_sale": (
        "「{name}」可退的數量不足，請確認先前是否已退過。",
        "“{name}”可退数量不足，请确认之前是否已退过。",
        "More of {name} than is left to return. Check whether some came back before.",
    ),
    "error.void_of_void": (
        "作廢單不能再作廢，請重新銷售。",
        "作废单不能再作废，请重新销售。",
        "A void cannot be voided. Ring the sale again.",
    ),
    "error.sale_voided": (
        "單號 {number} 已作廢。",
        "单号 {number} 已作废。",
        "Receipt {number} has been voided.",
    ),
    "error.void_after_return": (
        "單號 {number} 已有商品退回，不能整單作廢，請改辦退貨。",
        "单号 {number} 已有商品退回，不能整单作废，请改办退货。",
        "Goods of receipt {number} have come back already. Return the rest instead of voiding the sale.",
    ),
    "error.void_of_return": (
        "單號 {number} 含有退貨，不能作廢，請將商品重新銷售。",
        "单号 {number} 含有退货，不能作废，请将商品重新销售。",
        "Receipt {number} contains a return and cannot be voided. Sell the goods again instead.",
    ),
    "error.points_not_positive": (
        "點數要大於 0。",
        "积分要大于 0。",
        "The number of points must be above zero.",
    ),
    "error.points_too_many": (
        "這筆最多可用 {limit} 點。",
        "本单最多可用 {limit} 分。",
        "At most {limit} points can be used on this sale.",
    ),
    "error.points_step": (
        "點數要以 {step} 點為單位使用。",
        "积分须以 {step} 分为单位使用。",
        "Points are used in steps of {step}.",
    ),
    "error.points_not_enough": (
        "會員的可用點數不足 {points} 點，請改用其他付款方式補足。",
        "会员可用积分不足 {points} 分，请改用其他付款方式补足。",
        "The member has fewer than {points} points to spend. Take another payment instead.",
    ),
    # --- people and approvals ---
    "error.sign_on_failed": (
        "員工編號或密碼不對，請再試一次。",
        "员工编号或密码不正确，请再试一次。",
        "The staff number or the PIN is wrong. Try again.",
    ),
    "error.operator_locked": (
        "密碼錯誤太多次，請等 {seconds} 秒後再試，或改刷識別證。",
        "密码错误次数过多，请等 {seconds} 秒后再试，或改刷工牌。",
        "Too many wrong PINs. Wait {seconds} seconds and try again, or scan your badge.",
    ),
    "error.badge_unknown": (
        "無法辨識這張識別證，請改用員工編號與密碼。",
        "无法识别这张工牌，请改用员工编号与密码。",
        "This badge is not known. Use your staff number and PIN.",
    ),
    "error.approval_same_person": (
        "不能自己核准，請另一位有權限的同事輸入。",
        "不能自己授权，请另一位有权限的同事输入。",
        "You cannot approve your own request. Ask a colleague who may.",
    ),
    "error.approval_not_allowed": (
        "{name} 的權限不足以核准，請找更高權限的同事。",
        "{name} 的权限不足以授权，请找更高权限的同事。",
        "{name} may not approve this. Ask somebody with a higher role.",
    ),
    "error.pin_format": (
        "密碼要是 {digits} 位數字。",
        "密码须为 {digits} 位数字。",
        "A PIN has {digits} digits.",
    ),
    "error.pin_too_simple": (
        "這個密碼太容易猜到，請不要用連號、重複的數字或員工編號。",
        "这个密码太容易猜到，请不要用连号、重复的数字或员工编号。",
        "This PIN is too easy to guess. Do not use a run, one repeated digit or your staff number.",
    ),
    "error.operator_number_invalid": (
        "員工編號只能用英文字母與數字，最多 {characters_max} 個字。",
        "员工编号只能用英文字母与数字，最多 {characters_max} 个字符。",
        "A staff number is made of letters and digits, at most {characters_max}.",
    ),
    "error.operator_number_taken": (
        "員工編號 {number} 已有人使用，請換一個。",
        "员工编号 {number} 已被使用，请换一个。",
        "Staff number {number} is taken. Choose another.",
    ),
    "error.operator_name_needed": (
        "請輸入員工姓名（最多 40 個字）。",
        "请输入员工姓名（最多 40 个字）。",
        "Key the person's name (40 characters at most).",
    ),
    "error.role_too_high": (
        "不能設定比自己更高的權限，請由店主操作。",
        "不能设置比自己更高的权限，请由店主操作。",
        "You cannot give or change a role above your own. Ask the owner.",
    ),
    "error.badge_taken": (
        "這張識別證已登記給 {name}。",
        "这张工牌已登记给 {name}。",
        "This badge belongs to {name}.",
    ),
    # --- the drawer and the shift ---
    "error.amount_negative": (
        "金額不能是負數，請重新輸入。",
        "金额不能是负数，请重新输入。",
        "An amount cannot be negative. Key it again.",
    ),
    "error.note_needed": (
        "選「其他」時請寫下備註。",
        "选“其他”时请填写备注。",
        "With “other”, write a note that says what it was.",
    ),
    "error.shift_already_open": (
        "已經開班了，請先交班再開新的一班。",
        "已经开班了，请先交班再开新的一班。",
        "A shift is open already. Close it before opening another.",
    ),
    "error.pieces_out_of_range": (
        "張數要在 0 到 {pieces_max} 之間。",
        "张数须在 0 到 {pieces_max} 之间。",
        "The number of pieces is between 0 and {pieces_max}.",
    ),
    "error.float_exceeds_count": (
        "留下的零用金不能超過實點的現金。",
        "留下的备用金不能超过实点的现金。",
        "No more can stay in the drawer than was counted.",
    ),
    "error.shift_changed": (
        "點錢期間又有交易，請重新點收。",
        "清点期间又有交易，请重新清点。",
        "Something was rung since the count. Count the drawer again.",
    ),
    "error.z_report_missing": (
        "找不到這張 Z 報表。",
        "找不到这张 Z 报表。",
        "There is no such Z report.",
    ),
    "error.bench_unknown": (
        "沒有名為「{name}」的量測，可用的有：{known}。",
        "没有名为“{name}”的测试，可用的有：{known}。",
        "There is no benchmark called “{name}”. Known: {known}.",
    ),
}
