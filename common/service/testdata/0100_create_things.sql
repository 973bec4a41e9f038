CREATE TABLE test_service_things (name text PRIMARY KEY);
