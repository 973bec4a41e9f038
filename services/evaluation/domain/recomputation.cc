#include "services/evaluation/domain/recomputation.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/account_check.h"
#include "common/engines/rules/json.h"
#include "services/evaluation/domain/annual_credit.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/receipt_document.h"

namespace teraju::evaluation::domain {
namespace {

using rules::Json;
using Operation = v1::RecomputedOperation;

std::string ValueOf(const Json* json) {
  if (json == nullptr) return "";
  return json->Is(Json::Kind::kString) ? json->text : rules::CanonicalJson(*json);
}

const Json* At(const Json& root, std::initializer_list<std::string_view> path) {
  const Json* at = &root;
  for (const std::string_view name : path) at = at == nullptr ? nullptr : at->Find(name);
  return at;
}

// Compares one result with its document.
class Comparison {
 public:
  explicit Comparison(const std::string& name) { report_.set_result(name); }

  void Compare(Operation::Part part,
               std::string name,
               std::string operation,
               std::string stored,
               std::string computed) {
    const bool matches = stored == computed;
    Note(part,
         std::move(name),
         std::move(operation),
         std::move(stored),
         std::move(computed),
         matches);
  }

  // Reads the document and checks what it is identified by. False where it cannot be read: nothing
  // else can be compared then.
  bool Open(const std::string& text, const std::string& digest, const std::string& record) {
    absl::StatusOr<Json> parsed = rules::ParseJson(text);
    const bool form = parsed.ok() && rules::CanonicalJson(*parsed) == text &&
                      ValueOf(parsed->Find("format")) == kDocumentFormat;
    Note(Operation::DOCUMENT, "document", "form", "", "", form);
    if (!parsed.ok()) return false;
    document_ = *std::move(parsed);
    const std::string computed = rules::DigestOf(document_);
    Compare(Operation::DOCUMENT, "digest", "SHA-256", digest, computed);
    const absl::StatusOr<Json> logged = rules::ParseJson(record);
    Compare(Operation::DOCUMENT,
            "decision log",
            "SHA-256",
            logged.ok() ? ValueOf(logged->Find("digest")) : "",
            computed);
    return true;
  }

  const Json& document() const { return document_; }

  // Computes the part of the document again.
  void Recompute(Operation::Part part, const char* member, const rules::PolicyPack& pack) {
    const Json* account = document_.Find(member);
    if (account == nullptr) return;
    const std::string named = ValueOf(At(*account, {"pack", "digest"}));
    Compare(part, "pack", "SHA-256", named, pack.digest);
    if (named != pack.digest) return;
    const auto checks = rules::CheckOperations(pack, *account);
    if (!checks.ok()) {
      return Note(part, member, "evaluate", "", std::string(checks.status().message()), false);
    }
    for (const rules::OperationCheck& check : *checks)
      Note(part, check.name, check.operation, check.stored, check.computed, check.matches);
  }

  void CheckFinal(const std::string& state, bool final) {
    Note(Operation::STORED, "state", "final", state, final ? state : "FINAL", final);
  }

  // What is stored of the decision against what the document says of it.
  void CompareFacts(Operation::Part part, const Json& stored) {
    for (const rules::JsonMember& fact : stored.members) {
      Compare(part,
              fact.name,
              "decision",
              ValueOf(&fact.value),
              ValueOf(At(document_, {"evaluation", fact.name})));
    }
  }

  // The result by the agency's own pack: stored, in the document, computed again.
  void CompareLocal(bool present, const v1::LocalResult& local, const LocalPack* pack) {
    const Json* part = document_.Find("local");
    Note(Operation::LOCAL,
         "local result",
         "stored",
         present ? "present" : "absent",
         part != nullptr ? "present" : "absent",
         present == (part != nullptr));
    if (part == nullptr) return;
    const auto same = [&](const char* name, std::string stored, const Json* computed) {
      Compare(Operation::LOCAL, name, "stored", std::move(stored), ValueOf(computed));
    };
    same("method", local.method(), part->Find("method"));
    same("score", local.score().value(), At(*part, {"result", "score"}));
    same("predicate", local.predicate(), At(*part, {"result", "predicate"}));
    const Json* inputs = part->Find("inputs");
    Note(Operation::LOCAL,
         "inputs",
         "stored",
         "",
         "",
         inputs != nullptr && rules::CanonicalJson(*inputs) == local.inputs());
    if (pack == nullptr) {
      return Note(Operation::LOCAL, "pack", "SHA-256", local.digest(), "", false);
    }
    Compare(Operation::LOCAL, "stored pack", "SHA-256", local.digest(), pack->rules.digest);
    if (part->Find("missing") == nullptr) return Recompute(Operation::LOCAL, "local", pack->rules);
    // Nothing may come out where something is missing.
    const bool nothing = inputs == nullptr ||
                         !rules::Evaluate(pack->rules, ValueOf(part->Find("method")), *inputs).ok();
    Note(Operation::LOCAL,
         "missing",
         "evaluate",
         "nothing",
         nothing ? "nothing" : "a result",
         nothing);
  }

  v1::Recomputation Close() {
    const auto& all = report_.operations();
    report_.set_matches(!all.empty() && std::all_of(all.begin(), all.end(), [](const auto& one) {
      return one.matches();
    }));
    return std::move(report_);
  }

