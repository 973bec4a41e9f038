// REST end to end: sockets, a real gRPC service in this process, and the gateway between them.
#include <grpcpp/grpcpp.h>

#include <map>
#include <thread>

#include "absl/time/clock.h"
#include "common/auth/token_signer.h"
#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/api/httpbody.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "services/gateway/http/client_for_tests.h"
#include "services/gateway/http/server.h"
#include "services/gateway/proxy/rest_handler.h"
#include "services/gateway/routing/http_rules.h"
#include "teraju/gateway/testing/v1/everything.grpc.pb.h"

namespace teraju::gateway {
namespace {

namespace test = ::teraju::gateway::testing::v1;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

// The service behind the gateway. It keeps the metadata of the last call, and fails as often as it
// is told.
class LibraryService final : public test::Library::Service {
 public:
  grpc::Status GetBook(grpc::ServerContext* context,
                       const test::GetBookRequest* request,
                       test::Book* book) override {
    if (grpc::Status status = Enter(*context); !status.ok()) return status;
    if (request->name() == "shelves/1/books/none") {
      return errors::ToGrpc(errors::ResourceNotFound(request->name()), "testing.teraju", "r", "en");
    }
    book->set_name(request->name());
    book->set_title("Sitti Nurbaya");
    book->set_copies(3);
    return grpc::Status::OK;
  }
  grpc::Status ListBooks(grpc::ServerContext* context,
                         const test::ListBooksRequest*,
                         test::ListBooksResponse*) override {
    return Enter(*context);
  }
  grpc::Status LendBook(grpc::ServerContext* context,
                        const test::LendBookRequest* request,
                        test::Book* book) override {
    if (grpc::Status status = Enter(*context); !status.ok()) return status;
    book->set_name(request->name());
    return grpc::Status::OK;
  }
  grpc::Status UpdateBook(grpc::ServerContext* context,
                          const test::UpdateBookRequest* request,
                          test::Book* book) override {
    if (grpc::Status status = Enter(*context); !status.ok()) return status;
    *book = request->book();
    book->set_title(google::protobuf::util::FieldMaskUtil::ToString(request->update_mask()));
    return grpc::Status::OK;
  }
  grpc::Status SubmitOpinion(grpc::ServerContext* context,
                             const test::SubmitOpinionRequest*,
                             google::protobuf::Empty*) override {
    return Enter(*context);
  }
  grpc::Status ForeignPost(grpc::ServerContext* context,
                           const test::ForeignRequest* request,
                           google::api::HttpBody* out) override {
    if (grpc::Status status = Enter(*context); !status.ok()) return status;
    out->set_content_type("text/plain");
    out->set_data(request->body().content_type() + "|" + request->body().data());
    return grpc::Status::OK;
  }
  grpc::Status UploadScan(grpc::ServerContext* context,
                          grpc::ServerReader<test::UploadScanRequest>* reader,
                          test::Scan* scan) override {
    if (grpc::Status status = Enter(*context); !status.ok()) return status;
    test::UploadScanRequest part;
    while (reader->Read(&part)) {
      if (scan->chunks() == 0) {
        scan->set_kind(part.parent() + "/" + part.kind());
        scan->set_content_type(part.body().content_type());
      }
      scan->set_chunks(scan->chunks() + 1);
      scan->set_size_bytes(scan->size_bytes() +
                           static_cast<std::int64_t>(part.body().data().size()));
    }
    return grpc::Status::OK;
  }
  grpc::Status DownloadScan(grpc::ServerContext* context,
                            const test::DownloadScanRequest* request,
                            grpc::ServerWriter<google::api::HttpBody>* writer) override {
    if (grpc::Status status = Enter(*context); !status.ok()) return status;
    constexpr std::int64_t kStep = 100000;
    for (std::int64_t sent = 0; sent < request->size_bytes(); sent += kStep) {
      if (request->fail_after_bytes() > 0 && sent >= request->fail_after_bytes()) {
        return errors::ToGrpc(errors::ResourceNotFound("scan"), "testing.teraju", "r", "en");
      }
      google::api::HttpBody chunk;
      chunk.set_content_type("image/png");
      chunk.set_data(std::string(
          static_cast<std::size_t>(std::min(kStep, request->size_bytes() - sent)), 'x'));
      if (!writer->Write(chunk)) break;
    }
    return grpc::Status::OK;
  }

