-- The order in which heads came to be: the sequencer, of which one works at a time, makes them one after another, so that a number
-- is never followed by a smaller one.
ALTER TABLE audit_heads ADD COLUMN head_number bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX audit_heads_number ON audit_heads (head_number);

-- How far the heads have been brought to an outside address. Another address begins with the first head.
CREATE TABLE audit_exports (
  destination text        PRIMARY KEY,
  head_number bigint      NOT NULL DEFAULT 0,
  -- The replica that brings them, until when.
  lease       uuid,
  lease_time  timestamptz NOT NULL DEFAULT now()
);
