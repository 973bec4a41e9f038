#include "services/identity/store/unit_store.h"

#include <utility>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/unit_tree.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/names.h"
#include "services/identity/store/revisions.h"
#include "services/identity/store/unit_statements.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {

// A row of unit_states.
struct UnitStore::State {
  std::string name;
  std::string parent;
  bool without_head = false;
  bool abolished = false;
  absl::CivilDay first;
  absl::CivilDay last;
};

namespace {

using namespace unit_statements;  // NOLINT(google-build-using-namespace): the SQL of this file

void AddUnits(const char* agency,
              const pqxx::field& ids,
              google::protobuf::RepeatedPtrField<std::string>& names) {
  for (const std::string& id : postgres::ToStrings(ids))
    *names.Add() = kUnitName.Format({agency, id});
}

// What a state says, without what only the row of the unit knows.
v1::Unit ToState(const pqxx::row& row) {
  v1::Unit unit;
  const char* agency = row["agency_id"].c_str();
  unit.set_name(kUnitName.Format({agency, row["unit_id"].c_str()}));
  unit.set_display_name(row["display_name"].c_str());
  if (!row["parent_unit_id"].is_null())
    unit.set_parent_unit(kUnitName.Format({agency, row["parent_unit_id"].c_str()}));
  unit.set_without_head(row["without_head"].as<bool>());
  const bool abolished = row["abolished"].as<bool>();
  FillDay(ReadDay(row["start_date"]), [&](const google::type::Date& day) {
    *(abolished ? unit.mutable_abolish_date() : unit.mutable_start_date()) = day;
  });
  FillDay(ReadDay(row["end_date"]),
          [&](const google::type::Date& day) { *unit.mutable_end_date() = day; });
  return unit;
}

v1::Unit ToUnit(const pqxx::row& row) {
  v1::Unit unit = ToState(row);
  const char* agency = row["agency_id"].c_str();
  unit.set_level(row["level"].as<int>());
  AddUnits(agency, row["successors"], *unit.mutable_successors());
  AddUnits(agency, row["predecessors"], *unit.mutable_predecessors());
  *unit.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *unit.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  unit.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return unit;
}

std::string NameOf(const UnitKey& key) {
  return kUnitName.Format({key.agency.value(), key.unit.value()});
}

absl::Status ParentUnknown(const std::string& parent) {
  return errors::FailedPrecondition(v1::UNIT_PARENT_UNKNOWN, "The unit above does not exist.")
      .With("unit", parent);
}

absl::Status Abolished(const UnitKey& key, absl::CivilDay day) {
  return errors::FailedPrecondition(v1::UNIT_ABOLISHED, "The unit has been abolished.")
      .With("unit", NameOf(key))
      .With("date", domain::FormatDay(day));
}

}  // namespace

absl::StatusOr<UnitStore::State> UnitStore::Load(const UnitKey& key, absl::CivilDay day) const {
  const pqxx::result rows = tx_.Exec(kState, key.agency.value(), key.unit.value(), DayText(day));
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  return State{rows[0][0].c_str(),
               postgres::EmptyIfNull(rows[0][1]),
               rows[0][2].as<bool>(),
               rows[0][3].as<bool>(),
               ReadDay(rows[0][4]),
               ReadDay(rows[0][5])};
}

absl::StatusOr<UnitStore::State> UnitStore::Standing(const UnitKey& key, absl::CivilDay day) const {
  ASSIGN_OR_RETURN(State state, Load(key, day));
  if (state.abolished) return Abolished(key, state.first);
  return state;
}

// Puts `after` in the place of `before`, from its own first day on.
void UnitStore::Store(const UnitKey& key,
                      const State& before,
                      const State& after,
                      const Recorded& recorded) {
  const auto write = [&](const postgres::Statement& statement, const State& state) {
    tx_.Exec(statement,
             key.agency.value(),
             key.unit.value(),
             DayText(state.first),
             DayText(state.last),
             state.name,
             postgres::NullIfEmpty(state.parent),
             state.without_head,
             state.abolished,
             recorded.by,
             recorded.reason);
  };
  if (after.first == before.first) {
    write(kUpdateState, after);
  } else {
    State cut = before;
    cut.last = after.first - 1;
    write(kUpdateState, cut);
    write(kInsertState, after);
  }
}

void UnitStore::Touch(const UnitKey& key) {
  tx_.Exec(kTouch, key.agency.value(), key.unit.value());
}