  grpc::Status Enter(grpc::ServerContext& context) {
    absl::MutexLock lock(&mutex);
    ++calls;
    metadata.clear();
    for (const auto& [key, value] : context.client_metadata()) {
      metadata.emplace(std::string(key.data(), key.size()),
                       std::string(value.data(), value.size()));
    }
    if (failures == 0) return grpc::Status::OK;
    --failures;
    return errors::ToGrpc(errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "busy")
                              .With("dependency", "db"),
                          "testing.teraju",
                          "r",
                          "en");
  }

  absl::Mutex mutex;
  int calls = 0;
  int failures = 0;
  std::multimap<std::string, std::string> metadata;
};

class RestTest : public ::testing::Test {
 protected:
  static constexpr char kIssuer[] = "https://identity.test";

  RestTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&library_);
    service_server_ = builder.BuildAndStart();
    backends_.Add("gateway",
                  {.target = "ipv4:127.0.0.1:" + std::to_string(port), .connections = 4});
    server_ = http::Server::Start({}, handler_).value();
  }
  ~RestTest() override {
    server_->Drain(absl::Now() + absl::Seconds(5));
    admission_.Close();
    calls_.CancelAllAndWait();
    server_ = nullptr;
  }

  std::string Token(const std::string& subject = "employees/1") {
    return signer_.Sign({.issuer = kIssuer,
                         .principal = {.subject = subject, .agency = AgencyId("city")},
                         .issue_time = clock_.Now(),
                         .expire_time = clock_.Now() + absl::Minutes(10)});
  }
  std::string Send(const std::string& line,
                   const std::string& lines = "",
                   const std::string& body = "") {
    http::RawClient client(server_->port());
    client.Send(line + " HTTP/1.1\r\nHost: h\r\n" + lines +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.ReadResponse();
  }
  std::string Authorized() { return "Authorization: Bearer " + Token() + "\r\n"; }

  const google::protobuf::ServiceDescriptor* service_ =
      test::Book::descriptor()->file()->FindServiceByName("Library");
  LibraryService library_;
  std::unique_ptr<grpc::Server> service_server_;
  auth::TokenSigner signer_ = auth::TokenSigner::Generate();
  auth::FixedKeys keys_{*auth::ParseKeySet(auth::MakeKeySetDocument({&signer_}))};
  teraju::testing::FakeClock clock_;
  auth::TokenVerifier verifier_{{.issuer = kIssuer}, keys_, clock_};
  std::vector<std::string> lines_;
  absl::Mutex lines_mutex_;
  logging::Logger logger_{"gateway", [this](std::string_view line) {
                            absl::MutexLock lock(&lines_mutex_);
                            lines_.emplace_back(line);
                          }};
  metrics::Registry registry_;
  metrics::RpcMetrics metrics_{registry_};
  const json::Codec codec_{{service_->file(), google::rpc::ErrorInfo::descriptor()->file()},
                           *google::protobuf::MessageFactory::generated_factory()};
  const RouteTable routes_ = RouteTable::Build(RoutesOf({service_}).value()).value();
  const Methods methods_ = Methods::Of({service_}, codec_.plans()).value();
  Backends backends_;
  Admission admission_{
      verifier_, clock_, {.per_principal = {.per_second = 1, .burst = 20}, .per_agency = {}}};
  CallRegistry calls_;
  RestHandler handler_{
      {codec_, routes_, methods_, backends_, admission_, calls_, logger_, metrics_},
      {.max_body_bytes = 1000, .call_timeout = absl::Seconds(5)}};
  std::unique_ptr<http::Server> server_;
};

TEST_F(RestTest, CarriesACallThereAndBack) {
  EXPECT_THAT(
      Send("GET /v1/shelves/1/books/2", Authorized()),
      AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
            HasSubstr("Content-Type: application/json\r\n"),
            HasSubstr("X-Request-Id: "),
            EndsWith(R"({"name":"shelves/1/books/2","title":"Sitti Nurbaya","copies":"3"})")));
  EXPECT_THAT(
      Send("PATCH /v1/shelves/1/books/2",
           Authorized() + "Content-Type: application/json\r\n",
           R"({"authors": ["Marah Rusli"]})"),
      EndsWith(R"({"name":"shelves/1/books/2","title":"authors","authors":["Marah Rusli"]})"));
}

