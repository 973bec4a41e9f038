-- What a rehearsal gives belongs to the person alone.
ALTER TABLE evaluations ADD COLUMN rehearsal boolean NOT NULL DEFAULT false;
ALTER TABLE annual_results ADD COLUMN rehearsal boolean NOT NULL DEFAULT false;
ALTER TABLE unit_results ADD COLUMN rehearsal boolean NOT NULL DEFAULT false;
UPDATE evaluations r SET rehearsal = true FROM cycles c
WHERE (c.agency_id, c.cycle_id) = (r.agency_id, r.cycle_id) AND c.kind = 'SHADOW';
UPDATE annual_results r SET rehearsal = true FROM cycles c
WHERE (c.agency_id, c.cycle_id) = (r.agency_id, r.cycle_id) AND c.kind = 'SHADOW';
UPDATE unit_results r SET rehearsal = true FROM cycles c
WHERE (c.agency_id, c.cycle_id) = (r.agency_id, r.cycle_id) AND c.kind = 'SHADOW';

-- What people were graded by the old rules.
CREATE TABLE prior_grades (
  agency_id  text        COLLATE "C" NOT NULL,
  cycle_id   text        COLLATE "C" NOT NULL,
  employee   text        COLLATE "C" NOT NULL,
  grade      text        COLLATE "C" NOT NULL,
  enter_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, cycle_id, employee),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles
);

-- Counted once, and the decision that follows.
CREATE TABLE rehearsal_reports (
  agency_id   text        COLLATE "C" NOT NULL,
  cycle_id    text        COLLATE "C" NOT NULL,
  -- A RehearsalReport message without name and decision.
  body        bytea       NOT NULL,
  decided_by  text        COLLATE "C",
  decide_time timestamptz,
  reason      text,
  PRIMARY KEY (agency_id, cycle_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles,
  CHECK ((decided_by IS NULL) = (decide_time IS NULL) AND (decided_by IS NULL) = (reason IS NULL))
);
