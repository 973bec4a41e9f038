#include "tests/scenarios/strangers.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <map>
#include <pqxx/pqxx>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/auth/permissions.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "tests/contract/methods.h"

namespace teraju::scenarios {
namespace {

using auth::Reach;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using Words = std::vector<std::string>;

constexpr char kNothing[] = "0191d6a0-0000-7000-8000-00000000dead";
constexpr std::size_t kOfEachKind = 2;

Words WordsOf(const std::string& text) { return absl::StrSplit(text, '/'); }

// `agencies/*/goals/*` of `/v1/{goal.name=agencies/*/goals/*}:publish`; empty without one.
std::string NameOf(const std::string& pattern) {
  const std::size_t equals = pattern.find('=');
  return equals == std::string::npos ? ""
                                     : pattern.substr(equals + 1, pattern.find('}') - equals - 1);
}
std::string PathOf(const std::string& pattern, const std::string& name) {
  const std::size_t open = pattern.find('{');
  std::string path = pattern;
  path.replace(open, pattern.find('}') - open + 1, name);
  // A further variable names no object.
  while (path.find('{') != std::string::npos)
    path.replace(path.find('{'), path.find('}') - path.find('{') + 1, "employees");
  return path;
}

// Whether a name is one of a pattern's, whose last words after its last star may go beyond it.
bool Fits(const Words& pattern, const Words& name) {
  if (name.size() > pattern.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (pattern[i] != "*" && pattern[i] != name[i]) return false;
  }
  for (std::size_t i = name.size(); i < pattern.size(); ++i) {
    if (pattern[i] == "*") return false;
  }
  return !name.empty() && pattern[name.size() - 1] == "*";
}
std::string Complete(const Words& pattern, Words name) {
  name.insert(
      name.end(), pattern.begin() + static_cast<std::ptrdiff_t>(name.size()), pattern.end());
  return absl::StrJoin(name, "/");
}
// The same place, with nothing in it.
std::string Absent(const Words& pattern, const std::string& name) {
  Words words = WordsOf(name);
  for (std::size_t i = words.size(); i-- > 0;) {
    if (pattern[i] != "*") continue;
    words[i] = words[i].size() == 36 ? kNothing : words[i] == "year" ? "q9" : "tidak-ada";
    break;
  }
  return absl::StrJoin(words, "/");
}

// The words up to the last that is an id: what differs between the two.
Words UpToId(const Words& pattern, Words words) {
  while (!words.empty() && pattern[words.size() - 1] != "*") words.pop_back();
  return words;
}
std::string ObjectIn(const Words& pattern, const std::string& name) {
  return absl::StrJoin(UpToId(pattern, WordsOf(name)), "/");
}

// What a method asks for at least, so that it comes to look for its object.
json::value Filled(const Descriptor& message, int depth);
json::value FilledField(const FieldDescriptor& field, int depth) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return "x";
    case FieldDescriptor::CPPTYPE_ENUM:
      return json::string(
          field.enum_type()->value(field.enum_type()->value_count() > 1 ? 1 : 0)->name());
    case FieldDescriptor::CPPTYPE_BOOL:
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Filled(*field.message_type(), depth + 1);
    default:
      return 1;
  }
}
json::value Filled(const Descriptor& message, int depth) {
  const std::string& name = message.full_name();
  if (name == "google.type.Date") return Day(2025, 1, 1);
  if (name == "google.type.Decimal") return Amount("1");
  if (name == "google.protobuf.Timestamp") return "2025-01-01T00:00:00Z";
  if (name == "google.protobuf.Duration") return "1s";
  json::object filled;
  if (depth > 4) return filled;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const auto& options = field.options();
    for (int j = 0; j < options.ExtensionSize(google::api::field_behavior); ++j) {
      if (options.GetExtension(google::api::field_behavior, j) != google::api::REQUIRED) continue;
      json::value one = FilledField(field, depth);
      filled[field.json_name()] = field.is_repeated() ? json::value(json::array{one}) : one;
    }
  }
  return filled;
}
json::value BodyOf(const MethodDescriptor& method, const std::string& pattern) {
  const auto [verb, path] = contract::RouteOf(method);
  if (verb != "POST" && verb != "PATCH") return nullptr;
  const std::string variable =
      pattern.substr(pattern.find('{') + 1, pattern.find('=') - pattern.find('{') - 1);
  const std::size_t dot = variable.find('.');
  json::value body = Filled(*method.input_type(), 0);
  if (dot != std::string::npos) {
    const FieldDescriptor* resource = method.input_type()->FindFieldByName(variable.substr(0, dot));
    body = Filled(*resource->message_type(), 1);
  } else {
    body.as_object().erase(variable);
  }
  return body;
}

