-- Changes of approved plans.
CREATE TABLE plan_amendments (
  agency_id    text   COLLATE "C" NOT NULL,
  plan_id      uuid   NOT NULL,
  amendment_id uuid   NOT NULL,
  version      bigint NOT NULL DEFAULT 1,
  state        text   COLLATE "C" NOT NULL CHECK (state IN ('SUBMITTED', 'RETURNED', 'APPROVED', 'WITHDRAWN')),
  -- A PlanAmendment message without name and etag.
  body         bytea  NOT NULL,
  PRIMARY KEY (agency_id, plan_id, amendment_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans
);
-- One at a time.
CREATE UNIQUE INDEX plan_amendments_open ON plan_amendments (agency_id, plan_id) WHERE state IN ('SUBMITTED', 'RETURNED');

-- What plans of a post begin with.
CREATE TABLE plan_templates (
  agency_id      text        COLLATE "C" NOT NULL,
  template_id    uuid        NOT NULL,
  title          text        NOT NULL,
  position_title text        NOT NULL,
  -- A WorkPlan message as in work_plans.body.
  body           bytea       NOT NULL,
  create_time    timestamptz NOT NULL,
  PRIMARY KEY (agency_id, template_id)
);
