// Bodies that flow in chunks: the two reactors between gRPC's threads and a handler that blocks.
// Never more than one chunk waits in either direction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "google/api/httpbody.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"

namespace teraju::rpc {

// How long a handler waits for a client that neither sends nor takes anything.
inline constexpr absl::Duration kStreamIdle = absl::Seconds(30);

// Receives the chunks of a download. False: the client is gone, or took nothing for kStreamIdle.
using Sink = std::function<bool(google::api::HttpBody chunk)>;

// The chunks of an upload, for the handler's thread.
class Source {
 public:
  // The bytes of the next chunk, nullopt at the end. INVALID_ARGUMENT (BODY_TOO_LARGE) behind the
  // method's limit, CANCELLED when the client went away before it had said that it was done,
  // DEADLINE_EXCEEDED when nothing came for kStreamIdle.
  absl::StatusOr<std::optional<std::string>> Next();

 protected:
  explicit Source(std::int64_t limit) : limit_(limit) {}
  ~Source() = default;

  // Asks gRPC for one more message; ReadDone follows.
  virtual void StartNext() = 0;
  // The message's body, nullopt when there is no further message.
  void ReadDone(std::optional<std::string> body);
  // Asks gRPC to send the headers of the answer; HeadersDone follows.
  virtual void StartHeaders() = 0;
  void HeadersDone(bool sent);
  void Cancelled();

 private:
  bool WholeStream();

  const std::int64_t limit_;  // bytes; 0: none
  std::int64_t received_ = 0;
  bool first_taken_ = false;
  bool ended_ = false;
  absl::Mutex mutex_;
  bool read_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<bool> headers_sent_ ABSL_GUARDED_BY(mutex_);
  std::optional<std::string> body_ ABSL_GUARDED_BY(mutex_);
};

template <typename Request>
class UploadReactor final : public grpc::ServerReadReactor<Request>, public Source {
 public:
  explicit UploadReactor(std::int64_t limit) : Source(limit) {}

  // Reads the first message and calls `enter` with it (empty when the client sent none).
  void Begin(absl::AnyInvocable<void(Request&)> enter) {
    enter_ = std::move(enter);
    this->StartRead(&first_);
  }

 private:
  void StartNext() override {
    next_.Clear();
    this->StartRead(&next_);
  }
  void OnReadDone(bool ok) override {
    Request& message = enter_ ? first_ : next_;
    ReadDone(ok ? std::optional(message.body().data()) : std::nullopt);
    if (enter_) std::exchange(enter_, nullptr)(first_);
  }
  void StartHeaders() override { this->StartSendInitialMetadata(); }
  void OnSendInitialMetadataDone(bool ok) override { HeadersDone(ok); }
  void OnCancel() override { Cancelled(); }
  void OnDone() override { delete this; }

  absl::AnyInvocable<void(Request&)> enter_;
  Request first_;
  Request next_;
};

class DownloadReactor final : public grpc::ServerWriteReactor<google::api::HttpBody> {
 public:
  explicit DownloadReactor(grpc::CallbackServerContext* context) : context_(context) {}

  // Waits until the chunk before is on its way. For the handler's thread.
  bool Write(google::api::HttpBody chunk);
  void End(grpc::Status status);

 private:
  bool AwaitWritten();
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

  grpc::CallbackServerContext* const context_;
  google::api::HttpBody chunk_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace teraju::rpc
