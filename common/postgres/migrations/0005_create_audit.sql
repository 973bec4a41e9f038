-- The record of decisions, refusals and reads of others' data: rows are added and never changed. The sequencer gives each
-- a place in the RFC 6962 tree of its agency; the tables of the tree are append-only, too.
CREATE TABLE audit_events (
  agency_id     text        COLLATE "C" NOT NULL,
  xid           xid8        NOT NULL DEFAULT pg_current_xact_id(),
  event_number  bigint      GENERATED ALWAYS AS IDENTITY,
  event_id      uuid        NOT NULL DEFAULT gen_random_uuid(),
  create_time   timestamptz NOT NULL,
  actor         text        COLLATE "C" NOT NULL,
  on_behalf_of  text        COLLATE "C" NOT NULL,
  method        text        NOT NULL,
  resource      text        COLLATE "C" NOT NULL,
  type          text        NOT NULL,
  details       text        NOT NULL,
  PRIMARY KEY (agency_id, xid, event_number)
);
CREATE UNIQUE INDEX audit_events_id ON audit_events (agency_id, event_id);
CREATE INDEX audit_events_resource ON audit_events (agency_id, resource, xid, event_number);
CREATE INDEX audit_events_order ON audit_events (xid, event_number);

-- The place of an event in its agency's tree.
CREATE TABLE audit_leaves (
  agency_id    text   COLLATE "C" NOT NULL,
  leaf_index   bigint NOT NULL CHECK (leaf_index >= 0),
  xid          xid8   NOT NULL,
  event_number bigint NOT NULL,
  leaf_hash    bytea  NOT NULL CHECK (length(leaf_hash) = 32),
  PRIMARY KEY (agency_id, leaf_index),
  UNIQUE (agency_id, xid, event_number),
  FOREIGN KEY (agency_id, xid, event_number) REFERENCES audit_events
);

-- Roots of complete subtrees above the leaves: a proof reads a few rows instead of the whole tree.
CREATE TABLE audit_nodes (
  agency_id  text    COLLATE "C" NOT NULL,
  level      integer NOT NULL CHECK (level > 0),
  node_index bigint  NOT NULL,
  node_hash  bytea   NOT NULL CHECK (length(node_hash) = 32),
  PRIMARY KEY (agency_id, level, node_index)
);

-- Signed heads, one per size that was reached at the end of a round of the sequencer.
CREATE TABLE audit_heads (
  agency_id   text        COLLATE "C" NOT NULL,
  tree_size   bigint      NOT NULL CHECK (tree_size > 0),
  root_hash   bytea       NOT NULL CHECK (length(root_hash) = 32),
  create_time timestamptz NOT NULL,
  signature   bytea       NOT NULL,
  key_id      text        COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, tree_size)
);

-- How far the sequencer has come, over all agencies.
CREATE TABLE audit_sequencer (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  xid          xid8   NOT NULL DEFAULT '0',
  event_number bigint NOT NULL DEFAULT 0
);
INSERT INTO audit_sequencer DEFAULT VALUES;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaves
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_nodes
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_heads
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events, audit_leaves, audit_nodes, audit_heads FROM PUBLIC;
