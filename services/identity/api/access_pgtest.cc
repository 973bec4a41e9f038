#include <ctime>
#include <fstream>
#include <limits>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "services/identity/api/access_fixture.h"
#include "services/identity/api/bootstrap.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using ::testing::SizeIs;
using testing::ViolatesField;

TEST_F(AccessTest, ACodeGivesASessionOnce) {
  const std::string code = CodeFor(person_);
  std::string typed = code;
  for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  const auto session = Activate(typed);
  ASSERT_THAT(session, IsOk());
  EXPECT_EQ("agencies/dumai/" + session->subject(), person_);
  EXPECT_EQ(session->agency(), "agencies/dumai");
  EXPECT_EQ(session->expires_in().seconds(), 600);
  const auto principal = Verify(session->access_token());
  ASSERT_THAT(principal, IsOk());
  EXPECT_EQ(principal->subject, session->subject());
  EXPECT_EQ(principal->agency.value(), "dumai");
  EXPECT_FALSE(principal->session.empty());
  EXPECT_THAT(Activate(code), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Activate("00000-00000"), HasReason(v1::CREDENTIALS_INVALID));
  // Neither code nor token is stored as it is.
  EXPECT_THAT(
      Query("SELECT count(*) FROM refresh_tokens WHERE encode(token_hash, 'escape') LIKE '%" +
            session->refresh_token().substr(0, 8) + "%'"),
      ElementsAre("0"));
}

TEST_F(AccessTest, ANewCodeTakesThePlaceOfTheOldOneAndCodesExpire) {
  const std::string old_code = CodeFor(person_);
  const std::string code = CodeFor(person_);
  EXPECT_THAT(Activate(old_code), HasReason(v1::CREDENTIALS_INVALID));
  host_.clock().Advance(absl::Hours(24 * 30 + 1));
  EXPECT_THAT(Activate(code), HasReason(v1::CREDENTIALS_INVALID));
}

TEST_F(AccessTest, CodesAreForPersonsOfTheAgencyOnly) {
  EXPECT_THAT(IssueCodes({"agencies/plaju/employees/01890000-0000-7000-8000-000000000000"}),
              HasReason(v1::PERSON_UNKNOWN));
  EXPECT_THAT(
      IssueCodes({person_, "agencies/dumai/employees/01890000-0000-7000-8000-000000000000"}),
      HasReason(v1::PERSON_UNKNOWN));
  EXPECT_THAT(Query("SELECT count(*) FROM activation_codes"), ElementsAre("0"));
  EXPECT_THAT(IssueCodes({person_}, As(person_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(IssueCodes({}), ViolatesField("persons"));
  const auto mayor = CreateOfficial("city", Date(2021, 2, 26));
  const auto codes = IssueCodes({mayor->name(), person_, person_});
  ASSERT_THAT(codes, IsOk());
  EXPECT_THAT(codes->activation_codes(), SizeIs(2));
  EXPECT_THAT(Activate(codes->activation_codes(0).code()), IsOk());
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'activationCode.issued'"),
              ElementsAre("2"));
}

TEST_F(AccessTest, APasswordSetAtActivationSignsInByNipAndEmail) {
  v1::UpdateEmployeeRequest update;
  update.mutable_employee()->set_name(person_);
  update.mutable_employee()->set_email("Budi@dumaikota.example");
  update.mutable_update_mask()->add_paths("email");
  ASSERT_THAT(Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::UpdateEmployee, update),
              IsOk());
  EXPECT_THAT(Activate(CodeFor(person_), "pendek"), HasReason(v1::PASSWORD_WEAK));
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  EXPECT_THAT(SignIn("19660801 198803 1 101", kPassword), IsOk());
  EXPECT_THAT(SignIn("budi@DUMAIKOTA.example", kPassword), IsOk());
  for (const auto& [login, password, agency] : std::vector<std::array<std::string, 3>>{
           {"196608011988031101", "wrong password", "agencies/dumai"},
           {"196608011988031999", kPassword, "agencies/dumai"},
           {"196608011988031101", kPassword, "agencies/plaju"},
           {"196608011988031101", kPassword, ""}}) {
    const auto refused = SignIn(login, password, agency);
    EXPECT_THAT(refused, HasReason(v1::CREDENTIALS_INVALID));
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr("wrong or no longer valid"));
  }
  for (const std::string& line : host_.log_lines()) {
    EXPECT_THAT(line, Not(HasSubstr("19660801")));
    EXPECT_THAT(line, Not(HasSubstr(kPassword)));
  }
}

