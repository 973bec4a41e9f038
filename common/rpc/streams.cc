#include "common/rpc/streams.h"

#include "common/errors/error.h"

namespace teraju::rpc {

namespace {

absl::Status BrokenOff() {
  return errors::Make(absl::StatusCode::kCancelled,
                      errors::reasons::OPERATION_CANCELLED,
                      "The upload was broken off.");
}

}  // namespace

absl::StatusOr<std::optional<std::string>> Source::Next() {
  if (ended_) return std::optional<std::string>();
  // The first message was read before the handler ran; its result waits.
  if (std::exchange(first_taken_, true)) {
    {
      absl::MutexLock lock(&mutex_);
      read_ = false;
    }
    StartNext();
  }
  std::optional<std::string> body;
  {
    absl::MutexLock lock(&mutex_);
    const auto arrived = [this]()
                             ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return read_ || cancelled_; };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&arrived), kStreamIdle)) {
      return errors::Make(absl::StatusCode::kDeadlineExceeded,
                          errors::reasons::DEADLINE_PASSED,
                          "The upload stood still for too long.");
    }
    if (cancelled_) return BrokenOff();
    body = std::exchange(body_, std::nullopt);
  }
  if (!body) {
    if (!WholeStream()) return BrokenOff();
    ended_ = true;
    return std::optional<std::string>();
  }
  received_ += static_cast<std::int64_t>(body->size());
  if (limit_ > 0 && received_ > limit_) {
    return errors::InvalidArgument(errors::reasons::BODY_TOO_LARGE,
                                   "The upload is larger than this method allows.")
        .With("limit", std::to_string(limit_));
  }
  return body;
}

// gRPC reports the end of a stream in the same way whether the client was done or is gone, and the
// cancellation that tells them apart may come later, on another thread. A stream that was reset is
// closed in both directions, though: sending fails at once, while one that the client only ended
// takes the headers. An upload that was cut off must never pass for a whole one.
bool Source::WholeStream() {
  StartHeaders();
  absl::MutexLock lock(&mutex_);
  const auto known = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return headers_sent_.has_value();
  };
  mutex_.Await(absl::Condition(&known));
  return *headers_sent_ && !cancelled_;
}

void Source::HeadersDone(bool sent) {
  absl::MutexLock lock(&mutex_);
  headers_sent_ = sent;
}

void Source::ReadDone(std::optional<std::string> body) {
  absl::MutexLock lock(&mutex_);
  body_ = std::move(body);
  read_ = true;
}

void Source::Cancelled() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
}

bool DownloadReactor::AwaitWritten() {
  absl::MutexLock lock(&mutex_);
  const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !writing_ || gone_; };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&free), kStreamIdle)) gone_ = true;
  return !gone_;
}

bool DownloadReactor::Write(google::api::HttpBody chunk) {
  if (!AwaitWritten()) return false;
  chunk_ = std::move(chunk);
  {
    absl::MutexLock lock(&mutex_);
    writing_ = true;
  }
  StartWrite(&chunk_);
  return true;
}

void DownloadReactor::End(grpc::Status status) {
  if (!AwaitWritten()) {
    context_->TryCancel();
    absl::MutexLock lock(&mutex_);
    const auto written = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !writing_; };
    mutex_.Await(absl::Condition(&written));
  }
  Finish(std::move(status));
}

void DownloadReactor::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
  gone_ = gone_ || !ok;
}

void DownloadReactor::OnCancel() {
  absl::MutexLock lock(&mutex_);
  gone_ = true;
}

}  // namespace teraju::rpc
