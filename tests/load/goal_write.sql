\set a random(0, 4294967295)
\set lock :a + :client_id
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT pg_advisory_xact_lock(:lock);
SELECT request_hash, response FROM requests WHERE agency_id = 'bench' AND caller = 'pgbench' AND method = 'CreateGoal' AND request_id = :a::text || ':' || :client_id::text;
INSERT INTO goals (agency_id, goal_id, kind, title, parent_goal_id, unit_path, first_year, last_year, create_time, update_time, needs, training_topics) VALUES ('bench', gen_random_uuid()::text, 'STRATEGIC_GOAL', 'Meningkatnya kualitas pelayanan publik', NULL, '{}', 2025, 2029, now(), now(), '{}', '{}') ON CONFLICT DO NOTHING RETURNING goal_id, kind, title, parent_goal_id, unit_path, first_year, last_year, state, create_time, update_time, version, needs, training_topics;
WITH events AS (INSERT INTO outbox (agency_id, xid, resource, type, payload) SELECT 'bench', coalesce((SELECT o.xid FROM outbox o WHERE o.xid > pg_current_xact_id() AND o.agency_id = 'bench' AND o.resource = 'agencies/bench/goals/x' ORDER BY o.xid DESC LIMIT 1), pg_current_xact_id()), 'agencies/bench/goals/x', 'goal.created', '{}'), records AS (INSERT INTO audit_events (agency_id, resource, type, details, on_behalf_of, create_time, actor, method) VALUES ('bench', 'agencies/bench/goals/x', 'goal.created', '{}', '', now(), 'pgbench', 'CreateGoal')) INSERT INTO requests (agency_id, caller, method, request_id, request_hash, response) VALUES ('bench', 'pgbench', 'CreateGoal', gen_random_uuid()::text, '\x00', '\x00');
COMMIT;
