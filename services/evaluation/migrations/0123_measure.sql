-- Entries that another system measured: where the figure comes from, when it was measured, how many cases it is about.
ALTER TABLE progress_entries
  ADD COLUMN measured_source text,
  ADD COLUMN measure_time    timestamptz,
  ADD COLUMN sample_size     bigint,
  ADD CHECK ((measured_source IS NULL) = (measure_time IS NULL) AND (measured_source IS NULL) = (sample_size IS NULL));
