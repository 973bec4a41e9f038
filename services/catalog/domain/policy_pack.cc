#include "services/catalog/domain/policy_pack.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/engines/rules/account.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/nearest_change.h"
#include "common/engines/rules/pack_vectors.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {

absl::StatusOr<rules::PolicyPack> Describe(v1::PolicyPack& pack) {
  ASSIGN_OR_RETURN(rules::PolicyPack definition, rules::ParsePack(pack.definition()));
  pack.set_title_id(definition.title.id);
  pack.set_title_en(definition.title.en);
  pack.set_source(definition.source);
  pack.set_start_date(definition.valid_from);
  pack.set_end_date(definition.valid_until);
  pack.set_revision(definition.revision);
  pack.set_digest(definition.digest);
  return definition;
}

absl::Status CheckIdentity(const rules::PolicyPack& definition, std::string_view id, int revision) {
  errors::FieldViolations violations;
  if (definition.name != id) {
    violations.Add("policyPack.definition.name",
                   "NAME_MISMATCH",
                   "Nama di dalam definisi berbeda dari nama paket. Samakan keduanya.",
                   "The definition names another pack. Make both the same.");
  }
  if (definition.revision != revision) {
    const std::string next = std::to_string(revision);
    violations.Add("policyPack.definition.revision",
                   "REVISION_MISMATCH",
                   "Nomor revisi di dalam definisi harus " + next + ".",
                   "The definition's revision must be " + next + ".");
  }
  return violations.ToStatus();
}

v1::TestPolicyPackResponse TestPack(const rules::PolicyPack& definition) {
  v1::TestPolicyPackResponse response;
  response.set_vectors(static_cast<int>(definition.vectors.size()));
  for (const rules::PackProblem& problem : rules::RunVectors(definition)) {
    v1::PackFault& fault = *response.add_faults();
    fault.set_line(problem.line);
    fault.set_field(problem.field);
    fault.set_reason(problem.reason);
    fault.set_text_id(problem.text.id);
    fault.set_text_en(problem.text.en);
  }
  return response;
}

absl::Status CheckActivatable(const rules::PolicyPack& definition) {
  const v1::TestPolicyPackResponse test = TestPack(definition);
  if (test.vectors() == 0)
    return errors::FailedPrecondition(v1::VECTORS_MISSING, "The pack has no test vectors.");
  if (test.faults().empty()) return absl::OkStatus();
  return errors::FailedPrecondition(v1::VECTORS_FAILED, "Test vectors of the pack do not come out.")
      .With("count", std::to_string(test.faults_size()))
      .With("first", test.faults(0).field());
}

absl::StatusOr<v1::PolicyPack> ShippedPack(std::string_view name) {
  std::vector<std::string> names;
  for (const rules::ShippedPack& shipped : rules::ShippedPacks()) {
    names.emplace_back(shipped.name);
    if (shipped.name != name) continue;
    v1::PolicyPack pack;
    pack.set_definition(std::string(shipped.json));
    RETURN_IF_ERROR(Describe(pack).status());
    return pack;
  }
  return errors::InvalidArgument(v1::PACK_UNKNOWN, "No such pack comes with the product.")
      .With("pack", name)
      .With("packs", absl::StrJoin(names, ", "));
}

absl::StatusOr<v1::EvaluatePolicyPackResponse> Evaluate(const rules::PolicyPack& definition,
                                                        std::string_view method,
                                                        std::string_view inputs) {
  ASSIGN_OR_RETURN(const rules::Json given, rules::ParseJson(inputs));
  ASSIGN_OR_RETURN(const rules::Evaluation result, rules::Evaluate(definition, method, given));
  v1::EvaluatePolicyPackResponse response;
  if (result.score.has_value()) response.set_score(result.score->ToString());
  response.set_predicate(result.predicate);
  response.set_account(rules::CanonicalJson(rules::ToJson(result)));
  response.set_text_id(rules::Render(result.account, Language::kIndonesian));
  response.set_text_en(rules::Render(result.account, Language::kEnglish));
  if (result.predicate.empty()) return response;
  ASSIGN_OR_RETURN(const auto changes, rules::NearestChanges(definition, method, given));
  for (const rules::Change& change : changes) {
    v1::NearestChange& nearest = *response.add_changes();
    nearest.set_input(change.input);
    nearest.set_from(change.from);
    nearest.set_to(change.to);
    nearest.set_predicate(change.predicate);
    nearest.set_text_id(change.text.id);
    nearest.set_text_en(change.text.en);
  }
  return response;
}

}  // namespace teraju::catalog::domain
