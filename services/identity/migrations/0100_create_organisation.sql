-- Record time: a row's present version was recorded at update_time; each earlier version stands in <table>_history, recorded
-- from its own update_time until recorded_until. A correction thus keeps what was believed before.
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO %I SELECT now(), ($1).*', TG_TABLE_NAME || '_history') USING OLD;
  NEW.version := OLD.version + 1;
  NEW.update_time := now();
  RETURN NEW;
END $$;

CREATE TABLE agencies (
  agency_id    text        COLLATE "C" PRIMARY KEY,
  display_name text        NOT NULL,
  time_zone    text        NOT NULL,
  siasn_id     text,
  version      bigint      NOT NULL DEFAULT 1,
  create_time  timestamptz NOT NULL DEFAULT now(),
  update_time  timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE agencies_history (
  recorded_until timestamptz NOT NULL,
  LIKE agencies,
  PRIMARY KEY (agency_id, version)
);
CREATE TRIGGER keep_history BEFORE UPDATE ON agencies FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE TABLE units (
  agency_id      text        COLLATE "C" NOT NULL REFERENCES agencies,
  unit_id        text        COLLATE "C" NOT NULL,
  display_name   text        NOT NULL,
  parent_unit_id text        COLLATE "C",
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL DEFAULT now(),
  update_time    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, unit_id),
  FOREIGN KEY (agency_id, parent_unit_id) REFERENCES units DEFERRABLE INITIALLY DEFERRED,
  CHECK (parent_unit_id <> unit_id)
);
CREATE INDEX units_parent ON units (agency_id, parent_unit_id);
CREATE TABLE units_history (
  recorded_until timestamptz NOT NULL,
  LIKE units,
  PRIMARY KEY (agency_id, unit_id, version)
);
CREATE TRIGGER keep_history BEFORE UPDATE ON units FOR EACH ROW EXECUTE FUNCTION keep_history();

-- A unit and the units above it, nearest first.
CREATE FUNCTION unit_path(agency text, unit text) RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH RECURSIVE path AS (
    SELECT unit_id, parent_unit_id, 0 AS distance FROM units WHERE agency_id = agency AND unit_id = unit
    UNION ALL
    SELECT u.unit_id, u.parent_unit_id, p.distance + 1
    FROM path p JOIN units u ON u.agency_id = agency AND u.unit_id = p.parent_unit_id
  )
  SELECT coalesce(array_agg(unit_id ORDER BY distance), '{}') FROM path
$$;

CREATE VIEW leveled_units AS
  SELECT u.*, array_length(unit_path(u.agency_id, u.unit_id), 1) - 1 AS level FROM units u;

-- The units of some subtrees.
CREATE FUNCTION subtree_of(agency text, roots text[]) RETURNS TABLE (unit_id text) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE tree AS (
    SELECT u.unit_id FROM units u WHERE u.agency_id = agency AND u.unit_id = ANY (roots)
    UNION
    SELECT u.unit_id FROM tree t JOIN units u ON u.agency_id = agency AND u.parent_unit_id = t.unit_id
  )
  SELECT tree.unit_id FROM tree
$$;

CREATE TABLE officials (
  agency_id      text        COLLATE "C" NOT NULL,
  official_id    uuid        NOT NULL,
  display_name   text        NOT NULL,
  position_title text        NOT NULL,
  unit_id        text        COLLATE "C" NOT NULL,
  start_date     date        NOT NULL,
  end_date       date        CHECK (end_date >= start_date),
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL DEFAULT now(),
  update_time    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, official_id),
  FOREIGN KEY (agency_id, unit_id) REFERENCES units
);
CREATE INDEX officials_unit ON officials (agency_id, unit_id, start_date);
CREATE TABLE officials_history (
  recorded_until timestamptz NOT NULL,
  LIKE officials,
  PRIMARY KEY (agency_id, official_id, version)
);
CREATE TRIGGER keep_history BEFORE UPDATE ON officials FOR EACH ROW EXECUTE FUNCTION keep_history();
