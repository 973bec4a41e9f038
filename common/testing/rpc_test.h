// A service's methods behind a real gRPC server in the test's own process: with callers that the
// test names, bindings that it sets, a clock that it moves and log lines that it reads. Nothing of
// the pipeline is left out.
//
//   RpcHost host("evaluation");
//   host.Serve<CyclesService>(host.pipeline(), database);
//   auto cycles = host.Client<v1::Cycles>();
//   EXPECT_THAT(cycles.Call({.subject = "employees/budi", .agency = "city"},
//   &v1::Cycles::StubInterface::GetCycle, request),
//               HasReason(v1::CYCLE_CLOSED));
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/permissions.h"
#include "common/auth/token_signer.h"
#include "common/errors/grpc_status.h"
#include "common/rpc/pipeline.h"
#include "common/testing/fake_clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/service_type.h"

namespace teraju::testing {

// Who calls, and how. Without a subject: nobody, without a token.
struct Caller {
  std::string subject = {};  // `employees/{id}`, `services/{name}`, …
  std::string agency = {};
  std::string locale = "en";
  std::string session = {};
  std::string scope = {};
  std::string on_behalf_of = {};  // whom he speaks for
  std::string source = {};        // the address that the gateway has seen
  std::string token = {};         // in place of one made for `subject`
  std::string request_id = {};
  absl::Duration timeout = absl::Seconds(10);
};

class RpcHost;

// Calls the methods of one generated service.
template <typename Service>
class TestClient {
 public:
  using Stub = typename Service::StubInterface;
  TestClient(RpcHost& host, std::unique_ptr<Stub> stub) : host_(host), stub_(std::move(stub)) {}

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller,
                                grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                             const Request&,
                                                             Response*),
                                const Request& request);
  Stub& stub() { return *stub_; }

 private:
  RpcHost& host_;
  std::unique_ptr<Stub> stub_;
};

class RpcHost {
 public:
  // `peers`: URI names of the certificates that may call, for tests of mutual TLS.
  explicit RpcHost(const std::string& service,
                   const auth::PermissionTable& permissions = auth::PermissionTable::Default(),
                   std::vector<std::string> peers = {});
  ~RpcHost();

  rpc::Pipeline& pipeline();
  FakeClock& clock();
  logging::Logger& logger();
  metrics::Registry& metrics();
  const auth::TokenSigner& signer() const;

  // Makes a service and keeps it. Before the first client.
  template <typename T, typename... Args>
  T& Serve(Args&&... args) {
    auto service = std::make_unique<T>(std::forward<Args>(args)...);
    T& made = *service;
    Add(std::move(service));
    return made;
  }

  template <typename Service>
  TestClient<Service> Client() {
    return {*this, Service::NewStub(channel())};
  }
  // In process; the server starts with the first.
  std::shared_ptr<grpc::Channel> channel();
  // Sets deadline and metadata for a call of `caller`.
  void Prepare(grpc::ClientContext& context, const Caller& caller) const;
  // A token of now, good for ten minutes of clock().
  std::string CallerToken(const std::string& subject,
                          const std::string& agency = "",
                          const std::string& session = "",
                          const std::string& scope = "") const;

  // All role bindings there are; none at the start. They stay fresh until StaleBindings().
  void Bind(std::vector<auth::RoleBinding> bindings);
  // All mandates there are; none at the start.
  void SetMandates(std::vector<auth::Mandate> mandates);
  void StaleBindings();
  // Told of refusals, as a service's audit log would be.
  using Recorder = std::function<absl::Status(const CallContext&, const absl::Status&)>;
  void RecordRefusals(Recorder recorder);
  // auth::SessionKey, SubjectKey or SigningKeyKey.
  void Revoke(const std::string& key);

  std::vector<std::string> log_lines() const;

 private:
  void Add(std::unique_ptr<grpc::Service> service);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <typename Service>
template <typename Request, typename Response>
absl::StatusOr<Response> TestClient<Service>::Call(
    const Caller& caller,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request) {
  grpc::ClientContext context;
  host_.Prepare(context, caller);
  Response response;
  const grpc::Status status = ((*stub_).*method)(&context, request, &response);
  if (!status.ok()) return errors::FromGrpc(status);
  return response;
}

}  // namespace teraju::testing
