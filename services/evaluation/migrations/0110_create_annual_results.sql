-- The result of a person's whole year, one per person and cycle. The columns from employee to explanation_en are the snapshot of
-- the last segment, as in evaluations.
CREATE TABLE annual_results (
  agency_id        text        COLLATE "C" NOT NULL,
  annual_result_id uuid        NOT NULL,
  version          bigint      NOT NULL DEFAULT 1,
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
  state            text        COLLATE "C" NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'FINAL')),
  predicate        text        COLLATE "C"
                   CHECK (predicate IN ('VERY_GOOD', 'GOOD', 'NEEDS_IMPROVEMENT', 'POOR', 'VERY_POOR')),
  -- An AnnualDecision message.
  decision         bytea,
  -- Of a final result: an AnnualResult message with segments, local result and texts.
  body             bytea,
  document         text,
  final_time       timestamptz,
  create_time      timestamptz NOT NULL,
  PRIMARY KEY (agency_id, annual_result_id),
  FOREIGN KEY (agency_id, cycle_id, period_id) REFERENCES periods,
  UNIQUE (agency_id, cycle_id, period_id, employee),
  CHECK (state = 'DRAFT' OR (predicate IS NOT NULL AND body IS NOT NULL AND document IS NOT NULL AND final_time IS NOT NULL))
);
CREATE INDEX annual_results_drafts ON annual_results (agency_id, cycle_id, period_id, annual_result_id) WHERE state = 'DRAFT';
CREATE INDEX annual_results_employee ON annual_results (agency_id, employee, annual_result_id);
CREATE INDEX annual_results_appraiser ON annual_results (agency_id, appraiser, annual_result_id);
CREATE INDEX annual_results_next_appraiser ON annual_results (agency_id, next_appraiser, annual_result_id);
CREATE INDEX annual_results_unit_path ON annual_results USING gin (unit_path);
