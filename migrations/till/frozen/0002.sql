CREATE TABLE catalogue_state (
  id INTEGER NOT NULL CHECK (id = 1),
  version INTEGER NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE category (
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT DEFAULT '' NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  parent_id BLOB CHECK (length(parent_id) = 16),
  position INTEGER DEFAULT 0 NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(parent_id) REFERENCES category (id)
) STRICT;

CREATE TABLE chain_head (
  one INTEGER NOT NULL CHECK (one = 1),
  incarnation INTEGER NOT NULL CHECK (incarnation > 0),
  letter TEXT NOT NULL CHECK (letter <> ''),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  counter INTEGER NOT NULL CHECK (counter >= 0),
  z_number INTEGER NOT NULL CHECK (z_number >= 0),
  hlc INTEGER NOT NULL CHECK (hlc >= 0),
  PRIMARY KEY (one)
) STRICT;

CREATE TABLE consent (
  id BLOB NOT NULL CHECK (length(id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  is_granted INTEGER NOT NULL CHECK (is_granted IN (0, 1)),
  text_version TEXT NOT NULL,
  channel TEXT NOT NULL,
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  operator_id BLOB CHECK (length(operator_id) = 16),
  hlc INTEGER NOT NULL CHECK (hlc > 0),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE coupon (
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL CHECK (code <> ''),
  template TEXT NOT NULL CHECK (template <> ''),
  rule_version INTEGER NOT NULL CHECK (rule_version > 0),
  member_id BLOB CHECK (length(member_id) = 16),
  issued_at INTEGER NOT NULL CHECK (issued_at >= 0),
  valid_from INTEGER NOT NULL CHECK (valid_from BETWEEN 20000101 AND 99991231),
  valid_to INTEGER CHECK (valid_to BETWEEN 20000101 AND 99991231),
  uses_max INTEGER NOT NULL CHECK (uses_max > 0),
  source TEXT NOT NULL,
  batch TEXT DEFAULT '' NOT NULL,
  transaction_id BLOB CHECK (length(transaction_id) = 16),
  PRIMARY KEY (id),
  UNIQUE (code)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE coupon_event (
  id BLOB NOT NULL CHECK (length(id) = 16),
  coupon_id BLOB NOT NULL CHECK (length(coupon_id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('redeemed', 'restored', 'cancelled', 'transferred')),
  member_id BLOB CHECK (length(member_id) = 16),
  transaction_id BLOB CHECK (length(transaction_id) = 16),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  amount_minor INTEGER NOT NULL,
  operator_id BLOB CHECK (length(operator_id) = 16),
  hlc INTEGER NOT NULL CHECK (hlc > 0),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE day_part (
  id INTEGER NOT NULL,
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  last_seq INTEGER NOT NULL CHECK (last_seq > 0),
  points_owed INTEGER NOT NULL,
  value_paid_minor INTEGER NOT NULL,
  value_bonus_minor INTEGER NOT NULL,
  tickets BLOB NOT NULL,
  items BLOB NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE day_state (
  one INTEGER NOT NULL CHECK (one = 1),
  folded_seq INTEGER NOT NULL CHECK (folded_seq >= 0),
  form INTEGER NOT NULL CHECK (form > 0),
  PRIMARY KEY (one)
) STRICT;

CREATE TABLE day_void (
  sale_seq INTEGER NOT NULL,
  void_seq INTEGER NOT NULL CHECK (void_seq > sale_seq),
  late_member INTEGER,
  PRIMARY KEY (sale_seq)
) STRICT;

CREATE TABLE device (
  one INTEGER NOT NULL CHECK (one = 1),
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  store_code TEXT NOT NULL CHECK (store_code <> ''),
  till_code TEXT NOT NULL CHECK (till_code <> ''),
  is_training INTEGER NOT NULL CHECK (is_training IN (0, 1)),
  created_at INTEGER NOT NULL CHECK (created_at >= 0),
  PRIMARY KEY (one)
) STRICT;

CREATE TABLE device_event (
  id INTEGER NOT NULL,
  device TEXT NOT NULL CHECK (device <> ''),
  kind TEXT NOT NULL CHECK (kind <> ''),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  detail TEXT DEFAULT '' NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE draft (
  one INTEGER NOT NULL CHECK (one = 1),
  body BLOB NOT NULL,
  PRIMARY KEY (one)
) STRICT;

CREATE TABLE erasure (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  erased_at INTEGER NOT NULL CHECK (erased_at >= 0),
  operator_id BLOB CHECK (length(operator_id) = 16),
  reason TEXT NOT NULL,
  PRIMARY KEY (member_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE event_guest (
  event_id BLOB NOT NULL CHECK (length(event_id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  signed_up_at INTEGER NOT NULL CHECK (signed_up_at >= 0),
  attended_at INTEGER CHECK (attended_at >= 0),
  operator_id BLOB CHECK (length(operator_id) = 16),
  PRIMARY KEY (event_id, member_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE fact (
  seq INTEGER NOT NULL CHECK (seq > 0),
  id BLOB NOT NULL CHECK (length(id) = 16),
  incarnation INTEGER NOT NULL CHECK (incarnation > 0),
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  hlc INTEGER NOT NULL CHECK (hlc > 0),
  prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  body BLOB NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE (id)
) STRICT;

CREATE TABLE feed_sum (
  entity TEXT NOT NULL CHECK (entity <> ''),
  count INTEGER NOT NULL CHECK (count >= 0),
  xor BLOB NOT NULL,
  PRIMARY KEY (entity)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE guard_dismissal (
  signal_key TEXT NOT NULL CHECK (signal_key <> ''),
  dismissed_at INTEGER NOT NULL CHECK (dismissed_at >= 0),
  operator_id BLOB CHECK (length(operator_id) = 16),
  reason TEXT NOT NULL,
  PRIMARY KEY (signal_key)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE held_sale (
  id BLOB NOT NULL CHECK (length(id) = 16),
  held_at INTEGER NOT NULL CHECK (held_at >= 0),
  operator_id BLOB NOT NULL CHECK (length(operator_id) = 16),
  label TEXT NOT NULL,
  line_count INTEGER NOT NULL CHECK (line_count >= 0),
  total_minor INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE inbox (
  id BLOB NOT NULL CHECK (length(id) = 16),
  feed_seq INTEGER NOT NULL CHECK (feed_seq > 0),
  kind TEXT NOT NULL CHECK (kind <> ''),
  device_id BLOB NOT NULL CHECK (length(device_id) = 16),
  incarnation INTEGER NOT NULL CHECK (incarnation > 0),
  seq INTEGER NOT NULL CHECK (seq > 0),
  hlc INTEGER NOT NULL CHECK (hlc > 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  body BLOB NOT NULL,
  problem TEXT DEFAULT '' NOT NULL,
  round INTEGER DEFAULT 0 NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE incarnation (
  incarnation INTEGER NOT NULL CHECK (incarnation > 0),
  letter TEXT NOT NULL CHECK (letter <> ''),
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  started_at INTEGER NOT NULL CHECK (started_at >= 0),
  reason TEXT NOT NULL,
  PRIMARY KEY (incarnation),
  UNIQUE (letter)
) STRICT;

CREATE TABLE ledger_entry (
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('accrual', 'redemption', 'accrual_reversal', 'redemption_reversal', 'bonus', 'gift', 'expiry', 'adjustment')),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  transaction_id BLOB CHECK (length(transaction_id) = 16),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  expires_on INTEGER CHECK (expires_on BETWEEN 20000101 AND 99991231),
  note TEXT NOT NULL,
  source TEXT DEFAULT '' NOT NULL,
  fact_id BLOB CHECK (length(fact_id) = 16),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member (
  number INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  phone TEXT NOT NULL CHECK (phone <> ''),
  phone_reversed TEXT NOT NULL,
  name TEXT DEFAULT '' NOT NULL,
  tier TEXT DEFAULT '' NOT NULL,
  joined_on INTEGER CHECK (joined_on BETWEEN 19000101 AND 99991231),
  birthday TEXT DEFAULT '' NOT NULL,
  gender TEXT DEFAULT '' NOT NULL,
  note TEXT DEFAULT '' NOT NULL,
  code TEXT CHECK (code <> ''),
  has_marketing_consent INTEGER DEFAULT 0 NOT NULL CHECK (has_marketing_consent IN (0, 1)),
  created_at INTEGER NOT NULL CHECK (created_at >= 0),
  created_by BLOB CHECK (length(created_by) = 16),
  updated_at INTEGER NOT NULL CHECK (updated_at >= 0),
  PRIMARY KEY (number),
  UNIQUE (id),
  UNIQUE (phone),
  UNIQUE (code)
) STRICT;

CREATE TABLE member_alias (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  survivor_id BLOB NOT NULL CHECK (length(survivor_id) = 16),
  merged_at INTEGER NOT NULL CHECK (merged_at >= 0),
  hlc INTEGER NOT NULL CHECK (hlc > 0),
  PRIMARY KEY (member_id),
  CHECK (member_id <> survivor_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_code (
  code TEXT NOT NULL CHECK (code <> ''),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  kind TEXT NOT NULL CHECK (kind <> ''),
  added_at INTEGER NOT NULL CHECK (added_at >= 0),
  PRIMARY KEY (code)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_field (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  field TEXT NOT NULL CHECK (field <> ''),
  value TEXT NOT NULL,
  hlc INTEGER NOT NULL CHECK (hlc > 0),
  changed_at INTEGER NOT NULL CHECK (changed_at >= 0),
  changed_by BLOB CHECK (length(changed_by) = 16),
  PRIMARY KEY (member_id, field)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_key (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  "key" BLOB NOT NULL,
  PRIMARY KEY (member_id, "key")
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_note (
  id BLOB NOT NULL CHECK (length(id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('note', 'request', 'follow_up', 'complaint')),
  words TEXT NOT NULL,
  written_at INTEGER NOT NULL CHECK (written_at >= 0),
  written_by BLOB CHECK (length(written_by) = 16),
  due_on INTEGER CHECK (due_on BETWEEN 20000101 AND 99991231),
  done_at INTEGER CHECK (done_at >= 0),
  done_by BLOB CHECK (length(done_by) = 16),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_note_word (
  note_id BLOB NOT NULL CHECK (length(note_id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  is_dropped INTEGER DEFAULT 0 NOT NULL CHECK (is_dropped IN (0, 1)),
  done_at INTEGER CHECK (done_at >= 0),
  done_by BLOB CHECK (length(done_by) = 16),
  PRIMARY KEY (note_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_number (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  phone TEXT DEFAULT '' NOT NULL,
  phone_hlc INTEGER DEFAULT 0 NOT NULL,
  enrolled_hlc INTEGER,
  PRIMARY KEY (member_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_tag (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  tag TEXT NOT NULL CHECK (tag <> ''),
  source TEXT NOT NULL CHECK (source IN ('hand', 'rule')),
  added_at INTEGER NOT NULL CHECK (added_at >= 0),
  PRIMARY KEY (member_id, tag)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE member_visit (
  id BLOB NOT NULL CHECK (length(id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  total_minor INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE operator (
  id BLOB NOT NULL CHECK (length(id) = 16),
  number TEXT NOT NULL CHECK (number <> ''),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor', 'manager', 'owner')),
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  pin_hash TEXT DEFAULT '' NOT NULL,
  badge_hash TEXT DEFAULT '' NOT NULL,
  failures INTEGER DEFAULT 0 NOT NULL CHECK (failures >= 0),
  locked_until INTEGER DEFAULT 0 NOT NULL CHECK (locked_until >= 0),
  PRIMARY KEY (id),
  UNIQUE (number)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE promotion (
  id BLOB NOT NULL CHECK (length(id) = 16),
  body TEXT NOT NULL CHECK (json_valid(body)),
  updated_at INTEGER NOT NULL CHECK (updated_at >= 0),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE referral (
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  referrer_id BLOB NOT NULL CHECK (length(referrer_id) = 16),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  operator_id BLOB CHECK (length(operator_id) = 16),
  PRIMARY KEY (member_id),
  CHECK (member_id <> referrer_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE rule_told (
  fact_id BLOB NOT NULL CHECK (length(fact_id) = 16),
  area TEXT NOT NULL CHECK (area IN ('points', 'tiers', 'coupons', 'stamps', 'value', 'gifts', 'consent', 'fields', 'guard')),
  version INTEGER NOT NULL CHECK (version > 0),
  PRIMARY KEY (fact_id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE rule_version (
  area TEXT NOT NULL CHECK (area IN ('points', 'tiers', 'coupons', 'stamps', 'value', 'gifts', 'consent', 'fields', 'guard')),
  version INTEGER NOT NULL CHECK (version > 0),
  body BLOB NOT NULL,
  valid_from INTEGER NOT NULL CHECK (valid_from >= 0),
  created_at INTEGER NOT NULL CHECK (created_at >= 0),
  created_by BLOB CHECK (length(created_by) = 16),
  note TEXT DEFAULT '' NOT NULL,
  fact_id BLOB CHECK (length(fact_id) = 16),
  PRIMARY KEY (area, version)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE server_document (
  name TEXT NOT NULL CHECK (name <> ''),
  version INTEGER NOT NULL CHECK (version > 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  applied_at INTEGER NOT NULL CHECK (applied_at >= 0),
  problem TEXT DEFAULT '' NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (name)
) STRICT;

CREATE TABLE setting (
  "key" TEXT NOT NULL CHECK (key <> ''),
  value TEXT NOT NULL,
  PRIMARY KEY ("key")
) WITHOUT ROWID,
 STRICT;

CREATE TABLE shift (
  id BLOB NOT NULL CHECK (length(id) = 16),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  opened_at INTEGER NOT NULL CHECK (opened_at >= 0),
  opened_by BLOB NOT NULL CHECK (length(opened_by) = 16),
  opening_float_minor INTEGER NOT NULL CHECK (opening_float_minor >= 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  closed_at INTEGER CHECK (closed_at >= 0),
  z_number INTEGER CHECK (z_number > 0),
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  PRIMARY KEY (id),
  CHECK ((closed_at IS NULL) = (z_number IS NULL)),
  CHECK (closed_at >= opened_at)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE shop_event (
  id BLOB NOT NULL CHECK (length(id) = 16),
  name TEXT NOT NULL CHECK (name <> ''),
  held_on INTEGER NOT NULL CHECK (held_on BETWEEN 20000101 AND 99991231),
  starts_at_minute INTEGER CHECK (starts_at_minute BETWEEN 0 AND 1439),
  place TEXT DEFAULT '' NOT NULL,
  capacity INTEGER CHECK (capacity > 0),
  note TEXT DEFAULT '' NOT NULL,
  changed_at INTEGER NOT NULL CHECK (changed_at >= 0),
  PRIMARY KEY (id)
) STRICT;

CREATE TABLE stamp_event (
  id BLOB NOT NULL CHECK (length(id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  card TEXT NOT NULL CHECK (card <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('earned', 'taken_back', 'redeemed', 'restored', 'expired', 'adjusted')),
  stamps INTEGER NOT NULL CHECK (stamps <> 0),
  transaction_id BLOB CHECK (length(transaction_id) = 16),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  rule_version INTEGER NOT NULL CHECK (rule_version > 0),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE sync_state (
  one INTEGER NOT NULL CHECK (one = 1),
  server INTEGER DEFAULT 0 NOT NULL,
  pulled INTEGER DEFAULT 0 NOT NULL,
  acknowledged_seq INTEGER DEFAULT 0 NOT NULL,
  last_contact_at INTEGER CHECK (last_contact_at >= 0),
  last_push_at INTEGER CHECK (last_push_at >= 0),
  last_pull_at INTEGER CHECK (last_pull_at >= 0),
  last_problem TEXT DEFAULT '' NOT NULL,
  filling TEXT DEFAULT 'catalogue' NOT NULL,
  filling_as_of INTEGER DEFAULT 0 NOT NULL,
  filling_after INTEGER DEFAULT 0 NOT NULL,
  round INTEGER DEFAULT 1 NOT NULL,
  put_back_from INTEGER DEFAULT 0 NOT NULL,
  put_back_to INTEGER DEFAULT 0 NOT NULL,
  settling INTEGER DEFAULT 0 NOT NULL CHECK (settling IN (0, 1)),
  sweep_due INTEGER DEFAULT 0 NOT NULL CHECK (sweep_due IN (0, 1)),
  PRIMARY KEY (one)
) STRICT;

CREATE TABLE tier_event (
  id BLOB NOT NULL CHECK (length(id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('reached', 'kept', 'lowered', 'granted')),
  tier TEXT NOT NULL,
  from_tier TEXT NOT NULL,
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  protected_until INTEGER CHECK (protected_until BETWEEN 20000101 AND 99991231),
  transaction_id BLOB CHECK (length(transaction_id) = 16),
  rule_version INTEGER NOT NULL CHECK (rule_version > 0),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE value_account (
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('member', 'gift_card')),
  code TEXT CHECK (code <> ''),
  member_id BLOB CHECK (length(member_id) = 16),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  opened_at INTEGER NOT NULL CHECK (opened_at >= 0),
  expires_on INTEGER CHECK (expires_on BETWEEN 20000101 AND 99991231),
  PRIMARY KEY (id),
  CHECK (kind = 'gift_card' OR member_id IS NOT NULL),
  CHECK ((kind = 'gift_card') = (code IS NOT NULL)),
  UNIQUE (code)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE value_lease (
  id BLOB NOT NULL CHECK (length(id) = 16),
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  incarnation INTEGER NOT NULL CHECK (incarnation > 0),
  version INTEGER DEFAULT 1 NOT NULL CHECK (version > 0),
  granted_minor INTEGER NOT NULL CHECK (granted_minor >= 0),
  spent_minor INTEGER NOT NULL CHECK (spent_minor >= 0),
  granted_at INTEGER NOT NULL CHECK (granted_at >= 0),
  expires_at INTEGER NOT NULL CHECK (expires_at >= 0),
  returned_at INTEGER CHECK (returned_at >= 0),
  PRIMARY KEY (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE audit_event (
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  operator_id BLOB CHECK (length(operator_id) = 16),
  approved_by BLOB CHECK (length(approved_by) = 16),
  shift_id BLOB CHECK (length(shift_id) = 16),
  PRIMARY KEY (seq),
  FOREIGN KEY(seq) REFERENCES fact (seq)
) STRICT;

CREATE TABLE day_sum (
  part_id INTEGER NOT NULL,
  figure TEXT NOT NULL CHECK (figure <> ''),
  "key" TEXT NOT NULL,
  count INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (part_id, figure, "key"),
  FOREIGN KEY(part_id) REFERENCES day_part (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE item (
  number INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  sku TEXT NOT NULL CHECK (sku <> ''),
  name TEXT NOT NULL CHECK (name <> ''),
  unit TEXT NOT NULL CHECK (unit IN ('each', 'kg')),
  tax_class TEXT NOT NULL CHECK (tax_class IN ('taxable', 'zero', 'exempt')),
  category_id BLOB CHECK (length(category_id) = 16),
  is_open_price INTEGER DEFAULT 0 NOT NULL CHECK (is_open_price IN (0, 1)),
  is_discountable INTEGER DEFAULT 1 NOT NULL CHECK (is_discountable IN (0, 1)),
  earns_points INTEGER DEFAULT 1 NOT NULL CHECK (earns_points IN (0, 1)),
  plu TEXT CHECK (plu NOT GLOB '0*'),
  cost_minor INTEGER CHECK (cost_minor >= 0),
  popularity INTEGER DEFAULT 0 NOT NULL CHECK (popularity >= 0),
  is_active INTEGER DEFAULT 1 NOT NULL CHECK (is_active IN (0, 1)),
  updated_at INTEGER NOT NULL CHECK (updated_at >= 0),
  PRIMARY KEY (number),
  UNIQUE (id),
  UNIQUE (sku),
  FOREIGN KEY(category_id) REFERENCES category (id),
  UNIQUE (plu)
) STRICT;

CREATE TABLE ledger_posting (
  entry_id BLOB NOT NULL CHECK (length(entry_id) = 16),
  number INTEGER NOT NULL CHECK (number > 0),
  account TEXT NOT NULL CHECK (account IN ('member', 'issued', 'redeemed', 'expired', 'adjusted')),
  points INTEGER NOT NULL CHECK (points <> 0),
  member_id BLOB CHECK (length(member_id) = 16),
  lot_id BLOB CHECK (length(lot_id) = 16),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  expires_on INTEGER CHECK (expires_on BETWEEN 20000101 AND 99991231),
  usable_on INTEGER CHECK (usable_on BETWEEN 20000101 AND 99991231),
  PRIMARY KEY (entry_id, number),
  FOREIGN KEY(entry_id) REFERENCES ledger_entry (id),
  CHECK ((account = 'member') = (lot_id IS NOT NULL)),
  CHECK ((lot_id IS NULL) = (member_id IS NULL))
) WITHOUT ROWID,
 STRICT;

CREATE TABLE outbox (
  seq INTEGER NOT NULL,
  PRIMARY KEY (seq),
  FOREIGN KEY(seq) REFERENCES fact (seq)
) STRICT;

CREATE TABLE set_aside (
  seq INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('conflict', 'fork', 'quarantined')),
  code TEXT NOT NULL,
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  settled_at INTEGER CHECK (settled_at >= 0),
  PRIMARY KEY (seq),
  FOREIGN KEY(seq) REFERENCES fact (seq)
) STRICT;

CREATE TABLE transaction_header (
  seq INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'return', 'post_void', 'no_sale', 'paid_in', 'paid_out', 'shift_open', 'shift_close')),
  receipt_number TEXT NOT NULL CHECK (receipt_number <> ''),
  counter INTEGER NOT NULL CHECK (counter > 0),
  shift_id BLOB NOT NULL CHECK (length(shift_id) = 16),
  operator_id BLOB NOT NULL CHECK (length(operator_id) = 16),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  utc_offset_minutes INTEGER NOT NULL CHECK (utc_offset_minutes BETWEEN -1080 AND 1080),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  is_training INTEGER NOT NULL CHECK (is_training IN (0, 1)),
  member_id BLOB CHECK (length(member_id) = 16),
  is_new_member INTEGER NOT NULL CHECK (is_new_member IN (0, 1)),
  total_minor INTEGER NOT NULL,
  change_minor INTEGER NOT NULL CHECK (change_minor >= 0),
  rounding_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  cash_minor INTEGER NOT NULL,
  points_earned INTEGER NOT NULL,
  points_spent INTEGER NOT NULL,
  voids_id BLOB CHECK (length(voids_id) = 16),
  PRIMARY KEY (seq),
  CHECK ((voids_id IS NOT NULL) = (kind = 'post_void')),
  CHECK (is_new_member = 0 OR member_id IS NOT NULL),
  CHECK (kind IN ('sale', 'return', 'post_void') OR (total_minor = 0 AND change_minor = 0 AND member_id IS NULL)),
  FOREIGN KEY(seq) REFERENCES fact (seq),
  UNIQUE (receipt_number)
) STRICT;

CREATE TABLE value_entry (
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('top_up', 'spend', 'spend_reversal', 'refund', 'top_up_reversal', 'expiry', 'adjustment')),
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  transaction_id BLOB CHECK (length(transaction_id) = 16),
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  business_date INTEGER NOT NULL CHECK (business_date BETWEEN 20000101 AND 99991231),
  rule_version INTEGER NOT NULL CHECK (rule_version >= 0),
  note TEXT NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(account_id) REFERENCES value_account (id)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE barcode (
  code TEXT NOT NULL CHECK (code <> ''),
  item_number INTEGER NOT NULL,
  PRIMARY KEY (code),
  FOREIGN KEY(item_number) REFERENCES item (number)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE item_price (
  id INTEGER NOT NULL,
  item_number INTEGER NOT NULL,
  price INTEGER NOT NULL CHECK (price >= 0),
  member_price INTEGER CHECK (member_price >= 0),
  starts_at INTEGER NOT NULL CHECK (starts_at >= 0),
  ends_at INTEGER CHECK (ends_at >= 0),
  PRIMARY KEY (id),
  CHECK (ends_at IS NULL OR ends_at > starts_at),
  FOREIGN KEY(item_number) REFERENCES item (number)
) STRICT;

CREATE TABLE print_job (
  id INTEGER NOT NULL,
  transaction_seq INTEGER,
  kind TEXT NOT NULL CHECK (kind <> ''),
  copy_number INTEGER NOT NULL CHECK (copy_number >= 0),
  document BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'awaiting', 'waiting', 'done', 'submitted', 'held', 'unknown', 'cancelled')),
  kicks_drawer INTEGER NOT NULL CHECK (kicks_drawer IN (0, 1)),
  has_kicked INTEGER DEFAULT 0 NOT NULL CHECK (has_kicked IN (0, 1)),
  created_at INTEGER NOT NULL CHECK (created_at >= 0),
  changed_at INTEGER NOT NULL CHECK (changed_at >= 0),
  detail TEXT DEFAULT '' NOT NULL,
  PRIMARY KEY (id),
  CHECK (kicks_drawer = 0 OR copy_number = 0),
  FOREIGN KEY(transaction_seq) REFERENCES transaction_header (seq)
) STRICT;

CREATE TABLE sale_line (
  seq INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  item_id BLOB NOT NULL CHECK (length(item_id) = 16),
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('each', 'kg')),
  quantity INTEGER NOT NULL CHECK (quantity <> 0),
  list_price_minor INTEGER NOT NULL CHECK (list_price_minor >= 0),
  unit_price_minor INTEGER NOT NULL CHECK (unit_price_minor >= 0),
  price_source TEXT NOT NULL CHECK (price_source IN ('regular', 'member', 'override', 'label', 'open', 'returned')),
  price_version INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_class TEXT NOT NULL CHECK (tax_class IN ('taxable', 'zero', 'exempt')),
  category_id BLOB CHECK (length(category_id) = 16),
  is_return INTEGER NOT NULL CHECK (is_return IN (0, 1)),
  returns_id BLOB CHECK (length(returns_id) = 16),
  returns_line INTEGER,
  PRIMARY KEY (seq, number),
  FOREIGN KEY(seq) REFERENCES transaction_header (seq),
  CHECK ((quantity < 0) = is_return),
  CHECK (returns_id IS NULL OR is_return = 1),
  CHECK ((returns_id IS NULL) = (returns_line IS NULL))
) WITHOUT ROWID,
 STRICT;

CREATE TABLE tender (
  seq INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL CHECK (kind IN ('cash', 'card', 'voucher', 'store_credit', 'points', 'stored_value', 'gift_card')),
  amount_minor INTEGER NOT NULL,
  points INTEGER NOT NULL,
  reference TEXT NOT NULL,
  PRIMARY KEY (seq, number),
  FOREIGN KEY(seq) REFERENCES transaction_header (seq),
  CHECK (points = 0 OR kind = 'points')
) WITHOUT ROWID,
 STRICT;

CREATE TABLE tile (
  page INTEGER NOT NULL CHECK (page >= 0),
  position INTEGER NOT NULL CHECK (position >= 0),
  item_number INTEGER NOT NULL,
  label TEXT NOT NULL,
  colour TEXT NOT NULL,
  PRIMARY KEY (page, position),
  FOREIGN KEY(item_number) REFERENCES item (number)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE value_posting (
  entry_id BLOB NOT NULL CHECK (length(entry_id) = 16),
  number INTEGER NOT NULL CHECK (number > 0),
  account TEXT NOT NULL CHECK (account IN ('holder', 'received', 'bonus_given', 'spent', 'refunded', 'expired', 'adjusted')),
  holder_id BLOB CHECK (length(holder_id) = 16),
  part TEXT NOT NULL CHECK (part IN ('paid', 'bonus')),
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  PRIMARY KEY (entry_id, number),
  FOREIGN KEY(entry_id) REFERENCES value_entry (id),
  CHECK ((account = 'holder') = (holder_id IS NOT NULL))
) WITHOUT ROWID,
 STRICT;

CREATE TABLE line_modifier (
  seq INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL CHECK (kind IN ('member_price', 'promotion', 'line_discount', 'basket_discount', 'coupon')),
  source TEXT NOT NULL,
  label TEXT NOT NULL,
  reason TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, line_number, number),
  FOREIGN KEY(seq, line_number) REFERENCES sale_line (seq, number)
) WITHOUT ROWID,
 STRICT;

CREATE TABLE print_event (
  id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  occurred_at INTEGER NOT NULL CHECK (occurred_at >= 0),
  detail TEXT NOT NULL,
  bytes_sent INTEGER DEFAULT 0 NOT NULL,
  fence_id INTEGER DEFAULT 0 NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(job_id) REFERENCES print_job (id)
) STRICT;

CREATE INDEX category_by_parent ON category (parent_id);

CREATE INDEX consent_of_member ON consent (member_id, purpose, hlc);

CREATE INDEX coupon_of_member ON coupon (member_id) WHERE member_id IS NOT NULL;

CREATE INDEX coupon_event_by_day ON coupon_event (business_date);

CREATE INDEX coupon_event_of_coupon ON coupon_event (coupon_id, kind);

CREATE INDEX coupon_event_of_transaction ON coupon_event (transaction_id) WHERE transaction_id IS NOT NULL;

CREATE INDEX day_part_by_date ON day_part (business_date);

CREATE INDEX day_void_late ON day_void (late_member) WHERE late_member IS NOT NULL;

CREATE INDEX device_event_of_device ON device_event (device, occurred_at);

CREATE INDEX event_guest_of_member ON event_guest (member_id);

CREATE INDEX inbox_by_feed ON inbox (feed_seq);

CREATE INDEX inbox_problem ON inbox (problem) WHERE problem <> '';

CREATE INDEX member_by_last_digits ON member (phone_reversed);

CREATE INDEX member_alias_of_survivor ON member_alias (survivor_id);

CREATE INDEX member_code_of_member ON member_code (member_id);

CREATE INDEX member_field_card ON member_field (value, changed_at) WHERE field = 'code' AND value <> '';

CREATE INDEX member_field_claim ON member_field (field, changed_at) WHERE field >= 'code:' AND field < 'code;' AND value <> '';

CREATE INDEX member_field_merged ON member_field (value) WHERE field = 'merged_into' AND value <> '';

CREATE INDEX member_note_of_member ON member_note (member_id, written_at);

CREATE INDEX member_note_open ON member_note (due_on) WHERE done_at IS NULL AND due_on IS NOT NULL;

CREATE INDEX member_note_word_of_member ON member_note_word (member_id);

CREATE INDEX member_number_by_phone ON member_number (phone) WHERE phone <> '';

CREATE INDEX member_tag_by_tag ON member_tag (tag);

CREATE INDEX member_visit_of_member ON member_visit (member_id, occurred_at, total_minor, business_date, kind);

CREATE UNIQUE INDEX operator_by_badge ON operator (badge_hash) WHERE badge_hash <> '';

CREATE INDEX referral_by_referrer ON referral (referrer_id);

CREATE INDEX rule_told_of_version ON rule_told (area, version);

CREATE UNIQUE INDEX shift_by_z_number ON shift (z_number) WHERE z_number IS NOT NULL;

CREATE UNIQUE INDEX shift_open ON shift ((closed_at IS NULL)) WHERE closed_at IS NULL;

CREATE INDEX shop_event_by_day ON shop_event (held_on);

CREATE INDEX stamp_event_of_member ON stamp_event (member_id, card, stamps, occurred_at);

CREATE INDEX stamp_event_of_transaction ON stamp_event (transaction_id) WHERE transaction_id IS NOT NULL;

CREATE INDEX tier_event_of_member ON tier_event (member_id, occurred_at);

CREATE INDEX value_account_of_member ON value_account (member_id, kind) WHERE member_id IS NOT NULL;

CREATE INDEX value_lease_of_account ON value_lease (account_id);

CREATE INDEX item_by_category ON item (category_id);

CREATE INDEX item_by_name ON item (name COLLATE NOCASE);

CREATE INDEX item_popular ON item (popularity);

CREATE INDEX ledger_posting_by_expiry ON ledger_posting (expires_on, lot_id, member_id) WHERE expires_on IS NOT NULL AND points > 0;

CREATE INDEX ledger_posting_by_member ON ledger_posting (member_id, lot_id, points, occurred_at, expires_on, usable_on) WHERE member_id IS NOT NULL;

CREATE INDEX transaction_header_by_member ON transaction_header (member_id, occurred_at, total_minor, business_date, kind) WHERE member_id IS NOT NULL;

CREATE UNIQUE INDEX transaction_header_by_voided ON transaction_header (voids_id) WHERE voids_id IS NOT NULL;

CREATE INDEX value_entry_of_account ON value_entry (account_id, occurred_at);

CREATE INDEX value_entry_of_transaction ON value_entry (transaction_id) WHERE transaction_id IS NOT NULL;

CREATE INDEX barcode_by_item ON barcode (item_number);

CREATE INDEX item_price_in_force ON item_price (item_number, starts_at);

CREATE UNIQUE INDEX print_job_of_transaction ON print_job (transaction_seq, kind, copy_number) WHERE transaction_seq IS NOT NULL;

CREATE INDEX print_job_open ON print_job (state) WHERE state NOT IN ('done', 'submitted', 'cancelled');

CREATE INDEX sale_line_by_returned ON sale_line (returns_id, returns_line) WHERE returns_id IS NOT NULL;

CREATE INDEX tile_by_item ON tile (item_number);

CREATE INDEX value_posting_of_holder ON value_posting (holder_id, part, amount_minor) WHERE holder_id IS NOT NULL;

CREATE VIRTUAL TABLE item_search USING fts5 (
          words, codes, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
        );

CREATE VIRTUAL TABLE item_search_hot USING fts5 (
          words, codes, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
        );

CREATE TRIGGER fact_never_update BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER fact_never_delete BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'fact is append-only'); END;

CREATE TRIGGER transaction_header_never_update BEFORE UPDATE ON transaction_header BEGIN SELECT RAISE(ABORT, 'transaction_header is append-only'); END;

CREATE TRIGGER transaction_header_never_delete BEFORE DELETE ON transaction_header BEGIN SELECT RAISE(ABORT, 'transaction_header is append-only'); END;

CREATE TRIGGER sale_line_never_update BEFORE UPDATE ON sale_line BEGIN SELECT RAISE(ABORT, 'sale_line is append-only'); END;

CREATE TRIGGER sale_line_never_delete BEFORE DELETE ON sale_line BEGIN SELECT RAISE(ABORT, 'sale_line is append-only'); END;

CREATE TRIGGER line_modifier_never_update BEFORE UPDATE ON line_modifier BEGIN SELECT RAISE(ABORT, 'line_modifier is append-only'); END;

CREATE TRIGGER line_modifier_never_delete BEFORE DELETE ON line_modifier BEGIN SELECT RAISE(ABORT, 'line_modifier is append-only'); END;

CREATE TRIGGER tender_never_update BEFORE UPDATE ON tender BEGIN SELECT RAISE(ABORT, 'tender is append-only'); END;

CREATE TRIGGER tender_never_delete BEFORE DELETE ON tender BEGIN SELECT RAISE(ABORT, 'tender is append-only'); END;

CREATE TRIGGER audit_event_never_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;

CREATE TRIGGER audit_event_never_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;

CREATE TRIGGER ledger_entry_never_update BEFORE UPDATE ON ledger_entry WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;

CREATE TRIGGER ledger_entry_never_delete BEFORE DELETE ON ledger_entry WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;

CREATE TRIGGER ledger_posting_never_update BEFORE UPDATE ON ledger_posting WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'ledger_posting is append-only'); END;

CREATE TRIGGER ledger_posting_never_delete BEFORE DELETE ON ledger_posting WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'ledger_posting is append-only'); END;

CREATE TRIGGER rule_version_never_update BEFORE UPDATE ON rule_version WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'rule_version is append-only'); END;

CREATE TRIGGER rule_version_never_delete BEFORE DELETE ON rule_version WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'rule_version is append-only'); END;

CREATE TRIGGER coupon_never_update BEFORE UPDATE ON coupon WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'coupon is append-only'); END;

CREATE TRIGGER coupon_never_delete BEFORE DELETE ON coupon WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'coupon is append-only'); END;

CREATE TRIGGER coupon_event_never_update BEFORE UPDATE ON coupon_event WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'coupon_event is append-only'); END;

CREATE TRIGGER coupon_event_never_delete BEFORE DELETE ON coupon_event WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'coupon_event is append-only'); END;

CREATE TRIGGER stamp_event_never_update BEFORE UPDATE ON stamp_event WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'stamp_event is append-only'); END;

CREATE TRIGGER stamp_event_never_delete BEFORE DELETE ON stamp_event WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'stamp_event is append-only'); END;

CREATE TRIGGER tier_event_never_update BEFORE UPDATE ON tier_event WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'tier_event is append-only'); END;

CREATE TRIGGER tier_event_never_delete BEFORE DELETE ON tier_event WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'tier_event is append-only'); END;

CREATE VIRTUAL TABLE member_search USING fts5 (
      words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0"
    );

CREATE TRIGGER consent_never_update BEFORE UPDATE ON consent WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END;

CREATE TRIGGER consent_never_delete BEFORE DELETE ON consent WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END;

CREATE TRIGGER erasure_never_update BEFORE UPDATE ON erasure WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END;

CREATE TRIGGER erasure_never_delete BEFORE DELETE ON erasure WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END;

CREATE TRIGGER referral_never_update BEFORE UPDATE ON referral WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'referral is append-only'); END;

CREATE TRIGGER referral_never_delete BEFORE DELETE ON referral WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'referral is append-only'); END;

CREATE TRIGGER print_event_never_update BEFORE UPDATE ON print_event BEGIN SELECT RAISE(ABORT, 'print_event is append-only'); END;

CREATE TRIGGER print_event_never_delete BEFORE DELETE ON print_event BEGIN SELECT RAISE(ABORT, 'print_event is append-only'); END;

CREATE TRIGGER print_job_never_delete BEFORE DELETE ON print_job BEGIN SELECT RAISE(ABORT, 'print_job is append-only'); END;

CREATE TRIGGER print_job_keeps_its_place BEFORE UPDATE OF transaction_seq, kind, copy_number, created_at ON print_job BEGIN SELECT RAISE(ABORT, 'a queued paper keeps its place'); END;

CREATE TRIGGER print_job_keeps_its_paper BEFORE UPDATE OF document ON print_job WHEN substr(OLD.document, 1, 1) <> X'7B' BEGIN SELECT RAISE(ABORT, 'a queued document never changes'); END;

CREATE TRIGGER value_account_never_update BEFORE UPDATE ON value_account WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'value_account is append-only'); END;

CREATE TRIGGER value_account_never_delete BEFORE DELETE ON value_account WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'value_account is append-only'); END;

CREATE TRIGGER value_entry_never_update BEFORE UPDATE ON value_entry WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'value_entry is append-only'); END;

CREATE TRIGGER value_entry_never_delete BEFORE DELETE ON value_entry WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'value_entry is append-only'); END;

CREATE TRIGGER value_posting_never_update BEFORE UPDATE ON value_posting WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'value_posting is append-only'); END;

CREATE TRIGGER value_posting_never_delete BEFORE DELETE ON value_posting WHEN (SELECT settling FROM sync_state) IS NOT 1 BEGIN SELECT RAISE(ABORT, 'value_posting is append-only'); END;

