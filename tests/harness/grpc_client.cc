#include "tests/harness/grpc_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <future>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace teraju::harness {
namespace {

constexpr std::chrono::seconds kTimeout(10);

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string ToBytes(grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  return buffer.DumpToSingleSlice(&slice).ok()
             ? std::string(reinterpret_cast<const char*>(slice.begin()), slice.size())
             : std::string();
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return "";
}

}  // namespace

struct GrpcClient::State {
  explicit State(const std::string& port)
      : stub(grpc::CreateChannel("127.0.0.1:" + port, grpc::InsecureChannelCredentials())) {}
  grpc::GenericStub stub;
};

GrpcClient::GrpcClient(const std::string& port) : state_(std::make_unique<State>(port)) {}

GrpcClient::~GrpcClient() = default;

GrpcAnswer GrpcClient::Call(const std::string& method,
                            const std::string& token,
                            const std::string& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  const grpc::ByteBuffer out = ToBuffer(request);
  grpc::ByteBuffer in;
  std::promise<grpc::Status> done;
  state_->stub.UnaryCall(
      &context, "/" + method, grpc::StubOptions(), &out, &in, [&done](grpc::Status status) {
        done.set_value(std::move(status));
      });
  const grpc::Status status = done.get_future().get();
  return {status.error_code(),
          status.error_message(),
          ReasonOf(status),
          status.ok() ? ToBytes(in) : std::string()};
}

}  // namespace teraju::harness
