// An HTTP body of any size, as a client stream of google.api.HttpBody chunks. No more is read from
// the client than the service has taken.
#include <memory>
#include <string>
#include <utility>

#include "common/errors/error.h"
#include "google/api/httpbody.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/proxy/rest_call.h"
#include "services/gateway/proxy/transcode.h"

namespace teraju::gateway {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

// Everything but the reactions runs on the exchange's loop. Alive until the call is done and the
// client's last piece has come.
class UploadCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                         public std::enable_shared_from_this<UploadCall> {
 public:
  // `first` has the fields of path and query: the first message carries them beside its chunk.
  UploadCall(std::shared_ptr<RestCall> call,
             Backend& backend,
             std::unique_ptr<google::protobuf::Message> first)
      : call_(std::move(call)),
        backend_(backend),
        message_(std::move(first)),
        limit_(static_cast<std::uint64_t>(call_->method().rule.max_upload_bytes)) {}

  void Start() {
    self_ = shared_from_this();
    context_ = call_->MakeContext(call_->limits().stream_timeout);
    backend_.Next().PrepareBidiStreamingCall(context_.get(), call_->method().path, {}, this);
    StartRead(&answer_);
    AddHold();  // until the last write has been started, from the exchange's loop
    StartCall();
    Collect();
  }

  void OnWriteDone(bool ok) override {
    call_->exchange().Post([this, self = shared_from_this(), ok] {
      if (ok) return Collect();
      StopWriting();
    });
  }

  // The service has answered, perhaps before the upload's end: what the client still sends is not
  // waited for.
  void OnReadDone(bool) override {
    call_->exchange().Post([this, self = shared_from_this()] {
      answered_ = true;
      if (reading_) StopWriting();
    });
  }

  void OnDone(const grpc::Status& status) override {
    call_->dependencies().calls.Remove(context_.get());
    call_->exchange().Post([self = std::move(self_), status] { self->Finish(status); });
  }

 private:
  // Gathers a chunk from what comes in, then sends it.
  void Collect() {
    if (last_) return;
    if (answered_) return StopWriting();
    if (chunk_.size() >= kChunk) return Send(false);
    reading_ = true;
    call_->exchange().ReadSome(
        [this, self = shared_from_this()](absl::StatusOr<std::string> piece) {
          reading_ = false;
          if (last_) return;
          if (!piece.ok()) return Refuse(piece.status());
          if (piece->empty()) return Send(true);
          total_ += piece->size();
          if (limit_ > 0 && total_ > limit_) {
            return Refuse(
                errors::InvalidArgument(errors::reasons::BODY_TOO_LARGE, "The upload is too large.")
                    .With("limit", std::to_string(limit_)));
          }
          chunk_ += *piece;
          Collect();
        });
  }

  void Send(bool last) {
    auto* body = static_cast<google::api::HttpBody*>(
        message_->GetReflection()->MutableMessage(message_.get(), call_->method().raw_request));
    if (!sent_) body->set_content_type(std::string(call_->exchange().head().Find("content-type")));
    *body->mutable_data() = std::exchange(chunk_, {});
    sent_ = true;
    last_ = last;
    bytes_ = ToBytes(*message_);
    message_->Clear();
    if (!last) return StartWrite(&bytes_);
    StartWriteLast(&bytes_, grpc::WriteOptions());
    RemoveHold();
  }

  void Refuse(const absl::Status& status) {
    refusal_ = status;
    context_->TryCancel();
    StopWriting();
  }

  void StopWriting() {
    if (std::exchange(last_, true)) return;
    RemoveHold();
  }

  void Finish(const grpc::Status& status) {
    if (!refusal_.ok()) return call_->Fail(refusal_);
    if (!status.ok()) return call_->Fail(status, backend_.name());
    const std::unique_ptr<google::protobuf::Message> message(
        call_->method().response->prototype->New());
    if (!FromBytes(answer_, *message)) {
      return call_->Fail(errors::Internal(errors::reasons::INTERNAL_FAULT,
                                          "The service's answer cannot be read."));
    }
    auto response = MakeResponse(call_->dependencies().codec, call_->method(), *message);
    if (!response.ok()) return call_->Fail(response.status());
    call_->Succeed(*std::move(response));
  }

  std::shared_ptr<UploadCall> self_;  // until the call is done
  std::shared_ptr<RestCall> call_;
  Backend& backend_;
  std::unique_ptr<google::protobuf::Message> message_;
  const std::uint64_t limit_;
  std::uint64_t total_ = 0;
  std::string chunk_;
  bool sent_ = false;
  bool last_ = false;      // nothing more will be written
  bool reading_ = false;   // waits for the client
  bool answered_ = false;  // by the service
  absl::Status refusal_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer bytes_;
  grpc::ByteBuffer answer_;
};

}  // namespace

void SendUpload(std::shared_ptr<RestCall> call) {
  const auto limit = static_cast<std::uint64_t>(call->method().rule.max_upload_bytes);
  if (limit > 0 && call->exchange().head().content_length > limit) {
    return call->Fail(
        errors::InvalidArgument(errors::reasons::BODY_TOO_LARGE, "The upload is too large.")
            .With("limit", std::to_string(limit)));
  }
  std::unique_ptr<google::protobuf::Message> first = call->MakeMessage("");
  if (first == nullptr) return;
  Backend* backend = call->FindBackend(*first);
  if (backend == nullptr) return;
  std::make_shared<UploadCall>(std::move(call), *backend, std::move(first))->Start();
}

}  // namespace teraju::gateway
