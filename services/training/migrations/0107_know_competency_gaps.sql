-- Needs from competency assessments.
ALTER TABLE needs DROP CONSTRAINT needs_source_check;
ALTER TABLE needs ADD CONSTRAINT needs_source_check
  CHECK (source IN ('RESULT', 'FEEDBACK', 'SUPERIOR', 'SELF', 'COMPETENCY'));
