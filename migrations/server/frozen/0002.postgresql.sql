CREATE TABLE arrival (
  tenant_id UUID NOT NULL,
  number BIGINT NOT NULL,
  device_id UUID NOT NULL,
  incarnation BIGINT NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, number)
);

CREATE TABLE chain (
  tenant_id UUID NOT NULL,
  device_id UUID NOT NULL,
  incarnation BIGINT NOT NULL,
  first_seq BIGINT,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, device_id, incarnation)
);

CREATE TABLE consent (
  tenant_id UUID NOT NULL,
  member_id UUID NOT NULL,
  purpose TEXT NOT NULL,
  hlc BIGINT NOT NULL,
  is_granted BOOLEAN NOT NULL,
  fact_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, member_id, purpose)
);

CREATE TABLE counter (
  tenant_id UUID NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

CREATE TABLE coupon (
  tenant_id UUID NOT NULL,
  coupon_id UUID NOT NULL,
  member_id UUID,
  template TEXT NOT NULL,
  uses_max BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, coupon_id)
);

CREATE TABLE coupon_use (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  coupon_id UUID NOT NULL,
  kind TEXT NOT NULL,
  transaction_id UUID,
  hlc BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  business_date INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE INDEX coupon_use_of_coupon ON coupon_use (tenant_id, coupon_id);

CREATE TABLE device (
  tenant_id UUID NOT NULL,
  device_id UUID NOT NULL,
  key_id TEXT NOT NULL,
  public_key BYTEA NOT NULL,
  store_code TEXT NOT NULL,
  till_code TEXT NOT NULL,
  name TEXT NOT NULL,
  paired_at BIGINT NOT NULL,
  revoked_at BIGINT,
  last_contact_at BIGINT,
  kind TEXT DEFAULT 'till' NOT NULL,
  via UUID,
  PRIMARY KEY (tenant_id, device_id, key_id),
  UNIQUE (tenant_id, key_id)
);

CREATE TABLE document (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  body BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT document_version UNIQUE (tenant_id, name, version)
);

CREATE TABLE erasure (
  tenant_id UUID NOT NULL,
  member_id UUID NOT NULL,
  erased_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, member_id)
);

CREATE TABLE exception (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  device_id UUID,
  subject_id UUID,
  hash BYTEA NOT NULL,
  body BYTEA NOT NULL,
  found_at BIGINT NOT NULL,
  settled_at BIGINT,
  settled_by TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE INDEX exception_open ON exception (tenant_id, kind) WHERE settled_at IS NULL;

CREATE TABLE fact (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  device_id UUID NOT NULL,
  incarnation BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  hlc BIGINT NOT NULL,
  prev BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  body BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  fork_of BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT fact_place UNIQUE (tenant_id, device_id, incarnation, seq)
);

CREATE TABLE feed (
  tenant_id UUID NOT NULL,
  feed_seq BIGINT NOT NULL,
  entity TEXT NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (tenant_id, feed_seq),
  CONSTRAINT feed_entity UNIQUE (tenant_id, entity, id)
);

CREATE TABLE feed_sum (
  tenant_id UUID NOT NULL,
  entity TEXT NOT NULL,
  up_to BIGINT NOT NULL,
  count BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, up_to, entity)
);

CREATE TABLE introduction (
  tenant_id UUID NOT NULL,
  device_id UUID NOT NULL,
  key_id TEXT NOT NULL,
  body BYTEA NOT NULL,
  paired_at BIGINT NOT NULL,
  told_at BIGINT,
  problem TEXT NOT NULL,
  PRIMARY KEY (tenant_id, key_id)
);

CREATE TABLE lease (
  tenant_id UUID NOT NULL,
  lease_id UUID NOT NULL,
  account_id UUID NOT NULL,
  device_id UUID NOT NULL,
  incarnation BIGINT NOT NULL,
  minor BIGINT NOT NULL,
  spent_minor BIGINT NOT NULL,
  granted_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (tenant_id, lease_id),
  CHECK (minor > 0 AND spent_minor >= 0 AND spent_minor <= minor)
);

CREATE INDEX lease_of_account ON lease (tenant_id, account_id) WHERE closed_at IS NULL;

CREATE INDEX lease_of_device ON lease (tenant_id, device_id) WHERE closed_at IS NULL;

CREATE TABLE lease_talk (
  tenant_id UUID NOT NULL,
  device_id UUID NOT NULL,
  asked BYTEA NOT NULL,
  asked_at BIGINT NOT NULL,
  told BYTEA,
  told_at BIGINT,
  PRIMARY KEY (tenant_id, device_id)
);

CREATE TABLE ledger_posting (
  tenant_id UUID NOT NULL,
  entry_id UUID NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  member_id UUID,
  lot_id UUID,
  points BIGINT NOT NULL,
  business_date INTEGER NOT NULL,
  transaction_id UUID,
  PRIMARY KEY (tenant_id, entry_id, number)
);

CREATE INDEX ledger_posting_by_member ON ledger_posting (tenant_id, member_id);

