#include "services/gateway/proxy/backends.h"

#include <utility>

namespace teraju::gateway {

// The channel itself repeats nothing of ours (it names no package): the gateway knows which write
// may be repeated.
Backend::Backend(std::string name, const rpc::ChannelOptions& options)
    : name_(std::move(name)), channel_(options) {
  for (const auto& connection : channel_.all())
    stubs_.push_back(std::make_unique<grpc::GenericStub>(connection));
}

grpc::GenericStub& Backend::Next() { return *stubs_[channel_.Turn()]; }

void Backend::Called() {
  if (credit_.load(std::memory_order_relaxed) < kMaxCredit)
    credit_.fetch_add(1, std::memory_order_relaxed);
}

bool Backend::MayRetry() {
  if (credit_.fetch_sub(kRetryCost) >= kRetryCost) return true;
  credit_.fetch_add(kRetryCost);
  return false;
}

void Backends::Add(const std::string& name, const rpc::ChannelOptions& options) {
  backends_.insert_or_assign(name, std::make_unique<Backend>(name, options));
}

Backend* Backends::Find(std::string_view name) const {
  const auto found = backends_.find(name);
  return found == backends_.end() ? nullptr : found->second.get();
}

}  // namespace teraju::gateway