// How far a person's roles let him go with a permission in the town.
bool ReachesAll(const Stranger& stranger, const std::string& permission) {
  for (const auth::Grant& grant : auth::PermissionTable::Default().GrantsOf(permission)) {
    for (const std::string& role : stranger.roles) {
      if (grant.role != role) continue;
      for (const Reach reach : grant.reaches) {
        // A binding to a unit narrows the agency to it.
        if (reach == Reach::kWhole || reach == Reach::kAny ||
            (reach == Reach::kAgency && role != "unit_hr"))
          return true;
      }
    }
  }
  return false;
}

class Sweeper {
 public:
  Sweeper(Town& town, const std::vector<std::string>& objects, Sweep& sweep)
      : town_(town), sweep_(sweep) {
    for (const std::string& object : objects) known_.push_back(WordsOf(object));
  }

  void Try(Stranger& stranger) {
    for (const MethodDescriptor* method : contract::Methods()) {
      const auto& access = contract::AccessOf(*method);
      const auto [verb, pattern] = contract::RouteOf(*method);
      const std::string named = NameOf(pattern);
      if (access.rule_case() != options::v1::Access::kPermission ||
          !named.starts_with("agencies/*"))
        continue;
      if (method->name() == "FollowAccess" || method->client_streaming()) continue;
      if (named == "agencies/*") {
        if (verb == "GET") List(stranger, *method, PathOf(pattern, town_.agency()));
        continue;
      }
      if (ReachesAll(stranger, access.permission())) continue;
      const Words words = WordsOf(named);
      std::size_t tried = 0;
      for (const Words& known : known_) {
        if (!Fits(words, known) || Own(stranger, known)) continue;
        const std::string name = Complete(words, known);
        Compare(stranger, *method, verb, pattern, name, Absent(words, name));
        if (++tried == kOfEachKind) break;
      }
    }
  }

 private:
  struct Told {
    int status = 0;
    std::string words;  // without the name
    bool early = false;
  };
  Told Ask(Stranger& stranger,
           const std::string& verb,
           const std::string& path,
           const std::string& object,
           const json::value& body) {
    const Answer answer = town_.rest().Try(verb, &stranger.caller, path, body);
    // A page or a picture is no object.
    const json::value told =
        answer.body.is_object() ? ObjectOf(answer.body, "error") : json::value(json::object());
    Told result{answer.status, "", false};
    for (const json::value& detail : ArrayOf(told, "details")) {
      if (TextOf(detail, "@type").ends_with("RequestInfo")) continue;  // differs from call to call
      absl::StrAppend(&result.words, json::serialize(detail));
      const std::string reason = TextOf(detail, "reason");
      result.early = result.early || reason == "FIELD_INVALID" || reason == "NAME_INVALID";
    }
    result.words =
        absl::StrReplaceAll(absl::StrCat(TextOf(told, "message"), result.words), {{object, "*"}});
    return result;
  }
  void Compare(Stranger& stranger,
               const MethodDescriptor& method,
               const std::string& verb,
               const std::string& pattern,
               const std::string& there,
               const std::string& absent) {
    const json::value body = BodyOf(method, pattern);
    const Words words = WordsOf(NameOf(pattern));
    const Told found = Ask(stranger, verb, PathOf(pattern, there), ObjectIn(words, there), body);
    const Told nothing =
        Ask(stranger, verb, PathOf(pattern, absent), ObjectIn(words, absent), body);
    ++sweep_.attempts;
    if (found.early && nothing.early) ++sweep_.unlooked;
    // What is below an object that everybody sees is a list of the reader's own.
    if (found.status == 200 && method.name().starts_with("List"))
      return List(stranger, method, PathOf(pattern, there));
    const bool refused = found.status == 403 || (found.status == 400 && found.early);
    if (refused && found.status == nothing.status && found.words == nothing.words) return;
    // That everybody may see it is no secret.
    if (found.status == 404 && Everybodys(stranger, UpToId(words, words))) return;
    sweep_.leaks.push_back(absl::StrCat(stranger.what,
                                        ": ",
                                        method.full_name(),
                                        " ",
                                        there,
                                        ": ",
                                        found.status,
                                        " ",
                                        found.words,
                                        " but ",
                                        nothing.status,
                                        " ",
                                        nothing.words));
  }
  static bool Everybodys(const Stranger& stranger, const Words& object) {
    for (const MethodDescriptor* method : contract::Methods()) {
      const auto [verb, pattern] = contract::RouteOf(*method);
      if (verb == "GET" && pattern.ends_with("}") && WordsOf(NameOf(pattern)) == object &&
          ReachesAll(stranger, contract::AccessOf(*method).permission()))
        return true;
    }
    return false;
  }
  static bool Own(const Stranger& stranger, const Words& name) {
    const std::string& subject = stranger.caller.subject;
    const std::string id = subject.substr(subject.find('/') + 1);
    return !id.empty() && std::find(name.begin(), name.end(), id) != name.end();
  }
  // Everything in a list must be there for its reader alone, too.
  void List(Stranger& stranger, const MethodDescriptor& method, const std::string& path) {
    const Answer list = town_.rest().Try("GET", &stranger.caller, path, nullptr);
    if (!list.ok() || !list.body.is_object()) return;
    for (const auto& field : list.body.as_object()) {
      if (!field.value().is_array()) continue;
      for (const json::value& item : field.value().as_array()) {
        const std::string name = item.is_object() ? TextOf(item, "name") : "";
        if (!name.starts_with(town_.agency() + "/") || !Readable(name)) continue;
        ++sweep_.attempts;
        const Answer one = town_.rest().Try("GET", &stranger.caller, "/v1/" + name, nullptr);
        if (one.status != 403 && one.status != 404) continue;
        sweep_.leaks.push_back(
            absl::StrCat(stranger.what, ": ", method.full_name(), " lists ", name));
      }
    }
  }
  static bool Readable(const std::string& name) {
    static const std::set<Words>& patterns = *new std::set<Words>([] {
      std::set<Words> all;
      for (const MethodDescriptor* method : contract::Methods()) {
        const auto [verb, pattern] = contract::RouteOf(*method);
        if (verb == "GET" && pattern.ends_with("}")) all.insert(WordsOf(NameOf(pattern)));
      }
      return all;
    }());
    const Words words = WordsOf(name);
    for (const Words& pattern : patterns) {
      if (pattern.size() == words.size() && Fits(pattern, words)) return true;
    }
    return false;
  }

