-- The units of some subtrees on a day, as they were known at a moment; abolished ones under what took their place.
DROP FUNCTION subtree_of(text, text[], date);
CREATE FUNCTION subtree_of(agency text, roots text[], day date, known timestamptz DEFAULT NULL)
RETURNS TABLE (unit_id text) LANGUAGE sql STABLE AS $$
  WITH RECURSIVE tree AS (
    SELECT s.unit_id FROM unit_states_known(known) s
    WHERE s.agency_id = agency AND s.unit_id = ANY (roots) AND s.start_date <= day AND s.end_date >= day
    UNION
    SELECT s.unit_id FROM tree t
    JOIN unit_states_known(known) s ON s.agency_id = agency AND s.parent_unit_id = t.unit_id
    WHERE s.start_date <= day AND s.end_date >= day
  )
  SELECT tree.unit_id FROM tree
$$;
