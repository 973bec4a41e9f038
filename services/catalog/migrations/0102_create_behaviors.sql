-- Values that behaviour is rated on, listed in the order in which they were entered.
CREATE TABLE behaviors (
  agency_id   text        COLLATE "C" NOT NULL,
  behavior_id text        COLLATE "C" NOT NULL,
  position    bigint      GENERATED ALWAYS AS IDENTITY,
  title_id    text        NOT NULL,
  title_en    text        NOT NULL,
  guides      text[]      NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, behavior_id)
);
CREATE INDEX behaviors_order ON behaviors (agency_id, position);
