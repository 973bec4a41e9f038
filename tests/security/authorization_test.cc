// S03: every method by every role, over REST and gRPC, against the table of permissions. What the
// table does not grant must be refused, by the method alone, before anything of the request is
// looked at; what it grants must not be.
#include <map>
#include <optional>
#include <set>

#include "common/auth/permissions.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/grpc_client.h"
#include "tests/scenarios/town.h"
#include "tests/security/people.h"
#include "tests/security/targets.h"

namespace teraju::security {
namespace {

using options::v1::Access;

// How far the table lets a role go with a method.
enum class Grant {
  kNone,
  kSome,    // to objects that the caller stands in a relation to, or that belong to the unit
  kAgency,  // to everything in the own agency
  kAny,     // to everything
};

Grant GrantOf(const std::string& role, const std::string& permission) {
  Grant grant = Grant::kNone;
  for (const auth::Grant& one : auth::PermissionTable::Default().GrantsOf(permission)) {
    if (one.role != role) continue;
    for (const auth::Reach reach : one.reaches) {
      grant = std::max(grant,
                       reach == auth::Reach::kAny ? Grant::kAny
                       // A binding to a unit narrows the agency to that unit.
                       : reach == auth::Reach::kAgency && role != "unit_hr" ? Grant::kAgency
                       : reach == auth::Reach::kWhole                       ? Grant::kAgency
                                                                            : Grant::kSome);
    }
  }
  return grant;
}

// What a caller was told, in the words of both protocols.
struct Told {
  int http = 0;
  std::string reason;
};

// `Goals_GetGoal` of `teraju.catalog.v1.Goals/GetGoal`.
std::string OperationId(const std::string& method) {
  return Replace(method.substr(method.rfind('.') + 1), "/", "_");
}

class Matrix : public ::testing::Test {
 protected:
  void SetUp() override {
    auto suite = harness::Suite::Start();
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    people_ = std::make_unique<People>(*suite_);
    grpc_ = std::make_unique<harness::GrpcClient>(suite_->grpc_port());
    targets_ = Targets(people_->town().agency(), "agencies/other");
  }

  Told Rest(Person& person, const std::string& verb, const std::string& path) {
    const bool body = verb == "POST" || verb == "PATCH";
    const scenarios::Refusal told =
        people_->town().Refused(verb,
                                person.caller ? &*person.caller : nullptr,
                                path,
                                body ? json::value(json::object()) : json::value(nullptr));
    return {told.status, told.reason};
  }
  Told Grpc(Person& person, const Target& target) {
    const harness::GrpcAnswer answer = grpc_->Call(
        target.method, person.caller ? person.caller->access_token : "", target.request);
    constexpr int kHttp[] = {
        200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401};
    return {kHttp[answer.code], answer.reason};
  }

  // Calls everything there is as one person and compares; what differs is told, unless `quiet`.
  void Row(Person& person, bool quiet) {
    for (const Target& target : targets_) {
      // Whoever may sign out would end the row with it; freshness_test does it.
      if (target.method == "teraju.identity.v1.Sessions/SignOut" &&
          GrantOf(person.role, target.access->permission()) != Grant::kNone)
        continue;
      // An operation that is not there belongs to no agency, so it is nobody's to find.
      const bool everywhere = GrantOf(person.role, target.access->permission()) >= Grant::kAgency &&
                              !target.method.starts_with("google.longrunning");
      Expect(person,
             target,
             "gRPC",
             Grpc(person, target),
             target.request.empty() || everywhere,
             quiet);
      Expect(
          person, target, target.path, Rest(person, target.verb, target.path), everywhere, quiet);
      if (target.other_path.empty()) continue;
      ExpectOther(person, target, Rest(person, target.verb, target.other_path), quiet);
    }
  }

  // A call in the own agency, or one that is refused for its empty message before any object is
  // looked for. `in_reach`: nobody with a grant can be refused.
  void Expect(const Person& person,
              const Target& target,
              const std::string& way,
              const Told& told,
              bool in_reach,
              bool quiet) {
    bool right = told.http != 0 && told.http < 500;
    if (target.access->rule_case() != Access::kPermission) {
      right = right && told.reason != "TOKEN_MISSING" && told.reason != "PERMISSION_DENIED";
    } else if (!person.caller) {
      right = told.http == 401 && told.reason == "TOKEN_MISSING";
    } else if (GrantOf(person.role, target.access->permission()) == Grant::kNone) {
      right = told.http == 403 && told.reason == "PERMISSION_DENIED";
    } else {
      right = right && told.http != 401 && (!in_reach || told.http != 403);
    }
    Note(right, person, target, way, told, quiet);
  }
  // A call to an agency that is not the caller's: refused, and nothing is told of what is there.
  void ExpectOther(const Person& person, const Target& target, const Told& told, bool quiet) {
    const Grant grant = GrantOf(person.role, target.access->permission());
    if (!person.caller || grant == Grant::kNone || grant == Grant::kAny ||
        target.access->rule_case() != Access::kPermission) {
      return Expect(person, target, target.other_path, told, grant == Grant::kAny, quiet);
    }
    // 400: a field was found wrong before the object was looked for.
    const bool right = (told.http == 403 && told.reason == "PERMISSION_DENIED") ||
                       (told.http == 400 && told.reason == "FIELD_INVALID");
    Note(right, person, target, target.other_path, told, quiet);
  }
  void Note(bool right,
            const Person& person,
            const Target& target,
            const std::string& way,
            const Told& told,
            bool quiet) {
    ++cells_;
    if (right) return;
    ++mismatches_;
    if (!quiet)
      ADD_FAILURE() << person.role << " " << target.method << " " << way << ": " << told.http << " "
                    << told.reason;
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<People> people_;
  std::unique_ptr<harness::GrpcClient> grpc_;
  std::vector<Target> targets_;
  int cells_ = 0;
  int mismatches_ = 0;
};

TEST_F(Matrix, AnswersAsTheTableSays) {
  testing::CheckLine line("S03", "mismatches", "0");
  for (Person& person : people_->all()) Row(person, /*quiet=*/false);
  EXPECT_EQ(mismatches_, 0);
  EXPECT_GT(cells_, 4000);
  line.Set(mismatches_, cells_);

  // Every method that the gateway publishes has had its column.
  std::set<std::string> columns;
  for (const Target& target : targets_) columns.insert(OperationId(target.method));
  const simulation::Answer published = people_->town().rest().Get(nullptr, "/openapi.json");
  for (const auto& [path, verbs] : published.body.at("paths").as_object()) {
    for (const auto& [verb, operation] : verbs.as_object()) {
      if (!operation.is_object() || !operation.as_object().contains("operationId")) continue;
      // Further routes of a method are told apart by underscores at the end.
      std::string id(operation.at("operationId").as_string());
      while (id.ends_with('_')) id.pop_back();
      EXPECT_TRUE(columns.contains(id)) << id;
    }
  }
  // Every role of the table has had its row.
  std::set<std::string> roles;
  for (const Person& person : people_->all()) roles.insert(person.role);
  for (const std::string& role : auth::PermissionTable::Default().Roles())
    EXPECT_TRUE(roles.contains(role)) << role;

  // The control: an inspector who was given a role too many no longer fits the row.
  mismatches_ = 0;
  people_->Bind("inspector", "regional_hr");
  EXPECT_TRUE(testing::Eventually(
      [&] {
        Row(people_->Of("inspector"), /*quiet=*/true);
        return mismatches_ > 0;
      },
      absl::Seconds(60)));
}

}  // namespace
}  // namespace teraju::security
