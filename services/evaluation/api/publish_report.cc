#include "services/evaluation/api/publish_report.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/public_report.h"
#include "services/evaluation/domain/receipt_document.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/local_pack_store.h"
#include "services/evaluation/store/objection_store.h"
#include "services/evaluation/store/public_report_store.h"

namespace teraju::evaluation {
namespace {

void AddRules(const rules::PolicyPack& pack, std::string name, v1::PublicReport& report) {
  v1::PublicRules& rules = *report.add_rules();
  rules.set_pack(std::move(name));
  rules.set_revision(pack.revision);
  rules.set_digest(pack.digest);
  rules.set_official(report.rules_size() == 1);
}

// A line per unit: its name, then the counts with nothing for what is withheld, between commas.
std::string DigestOf(const std::vector<domain::PublicRow>& rows) {
  std::string text;
  for (const domain::PublicRow& row : rows) {
    absl::StrAppend(&text, row.unit);
    for (int count = 0; count < domain::kPublicCounts; ++count)
      absl::StrAppend(&text, ",", row.shown[count] ? absl::StrCat(row.counts[count]) : "");
    absl::StrAppend(&text, "\n");
  }
  return absl::BytesToHexString(auth::Sha256(text));
}

void AddUnits(const std::string& agency,
              const std::vector<domain::PublicRow>& rows,
              const std::map<std::string, std::string>& names,
              v1::PublicReport& report) {
  for (const domain::PublicRow& row : rows) {
    v1::PublicUnit& unit = *report.add_units();
    unit = domain::ToPublicUnit(row);
    unit.set_unit(UnitName(agency, row.unit));
    if (!row.parent.empty()) unit.set_parent_unit(UnitName(agency, row.parent));
    const auto name = names.find(unit.unit());
    if (name != names.end()) unit.set_display_name(name->second);
  }
}

}  // namespace

absl::StatusOr<v1::PublicReport> Announce(postgres::Transaction& tx, const CycleKey& key) {
  v1::PublicReport report;
  report.set_name(key.ToName() + "/publicReport");
  const absl::StatusOr<v1::Cycle> cycle = CycleStore(tx).Get(key);
  if (!cycle.ok() || cycle->kind() != v1::Cycle::ANNUAL || cycle->state() == v1::Cycle::DRAFT)
    return errors::ResourceNotFound(report.name());
  report.set_display_name(cycle->display_name());
  report.set_state(v1::PublicReport::ANNOUNCED);
  *report.mutable_start_date() = cycle->start_date();
  *report.mutable_end_date() = cycle->end_date();
  *report.mutable_periods() = cycle->periods();
  const rules::PolicyPack& official = domain::OfficialPack();
  AddRules(official, official.name, report);
  if (!cycle->local_pack().empty()) {
    ASSIGN_OR_RETURN(const domain::LocalPack local, LocalPackStore(tx).Get(cycle->local_pack()));
    AddRules(local.rules, local.name, report);
  }
  *report.mutable_objection_rules() = ObjectionStore(tx).GetRules(key.agency);
  report.mutable_objection_rules()->clear_etag();
  domain::DescribeAwardCriteria(report);
  report.set_threshold(cycle->public_threshold());
  return report;
}

absl::StatusOr<std::optional<v1::PublicReport>> PrepareReport(postgres::Database& database,
                                                              PeopleClient& people,
                                                              const CallContext& call,
                                                              const CycleKey& key) {
  struct Stand {
    v1::PublicReport report;
    std::vector<domain::AppraisedPerson> people;
  };
  using Found = std::optional<Stand>;
  ASSIGN_OR_RETURN(
      Found found,
      database.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
        absl::StatusOr<v1::Cycle> cycle = CycleStore(tx).Get(key);
        if (!cycle.ok() || cycle->kind() != v1::Cycle::ANNUAL || !domain::CloseCycle(*cycle).ok())
          return std::nullopt;
        Stand stand;
        ASSIGN_OR_RETURN(stand.report, Announce(tx, key));
        stand.people = PublicReportStore(tx).People({key.agency, key.cycle, domain::kYear});
        return stand;
      }));
  if (!found.has_value()) return std::nullopt;
  v1::PublicReport& report = found->report;
  using Names = std::map<std::string, std::string>;
  ASSIGN_OR_RETURN(const Names names,
                   people.ListUnitNames(call, "agencies/" + key.agency, report.end_date()));
  std::vector<domain::PublicRow> rows = domain::CountPublic(found->people);
  domain::WithholdSmall(report.threshold(), rows);
  domain::WithholdComplements(found->people, report.threshold(), rows);
  report.set_state(v1::PublicReport::PUBLISHED);
  AddUnits(key.agency, rows, names, report);
  report.set_digest(DigestOf(rows));
  domain::SetTime(*report.mutable_publish_time(), call.time());
  return std::move(report);
}

}  // namespace teraju::evaluation
