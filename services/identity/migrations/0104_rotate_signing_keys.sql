-- A key signs from its sign_time until the sign_time of the next; before, it is published so that every verifier knows it in time.
ALTER TABLE signing_keys ADD COLUMN sign_time timestamptz, ADD COLUMN withdraw_time timestamptz;
UPDATE signing_keys SET sign_time = create_time;
ALTER TABLE signing_keys ALTER COLUMN sign_time SET NOT NULL;
