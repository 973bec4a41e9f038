-- An assessment that was begun wrongly makes place for another.
ALTER TABLE competency_assessments DROP CONSTRAINT competency_assessments_state_check;
ALTER TABLE competency_assessments ADD CONSTRAINT competency_assessments_state_check
  CHECK (state IN ('DRAFT', 'SUBMITTED', 'FINAL', 'CANCELLED'));
ALTER TABLE competency_assessments DROP CONSTRAINT competency_assessments_agency_id_plan_id_key;
CREATE UNIQUE INDEX competency_assessments_plan ON competency_assessments (agency_id, plan_id) WHERE state <> 'CANCELLED';
