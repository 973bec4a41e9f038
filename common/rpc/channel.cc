#include "common/rpc/channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"

namespace teraju::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;
using google::protobuf::ServiceDescriptor;

constexpr int kKeepaliveMs = 2'000;
constexpr int kKeepaliveTimeoutMs = 1'000;
constexpr int kMaxMessage = 4 << 20;
constexpr int kMaxMetadata = 8 << 10;

bool OnlyReads(const MethodDescriptor& method) {
  const MethodOptions& options = method.options();
  if (options.idempotency_level() == MethodOptions::NO_SIDE_EFFECTS) return true;
  return options.HasExtension(google::api::http) &&
         options.GetExtension(google::api::http).pattern_case() == google::api::HttpRule::kGet;
}

void AddReadingMethods(const FileDescriptor& file, boost::json::array& names) {
  for (int i = 0; i < file.service_count(); ++i) {
    const ServiceDescriptor& service = *file.service(i);
    for (int k = 0; k < service.method_count(); ++k) {
      if (!OnlyReads(*service.method(k))) continue;
      names.push_back(boost::json::object{{"service", service.full_name()},
                                          {"method", service.method(k)->name()}});
    }
  }
}

// Files of the program itself: a peer's stubs are linked where it is called.
std::vector<std::string> LinkedFiles() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string MakeServiceConfig(const std::vector<std::string>& packages) {
  boost::json::array reading;
  for (const std::string& name : LinkedFiles()) {
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) continue;
    const bool ours =
        std::find(packages.begin(), packages.end(), file->package()) != packages.end();
    const bool common =
        file->package() == "google.longrunning" || file->package() == "teraju.changes.v1";
    if (ours || common) AddReadingMethods(*file, reading);
  }
  std::string methods;
  if (!reading.empty()) {
    methods = fmt::format(
        R"(,"methodConfig":[{{"name":{},"retryPolicy":{{"maxAttempts":3,"initialBackoff":"0.05s",)"
        R"("maxBackoff":"0.5s","backoffMultiplier":2,"retryableStatusCodes":["UNAVAILABLE"]}}}}])",
        boost::json::serialize(reading));
  }
  // Throttling: each failed attempt costs a token, each success gives a tenth back; below half of
  // them nothing is repeated.
  return R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""},)"
         R"("retryThrottling":{"maxTokens":10,"tokenRatio":0.1})" +
         methods + "}";
}

grpc::ChannelArguments MakeChannelArguments(const std::string& service_config) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(service_config);
  arguments.SetMaxReceiveMessageSize(kMaxMessage);
  const std::pair<const char*, int> settings[] = {
      {GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1},  // ours, not one from DNS
      {GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1},
      {GRPC_ARG_ENABLE_HTTP_PROXY, 0},  // peers are never behind the proxy of the environment
      {GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs},
      {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs},
      {GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0},
      {GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadata},
      {GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1'000},
      {GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100},
      {GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000},
      // A replica that is ready again is found before the next one has left: its lame duck is half
      // a second.
      {GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 250},
  };
  for (const auto& [name, value] : settings) arguments.SetInt(name, value);
  return arguments;
}

Channel::Channel(const ChannelOptions& options) {
  const std::string config = MakeServiceConfig({options.package});
  const auto credentials = MakeChannelCredentials(options.tls);
  for (int i = 0; i < std::max(options.connections, 1); ++i) {
    grpc::ChannelArguments arguments = MakeChannelArguments(config);
    arguments.SetInt("teraju.connection", i);  // equal arguments would share one connection
    channels_.push_back(grpc::CreateCustomChannel(options.target, credentials, arguments));
  }
}

// gRPC 1.51's timer of one reconnect in some hundreds fires a second late, so that a connection
// knew only replicas that had left while its neighbours knew all.
std::size_t Channel::Turn() const {
  const unsigned first = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const std::size_t turn = (first + i) % channels_.size();
    if (channels_[turn]->GetState(false) != GRPC_CHANNEL_TRANSIENT_FAILURE) return turn;
  }
  return first % channels_.size();
}

}  // namespace teraju::rpc
