-- The predicate that the last appraiser decided for the year, for counting: what a unit confirms is what is published.
ALTER TABLE annual_results ADD COLUMN decided text COLLATE "C"
  CHECK (decided IN ('VERY_GOOD', 'GOOD', 'NEEDS_IMPROVEMENT', 'POOR', 'VERY_POOR'));
