#include "common/rpc/pipeline.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <grpc/grpc_security_constants.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/api/field_rules.h"
#include "common/api/strong_id.h"
#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/errors/status_macros.h"
#include "common/rpc/method_rule.h"
#include "common/rpc/request_metadata.h"

namespace teraju::rpc {
namespace {

using errors::reasons::DEADLINE_PASSED;
using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::MANDATE_MISSING;
using errors::reasons::OPERATION_CANCELLED;
using errors::reasons::OVERLOADED;
using errors::reasons::SESSION_ENDED;
using errors::reasons::TOKEN_INVALID;
using errors::reasons::TOKEN_MISSING;
using google::protobuf::Message;

// For calls that bring no deadline. One that waits asks for its time itself and gets it on top.
constexpr absl::Duration kDefaultTimeout = absl::Seconds(10);
constexpr absl::Duration kDefaultWaitTimeout = absl::Seconds(30);
constexpr absl::Duration kDefaultStreamTimeout = absl::Minutes(30);
constexpr absl::Duration kRecordTimeout = absl::Seconds(1);
// Every replica of every service asks this five times a second: the metrics count it, and a line
// for each would be most of the log.
constexpr std::string_view kHeartbeat = "identity.access.follow";

// SHA-256 of the request without its request id, fields in a fixed order: what a repetition must be
// equal in.
std::string HashOf(const Message& request) {
  const std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  copy->GetReflection()->ClearField(copy.get(),
                                    copy->GetDescriptor()->FindFieldByName("request_id"));
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream out(&bytes);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    copy->SerializeToCodedStream(&coded);
  }
  return auth::Sha256(bytes);
}

absl::Duration DefaultTimeout(const MethodRule* rule) {
  if (rule != nullptr && rule->streams) return kDefaultStreamTimeout;
  return rule != nullptr && rule->waits ? kDefaultWaitTimeout : kDefaultTimeout;
}

bool OurFault(grpc::StatusCode code) {
  return code == grpc::INTERNAL || code == grpc::UNKNOWN || code == grpc::DATA_LOSS ||
         code == grpc::UNIMPLEMENTED;
}
bool Trouble(grpc::StatusCode code) {
  return code == grpc::UNAVAILABLE || code == grpc::RESOURCE_EXHAUSTED ||
         code == grpc::DEADLINE_EXCEEDED;
}

}  // namespace

struct Pipeline::Impl {
  // One call on its way.
  struct Call {
    const MethodRule* rule;  // null: the method has none, which CheckService rules out at the start
    grpc::CallbackServerContext* context;
    Message* request;
    Work work;
    Pipeline::Finish finish;
    RequestMetadata metadata;
    auth::CallContext::Fields fields;
    absl::Time began = absl::Now();
  };

  explicit Impl(Dependencies dependencies)
      : on(std::move(dependencies)), domain(on.service + ".teraju") {}

  const MethodRule* RuleFor(const google::protobuf::Descriptor& request) const {
    {
      absl::ReaderMutexLock lock(&mutex);
      if (const auto found = rules.find(&request); found != rules.end()) return found->second.get();
    }
    absl::StatusOr<MethodRule> rule = RuleOfRequest(request);
    if (!rule.ok()) return nullptr;
    absl::MutexLock lock(&mutex);
    return rules.try_emplace(&request, std::make_unique<MethodRule>(*std::move(rule)))
        .first->second.get();
  }

  bool Anonymous(const Call& call) const {
    return call.rule != nullptr && call.rule->access == MethodRule::Access::kResponseToken;
  }

  // Deadline, call id, language: what is known before anybody is believed.
  void Read(Call& call) const {
    call.metadata = ReadRequestMetadata(*call.context);
    auth::CallContext::Fields& fields = call.fields;
    fields.time = on.clock.Now();
    fields.deadline = absl::FromChrono(call.context->deadline());
    if (call.context->deadline() == std::chrono::system_clock::time_point::max()) {
      fields.deadline = call.began + DefaultTimeout(call.rule);
    }
    fields.locale = call.metadata.locale;
    const bool ends = call.rule != nullptr && call.rule->waits;
    fields.cancelled = [this, context = call.context, ends] {
      return context->IsCancelled() || (ends && waits_end);
    };
    if (call.rule != nullptr) {
      fields.method = call.rule->name;
      fields.permission = call.rule->permission;
    }
    if (Anonymous(call)) return;
    fields.traceparent = call.metadata.traceparent;
    fields.source = call.metadata.source;
    fields.call_id =
        call.metadata.request_id.empty() ? NewUuid7(absl::Now()) : call.metadata.request_id;
    call.context->AddTrailingMetadata("x-request-id", fields.call_id);
  }