TEST_F(RestTest, PassesErrorsWithTheirDetails) {
  EXPECT_THAT(Send("GET /v1/shelves/1/books/none", Authorized()),
              AllOf(StartsWith("HTTP/1.1 404 "),
                    HasSubstr(R"("error":{"code":404,"status":"NOT_FOUND")"),
                    HasSubstr(R"("reason":"RESOURCE_NOT_FOUND")"),
                    HasSubstr("google.rpc.ResourceInfo")));
  EXPECT_THAT(Send("POST /v1/shelves/1/books", Authorized() + "Content-Encoding: gzip\r\n", "x"),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Content-Encoding")));
  EXPECT_THAT(Send("GET /v1/nothing"),
              AllOf(StartsWith("HTTP/1.1 404 "),
                    HasSubstr("ROUTE_UNKNOWN"),
                    HasSubstr("Alamat ini tidak ada")));
  EXPECT_THAT(Send("GET /v1/nothing", "Accept-Language: en\r\n"),
              HasSubstr("There is no such address."));
  EXPECT_THAT(Send("PUT /v1/shelves/1/books/2"),
              AllOf(StartsWith("HTTP/1.1 405 "),
                    HasSubstr("Allow: DELETE, GET, PATCH\r\n"),
                    HasSubstr("METHOD_NOT_ALLOWED")));
  EXPECT_THAT(Send("OPTIONS /v1/shelves/1/books/2"),
              AllOf(StartsWith("HTTP/1.1 204 "), HasSubstr("Allow: DELETE, GET, PATCH, OPTIONS")));
  EXPECT_THAT(Send("GET /v1/shelves/../books/2"),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("NAME_INVALID")));
  EXPECT_THAT(Send("GET /v1/shelves/1/books?x=1"),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("UNKNOWN_FIELD")));
  EXPECT_THAT(Send("POST /v1/shelves/1/books",
                   Authorized() + "Content-Type: application/json\r\n",
                   std::string(1001, ' ')),
              AllOf(StartsWith("HTTP/1.1 413 "),
                    HasSubstr("BODY_TOO_LARGE"),
                    HasSubstr("Connection: close")));
  EXPECT_THAT(Send("DELETE /v1/shelves/1/books/2", Authorized()),
              AllOf(StartsWith("HTTP/1.1 501 "), HasSubstr("METHOD_UNKNOWN")));
}

TEST_F(RestTest, AsksForATokenWhereOneIsNeeded) {
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2"),
              AllOf(StartsWith("HTTP/1.1 401 "),
                    HasSubstr("TOKEN_MISSING"),
                    HasSubstr("WWW-Authenticate: Bearer\r\n")));
  EXPECT_THAT(
      Send("GET /v1/shelves/1/books/2", "Authorization: Bearer x.y.z\r\n"),
      AllOf(StartsWith("HTTP/1.1 401 "), HasSubstr("TOKEN_INVALID"), HasSubstr("invalid_token")));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", "Authorization: Basic eDp5\r\n"),
              StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", Authorized() + Authorized()),
              StartsWith("HTTP/1.1 401 "));
  const std::string old = Authorized();
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", old), StartsWith("HTTP/1.1 200 "));
  clock_.Advance(absl::Minutes(20));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", old),
              AllOf(StartsWith("HTTP/1.1 401 "), HasSubstr("TOKEN_EXPIRED")));
  EXPECT_THAT(Send("GET /v1/shelves/1/books"), StartsWith("HTTP/1.1 200 "));  // public
}

TEST_F(RestTest, LimitsEachCallersRate) {
  const std::string mine = Authorized();
  const std::string other = "Authorization: Bearer " + Token("employees/2") + "\r\n";
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(Send("GET /v1/shelves/1/books/2", mine), StartsWith("HTTP/1.1 200 ")) << i;
  EXPECT_THAT(
      Send("GET /v1/shelves/1/books/2", mine),
      AllOf(
          StartsWith("HTTP/1.1 429 "), HasSubstr("RATE_LIMITED"), HasSubstr("Retry-After: 1\r\n")));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", other), StartsWith("HTTP/1.1 200 "));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", mine), StartsWith("HTTP/1.1 200 "));
}

