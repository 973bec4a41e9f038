-- Until when people hand in.
CREATE TABLE deadlines (
  agency_id      text        COLLATE "C" NOT NULL,
  cycle_id       text        COLLATE "C" NOT NULL,
  deadline_id    text        COLLATE "C" NOT NULL,  -- `work-plans`, `self-evaluations-q1`
  version        bigint      NOT NULL DEFAULT 1,
  set_time       timestamptz NOT NULL,
  set_due_time   timestamptz NOT NULL,
  due_time       timestamptz NOT NULL,
  missed_minutes integer     NOT NULL DEFAULT 0,
  -- It has passed, and the service has looked whether it was there before.
  over           boolean     NOT NULL DEFAULT false,
  PRIMARY KEY (agency_id, cycle_id, deadline_id),
  FOREIGN KEY (agency_id, cycle_id) REFERENCES cycles
);
CREATE INDEX deadlines_due ON deadlines (due_time) WHERE NOT over;

-- That each replica was there, minute by minute, and how its calls went.
CREATE TABLE service_minutes (
  minute  timestamptz NOT NULL,
  replica uuid        NOT NULL,
  calls   bigint      NOT NULL,
  failed  bigint      NOT NULL,
  PRIMARY KEY (minute, replica)
);
