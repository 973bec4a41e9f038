-- How the match of a person with a standard is judged.
ALTER TABLE competency_standards
  ADD COLUMN match_bands  text COLLATE "C" NOT NULL DEFAULT 'GENERAL' CHECK (match_bands IN ('GENERAL', 'KKP_JPT', 'KKP_OTHER')),
  ADD COLUMN counts_above boolean NOT NULL DEFAULT false;
