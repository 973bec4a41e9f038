// The questionnaires of open campaigns and surveys, so that an answer costs one statement. They
// cannot change once answers come; whether answers are still taken is asked with each one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

// Thread-safe.
class FormCache {
 public:
  using Form = std::shared_ptr<const v1::Questionnaire>;

  // The form of a round, from `find() -> absl::StatusOr<std::optional<v1::Questionnaire>>` the
  // first time. Null when there is none: that is not remembered.
  template <typename Find>
  absl::StatusOr<Form> Get(const std::string& round, Find find) {
    {
      absl::ReaderMutexLock lock(&mutex_);
      if (const auto found = forms_.find(round); found != forms_.end()) return found->second;
    }
    absl::StatusOr<std::optional<v1::Questionnaire>> form = find();
    if (!form.ok()) return form.status();
    if (!form->has_value()) return Form();
    Form shared = std::make_shared<const v1::Questionnaire>(*std::move(*form));
    absl::MutexLock lock(&mutex_);
    if (forms_.size() >= kMost) forms_.clear();
    forms_[round] = shared;
    return shared;
  }

 private:
  static constexpr std::size_t kMost = 1000;

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Form> forms_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teraju::feedback