  absl::Status CheckPeer(const Call& call) const {
    if (on.peers.empty()) return absl::OkStatus();
    const auto names =
        call.context->auth_context()->FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME);
    const bool known = std::any_of(names.begin(), names.end(), [&](const grpc::string_ref& name) {
      return std::find(on.peers.begin(),
                       on.peers.end(),
                       std::string_view(name.data(), name.size())) != on.peers.end();
    });
    return known ? absl::OkStatus() : errors::Denied("peer", call.fields.method);
  }

  absl::Status Authenticate(Call& call) const {
    const RequestMetadata& metadata = call.metadata;
    switch (call.rule->access) {
      case MethodRule::Access::kPublic:
        return absl::OkStatus();
      case MethodRule::Access::kResponseToken:
        // Whoever answers must not be known, so a token that says who it is is no help but a
        // mistake.
        if (!metadata.has_authorization) return absl::OkStatus();
        return errors::Unauthenticated(TOKEN_INVALID, "This method takes no bearer token.");
      case MethodRule::Access::kPermission:
        break;
    }
    if (!metadata.has_authorization)
      return errors::Unauthenticated(TOKEN_MISSING, "A bearer token is required.");
    ASSIGN_OR_RETURN(call.fields.principal, on.verifier.Verify(metadata.bearer_token));
    RETURN_IF_ERROR(CheckFreshness(call.fields.principal));
    call.fields.token = metadata.bearer_token;
    return metadata.on_behalf_of.empty() ? absl::OkStatus() : SpeakFor(call);
  }

  // A good token is not enough: its session may have ended, and who does not know must not guess.
  absl::Status CheckFreshness(const auth::Principal& principal) const {
    if (!principal.service() && !on.authorizer.fresh()) {
      return errors::Unavailable(DEPENDENCY_UNAVAILABLE, "The role bindings are not up to date.")
          .With("dependency", "identity");
    }
    if (!on.authorizer.Revoked(principal)) return absl::OkStatus();
    return errors::Unauthenticated(SESSION_ENDED, "The session or the account has ended.");
  }

  // From here on the caller is the person he speaks for, within what that person has given by
  // mandate.
  absl::Status SpeakFor(Call& call) const {
    auth::Principal& principal = call.fields.principal;
    const std::string& person = call.metadata.on_behalf_of;
    const std::string scope = on.authorizer.MandateScope(principal, person, call.fields.time);
    if (!auth::InScope(scope, call.rule->permission) || !principal.scope.empty()) {
      return errors::Make(absl::StatusCode::kPermissionDenied,
                          MANDATE_MISSING,
                          "No mandate in force covers this.")
          .With("person", person);
    }
    principal.acting = std::exchange(principal.subject, person);
    principal.scope = scope;
    return absl::OkStatus();
  }

  absl::Status CheckPermission(const Call& call) const {
    if (call.rule->access != MethodRule::Access::kPermission) return absl::OkStatus();
    const auth::Principal& principal = call.fields.principal;
    if (on.authorizer.AllowedSomewhere(principal, call.rule->permission)) return absl::OkStatus();
    return errors::Denied(call.rule->permission, call.rule->name);
  }

  absl::Status Handle(Call& call) {
    if (call.rule == nullptr) return absl::InternalError("the method has no access rule");
    RETURN_IF_ERROR(CheckPeer(call));
    RETURN_IF_ERROR(Authenticate(call));
    RETURN_IF_ERROR(CheckPermission(call));
    RETURN_IF_ERROR(api::ApplyFieldRules(*call.request));
    call.fields.request_id = api::RequestIdOf(*call.request);
    if (!call.fields.request_id.empty()) call.fields.request_hash = HashOf(*call.request);
    // The same request for another person is another request.
    if (!call.fields.principal.acting.empty())
      call.fields.request_hash =
          auth::Sha256(call.fields.request_hash + call.fields.principal.subject);
    call.fields.validate_only = api::ValidateOnly(*call.request);
    const auth::CallContext context(call.fields, on.authorizer);
    RETURN_IF_ERROR(call.work(context));
    if (!call.rule->permission.empty() && !context.asked()) {
      return absl::InternalError(
          "the handler answered without having asked for permission on its object");
    }
    return absl::OkStatus();
  }

  // A refusal is on record before it is told; the record is not part of what was asked, so it has
  // neither its request id nor its dry run, and time of its own.
  absl::Status RecordRefusal(const Call& call, const absl::Status& refusal) const {
    if (!on.record_refusal || call.fields.principal.anonymous()) return refusal;
    auth::CallContext::Fields fields = call.fields;
    fields.request_id.clear();
    fields.validate_only = false;
    fields.deadline = std::max(fields.deadline, absl::Now() + kRecordTimeout);
    const auth::CallContext context(std::move(fields), on.authorizer);
    RETURN_IF_ERROR(on.record_refusal(context, refusal));
    return refusal;
  }

  // Whatever a handler throws ends here and not in gRPC, which would end the process.
  absl::Status HandleSafely(Call& call) {
    try {
      absl::Status status = Handle(call);
      return absl::IsPermissionDenied(status) ? RecordRefusal(call, status) : status;
    } catch (const std::exception& exception) {
      return absl::InternalError(fmt::format("exception: {}", exception.what()));
    } catch (...) {
      return absl::InternalError("exception of an unknown type");
    }
  }

  absl::Status TakeTurn(Call& call, Executor::Turn turn) {
    switch (turn) {
      case Executor::Turn::kRefused:
        return errors::ResourceExhausted(OVERLOADED, "The service is at its limit.")
            .RetryAfter(absl::Seconds(1));
      case Executor::Turn::kExpired:
        return errors::Make(absl::StatusCode::kDeadlineExceeded,
                            DEADLINE_PASSED,
                            "Time ran out before the work began.");
      case Executor::Turn::kRun:
        break;
    }
    if (call.context->IsCancelled()) {
      return errors::Make(
          absl::StatusCode::kCancelled, OPERATION_CANCELLED, "The caller no longer waits.");
    }
    return HandleSafely(call);
  }

  void End(Call& call, const absl::Status& status) {
    const auth::CallContext::Fields& fields = call.fields;
    grpc::Status sent = status.ok() ? grpc::Status::OK
                                    : errors::ToGrpc(status, domain, fields.call_id, fields.locale);
    const std::string code =
        absl::StatusCodeToString(static_cast<absl::StatusCode>(sent.error_code()));
    const absl::Duration took = absl::Now() - call.began;
    on.metrics.Handled(fields.method, code, absl::ToDoubleSeconds(took));
    ++handled;
    if (OurFault(sent.error_code()) || sent.error_code() == grpc::UNAVAILABLE ||
        sent.error_code() == grpc::RESOURCE_EXHAUSTED)
      ++failed;
    Log(call, status, sent.error_code(), code, absl::ToInt64Milliseconds(took));
    call.finish(std::move(sent));
  }

  void Log(const Call& call,
           const absl::Status& status,
           grpc::StatusCode sent,
           const std::string& code,
           std::int64_t ms) {
    const auth::CallContext::Fields& fields = call.fields;
    if (status.ok() && fields.permission == kHeartbeat) return;
    if (Anonymous(call)) {
      on.logger.Bare({{"method", fields.method}, {"code", code}, {"ms", ms}});
      return;
    }
    logging::Fields line = {
        {"request_id", fields.call_id}, {"method", fields.method}, {"code", code}, {"ms", ms}};
    if (!fields.principal.anonymous()) line.emplace_back("caller", fields.principal.subject);
    if (!fields.principal.acting.empty()) line.emplace_back("acting", fields.principal.acting);
    if (!fields.traceparent.empty()) line.emplace_back("traceparent", fields.traceparent);
    const std::string reason = errors::ReasonOf(status);
    if (!reason.empty()) line.emplace_back("reason", reason);
    const std::string cause(status.message());
    if (OurFault(sent)) {
      line.emplace_back("cause", cause);
      on.logger.Error("call", line);
    } else if (Trouble(sent)) {
      on.logger.Warning("call", line);
    } else {
      on.logger.Info("call", line);
    }
  }

  const Dependencies on;
  const std::string domain;
  std::atomic<bool> waits_end = false;
  std::atomic<std::int64_t> handled = 0;
  std::atomic<std::int64_t> failed = 0;
  mutable absl::Mutex mutex;
  mutable absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MethodRule>>
      rules ABSL_GUARDED_BY(mutex);
};

