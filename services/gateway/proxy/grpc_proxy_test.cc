// gRPC end to end: a client, the proxy behind the suite's own server, a service behind it.
#include "services/gateway/proxy/grpc_proxy.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/auth/permissions.h"
#include "common/auth/token_signer.h"
#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/rpc/server.h"
#include "common/testing/eventually.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "services/gateway/json/codec.h"
#include "services/gateway/proxy/rest_call.h"
#include "teraju/gateway/testing/v1/everything.grpc.pb.h"

namespace teraju::gateway {
namespace {

namespace test = ::teraju::gateway::testing::v1;
using teraju::testing::HasReason;

class ProxiedLibrary final : public test::Library::Service {
 public:
  grpc::Status GetBook(grpc::ServerContext* context,
                       const test::GetBookRequest* request,
                       test::Book* book) override {
    if (request->name() == "none")
      return errors::ToGrpc(errors::ResourceNotFound("none"), "testing.teraju", "r", "en");
    if (request->name() == "slow") {
      if (teraju::testing::Eventually([&] { return context->IsCancelled(); })) ++cancelled;
      return grpc::Status::CANCELLED;
    }
    for (const auto& [key, value] : context->client_metadata())
      keys.emplace_back(key.data(), key.size());
    book->set_name(request->name());
    return grpc::Status::OK;
  }
  grpc::Status UploadScan(grpc::ServerContext*,
                          grpc::ServerReader<test::UploadScanRequest>* reader,
                          test::Scan* scan) override {
    test::UploadScanRequest part;
    while (reader->Read(&part)) {
      if (part.kind() == "refused")
        return errors::ToGrpc(errors::ResourceExists("scan"), "testing.teraju", "r", "en");
      scan->set_chunks(scan->chunks() + 1);
      scan->set_size_bytes(scan->size_bytes() +
                           static_cast<std::int64_t>(part.body().data().size()));
    }
    return grpc::Status::OK;
  }
  grpc::Status DownloadScan(grpc::ServerContext*,
                            const test::DownloadScanRequest* request,
                            grpc::ServerWriter<google::api::HttpBody>* writer) override {
    google::api::HttpBody chunk;
    chunk.set_data(std::string(1000, 'x'));
    for (std::int64_t sent = 0; sent < request->size_bytes(); sent += 1000) {
      if (!writer->Write(chunk)) break;
    }
    return grpc::Status::OK;
  }
  std::vector<std::string> keys;
  std::atomic<int> cancelled = 0;
};

class OperationsService final : public google::longrunning::Operations::Service {
 public:
  grpc::Status GetOperation(grpc::ServerContext*,
                            const google::longrunning::GetOperationRequest* request,
                            google::longrunning::Operation* operation) override {
    operation->set_name(request->name());
    return grpc::Status::OK;
  }
};

class GrpcProxyTest : public ::testing::Test {
 protected:
  static constexpr char kIssuer[] = "https://identity.test";

  GrpcProxyTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&library_);
    builder.RegisterService(&operations_);
    service_ = builder.BuildAndStart();
    backends_.Add("gateway", {.target = "ipv4:127.0.0.1:" + std::to_string(port)});
    server_ =
        rpc::Server::Start(
            {.address = "127.0.0.1"}, {}, auth::PermissionTable::Default(), registry_, &proxy_)
            .value();
    server_->SetServing(true);
    channel_ = grpc::CreateChannel("ipv4:127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = test::Library::NewStub(channel_);
  }
  ~GrpcProxyTest() override {
    server_->Shutdown(absl::Seconds(5));
    admission_.Close();
    calls_.CancelAllAndWait();
  }

  std::unique_ptr<grpc::ClientContext> Context(absl::Duration timeout = absl::Seconds(10)) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    context->AddMetadata(
        "authorization",
        "Bearer " +
            signer_.Sign({.issuer = kIssuer,
                          .principal = {.subject = "employees/1", .agency = AgencyId("city")},
                          .issue_time = clock_.Now(),
                          .expire_time = clock_.Now() + absl::Minutes(10)}));
    context->AddMetadata("x-user-id", "root");
    return context;
  }
  absl::Status Get(const std::string& name, grpc::ClientContext& context) {
    test::GetBookRequest request;
    request.set_name(name);
    test::Book book;
    const grpc::Status status = stub_->GetBook(&context, request, &book);
    if (status.ok()) {
      EXPECT_EQ(book.name(), name);
    }
    return errors::FromGrpc(status);
  }

