-- Evaluations, one per work plan and period that it overlaps. The columns from employee to explanation_en are the snapshot,
-- as in work_plans.
CREATE TABLE evaluations (
  agency_id        text        COLLATE "C" NOT NULL,
  evaluation_id    uuid        NOT NULL,
  version          bigint      NOT NULL DEFAULT 1,
  plan_id          uuid        NOT NULL,
  cycle_id         text        COLLATE "C" NOT NULL,
  period_id        text        COLLATE "C" NOT NULL,
  employee         text        COLLATE "C" NOT NULL,
  unit_id          text        COLLATE "C" NOT NULL,
  unit_path        text[]      COLLATE "C" NOT NULL,
  position_title   text        NOT NULL,
  position_kind    text        COLLATE "C" NOT NULL,
  leads_unit       boolean     NOT NULL,
  start_date       date        NOT NULL,
  end_date         date        NOT NULL,
  appraiser        text        COLLATE "C" NOT NULL,
  next_appraiser   text        COLLATE "C",
  explanation_id   text        NOT NULL,
  explanation_en   text        NOT NULL,
  state            text        COLLATE "C" NOT NULL DEFAULT 'OPEN'
                   CHECK (state IN ('OPEN', 'RATED', 'FINAL', 'ACKNOWLEDGED')),
  -- A ComputedEvidence message; null until the period is scored.
  computed         bytea,
  mean_achievement numeric,
  feedback_mean    numeric,
  feedback_report  text,
  self_note        text        NOT NULL DEFAULT '',
  result_rating    text        COLLATE "C"
                   CHECK (result_rating IN ('ABOVE_EXPECTATION', 'AS_EXPECTED', 'BELOW_EXPECTATION')),
  behavior_rating  text        COLLATE "C"
                   CHECK (behavior_rating IN ('ABOVE_EXPECTATION', 'AS_EXPECTED', 'BELOW_EXPECTATION')),
  result_reason    text        NOT NULL DEFAULT '',
  behavior_reason  text        NOT NULL DEFAULT '',
  predicate        text        COLLATE "C"
                   CHECK (predicate IN ('VERY_GOOD', 'GOOD', 'NEEDS_IMPROVEMENT', 'POOR', 'VERY_POOR')),
  rated_by         text        COLLATE "C",
  rate_time        timestamptz,
  final_time       timestamptz,
  acknowledge_time timestamptz,
  create_time      timestamptz NOT NULL,
  PRIMARY KEY (agency_id, evaluation_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans,
  FOREIGN KEY (agency_id, cycle_id, period_id) REFERENCES periods,
  UNIQUE (agency_id, plan_id, period_id),
  CHECK (state = 'OPEN' OR (result_rating IS NOT NULL AND behavior_rating IS NOT NULL AND predicate IS NOT NULL))
);
CREATE INDEX evaluations_period ON evaluations (agency_id, cycle_id, period_id, evaluation_id);
CREATE INDEX evaluations_person ON evaluations (agency_id, cycle_id, period_id, employee, end_date);
CREATE INDEX evaluations_employee ON evaluations (agency_id, employee, evaluation_id);
CREATE INDEX evaluations_appraiser ON evaluations (agency_id, appraiser, evaluation_id);
CREATE INDEX evaluations_next_appraiser ON evaluations (agency_id, next_appraiser, evaluation_id);
CREATE INDEX evaluations_unit_path ON evaluations USING gin (unit_path);

-- How a final result arose.
CREATE TABLE receipts (
  agency_id     text        COLLATE "C" NOT NULL,
  evaluation_id uuid        NOT NULL,
  -- The whole ScoreReceipt message but its name and audit_event.
  receipt       bytea       NOT NULL,
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (agency_id, evaluation_id),
  FOREIGN KEY (agency_id, evaluation_id) REFERENCES evaluations
);
