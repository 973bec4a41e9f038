// The statements of UnitStore.
#pragma once

#include "common/postgres/statement.h"

namespace teraju::identity::unit_statements {

using postgres::Statement;

inline constexpr Statement kInsert{
    "unit_insert",
    "INSERT INTO units (agency_id, unit_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1"};
inline constexpr Statement kTouch{
    "unit_touch",
    "UPDATE units SET version = version + 1, update_time = now() WHERE agency_id = $1 AND "
    "unit_id = $2"};
inline constexpr Statement kLock{
    "unit_lock", "SELECT version FROM units WHERE agency_id = $1 AND unit_id = $2 FOR UPDATE"};
inline constexpr Statement kSelect{
    "unit_select", "SELECT * FROM units_on($1, $3::date, $4::timestamptz) WHERE unit_id = $2"};
inline constexpr Statement kList{
    "unit_list",
    "SELECT * FROM units_on($1, $4::date, $5::timestamptz) WHERE unit_id > $2 "
    "AND ($6 OR NOT abolished) ORDER BY unit_id LIMIT $3"};
inline constexpr Statement kListSubtree{
    "unit_list_subtree",
    "SELECT * FROM units_on($1, $4::date, $5::timestamptz) WHERE unit_id > $2 AND ($6 OR NOT "
    "abolished) AND unit_id IN (SELECT unit_id FROM subtree_of($1, ARRAY[$7::text], $4::date, "
    "$5::timestamptz)) ORDER BY unit_id LIMIT $3"};
inline constexpr Statement kRevisions{
    "unit_revisions",
    "SELECT *, update_time || ' ' || start_date AS position FROM "
    "(SELECT NULL::timestamptz AS recorded_until, s.* FROM unit_states s "
    "UNION ALL SELECT * FROM unit_states_history) v WHERE agency_id = $1 AND unit_id = $2 "
    "AND (update_time, start_date) < ($3::timestamptz, $4::date) "
    "ORDER BY update_time DESC, start_date DESC LIMIT $5"};
inline constexpr Statement kState{
    "unit_state",
    "SELECT display_name, parent_unit_id, without_head, abolished, start_date, end_date FROM "
    "unit_states WHERE agency_id = $1 AND unit_id = $2 AND start_date <= $3 AND end_date >= $3"};
inline constexpr Statement kFirstDay{
    "unit_first_day",
    "SELECT min(start_date) FROM unit_states WHERE agency_id = $1 AND unit_id = $2"};
inline constexpr Statement kInsertState{
    "unit_state_insert",
    "INSERT INTO unit_states (agency_id, unit_id, start_date, end_date, display_name, "
    "parent_unit_id, without_head, abolished, recorded_by, reason) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
inline constexpr Statement kUpdateState{
    "unit_state_update",
    "UPDATE unit_states SET end_date = $4, display_name = $5, parent_unit_id = $6, "
    "without_head = $7, abolished = $8, recorded_by = $9, reason = $10 "
    "WHERE agency_id = $1 AND unit_id = $2 AND start_date = $3"};
inline constexpr Statement kDeleteLater{
    "unit_state_delete_later",
    "DELETE FROM unit_states WHERE agency_id = $1 AND unit_id = $2 AND start_date > $3"};
inline constexpr Statement kChildren{
    "unit_children",
    "SELECT unit_id FROM unit_states WHERE agency_id = $1 AND parent_unit_id = $2 AND NOT "
    "abolished AND start_date <= $3 AND end_date >= $3 ORDER BY unit_id"};
// Every state on or after the day that stands under the unit, in the order of its days.
inline constexpr Statement kStandingBelow{
    "unit_standing_below",
    "SELECT unit_id, greatest(start_date, $3::date) FROM unit_states WHERE agency_id = $1 "
    "AND parent_unit_id = $2 AND end_date >= $3 ORDER BY unit_id, start_date"};
inline constexpr Statement kSucceed{
    "unit_succeed",
    "INSERT INTO unit_successions (agency_id, unit_id, successor_unit_id, effective_date) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"};
inline constexpr Statement kPath{"unit_path", "SELECT unit_path($1, $2, $3)"};
inline constexpr Statement kTree{
    "unit_tree",
    "SELECT unit_id, display_name, parent_unit_id, start_date, end_date, without_head, abolished "
    "FROM unit_states WHERE agency_id = $1 AND start_date <= $3 AND end_date >= $2"};
inline constexpr Statement kMergeNew{
    "unit_merge_new",
    "WITH fresh AS (INSERT INTO units (agency_id, unit_id) SELECT $1, unnest($2::text[]) "
    "ON CONFLICT DO NOTHING) "
    "INSERT INTO unit_states (agency_id, unit_id, display_name, parent_unit_id, recorded_by) "
    "SELECT $1, r.unit_id, r.display_name, nullif(r.parent, ''), $5 "
    "FROM unnest($2::text[], $3::text[], $4::text[]) AS r (unit_id, display_name, parent) "
    "WHERE NOT EXISTS (SELECT FROM unit_states s WHERE s.agency_id = $1 AND s.unit_id = r.unit_id) "
    "RETURNING unit_id"};
inline constexpr Statement kMergeChanged{
    "unit_merge_changed",
    "SELECT s.unit_id, r.display_name, r.parent "
    "FROM unnest($2::text[], $3::text[], $4::text[]) AS r (unit_id, display_name, parent) "
    "JOIN unit_states s ON s.agency_id = $1 AND s.unit_id = r.unit_id "
    "AND s.start_date <= $5 AND s.end_date >= $5 WHERE NOT s.abolished "
    "AND (s.display_name, s.parent_unit_id) IS DISTINCT FROM (r.display_name, nullif(r.parent, ''))"
    " ORDER BY s.unit_id"};

}  // namespace teraju::identity::unit_statements
