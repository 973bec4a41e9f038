#include "common/engines/rules/account_check.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::rules {
namespace {

// The text or number of a member; empty where there is none.
std::string TextOf(const Json* json, std::string_view name) {
  const Json* member = json == nullptr ? nullptr : json->Find(name);
  if (member == nullptr) return "";
  if (member->Is(Json::Kind::kNumber)) return member->number.Normalized().ToString();
  return member->Is(Json::Kind::kString) ? member->text : CanonicalJson(*member);
}

// A node without those below it.
std::string OwnLine(const Json* node) {
  if (node == nullptr) return "";
  Json own = *node;
  std::erase_if(own.members, [](const JsonMember& member) { return member.name == "inputs"; });
  return CanonicalJson(own);
}

const Json* Child(const Json* node, std::size_t index) {
  const Json* inputs = node == nullptr ? nullptr : node->Find("inputs");
  return inputs == nullptr || index >= inputs->items.size() ? nullptr : &inputs->items[index];
}

std::size_t CountChildren(const Json* node) {
  const Json* inputs = node == nullptr ? nullptr : node->Find("inputs");
  return inputs == nullptr ? 0 : inputs->items.size();
}

// Members that only one of the two has differ.
void CompareResult(const Json* stored, const Json& computed, std::vector<OperationCheck>& checks) {
  std::set<std::string> names;
  for (const JsonMember& member : computed.members) names.insert(member.name);
  if (stored != nullptr) {
    for (const JsonMember& member : stored->members) names.insert(member.name);
  }
  for (const std::string& name : names) {
    std::string said = TextOf(stored, name), value = TextOf(&computed, name);
    const bool same = said == value;
    checks.push_back({name, "result", std::move(said), std::move(value), same});
  }
}

// Either may be missing: then the line is in one of the two only.
void CompareNode(const Json* stored,
                 const Json* computed,
                 const std::string& path,
                 std::vector<OperationCheck>& checks) {
  const Json* known = computed != nullptr ? computed : stored;
  const std::string name =
      path.empty() ? TextOf(known, "name") : path + "/" + TextOf(known, "name");
  checks.push_back({.name = name,
                    .operation = TextOf(known, "operation"),
                    .stored = TextOf(stored, "value"),
                    .computed = TextOf(computed, "value"),
                    .matches = OwnLine(stored) == OwnLine(computed)});
  const std::size_t children = std::max(CountChildren(stored), CountChildren(computed));
  for (std::size_t i = 0; i < children; ++i)
    CompareNode(Child(stored, i), Child(computed, i), name, checks);
}

}  // namespace

absl::StatusOr<std::vector<OperationCheck>> CheckOperations(const PolicyPack& pack,
                                                            const Json& account) {
  const Json* method = account.Find("method");
  const Json* inputs = account.Find("inputs");
  if (method == nullptr || inputs == nullptr) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "An account has method, inputs, result and account.");
  }
  ASSIGN_OR_RETURN(const Evaluation again, Evaluate(pack, method->text, *inputs));
  const Json computed = ToJson(again);
  std::vector<OperationCheck> checks;
  CompareResult(account.Find("result"), *computed.Find("result"), checks);
  CompareNode(account.Find("account"), computed.Find("account"), "", checks);
  // What is said beside: pack, format, members that nobody knows.
  Json rest_stored = account, rest_computed = computed;
  for (Json* rest : {&rest_stored, &rest_computed}) rest->Set("account", "").Set("result", "");
  checks.push_back({.name = "pack",
                    .operation = "reference",
                    .stored = TextOf(account.Find("pack"), "digest"),
                    .computed = again.digest,
                    .matches = CanonicalJson(rest_stored) == CanonicalJson(rest_computed)});
  return checks;
}

}  // namespace teraju::rules
