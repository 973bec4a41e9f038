#include "services/evaluation/api/in_parts.h"

#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::evaluation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using Part = std::vector<std::size_t>;

absl::StatusOr<Part> Count(std::size_t begin, std::size_t end) {
  Part part;
  for (std::size_t i = begin; i < end; ++i) part.push_back(i);
  return part;
}

TEST(InParts, StoresEveryEntryOnceAndInOrder) {
  std::vector<Part> stored;
  const auto store = [&](Part part) {
    stored.push_back(std::move(part));
    return absl::OkStatus();
  };
  EXPECT_THAT(InParts(5, 2, Count, store), IsOk());
  EXPECT_THAT(stored, ElementsAre(Part{0, 1}, Part{2, 3}, Part{4}));
  stored.clear();
  EXPECT_THAT(InParts(4, 2, Count, store), IsOk());
  EXPECT_THAT(stored, ElementsAre(Part{0, 1}, Part{2, 3}));
  stored.clear();
  EXPECT_THAT(InParts(0, 2, Count, store), IsOk());
  EXPECT_THAT(stored, IsEmpty());
}

TEST(InParts, ComputesThePartBehindWhileOneIsStored) {
  const std::thread::id caller = std::this_thread::get_id();
  std::promise<void> second_computed;
  const auto compute = [&](std::size_t begin, std::size_t end) {
    EXPECT_NE(std::this_thread::get_id(), caller);
    if (begin == 1) second_computed.set_value();
    return Count(begin, end);
  };
  const auto store = [&](const Part& part) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    // Not before the deadline if the second part were computed afterwards.
    if (part.front() == 0) {
      EXPECT_EQ(second_computed.get_future().wait_for(std::chrono::seconds(30)),
                std::future_status::ready);
    }
    return absl::OkStatus();
  };
  EXPECT_THAT(InParts(2, 1, compute, store), IsOk());
}

TEST(InParts, EndsWithTheFirstErrorOfEither) {
  std::vector<std::size_t> stored;
  const auto store = [&](const Part& part) {
    stored.push_back(part.front());
    return part.front() == 1 ? absl::AbortedError("store") : absl::OkStatus();
  };
  EXPECT_EQ(InParts(4, 1, Count, store), absl::AbortedError("store"));
  EXPECT_THAT(stored, ElementsAre(0u, 1u));
  stored.clear();
  const auto compute = [&](std::size_t begin, std::size_t end) -> absl::StatusOr<Part> {
    if (begin == 1) return absl::DataLossError("compute");
    return Count(begin, end);
  };
  EXPECT_EQ(InParts(4, 1, compute, store), absl::DataLossError("compute"));
  EXPECT_THAT(stored, ElementsAre(0u));
}

}  // namespace
}  // namespace teraju::evaluation
