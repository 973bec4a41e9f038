-- Changes that other services follow. Read in the order (xid, event_id) and only below the oldest running transaction, so
-- that a row which becomes visible late cannot fall behind a reader. The order holds within one cluster: after a restore from
-- a logical dump, followers start from the beginning.
CREATE TABLE outbox (
  agency_id   text        COLLATE "C" NOT NULL,
  xid         xid8        NOT NULL DEFAULT pg_current_xact_id(),
  event_id    bigint      GENERATED ALWAYS AS IDENTITY,
  resource    text        NOT NULL,
  type        text        NOT NULL,
  payload     text        NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, xid, event_id)
);
CREATE INDEX outbox_order ON outbox (xid, event_id);
