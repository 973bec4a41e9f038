// A server stream of google.api.HttpBody chunks, as one HTTP body. No more is taken from the
// service than the client has read.
#include <string>
#include <utility>

#include "google/api/httpbody.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/gateway/proxy/rest_call.h"
#include "services/gateway/proxy/transcode.h"

namespace teraju::gateway {
namespace {

class DownloadCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  DownloadCall(std::shared_ptr<RestCall> call,
               Backend& backend,
               const google::protobuf::Message& request)
      : call_(std::move(call)), backend_(backend), request_(ToBytes(request)) {}

  void Start() {
    context_ = call_->MakeContext(call_->limits().stream_timeout);
    backend_.Next().PrepareBidiStreamingCall(context_.get(), call_->method().path, {}, this);
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&chunk_);
    // Reads begin on the exchange's loop too, not only within reactions.
    AddHold();
    StartCall();
  }

  void OnReadDone(bool ok) override {
    call_->exchange().Post([this, ok] { ok ? Forward() : EndReads(); });
  }

  void OnDone(const grpc::Status& status) override {
    call_->dependencies().calls.Remove(context_.get());
    call_->exchange().Post([this, status] {
      Finish(status);
      delete this;
    });
  }

 private:
  void Forward() {
    google::api::HttpBody body;
    if (!FromBytes(chunk_, body)) return Break();
    auto written = [this](bool ok) {
      if (!ok) return Break();
      StartRead(&chunk_);
    };
    if (begun_) return call_->exchange().WriteStream(std::move(*body.mutable_data()), written);
    begun_ = true;
    http::Response head{.headers = {{"Content-Type", SafeContentType(body.content_type())},
                                    {"Cache-Control", "no-store"},
                                    {"Content-Disposition", "attachment"}}};
    call_->exchange().BeginStream(
        std::move(head), [this, written, data = std::move(*body.mutable_data())](bool ok) mutable {
          if (!ok) return Break();
          call_->exchange().WriteStream(std::move(data), written);
        });
  }

  void Break() {
    context_->TryCancel();
    EndReads();
  }

  void EndReads() { RemoveHold(); }

  void Finish(const grpc::Status& status) {
    if (!begun_) {
      if (!status.ok()) return call_->Fail(status, backend_.name());
      return call_->Succeed({.headers = {{"Cache-Control", "no-store"}}});
    }
    // What has begun as a success can only be broken off.
    status.ok() ? call_->exchange().EndStream() : call_->exchange().Abort();
    call_->Count(status.error_code());
  }

  std::shared_ptr<RestCall> call_;
  Backend& backend_;
  grpc::ByteBuffer request_;
  std::unique_ptr<grpc::ClientContext> context_;
  grpc::ByteBuffer chunk_;
  bool begun_ = false;
};

}  // namespace

void SendDownload(std::shared_ptr<RestCall> call) {
  const std::unique_ptr<google::protobuf::Message> request = call->MakeMessage("");
  if (request == nullptr) return;
  Backend* backend = call->FindBackend(*request);
  if (backend == nullptr) return;
  // Deletes itself when the call is done.
  (new DownloadCall(std::move(call), *backend, *request))->Start();
}

}  // namespace teraju::gateway
