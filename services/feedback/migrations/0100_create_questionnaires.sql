-- Questions. The items are never searched: they stay one message.
CREATE TABLE questionnaires (
  agency_id        text        COLLATE "C" NOT NULL,
  questionnaire_id text        COLLATE "C" NOT NULL,
  version          bigint      NOT NULL DEFAULT 1,
  kind             text        NOT NULL CHECK (kind IN ('MULTI_RATER', 'CITIZEN')),
  display_name     text        NOT NULL,
  items            bytea       NOT NULL,  -- teraju.feedback.v1.Questionnaire, field `items` only
  scale_minimum    smallint    NOT NULL,
  scale_maximum    smallint    NOT NULL CHECK (scale_maximum > scale_minimum),
  comments         boolean     NOT NULL,
  state            text        NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED')),
  create_time      timestamptz NOT NULL,
  PRIMARY KEY (agency_id, questionnaire_id)
);
