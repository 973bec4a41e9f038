-- What the year's result names of a receipt, so that nobody reads all of it for that.
ALTER TABLE receipts ADD COLUMN digest text COLLATE "C";
UPDATE receipts r SET digest = (
  SELECT l.details::json ->> 'digest' FROM audit_events l
  WHERE l.agency_id = r.agency_id AND l.type = 'evaluation.final'
    AND l.resource = 'agencies/' || r.agency_id || '/evaluations/' || r.evaluation_id
  ORDER BY l.xid DESC, l.event_number DESC LIMIT 1);
ALTER TABLE receipts ALTER COLUMN digest SET NOT NULL;

-- Rows are computed, rated and made final one after the other. With room beside them, and no index on what changes, they
-- stay where they are and none of their indexes is touched.
ALTER TABLE evaluations SET (fillfactor = 40);
ALTER TABLE annual_results SET (fillfactor = 30);
DROP INDEX annual_results_drafts;
CREATE INDEX annual_results_period ON annual_results (agency_id, cycle_id, period_id, annual_result_id);
