-- When those who have not handed in are reminded next; infinity: no more.
ALTER TABLE deadlines ADD COLUMN remind_time timestamptz NOT NULL DEFAULT 'infinity';
CREATE INDEX deadlines_remind ON deadlines (remind_time) WHERE remind_time < 'infinity';
ALTER TABLE reminders DROP CONSTRAINT reminders_kind_check,
  ADD CONSTRAINT reminders_kind_check CHECK (kind IN ('TEAM', 'OBJECTION', 'HELP', 'DEADLINE'));

-- That the person has no days to which the plan belongs any more.
ALTER TABLE work_plans ADD COLUMN without_segment boolean NOT NULL DEFAULT false;
CREATE INDEX work_plans_without_segment ON work_plans (agency_id, cycle_id, plan_id) WHERE without_segment;
