// Conversions that several of evaluation's stores share.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/authorizer.h"
#include "common/postgres/codec.h"
#include "common/postgres/transaction.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

// timestamptz; SQL null unless `present`.
std::optional<std::string> ToText(const google::protobuf::Timestamp& stamp, bool present);

// An enum as its value's name; null, or a name of a later version, is the unspecified value.
template <typename Enum>
Enum ReadEnum(const pqxx::field& field) {
  if (field.is_null()) return Enum{};
  const auto* value = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(field.c_str());
  return value == nullptr ? Enum{} : static_cast<Enum>(value->number());
}

// SQL null for the unspecified value.
template <typename Enum>
std::optional<std::string> EnumText(Enum value) {
  const auto* found = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  if (found == nullptr || value == Enum{}) return std::nullopt;
  return found->name();
}

// The snapshot columns of work_plans and evaluations.
v1::Snapshot ToSnapshot(const std::string& agency, const pqxx::row& row);

// A page of a list begins behind the row with the id `after`.
struct PageQuery {
  std::string after;  // empty for the first page
  int size = 100;
};

// Which rows with a snapshot a list shows: what the caller may see, and the filters of the request.
struct SnapshotQuery {
  auth::Scope scope;
  std::string caller;     // as subject
  std::string employee;   // as subject; empty: of everybody
  std::string appraiser;  // as subject; empty: under everybody
  std::string unit;       // id; empty: of every unit
};

// A scope as SQL parameters: null or empty where it does not reach. The same grants decide a single
// read.
struct ScopeParameters {
  explicit ScopeParameters(const auth::Scope& scope, const std::string& caller);
  bool agency;
  std::optional<std::string> self;
  std::optional<std::string> appraiser;
  std::optional<std::string> next_appraiser;
  std::string units;  // array of ids
};

// The rows of a list whose statement begins with: agency, id to begin behind, limit, the scope's
// agency, self, appraiser, next appraiser and units, the cycle and period or null. `more` are its
// own parameters, from $11 on.
template <typename... More>
pqxx::result ListRows(postgres::Transaction& tx,
                      const postgres::Statement& statement,
                      const std::string& agency,
                      const PageQuery& page,
                      const ScopeParameters& scope,
                      const std::optional<PeriodKey>& period,
                      const More&... more) {
  std::optional<std::string> cycle_id, period_id;
  if (period.has_value()) {
    cycle_id = period->cycle;
    period_id = period->period;
  }
  return tx.Exec(statement,
                 agency,
                 postgres::NullIfEmpty(page.after),
                 page.size,
                 scope.agency,
                 scope.self,
                 scope.appraiser,
                 scope.next_appraiser,
                 scope.units,
                 cycle_id,
                 period_id,
                 more...);
}

}  // namespace teraju::evaluation
