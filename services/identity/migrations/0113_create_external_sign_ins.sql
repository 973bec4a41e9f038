-- Sign-ins that have begun at an external issuer and not ended; gone when they are used or past their time.
CREATE TABLE external_sign_ins (
  agency_id   text        COLLATE "C" NOT NULL,
  state_hash  bytea       NOT NULL CHECK (length(state_hash) = 32),
  secret_hash bytea       NOT NULL CHECK (length(secret_hash) = 32),
  provider    text        COLLATE "C" NOT NULL,
  nonce       text        NOT NULL,
  verifier    text        NOT NULL,
  expire_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, state_hash)
);
CREATE UNIQUE INDEX external_sign_ins_state ON external_sign_ins (state_hash);
CREATE INDEX external_sign_ins_expire_time ON external_sign_ins (expire_time);
