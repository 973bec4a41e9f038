#include "tests/harness/records.h"

#include <boost/json.hpp>
#include <map>
#include <pqxx/pqxx>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/api/annotations.pb.h"
#include "tests/contract/methods.h"

namespace teraju::harness {
namespace {

namespace json = boost::json;

constexpr const char* kServices[] = {"identity", "catalog", "evaluation", "feedback", "training"};

// Rows that no decision makes. Everything else in a database belongs to somebody's decision.
constexpr const char* kNotDecided[] = {
    // The machinery of every service.
    "audit_",
    "feed_cursors",
    "operations",
    "outbox",
    "requests",
    "schema_migrations",
    // Tokens are renewed, guesses counted and leases confirmed without anybody deciding something.
    "access_",
    "external_sign_ins",
    "refresh_tokens",
    "sessions",
    "sign_in_failures",
    // When to look who is late, and what of that has been sent; that somebody is reminded is on
    // record.
    "reminder_rounds",
    "reminders",
    // That the service was there.
    "service_minutes",
    // Pieces of a file, until the end of its upload is on record.
    "import_chunks",
    // Answers are on no record: nobody must be found by them.
    "answers",
    "citizen_answers",
    "open_",
};

bool Decided(const std::string& table) {
  for (const char* prefix : kNotDecided) {
    if (table.starts_with(prefix)) return false;
  }
  return true;
}

// Posts that only read or compute, and what renews or fetches a token.
constexpr const char* kChangeNothing[] = {"CheckAuditLog",
                                          "EvaluatePolicyPack",
                                          "FollowAccess",
                                          "IssueToken",
                                          "LintIndicator",
                                          "LookupEmployee",
                                          "RefreshSession",
                                          "ResolveReportingLine",
                                          "SimulateUnitResult",
                                          "StartExternalSignIn",
                                          "TestPolicyPack"};

bool Changes(const google::protobuf::MethodDescriptor& method) {
  for (const char* name : kChangeNothing) {
    if (method.name() == name) return false;
  }
  const auto& access = contract::AccessOf(method);
  return method.options().GetExtension(google::api::http).pattern_case() !=
             google::api::HttpRule::kGet &&
         access.rule_case() != options::v1::Access::kResponseToken;
}

// (method, who) of calls or transactions.
using Counts = std::map<std::pair<std::string, std::string>, std::int64_t>;

struct Calls {
  Counts done;
  Counts denied;
};

std::string Text(const json::object& line, const char* field) {
  const json::value* value = line.if_contains(field);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

Calls CallsOf(Suite& suite, const std::string& service) {
  Calls calls;
  for (const std::string& replica : suite.Replicas(service)) {
    std::istringstream lines(suite.process(replica).Log());
    for (std::string text; std::getline(lines, text);) {
      boost::system::error_code error;
      const json::value value = json::parse(text, error);
      if (error || !value.is_object()) continue;
      const json::object& line = value.as_object();
      if (Text(line, "event") != "call") continue;
      const std::string acting = Text(line, "acting");
      const std::pair key(Text(line, "method"), acting.empty() ? Text(line, "caller") : acting);
      if (Text(line, "code") == "OK") ++calls.done[key];
      if (Text(line, "code") == "PERMISSION_DENIED" && !key.second.empty()) ++calls.denied[key];
    }
  }
  return calls;
}

class Book {
 public:
  Book(Suite& suite, std::string service, bool killed, Reconciliation& result)
      : service_(std::move(service)),
        killed_(killed),
        calls_(CallsOf(suite, service_)),
        connection_(suite.postgres().Dsn("teraju_" + service_)),
        tx_(connection_),
        result_(result) {}

  void Check() {
    CheckEffects();
    CheckMethods();
    CheckRefusals();
    CheckDoubles();
  }

 private:
  void Fault(const std::string& text) { result_.faults.push_back(service_ + ": " + text); }
  pqxx::result Ask(const std::string& sql) { return tx_.exec(sql); }

  void CheckEffects() {
    std::string written;
    for (const auto& row : Ask("SELECT relname FROM pg_class WHERE relkind = 'r' AND "
                               "relnamespace = 'public'::regnamespace ORDER BY 1")) {
      const std::string table = row[0].c_str();
      if (!Decided(table)) continue;
      absl::StrAppend(&written,
                      written.empty() ? "" : " UNION ALL ",
                      "SELECT '",
                      table,
                      "' AS t, xmin::text::bigint AS xid FROM ",
                      table);
    }
    const auto effects =
        Ask("WITH recorded AS (SELECT DISTINCT xid::text::bigint & 4294967295 AS xid FROM "
            "audit_events), "
            "written AS (SELECT DISTINCT t, xid FROM (" +
            written +
            ") w) "
            "SELECT t, count(*), count(r.xid) FROM written LEFT JOIN recorded r USING (xid) GROUP "
            "BY t");
    for (const auto& row : effects) {
      const auto transactions = row[1].as<std::int64_t>();
      const auto recorded = row[2].as<std::int64_t>();
      result_.expected += transactions;
      result_.records += recorded;
      if (recorded < transactions)
        Fault(absl::StrCat(row[0].c_str(),
                           ": ",
                           transactions - recorded,
                           " of ",
                           transactions,
                           " transactions have no record"));
    }
  }

  Counts Recorded(const std::string& condition, const std::string& counted) {
    Counts counts;
    for (const auto& row : Ask(absl::StrCat("SELECT method, actor, count(",
                                            counted,
                                            ") FROM audit_events WHERE ",
                                            condition,
                                            " GROUP BY 1, 2")))
      counts[{row[0].c_str(), row[1].c_str()}] = row[2].as<std::int64_t>();
    return counts;
  }

  void CheckMethods() {
    const Counts recorded = Recorded("type <> 'call.refused'", "DISTINCT xid");
    for (const auto* method : contract::Methods()) {
      if (!Changes(*method)) continue;
      const std::string name = method->service()->full_name() + "/" + method->name();
      const bool works = method->output_type()->full_name() == "google.longrunning.Operation";
      for (const auto& [key, done] : calls_.done) {
        if (key.first != name) continue;
        result_.methods.insert(name);
        const auto found = recorded.find(key);
        const std::int64_t transactions = found == recorded.end() ? 0 : found->second;
        if (transactions == 0) Fault(absl::StrCat(name, ": ", done, " calls and no record"));
        if (transactions > done && !works && !killed_)
          Fault(absl::StrCat(name, ": ", transactions, " records of ", done, " calls"));
      }
    }
  }

  void CheckRefusals() {
    Counts recorded = Recorded("type = 'call.refused'", "*");
    for (const auto& [key, denied] : calls_.denied) {
      const std::int64_t records = std::exchange(recorded[key], 0);
      result_.expected += denied;
      result_.records += std::min(records, denied);
      if (records < denied || (records > denied && !killed_))
        Fault(absl::StrCat(key.first, ": ", records, " records of ", denied, " refusals"));
    }
    for (const auto& [key, records] : recorded) {
      if (records > 0 && !killed_) Fault(absl::StrCat(key.first, ": a record of no refusal"));
    }
  }

  void CheckDoubles() {
    for (const auto& row :
         Ask("SELECT method, type, count(*) FROM audit_events GROUP BY method, type, xid, "
             "agency_id, resource, about HAVING count(*) > 1"))
      Fault(absl::StrCat(
          row[0].c_str(), ": ", row[1].c_str(), " ", row[2].c_str(), " times at once"));
  }

  const std::string service_;
  const bool killed_;
  const Calls calls_;
  pqxx::connection connection_;
  pqxx::nontransaction tx_;
  Reconciliation& result_;
};

}  // namespace

Reconciliation Reconcile(Suite& suite, bool killed) {
  Reconciliation result;
  for (const char* service : kServices) {
    if (suite.Runs(service)) Book(suite, service, killed, result).Check();
  }
  return result;
}

}  // namespace teraju::harness