TEST_F(AccessTest, AnUnknownLoginCostsAHashAsAKnownOne) {
  ASSERT_THAT(Activate(CodeFor(person_), kPassword), IsOk());
  const auto cost = [&](const std::string& login) {
    // Of the processor, which other work on the machine does not lengthen as it does the wait.
    std::clock_t least = std::numeric_limits<std::clock_t>::max();
    for (int i = 0; i < 5; ++i) {
      const std::clock_t begin = std::clock();
      EXPECT_THAT(SignIn(login, "not the password"), HasReason(v1::CREDENTIALS_INVALID));
      least = std::min(least, std::clock() - begin);
    }
    return static_cast<double>(least);
  };
  // A hash is at least several times dearer than the rest of the call: without it the ratio would
  // be far smaller.
  const double ratio = cost("196608011988031999") / cost("196608011988031101");
  EXPECT_GT(ratio, 0.4);
  EXPECT_LT(ratio, 2.5);
}

TEST_F(AccessTest, RefreshTokensRotateAndReuseEndsTheSession) {
  const auto first = Activate(CodeFor(person_));
  ASSERT_THAT(first, IsOk());
  const auto second = Refresh(first->refresh_token());
  ASSERT_THAT(second, IsOk());
  EXPECT_NE(second->refresh_token(), first->refresh_token());
  EXPECT_EQ(Verify(second->access_token())->session, Verify(first->access_token())->session);
  const auto third = Refresh(second->refresh_token());
  ASSERT_THAT(third, IsOk());
  // The first comes again: somebody has a copy.
  EXPECT_THAT(Refresh(first->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Refresh(third->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Query("SELECT type FROM audit_events WHERE type LIKE 'session.%'"),
              ElementsAre("session.refreshTokenReused"));
  EXPECT_THAT(Refresh("forged"), HasReason(v1::CREDENTIALS_INVALID));
}

TEST_F(AccessTest, SessionsEndByThemselves) {
  const auto session = Activate(CodeFor(person_));
  host_.clock().Advance(absl::Hours(24 * 30 + 1));
  EXPECT_THAT(Refresh(session->refresh_token()), HasReason(v1::CREDENTIALS_INVALID));
}

TEST_F(AccessTest, ClientsGetTokensForTheirSecret) {
  v1::CreateApiClientRequest create;
  create.set_parent("agencies/dumai");
  create.mutable_api_client()->set_display_name("HR system");
  create.set_request_id("0b0e7a6e-52a4-4d0c-9c0b-3f0a5a8ec0a1");
  const auto client =
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::CreateApiClient, create);
  ASSERT_THAT(client, IsOk());
  ASSERT_FALSE(client->client_secret().empty());
  const auto again =
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::CreateApiClient, create);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->name(), client->name());
  EXPECT_TRUE(again->client_secret().empty());
  const std::string id = client->name().substr(client->name().rfind('/') + 1);
  const std::string form = "grant_type=client_credentials&client_id=" + id + "&client_secret=";
  const auto body = Token(form + client->client_secret());
  ASSERT_THAT(body, IsOk());
  EXPECT_THAT(body->data(), HasSubstr(R"("token_type":"Bearer","expires_in":600)"));
  const std::string token = body->data().substr(17, body->data().find('"', 17) - 17);
  EXPECT_EQ(Verify(token)->subject, "apiClients/" + id);
  EXPECT_EQ(Verify(token)->agency.value(), "dumai");
  EXPECT_THAT(Token(form + "wrong"), HasReason(v1::CREDENTIALS_INVALID));
  v1::DeleteApiClientRequest withdraw;
  withdraw.set_name(client->name());
  EXPECT_THAT(
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::DeleteApiClient, withdraw),
      IsOk());
  EXPECT_THAT(Token(form + client->client_secret()), HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::DeleteApiClient, withdraw),
      HasReason(RESOURCE_NOT_FOUND));
  v1::ListApiClientsRequest list;
  list.set_parent("agencies/dumai");
  const auto clients =
      Call<v1::ApiClients>(kAdmin, &v1::ApiClients::StubInterface::ListApiClients, list);
  ASSERT_THAT(clients, IsOk());
  EXPECT_TRUE(clients->api_clients(0).has_delete_time());
  EXPECT_TRUE(clients->api_clients(0).client_secret().empty());
}

