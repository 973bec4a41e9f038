// Programs: what their tokens may do at most, and secrets that change without a gap.
#include "common/errors/error.h"
#include "services/identity/api/access_fixture.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

class ApiClientsTest : public AccessTest {
 protected:
  absl::StatusOr<v1::ApiClient> Create(const std::vector<std::string>& scopes = {}) {
    v1::CreateApiClientRequest create;
    create.set_parent("agencies/dumai");
    create.mutable_api_client()->set_display_name("HR system");
    for (const std::string& scope : scopes) create.mutable_api_client()->add_scopes(scope);
    return Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::CreateApiClient, create);
  }
  absl::StatusOr<v1::ApiClient> Rotate(const std::string& name,
                                       absl::Duration overlap = absl::Hours(1),
                                       const Caller& caller = kAdmin) {
    v1::RotateApiClientSecretRequest request;
    request.set_name(name);
    request.mutable_overlap()->set_seconds(absl::ToInt64Seconds(overlap));
    return Call<v1::ApiClients>(
        caller, &v1::ApiClients::StubInterface::RotateApiClientSecret, request);
  }
  absl::StatusOr<google::api::HttpBody> TokenOf(const v1::ApiClient& client,
                                                const std::string& more = "") {
    return Token("grant_type=client_credentials&client_id=" +
                 client.name().substr(client.name().rfind('/') + 1) +
                 "&client_secret=" + client.client_secret() + more);
  }
  static std::string In(const google::api::HttpBody& body) {
    return body.data().substr(17, body.data().find('"', 17) - 17);
  }
};

TEST_F(ApiClientsTest, AClientHasNoMoreThanItsScopesWhateverItsRoles) {
  const auto client = Create({"identity.employees.*", "catalog.goals.list"});
  ASSERT_THAT(client, IsOk());
  EXPECT_THAT(client->scopes(), ElementsAre("identity.employees.*", "catalog.goals.list"));
  const auto body = TokenOf(*client);
  ASSERT_THAT(body, IsOk());
  EXPECT_THAT(body->data(), HasSubstr(R"("scope":"identity.employees.* catalog.goals.list")"));
  const auto principal = Verify(In(*body));
  ASSERT_THAT(principal, IsOk());
  EXPECT_EQ(principal->scope, "identity.employees.* catalog.goals.list");
  // With the role of an HR system it reads employees, and nothing else that the role allows.
  host_.Bind({Bound(principal->subject, "hr_system")});
  Caller program{.subject = principal->subject, .agency = "dumai", .scope = principal->scope};
  v1::ListEmployeesRequest employees;
  employees.set_parent("agencies/dumai");
  v1::ListUnitsRequest units;
  units.set_parent("agencies/dumai");
  const auto list_employees = &v1::Employees::StubInterface::ListEmployees;
  const auto list_units = &v1::Units::StubInterface::ListUnits;
  EXPECT_THAT(Call<v1::Employees>(program, list_employees, employees), IsOk());
  EXPECT_THAT(Call<v1::Units>(program, list_units, units), HasReason(PERMISSION_DENIED));
  program.scope.clear();
  EXPECT_THAT(Call<v1::Units>(program, list_units, units), IsOk());
}

TEST_F(ApiClientsTest, ATokenCanBeNarrowerThanItsClientAndNeverWider) {
  const auto client = Create({"identity.*"});
  const auto narrow = TokenOf(*client, "&scope=identity.units.list+identity.employees.*");
  ASSERT_THAT(narrow, IsOk());
  EXPECT_EQ(Verify(In(*narrow))->scope, "identity.units.list identity.employees.*");
  EXPECT_THAT(TokenOf(*client, "&scope=evaluation.*"), HasReason(v1::SCOPE_UNKNOWN));
  EXPECT_THAT(TokenOf(*client, "&scope=identity.nothing"), HasReason(v1::SCOPE_UNKNOWN));
  const auto open = Create();
  EXPECT_EQ(Verify(In(*TokenOf(*open)))->scope, "");
  EXPECT_EQ(Verify(In(*TokenOf(*open, "&scope=catalog.*")))->scope, "catalog.*");
  EXPECT_THAT(Create({"identity.employees"}), HasReason(v1::SCOPE_UNKNOWN));
  EXPECT_THAT(Create({".*"}), HasReason(v1::SCOPE_UNKNOWN));
  EXPECT_THAT(Create({"catalog.* identity.*"}), HasReason(v1::SCOPE_UNKNOWN));
}

TEST_F(ApiClientsTest, TwoSecretsWorkWhileOneTakesThePlaceOfTheOther) {
  const auto first = Create();
  EXPECT_THAT(first->secrets(), SizeIs(1));
  host_.clock().Advance(absl::Minutes(1));
  const auto second = Rotate(first->name());
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(second->secrets(), SizeIs(2));
  EXPECT_FALSE(second->client_secret().empty());
  EXPECT_EQ(second->secrets(1).expire_time().seconds(),
            absl::ToUnixSeconds(host_.clock().Now() + absl::Hours(1)));
  EXPECT_THAT(TokenOf(*first), IsOk());
  EXPECT_THAT(TokenOf(*second), IsOk());
  host_.clock().Advance(absl::Hours(1));
  EXPECT_THAT(TokenOf(*first), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(TokenOf(*second), IsOk());
  // Never three: the oldest stops.
  const auto third = Rotate(first->name());
  host_.clock().Advance(absl::Minutes(1));
  const auto fourth = Rotate(first->name());
  EXPECT_THAT(fourth->secrets(), SizeIs(2));
  EXPECT_THAT(TokenOf(*second), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(TokenOf(*third), IsOk());
  host_.clock().Advance(absl::Hours(24 * 365));
  EXPECT_THAT(TokenOf(*fourth), HasReason(v1::CREDENTIALS_INVALID));
}

TEST_F(ApiClientsTest, WithoutOverlapASecretAndItsTokensEndAtOnce) {
  const auto client = Create();
  const std::string session = Verify(In(*TokenOf(*client)))->session;
  const auto next = Rotate(client->name(), absl::ZeroDuration());
  ASSERT_THAT(next, IsOk());
  EXPECT_THAT(TokenOf(*client), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(TokenOf(*next), IsOk());
  EXPECT_THAT(Query("SELECT key FROM access_revocations"), ElementsAre("sessions/" + session));
}

TEST_F(ApiClientsTest, RotationIsRefusedToOthersAndBeyondItsBounds) {
  const auto client = Create();
  EXPECT_THAT(Rotate(client->name(), absl::Hours(1), As(person_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Rotate(client->name(), absl::Hours(24 * 31)), ViolatesField("overlap"));
  EXPECT_THAT(Rotate("agencies/dumai/apiClients/none"), HasReason(RESOURCE_NOT_FOUND));
  v1::DeleteApiClientRequest withdraw;
  withdraw.set_name(client->name());
  ASSERT_THAT(
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::DeleteApiClient, withdraw),
      IsOk());
  EXPECT_THAT(Rotate(client->name()), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(TokenOf(*client), HasReason(v1::CREDENTIALS_INVALID));
}

}  // namespace
}  // namespace teraju::identity