TEST_F(RestTest, ForwardsAShortListOfHeaders) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  Send("GET /v1/shelves/1/books/2",
       Authorized() + "X-Request-Id: r-1\r\nTraceparent: " + trace +
           "\r\nAccept-Language: en\r\nX-User-Id: root\r\nX-Forwarded-For: 1.2.3.4\r\n"
           "X-Teraju-On-Behalf-Of: officials/mayor\r\nX-Teraju-Source: 1.2.3.4\r\n"
           "Grpc-Timeout: 1H\r\nGrpc-Trace-Bin: eA\r\nX-Big: " +
           std::string(9000, 'x') + "\r\n");
  EXPECT_THAT(library_.metadata, Contains(Pair("x-request-id", "r-1")));
  EXPECT_THAT(library_.metadata, Contains(Pair("traceparent", trace)));
  EXPECT_THAT(library_.metadata, Contains(Pair("accept-language", "en")));
  EXPECT_THAT(library_.metadata, Contains(Key("authorization")));
  EXPECT_THAT(library_.metadata, Contains(Pair("x-teraju-on-behalf-of", "officials/mayor")));
  EXPECT_THAT(library_.metadata, Not(Contains(Key("x-teraju-source"))));
  std::size_t bytes = 0;
  for (const auto& [key, value] : library_.metadata) {
    bytes += key.size() + value.size();
    EXPECT_THAT(
        key,
        Not(::testing::AnyOf(
            StartsWith("x-user"), StartsWith("x-forwarded"), StartsWith("grpc-"), Eq("x-big"))));
  }
  EXPECT_LT(bytes, 6000U);
}

TEST(SourceOf, IsWhatTheOutermostProxyOfOursHasSeen) {
  EXPECT_EQ(SourceOf("10.0.0.9", "1.1.1.1, 2.2.2.2", 0), "10.0.0.9");
  EXPECT_EQ(SourceOf("10.0.0.9", "1.1.1.1, 2.2.2.2", 1), "2.2.2.2");
  EXPECT_EQ(SourceOf("10.0.0.9", "1.1.1.1, 2.2.2.2", 2), "1.1.1.1");
  EXPECT_EQ(SourceOf("10.0.0.9", "1.1.1.1", 3), "1.1.1.1");
  EXPECT_EQ(SourceOf("10.0.0.9", "", 1), "10.0.0.9");
  EXPECT_EQ(SourceOf("10.0.0.9", "::1", 1), "::1");
  EXPECT_EQ(SourceOf("10.0.0.9", "evil host", 1), "");
}

TEST_F(RestTest, LeavesNothingThatLinksAnAnswerToAPerson) {
  EXPECT_THAT(Send("POST /v1/opinions:submit",
                   Authorized() + "X-Request-Id: mine\r\nTraceparent: "
                                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
                                  "Content-Type: application/json\r\n",
                   R"({"responseToken": "secret", "text": "x"})"),
              AllOf(StartsWith("HTTP/1.1 200 "), Not(HasSubstr("X-Request-Id"))));
  EXPECT_THAT(library_.metadata, Not(Contains(Key("authorization"))));
  EXPECT_THAT(library_.metadata, Not(Contains(Key("x-request-id"))));
  EXPECT_THAT(library_.metadata, Not(Contains(Key("traceparent"))));
  const auto logged = [this] {
    absl::MutexLock lock(&lines_mutex_);
    return !lines_.empty();
  };
  while (!logged()) std::this_thread::yield();
  absl::MutexLock lock(&lines_mutex_);
  EXPECT_THAT(
      lines_.back(),
      ::testing::MatchesRegex(
          R"(\{"method":"teraju.gateway.testing.v1.Library/SubmitOpinion","code":"OK","ms":[0-9.e-]+\})"));
}

TEST_F(RestTest, RepeatsOnlyWhatCannotHappenTwice) {
  const std::string json = "Content-Type: application/json\r\n";
  library_.failures = 2;
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", Authorized()), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(library_.calls, 3);
  library_.failures = 1;
  EXPECT_THAT(Send("POST /v1/shelves/1/books/2:lend", Authorized() + json, "{}"),
              StartsWith("HTTP/1.1 503 "));
  library_.failures = 1;
  EXPECT_THAT(Send("POST /v1/shelves/1/books/2:lend",
                   Authorized() + json + "Idempotency-Key: 5f0c\r\n",
                   "{}"),
              StartsWith("HTTP/1.1 200 "));
  library_.failures = 10;
  library_.calls = 0;
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", Authorized()), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(library_.calls, 3);
}

