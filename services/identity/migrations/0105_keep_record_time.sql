-- What was believed at an earlier moment can be read: versions never overlap, a withdrawn row stays, each version says by whom
-- and why it was recorded.
CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- A transaction that began before another one ended may write after it: record time never runs backward.
  recorded timestamptz := greatest(now(), OLD.update_time + interval '1 microsecond');
BEGIN
  EXECUTE format('INSERT INTO %I SELECT $2, ($1).*', TG_TABLE_NAME || '_history') USING OLD, recorded;
  NEW.version := OLD.version + 1;
  NEW.update_time := recorded;
  RETURN NEW;
END $$;

ALTER TABLE officials ADD recorded_by text NOT NULL DEFAULT '', ADD reason text NOT NULL DEFAULT '';
ALTER TABLE officials_history ADD recorded_by text NOT NULL DEFAULT '', ADD reason text NOT NULL DEFAULT '';
ALTER TABLE employees ADD recorded_by text NOT NULL DEFAULT '', ADD reason text NOT NULL DEFAULT '';
ALTER TABLE employees_history ADD recorded_by text NOT NULL DEFAULT '', ADD reason text NOT NULL DEFAULT '';
ALTER TABLE assignments
  ADD recorded_by text NOT NULL DEFAULT '', ADD reason text NOT NULL DEFAULT '', ADD delete_time timestamptz;
ALTER TABLE assignments_history
  ADD recorded_by text NOT NULL DEFAULT '', ADD reason text NOT NULL DEFAULT '', ADD delete_time timestamptz;

DROP INDEX assignments_natural;
CREATE UNIQUE INDEX assignments_natural ON assignments (agency_id, employee_id, kind, unit_id, start_date)
  WHERE delete_time IS NULL;
CREATE INDEX employees_history_nip ON employees_history (agency_id, nip);
CREATE INDEX assignments_history_heads ON assignments_history (agency_id, unit_id) WHERE leads_unit;

-- The rows as they were known at a moment; null: as they are known now. Such a function is inlined, and without a moment the
-- history is not touched. Whoever adds a column to a table replaces its function.
CREATE FUNCTION officials_known(known timestamptz) RETURNS SETOF officials LANGUAGE sql STABLE AS $$
  SELECT * FROM officials WHERE known IS NULL OR update_time <= known
  UNION ALL
  SELECT agency_id, official_id, display_name, position_title, unit_id, start_date, end_date, version, create_time, update_time,
         recorded_by, reason
  FROM officials_history WHERE known IS NOT NULL AND update_time <= known AND recorded_until > known
$$;

CREATE FUNCTION employees_known(known timestamptz) RETURNS SETOF employees LANGUAGE sql STABLE AS $$
  SELECT * FROM employees WHERE known IS NULL OR update_time <= known
  UNION ALL
  SELECT agency_id, employee_id, nip, full_name, title_before, title_after, birth_date, kind, position_kind, position_title,
         unit_id, echelon, grade, legal_status, education_level, position_start_date, external_id, email, version, create_time,
         update_time, delete_time, recorded_by, reason
  FROM employees_history WHERE known IS NOT NULL AND update_time <= known AND recorded_until > known
$$;

-- Withdrawn assignments are none.
CREATE FUNCTION assignments_known(known timestamptz) RETURNS SETOF assignments LANGUAGE sql STABLE AS $$
  SELECT * FROM assignments WHERE delete_time IS NULL AND (known IS NULL OR update_time <= known)
  UNION ALL
  SELECT agency_id, employee_id, assignment_id, unit_id, position_title, kind, leads_unit, start_date, end_date, decree_number,
         version, create_time, update_time, recorded_by, reason, delete_time
  FROM assignments_history
  WHERE known IS NOT NULL AND delete_time IS NULL AND update_time <= known AND recorded_until > known
$$;