absl::StatusOr<v1::Unit> UnitStore::Insert(const UnitKey& key,
                                           const v1::Unit& unit,
                                           const std::string& by) {
  const std::string parent = LastSegment(unit.parent_unit());
  absl::CivilDay first = domain::FromDate(unit.start_date()).value_or(absl::CivilDay::min());
  if (!parent.empty()) {
    const pqxx::field above = tx_.Exec(kFirstDay, key.agency.value(), parent)[0][0];
    if (above.is_null()) return ParentUnknown(unit.parent_unit());
    if (!unit.has_start_date()) first = ReadDay(above);
    const auto state = Standing({key.agency, UnitId(parent)}, first);
    if (absl::IsNotFound(state.status())) return ParentUnknown(unit.parent_unit());
    RETURN_IF_ERROR(state.status());
  }
  // A unit that an import entered and that was taken back has no state.
  if (tx_.Exec(kInsert, key.agency.value(), key.unit.value()).empty() && Exists(key))
    return errors::ResourceExists(NameOf(key));
  tx_.Exec(kInsertState,
           key.agency.value(),
           key.unit.value(),
           DayText(first),
           DayText(absl::CivilDay::max()),
           unit.display_name(),
           postgres::NullIfEmpty(parent),
           unit.without_head(),
           false,
           by,
           "");
  return Get(key, {.day = DayText(first), .known = {}});
}

absl::StatusOr<v1::Unit> UnitStore::Get(const UnitKey& key, const AsOf& as_of) const {
  const pqxx::result rows =
      tx_.Exec(kSelect, key.agency.value(), key.unit.value(), as_of.day, as_of.known);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  return ToUnit(rows[0]);
}

