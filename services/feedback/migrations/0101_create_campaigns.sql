-- Rounds of 360-degree feedback.
CREATE TABLE campaigns (
  agency_id          text        COLLATE "C" NOT NULL,
  campaign_id        text        COLLATE "C" NOT NULL UNIQUE,  -- a response token names the campaign alone
  version            bigint      NOT NULL DEFAULT 1,
  display_name       text        NOT NULL,
  questionnaire_id   text        COLLATE "C" NOT NULL,
  end_time           timestamptz NOT NULL,
  threshold          integer     NOT NULL CHECK (threshold >= 3),
  text_threshold     integer     NOT NULL CHECK (text_threshold >= threshold),
  superior_weight    integer     NOT NULL,
  peer_weight        integer     NOT NULL,
  subordinate_weight integer     NOT NULL,
  state              text        NOT NULL CHECK (state IN ('DRAFT', 'OPEN', 'CLOSING', 'CLOSED')),
  counts             bytea,                        -- teraju.feedback.v1.CampaignCounts, after closing
  create_time        timestamptz NOT NULL,
  close_time         timestamptz,
  PRIMARY KEY (agency_id, campaign_id),
  FOREIGN KEY (agency_id, questionnaire_id) REFERENCES questionnaires,
  CHECK ((state = 'CLOSED') = (close_time IS NOT NULL)),
  CHECK ((state = 'CLOSED') = (counts IS NOT NULL))
);
CREATE INDEX campaigns_questionnaire ON campaigns (agency_id, questionnaire_id);

-- The people that a campaign is about, with unit and appraiser as they were when they were taken in: a report stays with
-- the appraiser of then, whatever moves later.
CREATE TABLE ratees (
  agency_id   text   COLLATE "C" NOT NULL,
  campaign_id text   COLLATE "C" NOT NULL,
  ratee       text   COLLATE "C" NOT NULL,  -- `employees/{id}`
  unit        text   COLLATE "C" NOT NULL,  -- `agencies/{agency}/units/{id}` or empty
  unit_path   text[] COLLATE "C" NOT NULL,  -- the unit and every unit above it, nearest first
  appraiser   text   COLLATE "C" NOT NULL,  -- `employees/{id}`, `officials/{id}` or empty
  PRIMARY KEY (agency_id, campaign_id, ratee),
  FOREIGN KEY (agency_id, campaign_id) REFERENCES campaigns
);

-- Who might be asked about whom, while the campaign is a draft. Launching turns them into requests.
CREATE TABLE nominations (
  agency_id     text        COLLATE "C" NOT NULL,
  campaign_id   text        COLLATE "C" NOT NULL,
  nomination_id text        COLLATE "C" NOT NULL,
  ratee         text        COLLATE "C" NOT NULL,
  rater         text        COLLATE "C" NOT NULL,
  rater_group   text        NOT NULL CHECK (rater_group IN ('SUPERIOR', 'PEER', 'SUBORDINATE', 'SELF')),
  state         text        NOT NULL CHECK (state IN ('PROPOSED', 'APPROVED', 'REJECTED')),
  create_time   timestamptz NOT NULL,
  PRIMARY KEY (agency_id, campaign_id, nomination_id),
  UNIQUE (agency_id, campaign_id, ratee, rater),
  FOREIGN KEY (agency_id, campaign_id) REFERENCES campaigns
);

-- Participation: who is asked about whom, and, once the campaign is closed, whether an answer came. No time, no version, no
-- answer, and no row is touched when an answer comes: while the campaign is open the mark `answered` is the answer's own row.
CREATE TABLE feedback_requests (
  agency_id      text COLLATE "C" NOT NULL,
  campaign_id    text COLLATE "C" NOT NULL,
  request_id     text COLLATE "C" NOT NULL,
  ratee          text COLLATE "C" NOT NULL,
  rater          text COLLATE "C" NOT NULL,
  rater_group    text NOT NULL CHECK (rater_group IN ('SUPERIOR', 'PEER', 'SUBORDINATE', 'SELF')),
  state          text NOT NULL CHECK (state IN ('PENDING', 'ANSWERED', 'DECLINED')),
  decline_reason text,
  PRIMARY KEY (agency_id, campaign_id, request_id),
  UNIQUE (agency_id, campaign_id, ratee, rater),
  FOREIGN KEY (agency_id, campaign_id) REFERENCES campaigns
);
CREATE INDEX feedback_requests_rater ON feedback_requests (agency_id, campaign_id, rater, request_id);
