-- The agencies' own policy packs, as they were in the catalog when a cycle was pinned to them.
CREATE TABLE local_packs (
  agency_id   text        COLLATE "C" NOT NULL,
  pack_id     text        COLLATE "C" NOT NULL,
  revision    integer     NOT NULL,
  digest      text        COLLATE "C" NOT NULL,
  definition  text        NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, pack_id, revision)
);

ALTER TABLE cycles
  ADD COLUMN local_pack_id       text COLLATE "C",
  ADD COLUMN local_pack_revision integer,
  ADD FOREIGN KEY (agency_id, local_pack_id, local_pack_revision) REFERENCES local_packs,
  ADD CHECK ((local_pack_id IS NULL) = (local_pack_revision IS NULL));

ALTER TABLE evaluations
  -- An Evaluation message with nothing but its figures; null while there are none.
  ADD COLUMN figures               bytea,
  -- A LocalResult message; null until the period is scored by a pack.
  ADD COLUMN local_result          bytea,
  ADD COLUMN feedback_superior     numeric,
  ADD COLUMN feedback_peers        numeric,
  ADD COLUMN feedback_subordinates numeric;