Page<v1::Unit> UnitStore::List(const AgencyId& agency,
                               const UnitId& root,
                               bool show_abolished,
                               const AsOf& as_of,
                               const PageQuery& query) const {
  Page<v1::Unit> page;
  const auto run = [&](const postgres::Statement& statement, const auto&... more) {
    return tx_.Exec(statement,
                    agency.value(),
                    query.after.empty() ? "" : query.after[0],
                    query.size + 1,
                    as_of.day,
                    as_of.known,
                    show_abolished,
                    more...);
  };
  const pqxx::result rows = root.empty() ? run(kList) : run(kListSubtree, root.value());
  for (const pqxx::row& row : rows) page.items.push_back(ToUnit(row));
  EndPage(page, query.size, [](const v1::Unit& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

Page<v1::Revision> UnitStore::Revisions(const UnitKey& key, const PageQuery& query) const {
  const bool begin = query.after.empty();
  const pqxx::result rows = tx_.Exec(kRevisions,
                                     key.agency.value(),
                                     key.unit.value(),
                                     begin ? "infinity" : query.after[0],
                                     begin ? "infinity" : query.after[1],
                                     query.size + 1);
  return RevisionPage(
      rows,
      query,
      [](const pqxx::row& row, v1::Revision& revision) { *revision.mutable_unit() = ToState(row); },
      [](const pqxx::row& row) -> std::vector<std::string> {
        return {row["update_time"].c_str(), row["start_date"].c_str()};
      });
}

absl::StatusOr<v1::Unit> UnitStore::Update(const UnitKey& key,
                                           const api::Precondition& precondition,
                                           absl::CivilDay day,
                                           bool begins,
                                           const Recorded& recorded,
                                           absl::FunctionRef<absl::Status(v1::Unit&)> change) {
  const pqxx::result rows = tx_.Exec(kLock, key.agency.value(), key.unit.value());
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  RETURN_IF_ERROR(precondition.Check(rows[0][0].as<std::int64_t>(), NameOf(key)));
  ASSIGN_OR_RETURN(const State before, Standing(key, day));
  const AsOf as_of{.day = DayText(day), .known = {}};
  ASSIGN_OR_RETURN(v1::Unit unit, Get(key, as_of));
  RETURN_IF_ERROR(change(unit));
  State after = before;
  after.name = unit.display_name();
  after.parent = LastSegment(unit.parent_unit());
  after.without_head = unit.without_head();
  if (begins) after.first = day;
  if (after.parent != before.parent && !after.parent.empty()) {
    if (after.parent == key.unit.value()) {
      return errors::FailedPrecondition(v1::UNIT_TREE_CYCLE, "The unit would stand under itself.")
          .With("unit", key.unit.value());
    }
    const auto above = Standing({key.agency, UnitId(after.parent)}, after.first);
    if (absl::IsNotFound(above.status())) return ParentUnknown(unit.parent_unit());
    RETURN_IF_ERROR(above.status());
  }
  Store(key, before, after, recorded);
  Touch(key);
  if (after.parent != before.parent) RETURN_IF_ERROR(CheckTree(key.agency, {key.unit.value()}));
  return Get(key, as_of);
}

absl::Status UnitStore::Abolish(const UnitKey& key,
                                absl::CivilDay day,
                                const std::vector<std::string>& successors,
                                const Recorded& recorded) {
  ASSIGN_OR_RETURN(const State before, Standing(key, day));
  for (const std::string& successor : successors) {
    const auto state = Standing({key.agency, UnitId(successor)}, day);
    if (absl::IsNotFound(state.status())) {
      return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "The unit does not exist.")
          .With("unit", NameOf({key.agency, UnitId(successor)}));
    }
    RETURN_IF_ERROR(state.status());
    tx_.Exec(kSucceed, key.agency.value(), key.unit.value(), successor, DayText(day));
  }
  const std::string heir = successors.size() == 1 ? successors[0] : before.parent;
  if (heir.empty()) {
    return errors::FailedPrecondition(v1::UNIT_HEIR_MISSING, "Nothing takes the place of a root.")
        .With("unit", NameOf(key));
  }
  // What stood below goes under the heir; an heir from among them goes to where the unit stood.
  std::vector<std::string> moved;
  for (const pqxx::row& row :
       tx_.Exec(kStandingBelow, key.agency.value(), key.unit.value(), DayText(day))) {
    const UnitKey child{key.agency, UnitId(row[0].c_str())};
    ASSIGN_OR_RETURN(const State standing, Load(child, ReadDay(row[1])));
    State next = standing;
    next.first = ReadDay(row[1]);
    next.parent = child.unit.value() == heir ? before.parent : heir;
    Store(child, standing, next, recorded);
    Touch(child);
    moved.push_back(child.unit.value());
  }
  tx_.Exec(kDeleteLater, key.agency.value(), key.unit.value(), DayText(day));
  State after = before;
  after.first = day;
  after.last = absl::CivilDay::max();
  after.parent = heir;
  after.abolished = true;
  Store(key, before, after, recorded);
  Touch(key);
  moved.push_back(key.unit.value());
  return CheckTree(key.agency, moved);
}

std::vector<std::string> UnitStore::ChildrenOf(const UnitKey& key, absl::CivilDay day) const {
  std::vector<std::string> children;
  for (const pqxx::row& row :
       tx_.Exec(kChildren, key.agency.value(), key.unit.value(), DayText(day))) {
    children.push_back(row[0].c_str());
  }
  return children;
}

absl::Status UnitStore::CheckTree(const AgencyId& agency,
                                  const std::vector<std::string>& moved) const {
  const std::vector<domain::UnitState> tree =
      Tree(agency, absl::CivilDay::min(), absl::CivilDay::max());
  const auto unit = domain::FindCycle(tree, moved);
  if (!unit) return absl::OkStatus();
  return errors::FailedPrecondition(v1::UNIT_TREE_CYCLE, "The unit would stand under itself.")
      .With("unit", *unit);
}

bool UnitStore::Exists(const UnitKey& key) const {
  return !tx_.Exec(kFirstDay, key.agency.value(), key.unit.value())[0][0].is_null();
}

std::vector<std::string> UnitStore::PathOf(const UnitKey& key, absl::CivilDay day) const {
  return postgres::ToStrings(
      tx_.Exec(kPath, key.agency.value(), key.unit.value(), DayText(day))[0][0]);
}

std::vector<domain::UnitState> UnitStore::Tree(const AgencyId& agency,
                                               absl::CivilDay first,
                                               absl::CivilDay last) const {
  std::vector<domain::UnitState> tree;
  for (const pqxx::row& row : tx_.Exec(kTree, agency.value(), DayText(first), DayText(last)))
    tree.push_back(ToUnitState(row));
  return tree;
}

std::vector<std::string> UnitStore::Merge(const AgencyId& agency,
                                          const std::vector<domain::UnitRow>& rows,
                                          absl::CivilDay day,
                                          const std::string& by) {
  std::vector<std::string> ids, names, parents;
  for (const domain::UnitRow& row : rows) {
    ids.push_back(row.id);
    names.push_back(row.display_name);
    parents.push_back(row.parent);
  }
  const std::string id_array = postgres::ToArray(ids);
  const std::string name_array = postgres::ToArray(names);
  const std::string parent_array = postgres::ToArray(parents);
  // Which changed is asked before the new are there.
  const pqxx::result changes =
      tx_.Exec(kMergeChanged, agency.value(), id_array, name_array, parent_array, DayText(day));
  std::vector<std::string> changed;
  for (const pqxx::row& row :
       tx_.Exec(kMergeNew, agency.value(), id_array, name_array, parent_array, by)) {
    changed.push_back(row[0].c_str());
  }
  for (const pqxx::row& row : changes) {
    const UnitKey key{agency, UnitId(row[0].c_str())};
    const auto before = Load(key, day);
    if (!before.ok()) continue;
    State after = *before;
    after.first = day;
    after.name = row[1].c_str();
    after.parent = row[2].c_str();
    Store(key, *before, after, {by, ""});
    Touch(key);
    changed.push_back(key.unit.value());
  }
  return changed;
}

domain::UnitState ToUnitState(const pqxx::row& row) {
  return {row["unit_id"].c_str(),
          row["display_name"].c_str(),
          postgres::EmptyIfNull(row["parent_unit_id"]),
          ReadDay(row["start_date"]),
          ReadDay(row["end_date"]),
          row["without_head"].as<bool>(),
          row["abolished"].as<bool>()};
}

}  // namespace teraju::identity
