\set n random(1, :goals)
SELECT goal_id, kind, title, parent_goal_id, unit_path, first_year, last_year, state, create_time, update_time, version FROM goals WHERE agency_id = 'bench' AND goal_id = 'g' || lpad(:n::text, 6, '0');
