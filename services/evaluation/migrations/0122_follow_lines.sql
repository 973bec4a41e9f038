-- What has been opened of which cycle: there plans follow the reporting lines. Noted when the opening begins, so that a line
-- that changes while it runs is not missed.
CREATE TABLE cycle_openings (
  agency_id text COLLATE "C" NOT NULL,
  cycle_id  text COLLATE "C" NOT NULL,
  -- The unit with those below it; empty for everybody.
  unit_id   text COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, cycle_id, unit_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles
);
INSERT INTO cycle_openings (agency_id, cycle_id, unit_id)
SELECT agency_id, cycle_id, '' FROM cycles WHERE state = 'OPEN';