  ProxiedLibrary library_;
  OperationsService operations_;
  std::unique_ptr<grpc::Server> service_;
  auth::TokenSigner signer_ = auth::TokenSigner::Generate();
  auth::FixedKeys keys_{*auth::ParseKeySet(auth::MakeKeySetDocument({&signer_}))};
  teraju::testing::FakeClock clock_;
  auth::TokenVerifier verifier_{{.issuer = kIssuer}, keys_, clock_};
  logging::Logger logger_{"gateway", [](std::string_view) {}};
  metrics::Registry registry_;
  metrics::RpcMetrics metrics_{registry_};
  const std::vector<const google::protobuf::ServiceDescriptor*> services_ = {
      test::Book::descriptor()->file()->FindServiceByName("Library"),
      google::longrunning::Operation::descriptor()->file()->FindServiceByName("Operations")};
  const json::Codec codec_{{services_[0]->file(), services_[1]->file()},
                           *google::protobuf::MessageFactory::generated_factory()};
  const Methods methods_ = Methods::Of(services_, codec_.plans()).value();
  Backends backends_;
  Admission admission_{
      verifier_, clock_, {.per_principal = {.per_second = 1, .burst = 50}, .per_agency = {}}};
  CallRegistry calls_;
  GrpcProxy proxy_{{methods_, backends_, admission_, calls_, logger_, metrics_}, absl::Seconds(20)};
  std::unique_ptr<rpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<test::Library::Stub> stub_;
};

TEST_F(GrpcProxyTest, CarriesCallsAndErrors) {
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(Get("shelves/1/books/2", *Context()), teraju::testing::IsOk());
  EXPECT_THAT(Get("none", *Context()), HasReason(errors::reasons::RESOURCE_NOT_FOUND));
  EXPECT_THAT(library_.keys, ::testing::Contains("authorization"));
  EXPECT_THAT(library_.keys, ::testing::Not(::testing::Contains("x-user-id")));
}

TEST_F(GrpcProxyTest, AdmitsAsRestDoes) {
  grpc::ClientContext nobody;
  EXPECT_THAT(Get("x", nobody), HasReason(errors::reasons::TOKEN_MISSING));
  grpc::ClientContext wrong;
  wrong.AddMetadata("authorization", "Bearer a.b.c");
  EXPECT_THAT(Get("x", wrong), HasReason(errors::reasons::TOKEN_INVALID));
  absl::Status last;
  for (int i = 0; i < 60 && last.ok(); ++i) last = Get("x", *Context());
  EXPECT_THAT(last, HasReason(errors::reasons::RATE_LIMITED));
}

TEST_F(GrpcProxyTest, StreamsBothWays) {
  auto up = Context();
  test::Scan scan;
  auto writer = stub_->UploadScan(up.get(), &scan);
  test::UploadScanRequest part;
  part.mutable_body()->set_data(std::string(1000, 'x'));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer->Write(part));
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
  EXPECT_EQ(scan.size_bytes(), 100000);

  auto down = Context();
  test::DownloadScanRequest request;
  request.set_size_bytes(100000);
  auto reader = stub_->DownloadScan(down.get(), request);
  google::api::HttpBody chunk;
  std::size_t bytes = 0;
  while (reader->Read(&chunk)) bytes += chunk.data().size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(bytes, 100000U);
}

TEST_F(GrpcProxyTest, GivesAnEarlyRefusalWithoutWaitingForTheClient) {
  auto context = Context();
  test::Scan scan;
  auto writer = stub_->UploadScan(context.get(), &scan);
  test::UploadScanRequest part;
  part.set_kind("refused");
  writer->Write(part);
  EXPECT_THAT(errors::FromGrpc(writer->Finish()), HasReason(errors::reasons::RESOURCE_EXISTS));
}

TEST_F(GrpcProxyTest, CancelsWhatItsClientCancels) {
  auto context = Context(absl::Milliseconds(200));
  EXPECT_EQ(Get("slow", *context).code(), absl::StatusCode::kDeadlineExceeded);
  teraju::testing::Eventually([&] { return library_.cancelled > 0; });
  EXPECT_EQ(library_.cancelled, 1);
}

TEST_F(GrpcProxyTest, FindsTheOwnerOfAnOperationInItsName) {
  const auto stub = google::longrunning::Operations::NewStub(channel_);
  const auto get = [&](const std::string& name) {
    auto context = Context();
    google::longrunning::GetOperationRequest request;
    request.set_name(name);
    google::longrunning::Operation operation;
    return errors::FromGrpc(stub->GetOperation(context.get(), request, &operation));
  };
  EXPECT_THAT(get("operations/gateway/1"), teraju::testing::IsOk());
  EXPECT_THAT(get("operations/nowhere/1"), HasReason(errors::reasons::ROUTE_UNKNOWN));
  EXPECT_THAT(get("operations"), HasReason(errors::reasons::ROUTE_UNKNOWN));
}

TEST_F(GrpcProxyTest, KnowsNoOtherMethods) {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  grpc::ByteBuffer request = ToBytes(test::GetBookRequest());
  grpc::ByteBuffer response;
  absl::Notification done;
  grpc::Status status;
  stub.UnaryCall(&context,
                 "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                 {},
                 &request,
                 &response,
                 [&](grpc::Status s) {
                   status = std::move(s);
                   done.Notify();
                 });
  done.WaitForNotification();
  EXPECT_THAT(errors::FromGrpc(status), HasReason(errors::reasons::METHOD_UNKNOWN));
}

}  // namespace
}  // namespace teraju::gateway
