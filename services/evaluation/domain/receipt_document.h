// What a receipt's digest is over: inputs, accounts by the policy pack, decisions, as canonical
// JSON that teraju-verify computes again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/policy_pack.h"
#include "services/evaluation/domain/receipt.h"

namespace teraju::evaluation::domain {

inline constexpr char kDocumentFormat[] = "teraju-receipt-document/1";

// The pack that the official engine computes by.
const rules::PolicyPack& OfficialPack();
std::string OfficialPackText();

// What was decided, by whom, about whom: the document's member `evaluation`.
rules::Json EvaluationFacts(const v1::Evaluation& evaluation, const time::Period& period);

// The pack's inputs for the evidence: each result with the indicators that have a realisation, as
// the mean counts them.
absl::StatusOr<rules::Json> EvidenceInputs(const ReceiptInput& input);
// Which method of the pack gives the result, and its inputs: the ratings, or the unit's predicate
// for its head.
struct ResultMethod {
  std::string_view name;
  rules::Json inputs;
};
ResultMethod MethodOf(const ReceiptInput& input);

// `teraju-receipt-document/1`. INTERNAL where a pack's result, the official or the local one, is
// another than the evaluation's: nothing is published then.
// `local` is LocalEvaluation of the evaluation's local result.
absl::StatusOr<rules::Json> MakeDocument(const ReceiptInput& input,
                                         const rules::PolicyPack& pack,
                                         const std::optional<rules::Evaluation>& local = {});

// The part of a local result: its account (LocalEvaluation), or inputs and what is missing of them.
// INTERNAL where nothing is missing after all.
absl::StatusOr<rules::Json> LocalDocument(const LocalPack& pack,
                                          const v1::LocalResult& local,
                                          const std::optional<rules::Evaluation>& evaluated);

// The smallest single changes that reach a better predicate.
absl::StatusOr<std::vector<v1::ReceiptChange>> ChangesOf(const ReceiptInput& input,
                                                         const rules::PolicyPack& pack);

}  // namespace teraju::evaluation::domain
