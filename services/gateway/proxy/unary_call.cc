// One request, one answer; tried again where that cannot do anything twice.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/errors/error.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/proxy/rest_call.h"
#include "services/gateway/proxy/transcode.h"

namespace teraju::gateway {
namespace {

constexpr int kAttempts = 3;
constexpr absl::Duration kFirstPause = absl::Milliseconds(30);

class UnaryCall : public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(std::shared_ptr<RestCall> call,
            Backend& backend,
            const google::protobuf::Message& request)
      : call_(std::move(call)),
        backend_(backend),
        request_(ToBytes(request)),
        repeatable_(IsRepeatable(request)) {
    backend_.Called();
  }

  void Send() {
    const RestLimits& limits = call_->limits();
    response_.Clear();
    context_ = call_->MakeContext(call_->method().rule.waits ? limits.waiting_call_timeout
                                                             : limits.call_timeout);
    backend_.Next().UnaryCall(context_.get(),
                              call_->method().path,
                              {},
                              &request_,
                              &response_,
                              [self = shared_from_this()](grpc::Status status) {
                                self->call_->dependencies().calls.Remove(self->context_.get());
                                self->call_->exchange().Post(
                                    [self, status = std::move(status)] { self->Receive(status); });
                              });
  }

 private:
  // A read changes nothing; a write with a request id is done once however often it is sent.
  bool IsRepeatable(const google::protobuf::Message& request) const {
    const Method& method = call_->method();
    return method.read_only ||
           (method.request_id != nullptr &&
            !request.GetReflection()->GetString(request, method.request_id).empty());
  }

  void Receive(const grpc::Status& status) {
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE && repeatable_ &&
        ++attempt_ < kAttempts && backend_.MayRetry()) {
      // Spread out, so that the calls of a replica that fell do not come back as one.
      const double spread =
          0.5 + static_cast<double>(reinterpret_cast<std::uintptr_t>(this) / 64 % 1000) / 1000;
      return call_->exchange().After(kFirstPause * spread * (1 << attempt_),
                                     [self = shared_from_this()] { self->Send(); });
    }
    if (!status.ok()) return call_->Fail(status, backend_.name());
    const std::unique_ptr<google::protobuf::Message> message(
        call_->method().response->prototype->New());
    if (!FromBytes(response_, *message)) {
      return call_->Fail(errors::Internal(errors::reasons::INTERNAL_FAULT,
                                          "The service's answer cannot be read."));
    }
    auto response = MakeResponse(call_->dependencies().codec, call_->method(), *message);
    if (!response.ok()) return call_->Fail(response.status());
    call_->Succeed(*std::move(response));
  }

  std::shared_ptr<RestCall> call_;
  Backend& backend_;
  grpc::ByteBuffer request_;
  const bool repeatable_;
  int attempt_ = 0;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer response_;
};

}  // namespace

void SendUnary(std::shared_ptr<RestCall> call, std::string_view body) {
  const std::unique_ptr<google::protobuf::Message> request = call->MakeMessage(body);
  if (request == nullptr) return;
  Backend* backend = call->FindBackend(*request);
  if (backend == nullptr) return;
  std::make_shared<UnaryCall>(std::move(call), *backend, *request)->Send();
}

}  // namespace teraju::gateway
