CREATE TABLE allocation_plans (
  agency_id          text        COLLATE "C" NOT NULL,
  plan_id            text        COLLATE "C" NOT NULL,
  fiscal_year        integer     NOT NULL,
  -- Serialised AllocationPlan with the focuses only.
  focuses            bytea       NOT NULL,
  time_limit_seconds integer     NOT NULL,
  state              text        COLLATE "C" NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'SOLVED', 'APPROVED')),
  -- What it was solved from: a digest over the versions of needs, offerings and budgets.
  basis              text        COLLATE "C" NOT NULL DEFAULT '',
  objective          numeric     NOT NULL DEFAULT 0,
  bound              numeric     NOT NULL DEFAULT 0,
  gap_percent        numeric     NOT NULL DEFAULT 0,
  cost               bigint      NOT NULL DEFAULT 0,
  budget             bigint      NOT NULL DEFAULT 0,
  needs              integer     NOT NULL DEFAULT 0,
  needs_met          integer     NOT NULL DEFAULT 0,
  offerings_held     integer     NOT NULL DEFAULT 0,
  solve_time         timestamptz,
  version            bigint      NOT NULL DEFAULT 1,
  create_time        timestamptz NOT NULL,
  PRIMARY KEY (agency_id, plan_id),
  CHECK ((state = 'DRAFT') = (solve_time IS NULL))
);

-- What the plan does about each need, most urgent first.
CREATE TABLE allocation_decisions (
  agency_id    text    COLLATE "C" NOT NULL,
  plan_id      text    COLLATE "C" NOT NULL,
  position     integer NOT NULL,
  need_id      text    COLLATE "C" NOT NULL,
  employee     text    COLLATE "C" NOT NULL,
  -- The offering that meets the need; null where it is refused.
  course_id    text    COLLATE "C",
  offering_id  text    COLLATE "C",
  refusal_code text    COLLATE "C" NOT NULL,
  reason_id    text    NOT NULL,
  reason_en    text    NOT NULL,
  PRIMARY KEY (agency_id, plan_id, position),
  FOREIGN KEY (agency_id, plan_id) REFERENCES allocation_plans,
  FOREIGN KEY (agency_id, need_id) REFERENCES needs,
  CHECK ((refusal_code = '') = (offering_id IS NOT NULL))
);
CREATE INDEX allocation_decisions_need ON allocation_decisions (agency_id, need_id);

-- What the plan takes from each budget, in whole rupiah.
CREATE TABLE allocation_payments (
  agency_id text   COLLATE "C" NOT NULL,
  plan_id   text   COLLATE "C" NOT NULL,
  budget_id text   COLLATE "C" NOT NULL,
  amount    bigint NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (agency_id, plan_id, budget_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES allocation_plans,
  FOREIGN KEY (agency_id, budget_id) REFERENCES budgets
);
CREATE INDEX allocation_payments_budget ON allocation_payments (agency_id, budget_id);
