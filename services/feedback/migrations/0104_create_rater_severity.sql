-- How well a closed campaign measured: teraju.feedback.v1.CampaignQuality.
ALTER TABLE campaigns ADD COLUMN quality bytea;

-- On the side of participation: one of three bands, or that nothing is known, of each rater whose answers counted. Never a
-- number: with it and the answers that are kept a rater could be found.
CREATE TABLE rater_severity (
  agency_id   text COLLATE "C" NOT NULL,
  campaign_id text COLLATE "C" NOT NULL,
  rater       text COLLATE "C" NOT NULL,
  severity    text NOT NULL CHECK (severity IN ('UNKNOWN', 'SEVERE', 'USUAL', 'LENIENT')),
  PRIMARY KEY (agency_id, campaign_id, rater),
  FOREIGN KEY (agency_id, campaign_id) REFERENCES campaigns
);
