// The services behind the gateway: channels, and how much may be tried again.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/rpc/channel.h"
#include "grpcpp/generic/generic_stub.h"

namespace teraju::gateway {

// One service. Thread-safe.
class Backend {
 public:
  Backend(std::string name, const rpc::ChannelOptions& options);

  const std::string& name() const { return name_; }
  // A stub on the next connection in turn.
  grpc::GenericStub& Next();

  // Retries are paid from a budget that calls fill: one for each ten, so that they cannot multiply
  // an overload.
  void Called();
  bool MayRetry();

 private:
  static constexpr int kRetryCost = 10;
  static constexpr int kMaxCredit = 2000;  // the calls that one fallen replica takes with it

  std::string name_;
  rpc::Channel channel_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;  // one of each connection
  std::atomic<int> credit_ = kMaxCredit;
};

class Backends {
 public:
  void Add(const std::string& name, const rpc::ChannelOptions& options);
  // Null where there is no such service.
  Backend* Find(std::string_view name) const;

 private:
  std::map<std::string, std::unique_ptr<Backend>, std::less<>> backends_;
};

}  // namespace teraju::gateway
