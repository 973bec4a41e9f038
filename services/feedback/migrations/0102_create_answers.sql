-- What exists only while a campaign is open lies in one partition per campaign. Closing drops the partition: its file goes,
-- and with it pseudonyms, the order and the transactions in which answers came, dead rows, statistics and the key.

-- The secret that makes pseudonyms and response tokens.
CREATE TABLE campaign_keys (
  agency_id   text  COLLATE "C" NOT NULL,
  campaign_id text  COLLATE "C" NOT NULL,
  key         bytea NOT NULL CHECK (length(key) = 32),
  PRIMARY KEY (agency_id, campaign_id)
) PARTITION BY LIST (campaign_id);

-- One row per request, made at launch in the order of the token hashes; an answer fills it. Whom the row belongs to says the
-- pseudonym, HMAC(key, rater), alone.
CREATE TABLE open_answers (
  agency_id   text       COLLATE "C" NOT NULL,
  campaign_id text       COLLATE "C" NOT NULL,
  pseudonym   bytea      NOT NULL CHECK (length(pseudonym) = 32),
  ratee       text       COLLATE "C" NOT NULL,
  rater_group text       NOT NULL,
  token_hash  bytea      NOT NULL CHECK (length(token_hash) = 32),
  state       text       NOT NULL CHECK (state IN ('EMPTY', 'DRAFT', 'ANSWERED')),
  item_values smallint[] NOT NULL,  -- in the order of the questionnaire's items; 0 in a draft: no answer yet
  comment     text       NOT NULL,
  PRIMARY KEY (agency_id, campaign_id, pseudonym, ratee),
  UNIQUE (agency_id, campaign_id, token_hash)
) PARTITION BY LIST (campaign_id);

-- What remains after closing, in random order under fresh random ids: answers of the groups whose items are published.
CREATE TABLE answers (
  agency_id   text       COLLATE "C" NOT NULL,
  campaign_id text       COLLATE "C" NOT NULL,
  answer_id   uuid       NOT NULL,
  ratee       text       COLLATE "C" NOT NULL,
  rater_group text       NOT NULL CHECK (rater_group IN ('PEER', 'SUBORDINATE')),
  item_values smallint[] NOT NULL,
  PRIMARY KEY (agency_id, campaign_id, answer_id),
  FOREIGN KEY (agency_id, campaign_id) REFERENCES campaigns
);

-- What is published, once and for all.
CREATE TABLE reports (
  agency_id   text  COLLATE "C" NOT NULL,
  campaign_id text  COLLATE "C" NOT NULL,
  report_id   text  COLLATE "C" NOT NULL,
  ratee       text  COLLATE "C" NOT NULL,
  report      bytea NOT NULL,  -- teraju.feedback.v1.Report
  PRIMARY KEY (agency_id, campaign_id, report_id),
  UNIQUE (agency_id, campaign_id, ratee),
  FOREIGN KEY (agency_id, campaign_id, ratee) REFERENCES ratees
);
CREATE INDEX ratees_appraiser ON ratees (agency_id, campaign_id, appraiser);

-- Makes the partitions of a campaign. Statistics are off: pg_statistic would keep samples of pseudonyms and answers.
CREATE FUNCTION create_open_campaign(campaign text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := '_' || replace(campaign, '-', '');
BEGIN
  EXECUTE format('CREATE TABLE %I PARTITION OF campaign_keys FOR VALUES IN (%L)', 'campaign_keys' || suffix, campaign);
  EXECUTE format('CREATE TABLE %I PARTITION OF open_answers FOR VALUES IN (%L)'
                 ' WITH (fillfactor = 50, autovacuum_analyze_threshold = 2000000000)', 'open_answers' || suffix, campaign);
END $$;

-- Waits until no statement is running that saw the campaign open. Whoever comes later sees it closing.
CREATE FUNCTION await_open_answers() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE ONLY open_answers IN EXCLUSIVE MODE;
END $$;

CREATE FUNCTION drop_open_campaign(campaign text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := '_' || replace(campaign, '-', '');
BEGIN
  -- In the order in which readers lock them.
  EXECUTE format('DROP TABLE %I', 'campaign_keys' || suffix);
  EXECUTE format('DROP TABLE %I', 'open_answers' || suffix);
END $$;
