// A batch in parts: while the database stores one part, the next is computed on another thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <utility>

#include "absl/status/status.h"
#include "common/errors/status_macros.h"

namespace teraju::evaluation {

// `compute(begin, end)` gives an absl::StatusOr of what `store` takes, for the entries [begin, end)
// of `size`; one at a time and in order, and it touches nothing that `store` touches. `store` runs
// on the caller's thread. Ends with the first error of either.
template <typename Compute, typename Store>
absl::Status InParts(std::size_t size, std::size_t part, Compute compute, Store store) {
  const auto begin_at = [&](std::size_t begin) {
    return std::async(std::launch::async,
                      [&, begin] { return compute(begin, std::min(size, begin + part)); });
  };
  if (size == 0) return absl::OkStatus();
  auto computing = begin_at(0);
  for (std::size_t begin = 0; begin < size; begin += part) {
    auto computed = computing.get();
    RETURN_IF_ERROR(computed.status());
    if (begin + part < size) computing = begin_at(begin + part);
    RETURN_IF_ERROR(store(*std::move(computed)));
  }
  return absl::OkStatus();
}

}  // namespace teraju::evaluation
