-- A plan may repair an approved one, and supersedes it when it is approved.
ALTER TABLE allocation_plans DROP CONSTRAINT allocation_plans_state_check;
ALTER TABLE allocation_plans
  ADD CONSTRAINT allocation_plans_state_check CHECK (state IN ('DRAFT', 'SOLVED', 'APPROVED', 'SUPERSEDED')),
  ADD COLUMN repaired_plan_id text COLLATE "C",
  -- Serialised AllocationPlan with the uses of the budgets and the counts of a repair only.
  ADD COLUMN details bytea NOT NULL DEFAULT '',
  ADD FOREIGN KEY (agency_id, repaired_plan_id) REFERENCES allocation_plans;
CREATE INDEX allocation_plans_repaired ON allocation_plans (agency_id, repaired_plan_id);

-- The seats that a plan gives, each with the most urgent of the needs that it is for. `opens`: this plan pays the fixed cost.
CREATE TABLE allocation_seats (
  agency_id   text    COLLATE "C" NOT NULL,
  plan_id     text    COLLATE "C" NOT NULL,
  employee    text    COLLATE "C" NOT NULL,
  course_id   text    COLLATE "C" NOT NULL,
  offering_id text    COLLATE "C" NOT NULL,
  need_id     text    COLLATE "C" NOT NULL,
  opens       boolean NOT NULL,
  PRIMARY KEY (agency_id, plan_id, employee, course_id, offering_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES allocation_plans,
  FOREIGN KEY (agency_id, course_id, offering_id) REFERENCES offerings,
  FOREIGN KEY (agency_id, need_id) REFERENCES needs
);
CREATE INDEX allocation_seats_offering ON allocation_seats (agency_id, course_id, offering_id);
CREATE INDEX allocation_seats_need ON allocation_seats (agency_id, need_id);
INSERT INTO allocation_seats (agency_id, plan_id, employee, course_id, offering_id, need_id, opens)
  SELECT DISTINCT ON (agency_id, plan_id, employee, course_id, offering_id)
         agency_id, plan_id, employee, course_id, offering_id, need_id, true
  FROM allocation_decisions WHERE offering_id IS NOT NULL
  ORDER BY agency_id, plan_id, employee, course_id, offering_id, position;

-- Which plan gave the place.
ALTER TABLE enrollments
  ADD COLUMN plan_id text COLLATE "C",
  ADD FOREIGN KEY (agency_id, plan_id) REFERENCES allocation_plans;
CREATE INDEX enrollments_plan ON enrollments (agency_id, plan_id);
UPDATE enrollments e SET plan_id = p.plan_id
  FROM allocation_plans p JOIN allocation_seats s USING (agency_id, plan_id)
  WHERE p.state = 'APPROVED' AND s.agency_id = e.agency_id AND s.employee = e.employee
    AND s.course_id = e.course_id AND s.offering_id = e.offering_id AND s.need_id = e.need_id;

ALTER TABLE offerings ADD COLUMN cancel_comment text NOT NULL DEFAULT '';

-- Serialised CourseEffect; empty until it is estimated.
ALTER TABLE courses ADD COLUMN effect bytea NOT NULL DEFAULT '';
