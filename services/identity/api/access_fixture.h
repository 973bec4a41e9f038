// The fixture of tests about signing in: a person of an agency, and every call that leads to a
// token.
#pragma once

#include <string>
#include <vector>

#include "common/auth/token_verifier.h"
#include "common/auth/verification_key.h"
#include "services/identity/api/identity_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {

inline constexpr char kPassword[] = "pagi-hari di dumai";

class AccessTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), testing::IsOk());
    ASSERT_THAT(CreateUnit("city", "Pemerintah Kota"), testing::IsOk());
    const auto employee = CreateEmployee(MakeEmployee(1, "city"));
    ASSERT_THAT(employee, testing::IsOk());
    person_ = employee->name();
  }

  absl::StatusOr<v1::IssueActivationCodesResponse> IssueCodes(
      const std::vector<std::string>& persons, const Caller& caller = kAdmin) {
    v1::IssueActivationCodesRequest request;
    request.set_parent("agencies/dumai");
    for (const std::string& person : persons) request.add_persons(person);
    return Call<v1::Accounts>(caller, &v1::Accounts::StubInterface::IssueActivationCodes, request);
  }
  std::string CodeFor(const std::string& person) {
    return IssueCodes({person})->activation_codes(0).code();
  }
  absl::StatusOr<v1::Session> Activate(const std::string& code, const std::string& password = "") {
    v1::ActivateSessionRequest request;
    request.set_code(code);
    request.set_new_password(password);
    return Call<v1::Sessions>(Caller{}, &v1::Sessions::StubInterface::ActivateSession, request);
  }
  absl::StatusOr<v1::Session> SignIn(const std::string& login,
                                     const std::string& password,
                                     const std::string& agency = "agencies/dumai") {
    v1::SignInRequest request;
    request.set_agency(agency);
    request.set_login(login);
    request.set_password(password);
    return Call<v1::Sessions>(Caller{}, &v1::Sessions::StubInterface::SignIn, request);
  }
  absl::StatusOr<v1::Session> Refresh(const std::string& token) {
    v1::RefreshSessionRequest request;
    request.set_refresh_token(token);
    return Call<v1::Sessions>(Caller{}, &v1::Sessions::StubInterface::RefreshSession, request);
  }
  absl::StatusOr<google::api::HttpBody> Token(const std::string& form) {
    v1::IssueTokenRequest request;
    request.mutable_body()->set_content_type("application/x-www-form-urlencoded");
    request.mutable_body()->set_data(form);
    return Call<v1::OAuth>(Caller{}, &v1::OAuth::StubInterface::IssueToken, request);
  }
  // Who a token of ours belongs to, by the published keys.
  absl::StatusOr<auth::Principal> Verify(const std::string& token) {
    const auto keys =
        Call<v1::OAuth>(Caller{}, &v1::OAuth::StubInterface::GetJwks, v1::GetJwksRequest());
    if (!keys.ok()) return keys.status();
    auto parsed = auth::ParseKeySet(keys->data());
    if (!parsed.ok()) return parsed.status();
    auth::FixedKeys fixed(*parsed);
    return auth::TokenVerifier({.issuer = "https://identity.test"}, fixed, host_.clock())
        .Verify(token);
  }
  absl::StatusOr<v1::RoleBinding> Bind(const std::string& subject,
                                       const std::string& role,
                                       const std::string& unit = "") {
    v1::CreateRoleBindingRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_role_binding()->set_subject(subject);
    request.mutable_role_binding()->set_role(role);
    request.mutable_role_binding()->set_unit(unit);
    return Call<v1::RoleBindings>(
        kAdmin, &v1::RoleBindings::StubInterface::CreateRoleBinding, request);
  }

  std::string person_;
};

}  // namespace teraju::identity
