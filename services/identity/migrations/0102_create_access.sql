-- agency_id is empty for what belongs to the installation: its operators, their sessions and bindings.

-- Who can sign in: a person of an agency (`employees/{id}`, `officials/{id}`) or an operator (`accounts/{name}`).
CREATE TABLE accounts (
  agency_id     text        COLLATE "C" NOT NULL,
  subject       text        COLLATE "C" NOT NULL,
  login         text        COLLATE "C",
  password_hash text,
  create_time   timestamptz NOT NULL DEFAULT now(),
  update_time   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, subject)
);
CREATE UNIQUE INDEX accounts_login ON accounts (agency_id, login);

-- The one code by which a person can take possession of the account; only its SHA-256.
CREATE TABLE activation_codes (
  agency_id   text        COLLATE "C" NOT NULL,
  subject     text        COLLATE "C" NOT NULL,
  code_hash   bytea       NOT NULL CHECK (length(code_hash) = 32),
  expire_time timestamptz NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, subject),
  FOREIGN KEY (agency_id, subject) REFERENCES accounts
);
CREATE UNIQUE INDEX activation_codes_hash ON activation_codes (code_hash);

CREATE TABLE sessions (
  agency_id   text        COLLATE "C" NOT NULL,
  session_id  uuid        NOT NULL,
  subject     text        COLLATE "C" NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL,
  end_time    timestamptz,
  PRIMARY KEY (agency_id, session_id),
  FOREIGN KEY (agency_id, subject) REFERENCES accounts
);
CREATE INDEX sessions_subject ON sessions (agency_id, subject);
CREATE INDEX sessions_expire_time ON sessions (expire_time);

-- Every refresh token of a session, so that one that comes a second time is known.
CREATE TABLE refresh_tokens (
  agency_id   text        COLLATE "C" NOT NULL,
  token_hash  bytea       NOT NULL CHECK (length(token_hash) = 32),
  session_id  uuid        NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  use_time    timestamptz,
  PRIMARY KEY (agency_id, token_hash),
  FOREIGN KEY (agency_id, session_id) REFERENCES sessions ON DELETE CASCADE
);
CREATE UNIQUE INDEX refresh_tokens_hash ON refresh_tokens (token_hash);
CREATE INDEX refresh_tokens_session ON refresh_tokens (agency_id, session_id);

CREATE TABLE api_clients (
  agency_id    text        COLLATE "C" NOT NULL REFERENCES agencies,
  client_id    uuid        NOT NULL,
  display_name text        NOT NULL,
  secret_hash  bytea       NOT NULL CHECK (length(secret_hash) = 32),
  create_time  timestamptz NOT NULL DEFAULT now(),
  delete_time  timestamptz,
  PRIMARY KEY (agency_id, client_id)
);
CREATE UNIQUE INDEX api_clients_id ON api_clients (client_id);

CREATE TABLE role_bindings (
  agency_id       text        COLLATE "C" NOT NULL,
  role_binding_id uuid        NOT NULL,
  subject         text        COLLATE "C" NOT NULL,
  role            text        COLLATE "C" NOT NULL,
  unit_id         text        COLLATE "C" NOT NULL DEFAULT '',
  create_time     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, role_binding_id)
);
CREATE UNIQUE INDEX role_bindings_natural ON role_bindings (agency_id, subject, role, unit_id);

-- Keys that sign access tokens. The newest signs; all are published until they are removed, so that tokens live on.
CREATE TABLE signing_keys (
  key_id          text        COLLATE "C" PRIMARY KEY,
  private_key_pem text        NOT NULL,
  create_time     timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON signing_keys FROM PUBLIC;
