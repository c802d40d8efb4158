"""The part of :mod:`app.texts.error` about stored value and gift cards. Its keys belong to that area."""

from __future__ import annotations

TEXTS = {
    "error.gift_card_unreadable": (
        "這不是本店的禮物卡，或卡號有誤。請再刷一次。",
        "这不是本店的礼品卡，或卡号有误。请再扫一次。",
        "This is not one of our gift cards, or its code is wrong. Scan it again.",
    ),
    "error.gift_card_not_sold": (
        "這張禮物卡還沒開卡，不能付款。請先賣出這張卡。",
        "这张礼品卡还没开卡，不能付款。请先售出这张卡。",
        "This gift card was never sold, so it cannot pay. Sell it first.",
    ),
    "error.value_needs_member": (
        "請先輸入會員的手機號碼，再儲值。",
        "请先输入会员的手机号码，再充值。",
        "Key the member's phone number first, then top up.",
    ),
    "error.value_twice": (
        "這筆已經有了，請改原來那一行，或先刪除。",
        "本单已经有了，请先删除原来那一行。",
        "It is on this sale already. Take that line off first.",
    ),
    "error.value_amount_off": (
        "一次可儲值 {least} 到 {most}。",
        "一次可充值 {least} 到 {most}。",
        "One top-up or card is from {least} to {most}.",
    ),
    "error.value_balance_full": (
        "餘額上限是 {most}，請減少金額。",
        "余额上限是 {most}，请减少金额。",
        "An account holds {most} at most. Take a smaller amount.",
    ),
    "error.value_quantity_fixed": (
        "儲值和禮物卡一次一筆，要改金額請刪掉重加。",
        "充值和礼品卡一次一笔，要改金额请删掉重加。",
        "Top-ups and cards count once. Take the line off to change its amount.",
    ),
    "error.value_account_unknown": (
        "這台收銀機找不到這個儲值帳戶。",
        "这台收银机找不到这个储值账户。",
        "This till does not know that account.",
    ),
    "error.value_of_other_member": (
        "這是別的會員的儲值金，不能用在這筆。",
        "这是其他会员的储值，不能用于本单。",
        "This stored value belongs to another member.",
    ),
    "error.value_balance_short": (
        "餘額只有 {balance}，請改付較少的金額。",
        "余额只有 {balance}，请改付较少的金额。",
        "Only {balance} is left. Take less from it.",
    ),
    "error.value_empty": (
        "這個帳戶已經沒有餘額了。",
        "这个账户已经没有余额了。",
        "There is nothing left in this account.",
    ),
    "error.value_pays_goods_only": (
        "儲值金和禮物卡只能付商品，不能拿來儲值或買禮物卡。",
        "储值和礼品卡只能付商品，不能用来充值或买礼品卡。",
        "Stored value pays for goods only, not for top-ups or gift cards.",
    ),
    "error.value_online_only": (
        "離線時只能使用本店已保留的儲值金，這個帳戶目前可用 {held}。連線後會自動保留，請稍候再試，或改用其他方式付款。",
        "离线时只能使用本店已保留的储值金，这个账户目前可用 {held}。连线后会自动保留，请稍候再试，或改用其他方式付款。",
        "Offline this till can only spend stored value that is reserved for it: {held} of this account. "
        "Once the server is reached more is reserved by itself; try again in a moment, or take another payment.",
    ),
    "error.value_back_first": (
        "這筆是用儲值金或禮物卡付的，要先退回 {amount} 到原來的帳戶。",
        "本单是用储值或礼品卡付的，要先退回 {amount} 到原账户。",
        "This was paid with stored value: {amount} goes back into it first.",
    ),
    "error.value_back_too_much": (
        "退回儲值金的金額超過當時用的。",
        "退回储值的金额超过当时用的。",
        "That is more than was paid with stored value.",
    ),
    "error.value_back_by_itself": (
        "退款會自己退回原來的儲值帳戶，直接按 Enter。",
        "退款会自动退回原储值账户，直接按 Enter。",
        "The refund goes back into its account by itself: press Enter.",
    ),
    "error.value_no_refunds": (
        "本店的規定是儲值不退費，請店主決定。",
        "本店规定充值不退款，请店主决定。",
        "The shop's rule is not to pay out stored value. Ask the owner.",
    ),
    "error.value_refund_too_much": (
        "最多可以退 {most}。",
        "最多可以退 {most}。",
        "At most {most} can be paid out.",
    ),
    "error.value_refund_alone": (
        "儲值退費要單獨一筆，請先完成或取消目前這筆。",
        "充值退款要单独一笔，请先完成或取消当前这笔。",
        "A payout is a sale of its own. Finish or cancel this one first.",
    ),
    "error.value_top_up_spent": (
        "這筆儲值已經用掉一部分，不能作廢。請改用儲值退費。",
        "这笔充值已经用掉一部分，不能作废。请改用充值退款。",
        "Part of this top-up is spent, so it cannot be voided. Pay out what is left instead.",
    ),
}
