-- Valid time of units: what a unit is called, where it stands and whether it has a post of head, from a day until a day. A
-- unit that was abolished stands under what took its place, so that whoever is still assigned to it is appraised there.
CREATE TABLE unit_states (
  agency_id      text        COLLATE "C" NOT NULL,
  unit_id        text        COLLATE "C" NOT NULL,
  start_date     date        NOT NULL DEFAULT '-infinity',
  end_date       date        NOT NULL DEFAULT 'infinity' CHECK (end_date >= start_date),
  display_name   text        NOT NULL,
  parent_unit_id text        COLLATE "C",
  without_head   boolean     NOT NULL DEFAULT false,
  abolished      boolean     NOT NULL DEFAULT false,
  version        bigint      NOT NULL DEFAULT 1,
  create_time    timestamptz NOT NULL DEFAULT now(),
  update_time    timestamptz NOT NULL DEFAULT now(),
  recorded_by    text        NOT NULL DEFAULT '',
  reason         text        NOT NULL DEFAULT '',
  PRIMARY KEY (agency_id, unit_id, start_date),
  FOREIGN KEY (agency_id, unit_id) REFERENCES units,
  FOREIGN KEY (agency_id, parent_unit_id) REFERENCES units DEFERRABLE INITIALLY DEFERRED,
  CHECK (parent_unit_id <> unit_id),
  CHECK (NOT abolished OR parent_unit_id IS NOT NULL)
);
CREATE INDEX unit_states_parent ON unit_states (agency_id, parent_unit_id);
CREATE TABLE unit_states_history (
  recorded_until timestamptz NOT NULL,
  LIKE unit_states,
  PRIMARY KEY (agency_id, unit_id, start_date, version, recorded_until)
);

-- A row that is deleted was believed until then.
CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- A transaction that began before another one ended may write after it: record time never runs backward.
  recorded timestamptz := greatest(now(), OLD.update_time + interval '1 microsecond');
BEGIN
  EXECUTE format('INSERT INTO %I SELECT $2, ($1).*', TG_TABLE_NAME || '_history') USING OLD, recorded;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  NEW.version := OLD.version + 1;
  NEW.update_time := recorded;
  RETURN NEW;
END $$;

INSERT INTO unit_states (agency_id, unit_id, display_name, parent_unit_id, version, create_time, update_time)
  SELECT agency_id, unit_id, display_name, parent_unit_id, version, create_time, update_time FROM units;
INSERT INTO unit_states_history
    (recorded_until, agency_id, unit_id, start_date, end_date, display_name, parent_unit_id, without_head, abolished, version,
     create_time, update_time, recorded_by, reason)
  SELECT recorded_until, agency_id, unit_id, '-infinity', 'infinity', display_name, parent_unit_id, false, false, version,
         create_time, update_time, '', ''
  FROM units_history;
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON unit_states FOR EACH ROW EXECUTE FUNCTION keep_history();

-- What remains of the row of a unit: that there is one, and the version that its etag names.
DROP VIEW leveled_units;
DROP FUNCTION unit_path(text, text);
DROP FUNCTION subtree_of(text, text[]);
DROP TRIGGER keep_history ON units;
DROP TABLE units_history;
ALTER TABLE units DROP COLUMN display_name, DROP COLUMN parent_unit_id;

CREATE TABLE unit_successions (
  agency_id         text        COLLATE "C" NOT NULL,
  unit_id           text        COLLATE "C" NOT NULL,
  successor_unit_id text        COLLATE "C" NOT NULL,
  effective_date    date        NOT NULL,
  create_time       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, unit_id, successor_unit_id),
  FOREIGN KEY (agency_id, unit_id) REFERENCES units,
  FOREIGN KEY (agency_id, successor_unit_id) REFERENCES units
);
CREATE INDEX unit_successions_successor ON unit_successions (agency_id, successor_unit_id);

CREATE FUNCTION unit_states_known(known timestamptz) RETURNS SETOF unit_states LANGUAGE sql STABLE AS $$
  SELECT * FROM unit_states WHERE known IS NULL OR update_time <= known
  UNION ALL
  SELECT agency_id, unit_id, start_date, end_date, display_name, parent_unit_id, without_head, abolished, version, create_time,
         update_time, recorded_by, reason
  FROM unit_states_history WHERE known IS NOT NULL AND update_time <= known AND recorded_until > known
$$;

-- A unit and the units above it on a day, nearest first; empty before its first day.
CREATE FUNCTION unit_path(agency text, unit text, day date, known timestamptz DEFAULT NULL) RETURNS text[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE path AS (
    SELECT unit_id, parent_unit_id, 0 AS distance FROM unit_states_known(known)
    WHERE agency_id = agency AND unit_id = unit AND start_date <= day AND end_date >= day
    UNION ALL
    SELECT s.unit_id, s.parent_unit_id, p.distance + 1
    FROM path p JOIN unit_states_known(known) s ON s.agency_id = agency AND s.unit_id = p.parent_unit_id
    WHERE s.start_date <= day AND s.end_date >= day
  )
  SELECT coalesce(array_agg(unit_id ORDER BY distance), '{}') FROM path
$$;

-- The units of some subtrees on a day, abolished ones under what took their place.
CREATE FUNCTION subtree_of(agency text, roots text[], day date) RETURNS TABLE (unit_id text) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE tree AS (
    SELECT s.unit_id FROM unit_states s
    WHERE s.agency_id = agency AND s.unit_id = ANY (roots) AND s.start_date <= day AND s.end_date >= day
    UNION
    SELECT s.unit_id FROM tree t JOIN unit_states s ON s.agency_id = agency AND s.parent_unit_id = t.unit_id
    WHERE s.start_date <= day AND s.end_date >= day
  )
  SELECT tree.unit_id FROM tree
$$;

-- The units of a day with what the row of a unit and its successions add.
CREATE FUNCTION units_on(agency text, day date, known timestamptz) RETURNS TABLE (
  agency_id text, unit_id text, start_date date, end_date date, display_name text, parent_unit_id text, without_head boolean,
  abolished boolean, level integer, successors text[], predecessors text[], version bigint, create_time timestamptz,
  update_time timestamptz
) LANGUAGE sql STABLE AS $$
  SELECT s.agency_id, s.unit_id, s.start_date, s.end_date, s.display_name, s.parent_unit_id, s.without_head, s.abolished,
         array_length(unit_path(agency, s.unit_id, day, known), 1) - 1,
         ARRAY(SELECT n.successor_unit_id FROM unit_successions n
               WHERE n.agency_id = agency AND n.unit_id = s.unit_id ORDER BY 1),
         ARRAY(SELECT n.unit_id FROM unit_successions n
               WHERE n.agency_id = agency AND n.successor_unit_id = s.unit_id ORDER BY 1),
         u.version, u.create_time, u.update_time
  FROM unit_states_known(known) s JOIN units u ON u.agency_id = s.agency_id AND u.unit_id = s.unit_id
  WHERE s.agency_id = agency AND s.start_date <= day AND s.end_date >= day
$$;
