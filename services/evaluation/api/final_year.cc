#include "services/evaluation/api/final_year.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/random_bytes.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/in_parts.h"
#include "services/evaluation/store/annual_result_store.h"

namespace teraju::evaluation {
namespace {

constexpr std::size_t kYearSaltBytes = 16;
constexpr std::size_t kYearsStoredAtOnce = 25;

}  // namespace

absl::Status MakeFinal(postgres::Transaction& tx,
                       const YearRules& rules,
                       domain::AnnualAction action,
                       std::vector<v1::AnnualResult> results) {
  AnnualResultStore store(tx);
  std::vector<std::string> people;
  for (const v1::AnnualResult& result : results)
    people.push_back(SubjectOf(result.snapshot().employee()));
  auto parts = store.Parts(rules.key, people);
  using Finals = std::vector<AnnualResultStore::Final>;
  const auto combine = [&](std::size_t begin, std::size_t end) -> absl::StatusOr<Finals> {
    Finals finals;
    for (std::size_t i = begin; i < end; ++i) {
      v1::AnnualResult& result = results[i];
      RETURN_IF_ERROR(domain::Combine(
          result, std::move(parts[people[i]]), rules.days, rules.pack, tx.call().time()));
      ASSIGN_OR_RETURN(
          std::string document,
          domain::FinaliseYear(result,
                               action,
                               rules.days,
                               rules.pack,
                               absl::BytesToHexString(auth::RandomBytes(kYearSaltBytes)),
                               tx.call().time()));
      finals.push_back({std::move(result), std::move(document)});
    }
    return finals;
  };
  return InParts(results.size(), kYearsStoredAtOnce, combine, [&](Finals finals) -> absl::Status {
    for (const AnnualResultStore::Final& one : finals) {
      RecordChange(tx,
                   one.result.name(),
                   "annualResult.final",
                   absl::StrCat(R"({"digest":")", one.result.digest(), R"("})"));
    }
    store.StoreFinal(rules.key.agency, finals);
    return absl::OkStatus();
  });
}

absl::Status CombineAnew(postgres::Transaction& tx,
                         const YearRules& rules,
                         const std::string& employee) {
  std::optional<v1::AnnualResult> found = AnnualResultStore(tx).Lock(rules.key, employee);
  if (!found.has_value() || found->state() != v1::AnnualResult::FINAL) return absl::OkStatus();
  return MakeFinal(tx, rules, domain::AnnualAction::kChangeByObjection, {*std::move(found)});
}

}  // namespace teraju::evaluation