 private:
  void Note(Operation::Part part,
            std::string name,
            std::string operation,
            std::string stored,
            std::string computed,
            bool matches) {
    Operation& one = *report_.add_operations();
    one.set_part(part);
    one.set_name(std::move(name));
    one.set_operation(std::move(operation));
    one.set_stored(std::move(stored));
    one.set_computed(std::move(computed));
    one.set_matches(matches);
  }

  v1::Recomputation report_;
  Json document_;
};

std::string OfficialName() {
  return absl::StrCat(OfficialPack().name, "@", OfficialPack().revision);
}

// The segments of the year as they are now against those that the year was made of.
void CompareSegments(const StoredYear& stored, Comparison& comparison) {
  for (const v1::AnnualSegment& segment : stored.result.segments()) {
    const auto part =
        std::find_if(stored.parts.begin(), stored.parts.end(), [&](const AnnualPart& one) {
          return one.evaluation.name() == segment.evaluation();
        });
    const bool found = part != stored.parts.end();
    comparison.Compare(Operation::SEGMENT,
                       segment.evaluation(),
                       "receipt",
                       found ? part->receipt_digest : "",
                       segment.receipt_digest());
    comparison.Compare(Operation::SEGMENT,
                       segment.evaluation(),
                       "predicate",
                       found ? v1::Predicate_Name(part->evaluation.predicate()) : "",
                       v1::Predicate_Name(segment.predicate()));
  }
  comparison.Compare(Operation::SEGMENT,
                     "segments",
                     "count",
                     absl::StrCat(stored.parts.size()),
                     absl::StrCat(stored.result.segments_size()));
}

}  // namespace

v1::Recomputation RecomputeEvaluation(const StoredEvaluation& stored,
                                      const time::Period& period,
                                      const LocalPack* local_pack) {
  const v1::Evaluation& evaluation = stored.evaluation;
  Comparison comparison(evaluation.name());
  if (!comparison.Open(stored.receipt.document(), stored.receipt.digest(), stored.record))
    return comparison.Close();
  comparison.Recompute(Operation::EVIDENCE, "evidence", OfficialPack());
  comparison.Recompute(Operation::RESULT, "result", OfficialPack());
  const Json& document = comparison.document();
  comparison.Compare(Operation::RESULT,
                     "predicate",
                     "decision",
                     ValueOf(At(document, {"evaluation", "predicate"})),
                     ValueOf(At(document, {"result", "result", "predicate"})));
  comparison.Compare(Operation::EVIDENCE,
                     "mean_achievement",
                     "stored",
                     evaluation.computed().mean_achievement().value(),
                     ValueOf(At(document, {"evidence", "result", "score"})));
  comparison.CheckFinal(v1::Evaluation::State_Name(evaluation.state()), IsFinal(evaluation));
  comparison.CompareFacts(Operation::STORED, EvaluationFacts(evaluation, period));
  comparison.CompareFacts(Operation::RECEIPT, EvaluationFacts(stored.receipt.evaluation(), period));
  comparison.CompareLocal(evaluation.has_local_result(), evaluation.local_result(), local_pack);
  v1::Recomputation report = comparison.Close();
  report.set_pack(OfficialName());
  report.set_local_pack(evaluation.local_result().pack());
  return report;
}

v1::Recomputation RecomputeYear(const StoredYear& stored,
                                const time::Period& year,
                                const LocalPack* local_pack) {
  Comparison comparison(stored.result.name());
  if (!comparison.Open(stored.document, stored.result.digest(), stored.record))
    return comparison.Close();
  comparison.Recompute(Operation::RESULT, "result", OfficialPack());
  const Json& document = comparison.document();
  comparison.Compare(Operation::RESULT,
                     "predicate",
                     "decision",
                     ValueOf(At(document, {"evaluation", "predicate"})),
                     ValueOf(At(document, {"result", "result", "predicate"})));
  comparison.Recompute(Operation::CREDITS, "credits", CreditPack());
  comparison.Compare(Operation::CREDITS,
                     "credits",
                     "stored",
                     stored.result.credits().credits().value(),
                     ValueOf(At(document, {"credits", "result", "score"})));
  // The document names the digest that it replaced, not its own.
  v1::AnnualResult result = stored.result;
  result.set_digest(ValueOf(At(document, {"evaluation", "replaces"})));
  comparison.CompareFacts(Operation::STORED, YearFacts(result, year));
  CompareSegments(stored, comparison);
  comparison.CompareLocal(result.has_local_result(), result.local_result(), local_pack);
  v1::Recomputation report = comparison.Close();
  report.set_pack(OfficialName());
  report.set_local_pack(result.local_result().pack());
  return report;
}

v1::Recomputation OnlyDifferences(const v1::Recomputation& recomputation) {
  constexpr int kMostNamed = 20;
  v1::Recomputation differences;
  differences.set_result(recomputation.result());
  differences.set_matches(recomputation.matches());
  for (const Operation& operation : recomputation.operations()) {
    if (operation.matches() || differences.operations_size() == kMostNamed) continue;
    Operation& one = *differences.add_operations();
    one.set_part(operation.part());
    one.set_name(operation.name());
    one.set_operation(operation.operation());
  }
  return differences;
}

}  // namespace teraju::evaluation::domain
