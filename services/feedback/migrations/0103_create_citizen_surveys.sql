-- Surveys of citizens served (SKM).
CREATE TABLE citizen_surveys (
  agency_id        text        COLLATE "C" NOT NULL,
  survey_id        text        COLLATE "C" NOT NULL UNIQUE,  -- a response token names the survey alone
  version          bigint      NOT NULL DEFAULT 1,
  display_name     text        NOT NULL,
  questionnaire_id text        COLLATE "C" NOT NULL,
  end_time         timestamptz NOT NULL,
  element_weight   text        NOT NULL CHECK (element_weight IN ('NINTH', 'PRINTED')),
  state            text        NOT NULL CHECK (state IN ('DRAFT', 'OPEN', 'CLOSING', 'CLOSED')),
  create_time      timestamptz NOT NULL,
  close_time       timestamptz,
  PRIMARY KEY (agency_id, survey_id),
  FOREIGN KEY (agency_id, questionnaire_id) REFERENCES questionnaires,
  CHECK ((state = 'CLOSED') = (close_time IS NOT NULL))
);
CREATE INDEX citizen_surveys_questionnaire ON citizen_surveys (agency_id, questionnaire_id);

CREATE TABLE survey_units (
  agency_id     text    COLLATE "C" NOT NULL,
  survey_id     text    COLLATE "C" NOT NULL,
  unit          text    COLLATE "C" NOT NULL,  -- `agencies/{agency}/units/{id}`
  unit_path     text[]  COLLATE "C" NOT NULL,  -- the unit and every unit above it, nearest first
  position      integer NOT NULL,
  population    integer NOT NULL CHECK (population > 0),
  sample_size   integer NOT NULL CHECK (sample_size > 0),
  tokens_issued integer NOT NULL DEFAULT 0,
  PRIMARY KEY (agency_id, survey_id, unit),
  FOREIGN KEY (agency_id, survey_id) REFERENCES citizen_surveys
);

-- Codes that are still good. A used code leaves no row. One partition per open survey, as for campaigns.
CREATE TABLE survey_tokens (
  agency_id  text  COLLATE "C" NOT NULL,
  survey_id  text  COLLATE "C" NOT NULL,
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  unit       text  COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, survey_id, token_hash)
) PARTITION BY LIST (survey_id);

CREATE TABLE open_citizen_answers (
  agency_id   text       COLLATE "C" NOT NULL,
  survey_id   text       COLLATE "C" NOT NULL,
  answer_id   uuid       NOT NULL,
  unit        text       COLLATE "C" NOT NULL,
  item_values smallint[] NOT NULL,
  comment     text       NOT NULL,
  PRIMARY KEY (agency_id, survey_id, answer_id)
) PARTITION BY LIST (survey_id);

-- What remains after closing, in random order under fresh random ids: answers of the units whose results are published.
CREATE TABLE citizen_answers (
  agency_id   text       COLLATE "C" NOT NULL,
  survey_id   text       COLLATE "C" NOT NULL,
  answer_id   uuid       NOT NULL,
  unit        text       COLLATE "C" NOT NULL,
  item_values smallint[] NOT NULL,
  comment     text       NOT NULL,
  PRIMARY KEY (agency_id, survey_id, answer_id),
  FOREIGN KEY (agency_id, survey_id, unit) REFERENCES survey_units
);
CREATE INDEX citizen_answers_unit ON citizen_answers (agency_id, survey_id, unit);

CREATE TABLE survey_results (
  agency_id text  COLLATE "C" NOT NULL,
  survey_id text  COLLATE "C" NOT NULL,
  result_id text  COLLATE "C" NOT NULL,
  unit      text  COLLATE "C" NOT NULL,
  result    bytea NOT NULL,  -- teraju.feedback.v1.SurveyResult
  PRIMARY KEY (agency_id, survey_id, result_id),
  UNIQUE (agency_id, survey_id, unit),
  FOREIGN KEY (agency_id, survey_id, unit) REFERENCES survey_units
);

CREATE FUNCTION create_open_survey(survey text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := '_' || replace(survey, '-', '');
BEGIN
  EXECUTE format('CREATE TABLE %I PARTITION OF survey_tokens FOR VALUES IN (%L)'
                 ' WITH (autovacuum_analyze_threshold = 2000000000)', 'survey_tokens' || suffix, survey);
  EXECUTE format('CREATE TABLE %I PARTITION OF open_citizen_answers FOR VALUES IN (%L)'
                 ' WITH (autovacuum_analyze_threshold = 2000000000)', 'open_citizen_answers' || suffix, survey);
END $$;

CREATE FUNCTION await_open_citizen_answers() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE ONLY open_citizen_answers IN EXCLUSIVE MODE;
END $$;

CREATE FUNCTION drop_open_survey(survey text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := '_' || replace(survey, '-', '');
BEGIN
  EXECUTE format('DROP TABLE %I', 'survey_tokens' || suffix);
  EXECUTE format('DROP TABLE %I', 'open_citizen_answers' || suffix);
END $$;
