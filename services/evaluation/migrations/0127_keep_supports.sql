-- What the items of a plan serve, as its body says; kept when the plan is written.
ALTER TABLE work_plans ADD COLUMN supports text[] COLLATE "C" NOT NULL DEFAULT '{}';
