#include "services/gateway/proxy/grpc_proxy.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/client_context.h"
#include "services/gateway/proxy/call_headers.h"
#include "services/gateway/proxy/error_response.h"
#include "services/gateway/proxy/rest_call.h"

namespace teraju::gateway {
namespace {

namespace reasons = errors::reasons;
using grpc::ByteBuffer;

constexpr char kDomain[] = "gateway.teraju";

// The value of a metadata entry that is there once; empty otherwise.
std::string_view Single(const grpc::ServerContextBase& context, std::string_view name) {
  const auto [begin, end] =
      context.client_metadata().equal_range(grpc::string_ref(name.data(), name.size()));
  if (begin == end || std::next(begin) != end) return {};
  return {begin->second.data(), begin->second.size()};
}

// `ipv4:127.0.0.1:4711` or `ipv6:%5B::1%5D:4711` without scheme, brackets and port.
std::string AddressOf(const std::string& peer) {
  const std::size_t scheme = peer.find(':');
  const std::size_t port = peer.rfind(':');
  if (scheme == std::string::npos || port <= scheme) return "";
  std::string address = peer.substr(scheme + 1, port - scheme - 1);
  for (const char* bracket : {"%5B", "%5D", "[", "]"}) {
    const std::size_t at = address.find(bracket);
    if (at != std::string::npos) address.erase(at, std::string_view(bracket).size());
  }
  return address;
}

// One call: two streams and a pump each way. Each pump has one message under way, so a slow side
// slows the other.
//
// `this` is the server's stream; the backend's is `Upstream`. The server's is ended by the
// backend's last callback, with its last statement, and takes the object along: whoever waits for
// the server has waited for both. The backend's stream is kept from ending (a hold) while a pump
// may still use it: the answers' pump until they end, the requests' pump until they end or the
// answers have ended.
class ProxiedCall final : public grpc::ServerGenericBidiReactor {
 public:
  ProxiedCall(const GrpcProxyDependencies& dependencies,
              absl::Duration longest,
              grpc::GenericCallbackServerContext& context,
              const Method& method)
      : dependencies_(dependencies),
        method_(method),
        headers_(CallHeaders::Read(method.rule,
                                   SourceOf(AddressOf(context.peer()),
                                            Single(context, "x-forwarded-for"),
                                            dependencies.forwarded_hops),
                                   [&](std::string_view name) { return Single(context, name); })),
        start_(absl::Now()),
        deadline_(std::min(absl::FromChrono(context.deadline()), start_ + longest)),
        upstream_(*this) {
    dependencies_.metrics.Started();
    if (const auto now = dependencies_.admission.AdmitNow(method_.rule, headers_)) {
      Begin(*now);
    } else {
      dependencies_.admission.AdmitLater(headers_,
                                         [this](const absl::Status& status) { Begin(status); });
    }
  }

  // --- The client's side.
  void OnReadDone(bool ok) override {
    if (!begun_) return Open(ok);
    {
      absl::MutexLock lock(&mutex_);
      reading_ = false;
      if (answers_ended_) return;  // the hold has been released with the answers
      if (ok) writing_ = true;
    }
    if (ok) return upstream_.StartWrite(&request_);
    upstream_.StartWritesDone();
    upstream_.RemoveHold();
  }
  void OnWriteDone(bool ok) override {
    if (ok) return upstream_.StartRead(&answer_);
    upstream_.context.TryCancel();
    upstream_.StartRead(&answer_);  // ends with the call
  }
  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (begun_) upstream_.context.TryCancel();
  }
  void OnDone() override { Leave(); }  // after Finish

 private:
  struct Upstream final : public grpc::ClientBidiReactor<ByteBuffer, ByteBuffer> {
    explicit Upstream(ProxiedCall& call) : call(call) {}
    void OnReadDone(bool ok) override {
      if (ok) return call.StartWrite(&call.answer_);
      call.EndAnswers();
    }
    void OnWriteDone(bool ok) override { call.WroteRequest(ok); }
    void OnDone(const grpc::Status& status) override {
      call.dependencies_.calls.Remove(&context);
      call.Answer(status);  // the call may be gone now
    }
    ProxiedCall& call;
    grpc::ClientContext context;
  };

  void Begin(const absl::Status& admitted) {
    if (!admitted.ok()) return Refuse(admitted);
    StartRead(&request_);
  }

