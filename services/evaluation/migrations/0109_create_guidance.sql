-- Continuous feedback, by name.
CREATE TABLE feedback_notes (
  agency_id   text        COLLATE "C" NOT NULL,
  note_id     uuid        NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  plan_id     uuid        NOT NULL,
  author      text        COLLATE "C" NOT NULL,
  -- A FeedbackNote message without name, plan, snapshot and etag.
  body        bytea       NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (agency_id, note_id),
  FOREIGN KEY (agency_id, plan_id) REFERENCES work_plans
);
CREATE INDEX feedback_notes_plan ON feedback_notes (agency_id, plan_id);
CREATE INDEX feedback_notes_author ON feedback_notes (agency_id, author, note_id);

-- Evaluation meetings.
CREATE TABLE meetings (
  agency_id   text        COLLATE "C" NOT NULL,
  meeting_id  uuid        NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  cycle_id    text        COLLATE "C" NOT NULL,
  period_id   text        COLLATE "C" NOT NULL,
  date        date        NOT NULL,
  leader      text        COLLATE "C" NOT NULL,
  attendants  text[]      COLLATE "C" NOT NULL,
  state       text        COLLATE "C" NOT NULL CHECK (state IN ('DRAFT', 'CLOSED')),
  -- A Meeting message without name, actions and etag.
  body        bytea       NOT NULL,
  PRIMARY KEY (agency_id, meeting_id),
  FOREIGN KEY (agency_id, cycle_id, period_id) REFERENCES periods
);
CREATE INDEX meetings_leader ON meetings (agency_id, leader, date);
CREATE INDEX meetings_attendants ON meetings USING gin (attendants);

-- What meetings agreed on.
CREATE TABLE action_items (
  agency_id   text        COLLATE "C" NOT NULL,
  meeting_id  uuid        NOT NULL,
  item_id     uuid        NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  leader      text        COLLATE "C" NOT NULL,
  owner       text        COLLATE "C" NOT NULL,
  agree_date  date        NOT NULL,
  due_date    date        NOT NULL,
  state       text        COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'DONE', 'DROPPED')),
  text        text        NOT NULL,
  outcome     text        NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL,
  end_time    timestamptz,
  PRIMARY KEY (agency_id, meeting_id, item_id),
  FOREIGN KEY (agency_id, meeting_id) REFERENCES meetings
);
CREATE INDEX action_items_leader ON action_items (agency_id, leader, agree_date);

-- Teams across units.
CREATE TABLE project_teams (
  agency_id  text   COLLATE "C" NOT NULL,
  team_id    uuid   NOT NULL,
  version    bigint NOT NULL DEFAULT 1,
  lead       text   COLLATE "C" NOT NULL,
  members    text[] COLLATE "C" NOT NULL,
  start_date date   NOT NULL,
  end_date   date   NOT NULL,
  -- A ProjectTeam message without name and etag.
  body       bytea  NOT NULL,
  PRIMARY KEY (agency_id, team_id)
);
CREATE INDEX project_teams_lead ON project_teams (agency_id, lead, team_id);
CREATE INDEX project_teams_members ON project_teams USING gin (members);

ALTER TABLE dialogues
  ADD COLUMN support_requests uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN next_date date;
