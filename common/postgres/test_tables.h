// The table that the tests of this folder write to.
#pragma once

#include <google/protobuf/wrappers.pb.h>

#include "common/postgres/migrator.h"
#include "common/postgres/transaction.h"
#include "common/testing/pg_test.h"

namespace teraju::postgres {

inline const Migrations kTestTables = {{"0100_create_notes.sql",
                                        "CREATE TABLE notes (agency_id text NOT NULL, key text NOT "
                                        "NULL, number bigint NOT NULL DEFAULT 0,"
                                        " PRIMARY KEY (agency_id, key))"}};

inline constexpr Statement kNoteInsert{"note_insert",
                                       "INSERT INTO notes (agency_id, key) VALUES ('dumai', $1)"};
inline constexpr Statement kNoteAdd{
    "note_add", "UPDATE notes SET number = number + $2 WHERE key = $1 RETURNING number"};
inline constexpr Statement kNoteGet{"note_get", "SELECT number FROM notes WHERE key = $1"};

class PostgresTest : public testing::PgTest<kTestTables> {};

}  // namespace teraju::postgres
