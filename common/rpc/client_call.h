// Calls a peer's unary method from an executor's thread: deadline, token, ids and language travel
// with it, errors come back as statuses with their details.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "common/errors/grpc_status.h"
#include "common/rpc/channel.h"
#include "grpcpp/client_context.h"

namespace teraju::rpc {

// A bearer token of this service, for work that no person asked for. See service_token.h.
using TokenSource = std::function<absl::StatusOr<std::string>()>;

// Fills the context of an outgoing call: what is left of `call`'s deadline less a margin for the
// way back, x-request-id, traceparent, accept-language, and `token`. DEADLINE_EXCEEDED when nothing
// is left.
absl::Status PrepareContext(grpc::ClientContext& context,
                            const CallContext& call,
                            const std::string& token);

// The methods of one generated service (`v1::Employees`). Thread-safe.
//   ASSIGN_OR_RETURN(v1::Employee employee, employees_.Call(call,
//   &v1::Employees::StubInterface::GetEmployee, request));
template <typename Service>
class Client {
 public:
  using Stub = typename Service::StubInterface;

  Client(const Channel& channel, TokenSource own_token)
      : channel_(&channel), own_token_(std::move(own_token)) {
    for (const auto& connection : channel.all()) stubs_.push_back(Service::NewStub(connection));
  }
  // With one stub, for tests.
  Client(std::unique_ptr<Stub> stub, TokenSource own_token) : own_token_(std::move(own_token)) {
    stubs_.push_back(std::move(stub));
  }

  // As the caller: the token of `call` is forwarded; where there is none, as this service.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const CallContext& call,
                                grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                             const Request&,
                                                             Response*),
                                const Request& request) const {
    if (call.token().empty()) return CallAsService(call, method, request);
    return CallWith(call, call.token(), method, request);
  }

  // As this service, whoever called it: for what the caller may not read but this service needs for
  // the answer.
  template <typename Request, typename Response>
  absl::StatusOr<Response> CallAsService(const CallContext& call,
                                         grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                      const Request&,
                                                                      Response*),
                                         const Request& request) const {
    absl::StatusOr<std::string> token = own_token_();
    if (!token.ok()) return token.status();
    return CallWith(call, *token, method, request);
  }

 private:
  template <typename Request, typename Response>
  absl::StatusOr<Response> CallWith(const CallContext& call,
                                    const std::string& token,
                                    grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                 const Request&,
                                                                 Response*),
                                    const Request& request) const {
    grpc::ClientContext context;
    if (absl::Status prepared = PrepareContext(context, call, token); !prepared.ok())
      return prepared;
    Response response;
    Stub& stub = *stubs_[channel_ == nullptr ? 0 : channel_->Turn()];
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return errors::FromGrpc(status);
    return response;
  }

  const Channel* channel_ = nullptr;
  TokenSource own_token_;
  std::vector<std::unique_ptr<Stub>> stubs_;  // one of each connection
};

}  // namespace teraju::rpc
