#include "common/service/identity_source.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/api/resource_name.h"
#include "common/api/strong_id.h"
#include "common/auth/strict_json.h"
#include "common/errors/grpc_status.h"
#include "common/errors/status_macros.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::service {
namespace {

namespace v1 = identity::v1;

// These calls are made every second or while somebody waits; a slow answer is as good as none.
constexpr absl::Duration kTimeout = absl::Seconds(2);
constexpr int kPage = 1000;

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request,
                              const std::string& token = "") {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kTimeout));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return errors::FromGrpc(status);
  return response;
}

absl::StatusOr<std::vector<auth::RoleBinding>> ReadBindings(v1::RoleBindings::StubInterface& roles,
                                                            const std::string& token) {
  std::vector<auth::RoleBinding> bindings;
  v1::ListRoleBindingsRequest request;
  request.set_parent("agencies/-");
  request.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(
        const v1::ListRoleBindingsResponse page,
        Call(roles, &v1::RoleBindings::StubInterface::ListRoleBindings, request, token));
    for (const v1::RoleBinding& binding : page.role_bindings()) {
      bindings.push_back({.agency = AgencyId(std::string(api::AgencyOf(binding.name()))),
                          .subject = binding.subject(),
                          .role = binding.role(),
                          .unit = binding.unit()});
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return bindings;
}

absl::StatusOr<std::vector<auth::Mandate>> ReadMandates(v1::Mandates::StubInterface& stub,
                                                        const std::string& token) {
  std::vector<auth::Mandate> mandates;
  v1::ListMandatesRequest request;
  request.set_parent("agencies/-");
  request.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(const v1::ListMandatesResponse page,
                     Call(stub, &v1::Mandates::StubInterface::ListMandates, request, token));
    for (const v1::Mandate& one : page.mandates()) mandates.push_back(ToMandate(one));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return mandates;
}

// `agencies/{agency}/employees/{id}` without its agency.
std::string SubjectOf(const std::string& person) {
  return person.substr(person.find('/', person.find('/') + 1) + 1);
}

absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

// application/x-www-form-urlencoded
std::string FormEncode(std::string_view text) {
  std::string encoded;
  for (const unsigned char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
        c == '.' || c == '_') {
      encoded += static_cast<char>(c);
    } else {
      encoded += fmt::format("%{:02X}", c);
    }
  }
  return encoded;
}

absl::StatusOr<rpc::ServiceToken::Token> ReadToken(const std::string& document, absl::Time asked) {
  ASSIGN_OR_RETURN(const boost::json::value value, auth::ParseStrictJson(document));
  const boost::json::object* object = value.if_object();
  const boost::json::value* token =
      object == nullptr ? nullptr : object->if_contains("access_token");
  const boost::json::value* seconds =
      object == nullptr ? nullptr : object->if_contains("expires_in");
  if (token == nullptr || !token->is_string() || seconds == nullptr || !seconds->is_int64()) {
    return absl::UnavailableError("identity's token answer has no access_token or expires_in");
  }
  return rpc::ServiceToken::Token{std::string(token->get_string()),
                                  asked + absl::Seconds(seconds->get_int64())};
}

}  // namespace

auth::Mandate ToMandate(const v1::Mandate& mandate) {
  auth::Mandate made;
  made.agency = AgencyId(std::string(api::AgencyOf(mandate.name())));
  made.mandator = SubjectOf(mandate.mandator());
  made.mandatary = SubjectOf(mandate.mandatary());
  for (const std::string& scope : mandate.scopes())
    made.scope += (made.scope.empty() ? "" : " ") + scope;
  made.start_time = ToTime(mandate.start_time());
  made.end_time = ToTime(mandate.end_time());
  return made;
}

auth::AccessUpdate ToAccessUpdate(const v1::FollowAccessResponse& news) {
  auth::AccessUpdate update;
  update.version = {.changes = news.version(), .bindings = news.bindings_version()};
  update.lease = absl::Seconds(news.lease().seconds()) + absl::Nanoseconds(news.lease().nanos());
  for (const v1::Revocation& one : news.revocations()) {
    update.revocations.push_back(
        {.key = one.key(), .expire_time = absl::FromUnixSeconds(one.expire_time().seconds())});
  }
  return update;
}

auth::JwksSource::Fetch KeysFromIdentity(const rpc::Channel& identity) {
  auto stub = std::shared_ptr<v1::OAuth::StubInterface>(v1::OAuth::NewStub(identity.Next()));
  return [stub]() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const google::api::HttpBody body,
                     Call(*stub, &v1::OAuth::StubInterface::GetJwks, v1::GetJwksRequest()));
    return body.data();
  };
}

auth::AccessFollower::Source AccessFromIdentity(const rpc::Channel& identity,
                                                rpc::TokenSource own_token) {
  auto feed =
      std::shared_ptr<v1::AccessFeed::StubInterface>(v1::AccessFeed::NewStub(identity.Next()));
  auto roles =
      std::shared_ptr<v1::RoleBindings::StubInterface>(v1::RoleBindings::NewStub(identity.Next()));
  auto mandates =
      std::shared_ptr<v1::Mandates::StubInterface>(v1::Mandates::NewStub(identity.Next()));
  return [feed, roles, mandates, own_token = std::move(own_token), follower = NewUuid4()](
             const auth::AccessVersion& known) -> absl::StatusOr<auth::AccessUpdate> {
    ASSIGN_OR_RETURN(const std::string token, own_token());
    v1::FollowAccessRequest request;
    request.set_follower_id(follower);
    request.set_version(known.changes);
    ASSIGN_OR_RETURN(const v1::FollowAccessResponse news,
                     Call(*feed, &v1::AccessFeed::StubInterface::FollowAccess, request, token));
    auth::AccessUpdate update = ToAccessUpdate(news);
    if (update.version.bindings != known.bindings) {
      ASSIGN_OR_RETURN(update.bindings, ReadBindings(*roles, token));
      ASSIGN_OR_RETURN(update.mandates, ReadMandates(*mandates, token));
    }
    return update;
  };
}

rpc::ServiceToken::Fetch TokenFromIdentity(const rpc::Channel& identity,
                                           std::string client_id,
                                           logging::Secret secret,
                                           const time::Clock& clock) {
  auto stub = std::shared_ptr<v1::OAuth::StubInterface>(v1::OAuth::NewStub(identity.Next()));
  return [stub,
          id = std::move(client_id),
          secret = std::move(secret),
          &clock]() -> absl::StatusOr<rpc::ServiceToken::Token> {
    v1::IssueTokenRequest request;
    request.mutable_body()->set_content_type("application/x-www-form-urlencoded");
    request.mutable_body()->set_data(
        fmt::format("grant_type=client_credentials&client_id={}&client_secret={}",
                    FormEncode(id),
                    FormEncode(secret.Reveal())));
    const absl::Time asked = clock.Now();
    ASSIGN_OR_RETURN(const google::api::HttpBody body,
                     Call(*stub, &v1::OAuth::StubInterface::IssueToken, request));
    return ReadToken(body.data(), asked);
  };
}

}  // namespace teraju::service
