-- Bursts and copies are found at closing by the occasion of an answer: ten minutes of one batch of codes. An occasion is a random id; only
-- the current one of a batch has a time. Like the codes all of it ends with the survey.
CREATE TABLE survey_occasions (
  agency_id  text        COLLATE "C" NOT NULL,
  survey_id  text        COLLATE "C" NOT NULL,
  batch      uuid        NOT NULL,
  begin_time timestamptz NOT NULL,
  occasion   uuid        NOT NULL,
  PRIMARY KEY (agency_id, survey_id, batch)
) PARTITION BY LIST (survey_id);

-- Codes and answers from before are a batch and occasions of their own.
ALTER TABLE survey_tokens ADD COLUMN batch uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE open_citizen_answers ADD COLUMN occasion uuid NOT NULL DEFAULT gen_random_uuid();

-- teraju.feedback.v1.SurveyScreening; empty where there was none.
ALTER TABLE survey_results ADD COLUMN screening bytea NOT NULL DEFAULT '';

CREATE OR REPLACE FUNCTION create_open_survey(survey text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := '_' || replace(survey, '-', '');
  parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['survey_tokens', 'open_citizen_answers', 'survey_occasions'] LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES IN (%L)'
                   ' WITH (autovacuum_analyze_threshold = 2000000000)', parent || suffix, parent, survey);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION drop_open_survey(survey text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  suffix text := '_' || replace(survey, '-', '');
  parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['survey_tokens', 'open_citizen_answers', 'survey_occasions'] LOOP
    EXECUTE format('DROP TABLE %I', parent || suffix);
  END LOOP;
END $$;

SELECT create_open_survey(survey_id) FROM citizen_surveys WHERE state IN ('OPEN', 'CLOSING');

-- The surveys of a unit, for its trend.
CREATE INDEX survey_results_unit ON survey_results (agency_id, unit);
-- The reports about a person, for theirs.
CREATE INDEX reports_ratee ON reports (agency_id, ratee);