CREATE TABLE member (
  tenant_id UUID NOT NULL,
  member_id UUID NOT NULL,
  canonical_id UUID NOT NULL,
  phone_hash BYTEA,
  phone_hlc BIGINT NOT NULL,
  enrolled_hlc BIGINT,
  enrolled_at BIGINT,
  device_id UUID,
  merged_into UUID,
  merged_hlc BIGINT NOT NULL,
  erased_at BIGINT,
  PRIMARY KEY (tenant_id, member_id)
);

CREATE INDEX member_by_canonical ON member (tenant_id, canonical_id);

CREATE INDEX member_by_merge ON member (tenant_id, merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX member_by_phone ON member (tenant_id, phone_hash);

CREATE TABLE member_key (
  tenant_id UUID NOT NULL,
  member_id UUID NOT NULL,
  key BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, member_id, key)
);

CREATE TABLE pairing (
  tenant_id UUID NOT NULL,
  code_hash BYTEA NOT NULL,
  locator TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  attempts BIGINT NOT NULL,
  store_code TEXT NOT NULL,
  kind TEXT DEFAULT 'till' NOT NULL,
  PRIMARY KEY (tenant_id, code_hash)
);

CREATE TABLE relayed (
  tenant_id UUID NOT NULL,
  number BIGINT NOT NULL,
  device_id UUID NOT NULL,
  body BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  told_at BIGINT,
  problem TEXT NOT NULL,
  PRIMARY KEY (tenant_id, number)
);

CREATE INDEX relayed_waiting ON relayed (tenant_id, number) WHERE told_at IS NULL;

CREATE TABLE sale (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  device_id UUID NOT NULL,
  store_code TEXT NOT NULL,
  till_code TEXT NOT NULL,
  receipt_number TEXT NOT NULL,
  kind TEXT NOT NULL,
  business_date INTEGER NOT NULL,
  occurred_at BIGINT NOT NULL,
  operator_id UUID NOT NULL,
  shift_id UUID NOT NULL,
  member_id UUID,
  is_new_member BOOLEAN NOT NULL,
  currency TEXT NOT NULL,
  total_minor BIGINT NOT NULL,
  tax_minor BIGINT NOT NULL,
  cash_minor BIGINT NOT NULL,
  points_earned BIGINT NOT NULL,
  points_spent BIGINT NOT NULL,
  voids_id UUID,
  PRIMARY KEY (tenant_id, id)
);

CREATE INDEX sale_by_day ON sale (tenant_id, business_date, store_code);

CREATE INDEX sale_by_member ON sale (tenant_id, member_id, occurred_at);

CREATE TABLE sale_line (
  tenant_id UUID NOT NULL,
  sale_id UUID NOT NULL,
  number INTEGER NOT NULL,
  item_id UUID NOT NULL,
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  quantity BIGINT NOT NULL,
  unit_price_minor BIGINT NOT NULL,
  net_minor BIGINT NOT NULL,
  category_id UUID,
  PRIMARY KEY (tenant_id, sale_id, number)
);

CREATE TABLE set_aside (
  tenant_id UUID NOT NULL,
  device_id UUID NOT NULL,
  incarnation BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  prev BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, device_id, incarnation, seq, hash)
);

CREATE TABLE staff (
  tenant_id UUID NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (tenant_id, token_hash),
  CHECK (role IN ('owner', 'manager', 'auditor'))
);

CREATE TABLE tenant (
  tenant_id UUID NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  life BIGINT NOT NULL,
  phone_key BYTEA NOT NULL,
  token_key BYTEA NOT NULL,
  PRIMARY KEY (tenant_id)
);

CREATE TABLE tender (
  tenant_id UUID NOT NULL,
  sale_id UUID NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sale_id, number)
);

CREATE TABLE unopened (
  tenant_id UUID NOT NULL,
  member_id UUID NOT NULL,
  fact_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, member_id, fact_id)
);

CREATE TABLE upstream (
  tenant_id UUID NOT NULL,
  url TEXT NOT NULL,
  device_id UUID NOT NULL,
  key_id TEXT NOT NULL,
  private_key BYTEA NOT NULL,
  store_code TEXT NOT NULL,
  server BIGINT NOT NULL,
  pulled BIGINT NOT NULL,
  last_contact_at BIGINT,
  last_problem TEXT NOT NULL,
  PRIMARY KEY (tenant_id)
);

CREATE TABLE used_nonce (
  tenant_id UUID NOT NULL,
  key_id TEXT NOT NULL,
  nonce BYTEA NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, key_id, nonce)
);

CREATE TABLE value_posting (
  tenant_id UUID NOT NULL,
  entry_id UUID NOT NULL,
  number INTEGER NOT NULL,
  account_id UUID NOT NULL,
  kind TEXT NOT NULL,
  book TEXT NOT NULL,
  part TEXT NOT NULL,
  minor BIGINT NOT NULL,
  business_date INTEGER NOT NULL,
  transaction_id UUID,
  PRIMARY KEY (tenant_id, entry_id, number)
);

CREATE INDEX value_posting_of_account ON value_posting (tenant_id, account_id);

