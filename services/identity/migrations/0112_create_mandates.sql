-- Powers that one person has handed to another for a time. Both are subjects (`employees/{id}`, `officials/{id}`).
CREATE TABLE mandates (
  agency_id     text        COLLATE "C" NOT NULL REFERENCES agencies,
  mandate_id uuid        NOT NULL,
  mandator     text        COLLATE "C" NOT NULL,
  mandatary      text        COLLATE "C" NOT NULL CHECK (mandatary <> mandator),
  scopes        text[]      COLLATE "C" NOT NULL CHECK (cardinality(scopes) > 0),
  start_time    timestamptz NOT NULL,
  end_time      timestamptz NOT NULL CHECK (end_time > start_time),
  reason        text        NOT NULL,
  entered_by    text        COLLATE "C" NOT NULL,
  create_time   timestamptz NOT NULL,
  revoke_time   timestamptz,
  PRIMARY KEY (agency_id, mandate_id)
);
CREATE INDEX mandates_mandator ON mandates (agency_id, mandator);
CREATE INDEX mandates_mandatary ON mandates (agency_id, mandatary);