TEST_F(AccessTest, ServicesGetTokensOfTheInstallation) {
  const auto body =
      Token("grant_type=client_credentials&client_id=evaluation&client_secret=service-secret");
  ASSERT_THAT(body, IsOk());
  const std::string token = body->data().substr(17, body->data().find('"', 17) - 17);
  EXPECT_EQ(Verify(token)->subject, "services/evaluation");
  EXPECT_TRUE(Verify(token)->agency.empty());
  EXPECT_THAT(Token("grant_type=client_credentials&client_id=evaluation&client_secret=x"),
              HasReason(v1::CREDENTIALS_INVALID));
  EXPECT_THAT(Token("grant_type=password&client_id=a&client_secret=b"),
              ViolatesField("grant_type"));
  EXPECT_THAT(Token("grant_type=client_credentials"), ViolatesField("client_id"));
  EXPECT_THAT(Token("grant_type=%zz"), ViolatesField("body"));
  const auto metadata = Call<v1::OAuth>(Caller{},
                                        &v1::OAuth::StubInterface::GetAuthorizationServer,
                                        v1::GetAuthorizationServerRequest());
  ASSERT_THAT(metadata, IsOk());
  EXPECT_THAT(metadata->data(), HasSubstr(R"("jwks_uri":"https://identity.test/oauth2/jwks")"));
}

TEST_F(AccessTest, ClientsMayUseTheBasicHeader) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Basic ZXZhbHVhdGlvbjpzZXJ2aWNlLXNlY3JldA==");
  v1::IssueTokenRequest request;
  request.mutable_body()->set_data("grant_type=client_credentials");
  google::api::HttpBody body;
  const grpc::Status status = host_.Client<v1::OAuth>().stub().IssueToken(&context, request, &body);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(body.data(), HasSubstr("access_token"));
}

TEST_F(AccessTest, RolesAreGivenAndTakenWithARecord) {
  const std::string subject = person_.substr(15);
  const auto binding = Bind(subject, "unit_hr", "agencies/dumai/units/city");
  ASSERT_THAT(binding, IsOk());
  EXPECT_EQ(refreshed_, 1);
  EXPECT_THAT(Bind(subject, "unit_hr", "agencies/dumai/units/city"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Bind(subject, "king"), HasReason(v1::ROLE_UNKNOWN));
  EXPECT_THAT(Bind(subject, "operator"), HasReason(v1::ROLE_UNKNOWN));
  EXPECT_THAT(Bind("employees/01890000-0000-7000-8000-000000000000", "unit_hr"),
              HasReason(v1::SUBJECT_UNKNOWN));
  EXPECT_THAT(Bind("services/evaluation", "unit_hr"), HasReason(v1::SUBJECT_UNKNOWN));
  EXPECT_THAT(Bind(subject, "unit_hr", "agencies/dumai/units/nowhere"),
              HasReason(v1::UNIT_UNKNOWN));
  v1::ListRoleBindingsRequest list;
  list.set_parent("agencies/-");
  EXPECT_THAT(
      Call<v1::RoleBindings>(kAdmin, &v1::RoleBindings::StubInterface::ListRoleBindings, list),
      HasReason(PERMISSION_DENIED));
  EXPECT_THAT(
      Call<v1::RoleBindings>(kEvaluation, &v1::RoleBindings::StubInterface::ListRoleBindings, list)
          ->role_bindings(),
      SizeIs(1));
  v1::DeleteRoleBindingRequest take;
  take.set_name(binding->name());
  EXPECT_THAT(
      Call<v1::RoleBindings>(kAdmin, &v1::RoleBindings::StubInterface::DeleteRoleBinding, take),
      IsOk());
  EXPECT_THAT(
      Call<v1::RoleBindings>(kAdmin, &v1::RoleBindings::StubInterface::DeleteRoleBinding, take),
      HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(
      Query("SELECT type FROM audit_events WHERE type LIKE 'roleBinding.%' ORDER BY event_number"),
      ElementsAre("roleBinding.created", "roleBinding.deleted"));
}

TEST_F(AccessTest, TheFirstStartMakesAnOperatorWhoseSecretIsShownOnce) {
  const std::string path = ::testing::TempDir() + "/operator-" + std::to_string(::getpid());
  ::unlink(path.c_str());
  Bootstrap bootstrap(path, hasher_, host_.logger());
  ASSERT_THAT(bootstrap.Ensure(database(), testing::TestCall()), IsOk());
  std::ifstream file(path);
  std::string login, password;
  file >> login >> password;
  struct stat attributes {};
  ASSERT_EQ(::stat(path.c_str(), &attributes), 0);
  EXPECT_EQ(attributes.st_mode & 0777, 0600u);
  const auto session = SignIn(login, password, "");
  ASSERT_THAT(session, IsOk());
  EXPECT_EQ(session->subject(), "accounts/operator");
  EXPECT_TRUE(Verify(session->access_token())->agency.empty());
  const auto bindings = ReadAllBindings(database(), testing::TestCall());
  ASSERT_THAT(bindings, IsOk());
  EXPECT_THAT(*bindings, ElementsAre(Installation("accounts/operator", "operator")));
  // A second start, the file taken away: nothing new.
  ::unlink(path.c_str());
  EXPECT_THAT(Bootstrap(path, hasher_, host_.logger()).Ensure(database(), testing::TestCall()),
              IsOk());
  EXPECT_FALSE(std::ifstream(path).good());
}

TEST_F(AccessTest, AGivenOperatorSecretIsUsed) {
  const std::string path = ::testing::TempDir() + "/given-" + std::to_string(::getpid());
  std::ofstream(path) << "administrator "
                      << "a-secret-of-the-installer"
                      << "\n";
  ASSERT_THAT(Bootstrap(path, hasher_, host_.logger()).Ensure(database(), testing::TestCall()),
              IsOk());
  EXPECT_THAT(SignIn("administrator", "a-secret-of-the-installer", ""), IsOk());
}

TEST(ReadServiceSecrets, ReadsLinesAndNamesFaults) {
  const std::string path = ::testing::TempDir() + "/secrets-" + std::to_string(::getpid());
  std::ofstream(path) << "# services\n\nevaluation=one=two\nfeedback = \n";
  EXPECT_THAT(std::string(ReadServiceSecrets(path).status().message()), HasSubstr("line 4"));
  std::ofstream(path) << "evaluation=one=two\n";
  EXPECT_EQ(ReadServiceSecrets(path)->at("evaluation"), auth::Sha256("one=two"));
  EXPECT_FALSE(ReadServiceSecrets("/nowhere/at/all").ok());
  EXPECT_TRUE(ReadServiceSecrets("")->empty());
}

}  // namespace
}  // namespace teraju::identity
