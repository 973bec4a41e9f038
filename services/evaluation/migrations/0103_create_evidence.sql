-- Files that prove results. Their content is kept once per agency, under its hash, in blocks of 1 MiB.
CREATE TABLE evidence_contents (
  agency_id  text   COLLATE "C" NOT NULL,
  sha256     bytea  NOT NULL CHECK (length(sha256) = 32),
  size_bytes bigint NOT NULL CHECK (size_bytes > 0),
  PRIMARY KEY (agency_id, sha256)
);
CREATE TABLE evidence_blocks (
  agency_id    text    COLLATE "C" NOT NULL,
  sha256       bytea   NOT NULL,
  block_number integer NOT NULL,
  data         bytea   NOT NULL CHECK (length(data) BETWEEN 1 AND 1048576),
  PRIMARY KEY (agency_id, sha256, block_number),
  FOREIGN KEY (agency_id, sha256) REFERENCES evidence_contents
);
-- Files arrive compressed; a second attempt costs time and gains nothing.
ALTER TABLE evidence_blocks ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE evidence (
  agency_id   text        COLLATE "C" NOT NULL,
  plan_id     uuid        NOT NULL,
  evidence_id uuid        NOT NULL,
  item_id     text        COLLATE "C" NOT NULL DEFAULT '',
  media_type  text        COLLATE "C" NOT NULL,
  size_bytes  bigint      NOT NULL,
  sha256      bytea       NOT NULL,
  reused      boolean     NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, plan_id, evidence_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans,
  FOREIGN KEY (agency_id, sha256) REFERENCES evidence_contents
);
CREATE INDEX evidence_content ON evidence (agency_id, sha256);
