-- Revisions of policy packs: active ones, which never change, and at most one draft of the next (activate_time is null).
CREATE TABLE policy_packs (
  agency_id      text        COLLATE "C" NOT NULL,
  policy_pack_id text        COLLATE "C" NOT NULL,
  revision       integer     NOT NULL CHECK (revision > 0),
  definition     text        NOT NULL,
  -- SHA-256 over the canonical form of the definition.
  digest         text        COLLATE "C" NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  title_id       text        NOT NULL,
  title_en       text        NOT NULL,
  source         text        NOT NULL,
  start_date     date        NOT NULL,
  end_date       date        CHECK (end_date >= start_date),
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL,
  activate_time  timestamptz,
  PRIMARY KEY (agency_id, policy_pack_id, revision)
);
CREATE UNIQUE INDEX policy_packs_one_draft ON policy_packs (agency_id, policy_pack_id) WHERE activate_time IS NULL;
