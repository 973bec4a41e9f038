-- Several secrets of a client, so that a new one works before the old one stops. `secret_id` is the session of the tokens it has given.
ALTER TABLE api_clients ADD COLUMN scopes text[] COLLATE "C" NOT NULL DEFAULT '{}', ALTER COLUMN secret_hash DROP NOT NULL;

CREATE TABLE api_client_secrets (
  agency_id   text        COLLATE "C" NOT NULL,
  secret_id   uuid        NOT NULL,
  client_id   uuid        NOT NULL,
  secret_hash bytea       NOT NULL CHECK (length(secret_hash) = 32),
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, secret_id),
  FOREIGN KEY (agency_id, client_id) REFERENCES api_clients
);
CREATE INDEX api_client_secrets_client ON api_client_secrets (client_id);
INSERT INTO api_client_secrets (agency_id, secret_id, client_id, secret_hash, create_time, expire_time)
SELECT agency_id, gen_random_uuid(), client_id, secret_hash, create_time, now() + interval '365 days' FROM api_clients WHERE delete_time IS NULL;

-- Sign-ins that failed, per login and place, both only as one SHA-256. Rows go after a day without a failure.
CREATE TABLE sign_in_failures (
  agency_id     text        COLLATE "C" NOT NULL,
  key           bytea       NOT NULL CHECK (length(key) = 32),
  failures      integer     NOT NULL,
  blocked_until timestamptz NOT NULL,
  PRIMARY KEY (agency_id, key)
);
CREATE INDEX sign_in_failures_blocked_until ON sign_in_failures (blocked_until);
