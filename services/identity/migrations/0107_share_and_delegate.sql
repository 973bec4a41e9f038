-- Secondments with a share of the person's time, and delegations of appraising.
ALTER TABLE assignments ADD share_percent smallint NOT NULL DEFAULT 0 CHECK (share_percent BETWEEN 0 AND 100);
ALTER TABLE assignments_history ADD share_percent smallint NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION assignments_known(known timestamptz) RETURNS SETOF assignments LANGUAGE sql STABLE AS $$
  SELECT * FROM assignments WHERE delete_time IS NULL AND (known IS NULL OR update_time <= known)
  UNION ALL
  SELECT agency_id, employee_id, assignment_id, unit_id, position_title, kind, leads_unit, start_date, end_date, decree_number,
         version, create_time, update_time, recorded_by, reason, delete_time, share_percent
  FROM assignments_history
  WHERE known IS NOT NULL AND delete_time IS NULL AND update_time <= known AND recorded_until > known
$$;

-- Persons are `employees/{id}` or `officials/{id}`.
CREATE TABLE delegations (
  agency_id     text        COLLATE "C" NOT NULL REFERENCES agencies,
  delegation_id uuid        NOT NULL,
  delegator     text        COLLATE "C" NOT NULL,
  delegate      text        COLLATE "C" NOT NULL CHECK (delegate <> delegator),
  start_date    date        NOT NULL,
  end_date      date        NOT NULL CHECK (end_date >= start_date),
  entered_by    text        NOT NULL,
  version       bigint      NOT NULL DEFAULT 1,
  create_time   timestamptz NOT NULL DEFAULT now(),
  update_time   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (agency_id, delegation_id)
);
CREATE INDEX delegations_delegator ON delegations (agency_id, delegator, start_date);
CREATE INDEX delegations_delegate ON delegations (agency_id, delegate);
CREATE TABLE delegations_history (
  recorded_until timestamptz NOT NULL,
  LIKE delegations,
  PRIMARY KEY (agency_id, delegation_id, version)
);
CREATE TRIGGER keep_history BEFORE UPDATE ON delegations FOR EACH ROW EXECUTE FUNCTION keep_history();

CREATE FUNCTION delegations_known(known timestamptz) RETURNS SETOF delegations LANGUAGE sql STABLE AS $$
  SELECT * FROM delegations WHERE known IS NULL OR update_time <= known
  UNION ALL
  SELECT agency_id, delegation_id, delegator, delegate, start_date, end_date, entered_by, version, create_time, update_time
  FROM delegations_history WHERE known IS NOT NULL AND update_time <= known AND recorded_until > known
$$;