  // The first message says, where the method does not, which service it is for.
  void Open(bool has_message) {
    std::string target = method_.target;
    if (target.empty() && has_message) {
      const std::unique_ptr<google::protobuf::Message> message(method_.request->prototype->New());
      ByteBuffer copy = request_;
      if (FromBytes(copy, *message)) target = TargetOf(method_, *message);
    }
    backend_ = dependencies_.backends.Find(target);
    if (backend_ == nullptr)
      return Refuse(errors::NotFound(reasons::ROUTE_UNKNOWN, "There is no such service."));
    {
      absl::MutexLock lock(&mutex_);
      begun_ = true;
      upstream_.context.set_deadline(absl::ToChronoTime(deadline_));
      headers_.AddTo(upstream_.context);
      dependencies_.calls.Add(&upstream_.context);
      writing_ = has_message;
      if (cancelled_) upstream_.context.TryCancel();
    }
    backend_->Next().PrepareBidiStreamingCall(&upstream_.context, method_.path, {}, &upstream_);
    upstream_.AddHold();  // the answers' pump
    upstream_.StartRead(&answer_);
    if (method_.upload() && has_message) {
      upstream_.AddHold();  // the requests' pump
      upstream_.StartWrite(&request_);
    } else if (has_message) {
      upstream_.StartWriteLast(&request_, grpc::WriteOptions());
    } else {
      upstream_.StartWritesDone();
    }
    upstream_.StartCall();
  }

  void WroteRequest(bool ok) {
    if (!method_.upload()) return;
    bool release = false;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      release = answers_ended_ || !ok;
      if (!release) reading_ = true;
      if (!ok) answers_ended_ = true;
    }
    if (release) return upstream_.RemoveHold();
    StartRead(&request_);
  }

  void EndAnswers() {
    bool release_requests = false;
    {
      absl::MutexLock lock(&mutex_);
      // Whoever writes now releases its hold itself; whoever waits for the client would wait too
      // long.
      release_requests = method_.upload() && !answers_ended_ && reading_;
      answers_ended_ = true;
    }
    if (release_requests) upstream_.RemoveHold();
    upstream_.RemoveHold();
  }

  void Refuse(const absl::Status& status) {
    code_ = static_cast<int>(status.code());
    Finish(errors::ToGrpc(status, kDomain, headers_.request_id, headers_.locale));
  }

  void Answer(const grpc::Status& status) {
    code_ = status.error_code();
    if (status.ok()) return Finish(status);
    // What the transport could not do gets a reason of ours.
    const google::rpc::Status rpc =
        ToRpcStatus(status, backend_->name(), headers_.request_id, headers_.locale);
    code_ = rpc.code();
    Finish(grpc::Status(
        static_cast<grpc::StatusCode>(rpc.code()), rpc.message(), rpc.SerializeAsString()));
  }

  void Leave() {
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start_);
    const std::string code = CodeName(code_);
    dependencies_.metrics.Handled(method_.rule.name, code, seconds);
    if (method_.rule.access == rpc::MethodRule::Access::kResponseToken) {
      dependencies_.logger.Bare(
          {{"method", method_.rule.name}, {"code", code}, {"ms", seconds * 1000}});
    } else {
      dependencies_.logger.Info("call",
                                {{"method", method_.rule.name},
                                 {"code", code},
                                 {"ms", seconds * 1000},
                                 {"request_id", headers_.request_id}});
    }
    delete this;
  }

  const GrpcProxyDependencies& dependencies_;
  const Method& method_;
  const CallHeaders headers_;
  const absl::Time start_;
  const absl::Time deadline_;
  Backend* backend_ = nullptr;
  int code_ = 0;

  absl::Mutex mutex_;
  bool begun_ = false;
  bool cancelled_ = false;
  bool reading_ = false;  // waits for the client's next message
  bool writing_ = false;  // waits for the backend to take one
  bool answers_ended_ = false;
  ByteBuffer request_;
  ByteBuffer answer_;
  Upstream upstream_;
};

// Refuses a method that no service has.
class UnknownMethod final : public grpc::ServerGenericBidiReactor {
 public:
  UnknownMethod() {
    Finish(errors::ToGrpc(
        errors::Make(
            absl::StatusCode::kUnimplemented, reasons::METHOD_UNKNOWN, "There is no such method."),
        kDomain,
        NewRequestId(),
        "id"));
  }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* GrpcProxy::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const Method* method = dependencies_.methods.Find(context->method());
  if (method == nullptr) return new UnknownMethod;
  return new ProxiedCall(dependencies_, longest_, *context, *method);
}

}  // namespace teraju::gateway
