#include "common/engines/rules/evaluation.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/evaluator.h"
#include "common/engines/rules/pack_reader.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::rules {
namespace {

constexpr char kFormat[] = "teraju-account/1";

absl::StatusOr<const Method*> GetMethod(const PolicyPack& pack, std::string_view name) {
  if (const Method* method = pack.FindMethod(name)) return method;
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                 fmt::format("Pack {} has no such method.", pack.name));
}

absl::StatusOr<BoundRecord> Bind(const PolicyPack& pack,
                                 const Method& method,
                                 const Json& inputs,
                                 const std::string& path) {
  errors::FieldViolations violations;
  BoundRecord bound = BindInputs(pack, method.inputs, inputs, path, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return bound;
}

absl::StatusOr<Outcome> Run(const Method& method,
                            Evaluator& evaluator,
                            std::vector<AccountNode>* nodes) {
  Outcome outcome;
  if (method.score) {
    const Value value = evaluator.Get(*method.score, nodes);
    RETURN_IF_ERROR(evaluator.status());
    const Step& step = method.steps[static_cast<std::size_t>(*method.score)];
    outcome.score = Round(value.number, step.round->digits, step.round->mode);
  }
  if (method.predicate) {
    const Value value = evaluator.Get(*method.predicate, nodes);
    RETURN_IF_ERROR(evaluator.status());
    outcome.predicate = value.code;
  }
  // They explain, and may lack a value; the result does not depend on them.
  for (const int step : method.also) evaluator.Show(step, nodes);
  return outcome;
}

Text ResultText(const PolicyPack& pack, const Outcome& outcome) {
  Text text = {pack.title.id + ":", pack.title.en + ":"};
  if (outcome.score) {
    text.id += " nilai " + outcome.score->ToString();
    text.en += " score " + outcome.score->ToString();
  }
  if (outcome.predicate) {
    const Text label = pack.LabelOf(*outcome.predicate);
    text.id += (outcome.score ? ", predikat " : " predikat ") + label.id;
    text.en += (outcome.score ? ", predicate " : " predicate ") + label.en;
  }
  return {text.id + ".", text.en + "."};
}

// The path of the first difference, or nothing.
std::string FirstDifference(const Json& a, const Json& b, const std::string& path) {
  if (a.members.empty() && a.items.empty()) return CanonicalJson(a) == CanonicalJson(b) ? "" : path;
  if (a.kind != b.kind || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return path;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    std::string found = FirstDifference(a.items[i], b.items[i], fmt::format("{}[{}]", path, i));
    if (!found.empty()) return found;
  }
  for (const JsonMember& member : a.members) {
    std::string inner = path.empty() ? member.name : path + "." + member.name;
    const Json* other = b.Find(member.name);
    if (other == nullptr) return inner;
    std::string found = FirstDifference(member.value, *other, inner);
    if (!found.empty()) return found;
  }
  return "";
}

absl::StatusOr<Evaluation> EvaluateOne(const PolicyPack& pack,
                                       const Method& method,
                                       const Json& inputs,
                                       const std::string& path) {
  ASSIGN_OR_RETURN(const BoundRecord bound, Bind(pack, method, inputs, path));
  Evaluator evaluator(pack, method, bound, path, true);
  Evaluation evaluation{.pack = pack.name,
                        .revision = pack.revision,
                        .digest = pack.digest,
                        .method = method.name,
                        .inputs = inputs};
  AccountNode& root = evaluation.account;
  ASSIGN_OR_RETURN(const Outcome outcome, Run(method, evaluator, &root.inputs));
  evaluation.score = outcome.score;
  if (outcome.predicate) {
    evaluation.predicate = pack.codes[static_cast<std::size_t>(*outcome.predicate)];
    evaluation.predicate_number = pack.FindPredicate(*outcome.predicate)->number;
  }
  root.name = method.name;
  root.label = ResultText(pack, outcome);
  root.operation = "result";
  root.value = outcome.predicate ? evaluation.predicate : outcome.score->ToString();
  root.text = Sentence(root);
  return evaluation;
}

// Whether the segments of a method that combines them are still to be evaluated.
bool HasOpenSegments(const Method& method, const Json& inputs) {
  const Json* segments = method.combines.empty() ? nullptr : inputs.Find("segments");
  return segments != nullptr &&
         std::any_of(segments->items.begin(), segments->items.end(), [](const Json& segment) {
           return segment.Find("inputs") != nullptr;
         });
}

// What the combining method is told about a segment.
Json EntryOf(const PolicyPack& pack,
             const Method& method,
             const Json& segment,
             const Outcome& outcome) {
  const auto list = std::find_if(method.inputs.begin(),
                                 method.inputs.end(),
                                 [](const InputField& input) { return input.name == "segments"; });
  Json entry = segment;
  std::erase_if(entry.members, [](const JsonMember& member) { return member.name == "inputs"; });
  for (const InputField& field : list->fields) {
    if (field.name == "score") entry.Set("score", *outcome.score);
    if (field.name == "predicate") {
      entry.Set("predicate", pack.codes[static_cast<std::size_t>(*outcome.predicate)]);
    }
  }
  return entry;
}

AccountNode NodeOf(const Json& segment, AccountNode account) {
  const Json* key = segment.Find("key");
  const Json* days = segment.Find("days");
  const auto number = days != nullptr ? NumberIn(*days) : std::nullopt;
  const std::string name = fmt::format(
      "{} ({} ", key != nullptr ? key->text : account.name, number ? number->ToString() : "?");
  account.label = {name + "hari): " + account.label.id, name + "days): " + account.label.en};
  account.operation = "segment";
  account.text = Sentence(account);
  return account;
}

// The inputs with every segment evaluated; `parts`, where wanted, gets their accounts.
absl::StatusOr<Json> CloseSegments(const PolicyPack& pack,
                                   const Method& method,
                                   const Json& inputs,
                                   std::vector<AccountNode>* parts) {
  ASSIGN_OR_RETURN(const Method* part, GetMethod(pack, method.combines));
  Json closed = inputs;
  Json& segments = *closed.Find("segments");
  for (std::size_t i = 0; i < segments.items.size(); ++i) {
    Json& segment = segments.items[i];
    const Json* given = segment.Find("inputs");
    if (given == nullptr) continue;
    const std::string path = fmt::format("segments[{}].inputs", i);
    Outcome outcome;
    if (parts != nullptr) {
      ASSIGN_OR_RETURN(Evaluation evaluation, EvaluateOne(pack, *part, *given, path));
      outcome.score = evaluation.score;
      const auto code = pack.code_numbers.find(evaluation.predicate);
      if (code != pack.code_numbers.end()) outcome.predicate = code->second;
      parts->push_back(NodeOf(segment, std::move(evaluation.account)));
    } else {
      ASSIGN_OR_RETURN(const BoundRecord bound, Bind(pack, *part, *given, path));
      Evaluator evaluator(pack, *part, bound, path, false);
      ASSIGN_OR_RETURN(outcome, Run(*part, evaluator, nullptr));
    }
    segment = EntryOf(pack, method, segment, outcome);
  }
  return closed;
}

}  // namespace