  Town& town_;
  Sweep& sweep_;
  std::vector<Words> known_;
};

}  // namespace

std::vector<Stranger> EnterStrangers(harness::Suite& suite, Town& town) {
  RestClient& rest = town.rest();
  Caller boss = SignInAsOperator(suite, rest);
  const auto program = [&](const std::string& agency,
                           const std::vector<std::string>& roles,
                           const std::string& unit) {
    const Answer client =
        rest.Post(&boss, "/v1/" + agency + "/apiClients", {{"displayName", "Asing"}});
    Caller caller;
    caller.client_id = client.Text("/name").substr(client.Text("/name").rfind('/') + 1);
    caller.client_secret = client.Text("/clientSecret");
    for (const std::string& role : roles) {
      rest.Post(&boss,
                "/v1/" + agency + "/roleBindings",
                {{"subject", "apiClients/" + caller.client_id}, {"role", role}, {"unit", unit}});
    }
    return caller;
  };
  std::vector<Stranger> strangers;
  const std::string elsewhere = town.agency() + "-asing";
  rest.Post(&boss,
            "/v1/agencies?agencyId=" + elsewhere.substr(elsewhere.find('/') + 1),
            {{"displayName", "Instansi Asing"}});
  strangers.push_back({"a program of another agency",
                       program(elsewhere,
                               {"agency_admin",
                                "regional_hr",
                                "appraisal_team",
                                "inspector",
                                "other_agency",
                                "hr_system"},
                               ""),
                       {}});
  const std::string empty = town.Unit("unit-asing", "Unit Asing", town.root());
  strangers.push_back(
      {"HR of an empty unit", program(town.agency(), {"unit_hr"}, empty), {"unit_hr"}});
  strangers.push_back({"a reader of another agency",
                       program(town.agency(), {"other_agency"}, ""),
                       {"other_agency"}});
  const std::string unit = town.Unit("unit-sendiri", "Unit Sendiri", town.root());
  strangers.push_back({"a colleague",
                       town.As(town.Employee("Orang Asing", unit, "Analis", "FUNCTIONAL", false)),
                       {"employee"}});
  return strangers;
}

std::vector<std::string> ObjectsIn(harness::Suite& suite, const Town& town) {
  const std::string agency = town.agency().substr(town.agency().find('/') + 1);
  std::vector<std::string> objects;
  for (const char* service : {"identity", "catalog", "evaluation", "feedback", "training"}) {
    if (!suite.Runs(service)) continue;
    pqxx::connection connection(suite.Dsn(service));
    pqxx::nontransaction tx(connection);
    for (const auto& row : tx.exec("SELECT DISTINCT resource FROM outbox WHERE agency_id = " +
                                   tx.quote(agency) + " ORDER BY resource DESC"))
      objects.emplace_back(row[0].c_str());
  }
  return objects;
}

Sweep SweepObjects(Town& town,
                   const std::vector<std::string>& objects,
                   std::vector<Stranger>& strangers) {
  Sweep sweep;
  Sweeper sweeper(town, objects, sweep);
  for (Stranger& stranger : strangers) sweeper.Try(stranger);
  return sweep;
}

}  // namespace teraju::scenarios
