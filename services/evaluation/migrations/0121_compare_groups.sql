-- Results by group, counted once per cycle.
CREATE TABLE fairness_reports (
  agency_id text  COLLATE "C" NOT NULL,
  cycle_id  text  COLLATE "C" NOT NULL,
  -- A FairnessReport message.
  body      bytea NOT NULL,
  PRIMARY KEY (agency_id, cycle_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles
);
