-- Work plans, one per person and assignment segment. The columns from employee to explanation_en are the snapshot of the
-- reporting line taken when the cycle opened; persons are kept as subjects (employees/{id}, officials/{id}), units by id,
-- the path from the unit to the root.
CREATE TABLE work_plans (
  agency_id      text        COLLATE "C" NOT NULL,
  plan_id        uuid        NOT NULL,
  version        bigint      NOT NULL DEFAULT 1,
  cycle_id       text        COLLATE "C" NOT NULL,
  employee       text        COLLATE "C" NOT NULL,
  unit_id        text        COLLATE "C" NOT NULL,
  unit_path      text[]      COLLATE "C" NOT NULL,
  position_title text        NOT NULL,
  position_kind  text        COLLATE "C" NOT NULL,
  leads_unit     boolean     NOT NULL,
  start_date     date        NOT NULL,
  end_date       date        NOT NULL,
  appraiser      text        COLLATE "C" NOT NULL,
  next_appraiser text        COLLATE "C",
  explanation_id text        NOT NULL,
  explanation_en text        NOT NULL,
  state          text        COLLATE "C" NOT NULL CHECK (state IN ('DRAFT', 'SUBMITTED', 'RETURNED', 'APPROVED')),
  -- A WorkPlan message with items, behavior_expectations and needed_support only.
  body           bytea       NOT NULL DEFAULT '',
  return_comment text        NOT NULL DEFAULT '',
  revision       integer     NOT NULL DEFAULT 0,
  submit_time    timestamptz,
  approve_time   timestamptz,
  create_time    timestamptz NOT NULL,
  update_time    timestamptz NOT NULL,
  PRIMARY KEY (agency_id, plan_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles,
  UNIQUE (agency_id, cycle_id, employee, start_date),
  CHECK (start_date <= end_date)
);
CREATE INDEX work_plans_employee ON work_plans (agency_id, employee, plan_id);
CREATE INDEX work_plans_appraiser ON work_plans (agency_id, appraiser, plan_id);
CREATE INDEX work_plans_next_appraiser ON work_plans (agency_id, next_appraiser, plan_id);
CREATE INDEX work_plans_unit_path ON work_plans USING gin (unit_path);

-- What a plan was at each submission, and what became of it.
CREATE TABLE work_plan_revisions (
  agency_id   text        COLLATE "C" NOT NULL,
  plan_id     uuid        NOT NULL,
  revision    integer     NOT NULL,
  -- The whole WorkPlan message.
  snapshot    bytea       NOT NULL,
  outcome     text        COLLATE "C" CHECK (outcome IN ('RETURNED', 'APPROVED')),
  comment     text        NOT NULL DEFAULT '',
  decided_by  text        COLLATE "C",
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, plan_id, revision),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans
);