TEST_F(RestTest, PassesForeignBodiesAndTheirCredentials) {
  EXPECT_THAT(
      Send("POST /foreign/v2/token",
           "Authorization: Basic eDp5\r\nContent-Type: application/x-www-form-urlencoded\r\n",
           "grant_type=client_credentials"),
      AllOf(StartsWith("HTTP/1.1 200 "),
            HasSubstr("Content-Type: text/plain\r\n"),
            EndsWith("application/x-www-form-urlencoded|grant_type=client_credentials")));
  EXPECT_THAT(library_.metadata, Contains(Pair("authorization", "Basic eDp5")));
  // Where the client is, by the connection and not by its own word.
  Send("POST /foreign/v2/token", "X-Forwarded-For: 1.2.3.4\r\nX-Teraju-Source: 1.2.3.4\r\n", "x");
  EXPECT_THAT(library_.metadata, Contains(Pair("x-teraju-source", "127.0.0.1")));
  Send("POST /foreign/v2/token", Authorized(), "x");
  EXPECT_THAT(library_.metadata, Not(Contains(Key("authorization"))));
}

TEST_F(RestTest, StreamsUploadsInChunks) {
  const std::string line = "POST /v1/shelves/1/books/2/scans/front:upload";
  EXPECT_THAT(
      Send(line, Authorized() + "Content-Type: image/png\r\n", std::string(600000, 'x')),
      EndsWith(
          R"({"sizeBytes":"600000","kind":"shelves/1/books/2/front","contentType":"image/png","chunks":3})"));
  EXPECT_THAT(Send(line, Authorized() + "Content-Type: image/png\r\n"), HasSubstr(R"("chunks":1)"));
  EXPECT_THAT(Send(line, Authorized(), std::string(1048577, 'x')),
              AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("BODY_TOO_LARGE")));
  EXPECT_THAT(Send(line, "", std::string(100, 'x')), StartsWith("HTTP/1.1 401 "));

  http::RawClient chunked(server_->port());
  chunked.Send(line + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" + Authorized() +
               "\r\n");
  for (int i = 0; i < 17; ++i) chunked.Send("10000\r\n" + std::string(65536, 'x') + "\r\n");
  EXPECT_THAT(chunked.ReadResponse(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(RestTest, StreamsDownloads) {
  http::RawClient client(server_->port());
  client.Send(
      "GET /v1/shelves/1/books/2/scans:download?sizeBytes=250000 HTTP/1.1\r\nHost: "
      "h\r\nConnection: close\r\n" +
      Authorized() + "\r\n");
  const std::string whole = client.ReadToEnd();
  EXPECT_THAT(whole,
              AllOf(StartsWith("HTTP/1.1 200 "),
                    HasSubstr("Content-Type: image/png\r\n"),
                    HasSubstr("\r\n186a0\r\nxxx"),
                    EndsWith("\r\n0\r\n\r\n")));
  http::RawClient broken(server_->port());
  broken.Send(
      "GET /v1/shelves/1/books/2/scans:download?sizeBytes=250000&failAfterBytes=100000 "
      "HTTP/1.1\r\nHost: h\r\n" +
      Authorized() + "\r\n");
  EXPECT_THAT(broken.ReadToEnd(), Not(HasSubstr("\r\n0\r\n")));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2/scans:download", Authorized()),
              StartsWith("HTTP/1.1 200 "));
  library_.failures = 1;
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2/scans:download?sizeBytes=1", Authorized()),
              StartsWith("HTTP/1.1 503 "));
}

TEST_F(RestTest, SaysThatAServiceCannotBeReached) {
  service_server_->Shutdown(absl::ToChronoTime(absl::Now()));
  EXPECT_THAT(Send("GET /v1/shelves/1/books/2", Authorized()),
              AllOf(StartsWith("HTTP/1.1 503 "),
                    HasSubstr("DEPENDENCY_UNAVAILABLE"),
                    Not(HasSubstr("127.0.0.1"))));
}

}  // namespace
}  // namespace teraju::gateway
