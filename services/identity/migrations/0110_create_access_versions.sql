-- Counts every change of roles, sessions, accounts and clients; one row, so that versions are committed in their order.
CREATE TABLE access_state (
  singleton        boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version          bigint  NOT NULL DEFAULT 1,
  bindings_version bigint  NOT NULL DEFAULT 1
);
INSERT INTO access_state DEFAULT VALUES;

-- What ended before its tokens have expired. Rows go when no token of theirs can be good any more.
CREATE TABLE access_revocations (
  version     bigint      PRIMARY KEY,
  key         text        COLLATE "C" NOT NULL,
  expire_time timestamptz NOT NULL
);
CREATE INDEX access_revocations_expire_time ON access_revocations (expire_time);

-- The replicas that decide with what they know: how much they have confirmed, and until when they may.
CREATE TABLE access_leases (
  follower_id uuid        PRIMARY KEY,
  version     bigint      NOT NULL,
  expire_time timestamptz NOT NULL
);

-- An account that has ended signs in again only after a new activation code.
ALTER TABLE accounts ADD COLUMN end_time timestamptz;
