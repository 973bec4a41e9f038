-- What was done towards a plan. Append only: a correction is a row that names the one it corrects.
CREATE TABLE progress_entries (
  agency_id    text        COLLATE "C" NOT NULL,
  plan_id      uuid        NOT NULL,
  entry_id     uuid        NOT NULL,
  item_id      text        COLLATE "C" NOT NULL,
  indicator_id text        COLLATE "C" NOT NULL DEFAULT '',
  kind         text        COLLATE "C" NOT NULL CHECK (kind IN ('REALISATION', 'INITIATIVE')),
  date         date        NOT NULL,
  activity     text        NOT NULL,
  realisation  numeric,
  corrects     uuid,
  evidence     uuid[]      NOT NULL DEFAULT '{}',
  create_time  timestamptz NOT NULL,
  entered_by   text        COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, plan_id, entry_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans,
  FOREIGN KEY (agency_id, plan_id, corrects) REFERENCES progress_entries,
  UNIQUE (agency_id, plan_id, corrects),
  CHECK (kind <> 'REALISATION' OR (realisation IS NOT NULL AND indicator_id <> ''))
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON progress_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Conversations between a person and the appraiser.
CREATE TABLE dialogues (
  agency_id            text        COLLATE "C" NOT NULL,
  plan_id              uuid        NOT NULL,
  dialogue_id          uuid        NOT NULL,
  version              bigint      NOT NULL DEFAULT 1,
  date                 date        NOT NULL,
  progress_note        text        NOT NULL,
  obstacle_note        text        NOT NULL,
  solution_note        text        NOT NULL,
  entered_by           text        COLLATE "C" NOT NULL,
  acknowledged_by      text        COLLATE "C",
  acknowledgement_note text        NOT NULL DEFAULT '',
  acknowledge_time     timestamptz,
  create_time          timestamptz NOT NULL,
  PRIMARY KEY (agency_id, plan_id, dialogue_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans
);

-- Support asked for, tracked until given.
CREATE TABLE support_requests (
  agency_id   text        COLLATE "C" NOT NULL,
  plan_id     uuid        NOT NULL,
  request_id  uuid        NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  kind        text        COLLATE "C" NOT NULL CHECK (kind IN ('ADVICE', 'RESOURCE')),
  text        text        NOT NULL,
  state       text        COLLATE "C" NOT NULL
              CHECK (state IN ('REQUESTED', 'GRANTED', 'DECLINED', 'FULFILLED')),
  comment     text        NOT NULL DEFAULT '',
  due_date    date,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, plan_id, request_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans
);
