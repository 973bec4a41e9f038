-- A rolled back import leaves deleted employees behind: their numbers and keys are free again.
ALTER TABLE import_jobs DROP CONSTRAINT import_jobs_state_check;
ALTER TABLE import_jobs ADD CHECK (state IN ('OPEN', 'RUNNING', 'VALIDATED', 'SUCCEEDED', 'FAILED', 'ROLLED_BACK'));
DROP INDEX employees_nip;
DROP INDEX employees_external_id;
CREATE UNIQUE INDEX employees_nip ON employees (agency_id, nip) WHERE delete_time IS NULL;
CREATE UNIQUE INDEX employees_external_id ON employees (agency_id, external_id) WHERE delete_time IS NULL;

-- Which version a version took the place of: the one before, or, where an import was rolled back, what the restored one had
-- taken the place of. So versions that were taken back are passed over.
ALTER TABLE employees ADD prior_version bigint;
ALTER TABLE employees_history ADD prior_version bigint;
ALTER TABLE assignments ADD prior_version bigint;
ALTER TABLE assignments_history ADD prior_version bigint;
ALTER TABLE unit_states ADD prior_version bigint;
ALTER TABLE unit_states_history ADD prior_version bigint;

CREATE FUNCTION keep_prior() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.prior_version IS NOT DISTINCT FROM OLD.prior_version THEN
    NEW.prior_version := OLD.version;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_prior BEFORE UPDATE ON employees FOR EACH ROW EXECUTE FUNCTION keep_prior();
CREATE TRIGGER keep_prior BEFORE UPDATE ON assignments FOR EACH ROW EXECUTE FUNCTION keep_prior();
CREATE TRIGGER keep_prior BEFORE UPDATE ON unit_states FOR EACH ROW EXECUTE FUNCTION keep_prior();

CREATE OR REPLACE FUNCTION employees_known(known timestamptz) RETURNS SETOF employees LANGUAGE sql STABLE AS $$
  SELECT * FROM employees WHERE known IS NULL OR update_time <= known
  UNION ALL
  SELECT agency_id, employee_id, nip, full_name, title_before, title_after, birth_date, kind, position_kind, position_title,
         unit_id, echelon, grade, legal_status, education_level, position_start_date, external_id, email, version, create_time,
         update_time, delete_time, recorded_by, reason, prior_version
  FROM employees_history WHERE known IS NOT NULL AND update_time <= known AND recorded_until > known
$$;
CREATE OR REPLACE FUNCTION assignments_known(known timestamptz) RETURNS SETOF assignments LANGUAGE sql STABLE AS $$
  SELECT * FROM assignments WHERE delete_time IS NULL AND (known IS NULL OR update_time <= known)
  UNION ALL
  SELECT agency_id, employee_id, assignment_id, unit_id, position_title, kind, leads_unit, start_date, end_date, decree_number,
         version, create_time, update_time, recorded_by, reason, delete_time, share_percent, prior_version
  FROM assignments_history
  WHERE known IS NOT NULL AND delete_time IS NULL AND update_time <= known AND recorded_until > known
$$;
CREATE OR REPLACE FUNCTION unit_states_known(known timestamptz) RETURNS SETOF unit_states LANGUAGE sql STABLE AS $$
  SELECT * FROM unit_states WHERE known IS NULL OR update_time <= known
  UNION ALL
  SELECT agency_id, unit_id, start_date, end_date, display_name, parent_unit_id, without_head, abolished, version, create_time,
         update_time, recorded_by, reason, prior_version
  FROM unit_states_history WHERE known IS NOT NULL AND update_time <= known AND recorded_until > known
$$;