Pipeline::Pipeline(Dependencies dependencies)
    : impl_(std::make_unique<Impl>(std::move(dependencies))) {}
Pipeline::~Pipeline() = default;

void Pipeline::EndWaits() { impl_->waits_end = true; }

CallCounts Pipeline::Counted() const {
  return {.handled = impl_->handled, .failed = impl_->failed};
}

void Pipeline::Enter(grpc::CallbackServerContext* context,
                     Message& request,
                     Work work,
                     Finish finish) {
  impl_->on.metrics.Started();
  auto call = std::make_unique<Impl::Call>();
  call->rule = impl_->RuleFor(*request.GetDescriptor());
  call->context = context;
  call->request = &request;
  call->work = std::move(work);
  call->finish = std::move(finish);
  impl_->Read(*call);
  const absl::Time deadline = call->fields.deadline;
  const bool slow = call->rule != nullptr && (call->rule->waits || call->rule->streams);
  Executor& executor = slow ? impl_->on.waits : impl_->on.calls;
  executor.Submit(deadline, [impl = impl_.get(), call = std::move(call)](Executor::Turn turn) {
    impl->End(*call, impl->TakeTurn(*call, turn));
  });
}

std::int64_t Pipeline::UploadLimit(const google::protobuf::Descriptor& request) const {
  const MethodRule* rule = impl_->RuleFor(request);
  return rule == nullptr ? 0 : rule->max_upload_bytes;
}

}  // namespace teraju::rpc