absl::StatusOr<Evaluation> Evaluate(const PolicyPack& pack,
                                    std::string_view method_name,
                                    const Json& inputs) {
  ASSIGN_OR_RETURN(const Method* method, GetMethod(pack, method_name));
  if (!HasOpenSegments(*method, inputs)) return EvaluateOne(pack, *method, inputs, "");
  std::vector<AccountNode> parts;
  ASSIGN_OR_RETURN(const Json closed, CloseSegments(pack, *method, inputs, &parts));
  ASSIGN_OR_RETURN(Evaluation whole, EvaluateOne(pack, *method, closed, ""));
  whole.inputs = inputs;
  whole.account.inputs.insert(whole.account.inputs.begin(),
                              std::make_move_iterator(parts.begin()),
                              std::make_move_iterator(parts.end()));
  return whole;
}

absl::StatusOr<Outcome> Score(const PolicyPack& pack, const Method& method, const Json& inputs) {
  if (HasOpenSegments(method, inputs)) {
    ASSIGN_OR_RETURN(const Json closed, CloseSegments(pack, method, inputs, nullptr));
    return Score(pack, method, closed);
  }
  ASSIGN_OR_RETURN(const BoundRecord bound, Bind(pack, method, inputs, ""));
  Evaluator evaluator(pack, method, bound, "", false);
  return Run(method, evaluator, nullptr);
}

absl::StatusOr<Json> StepValues(const PolicyPack& pack, const Method& method, const Json& inputs) {
  if (HasOpenSegments(method, inputs)) {
    ASSIGN_OR_RETURN(const Json closed, CloseSegments(pack, method, inputs, nullptr));
    return StepValues(pack, method, closed);
  }
  ASSIGN_OR_RETURN(const BoundRecord bound, Bind(pack, method, inputs, ""));
  Evaluator evaluator(pack, method, bound, "", false);
  RETURN_IF_ERROR(Run(method, evaluator, nullptr).status());
  Json values = Json::Object();
  for (std::size_t i = 0; i < method.steps.size(); ++i) {
    const Value* value = evaluator.Known(static_cast<int>(i));
    if (value == nullptr || value->missing()) continue;
    values.Set(method.steps[i].name,
               value->state == Value::State::kNumber
                   ? ExactText(value->number)
                   : pack.codes[static_cast<std::size_t>(value->code)]);
  }
  return values;
}

Json ToJson(const Evaluation& evaluation) {
  Json result = Json::Object();
  if (evaluation.score) result.Set("score", evaluation.score->ToString());
  if (!evaluation.predicate.empty()) {
    result.Set("predicate", evaluation.predicate).Set("number", evaluation.predicate_number);
  }
  Json json = Json::Object();
  json.Set("format", kFormat)
      .Set("pack",
           Json::Object()
               .Set("name", evaluation.pack)
               .Set("revision", evaluation.revision)
               .Set("digest", evaluation.digest))
      .Set("method", evaluation.method)
      .Set("inputs", evaluation.inputs)
      .Set("result", std::move(result))
      .Set("account", ToJson(evaluation.account));
  return json;
}

absl::Status CheckAccount(const PolicyPack& pack, const Json& account) {
  const Json* method = account.Find("method");
  const Json* inputs = account.Find("inputs");
  if (method == nullptr || inputs == nullptr) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "An account has method, inputs, result and account.");
  }
  ASSIGN_OR_RETURN(const Evaluation again, Evaluate(pack, method->text, *inputs));
  const Json expected = ToJson(again);
  const std::string difference = FirstDifference(expected, account, "");
  if (difference.empty() && CanonicalJson(expected) == CanonicalJson(account)) {
    return absl::OkStatus();
  }
  return errors::FailedPrecondition(errors::reasons::FIELD_INVALID,
                                    fmt::format("Computed again, the account differs at {}.",
                                                difference.empty() ? "inputs" : difference))
      .With("path", difference);
}

}  // namespace teraju::rules
