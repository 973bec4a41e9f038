#include "services/gateway/proxy/transcode.h"

#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/api/httpbody.pb.h"
#include "services/gateway/proxy/error_response.h"
#include "services/gateway/routing/http_rules.h"
#include "teraju/gateway/testing/v1/everything.pb.h"

namespace teraju::gateway {
namespace {

namespace reasons = errors::reasons;
namespace test = ::teraju::gateway::testing::v1;
using teraju::testing::EqualsProto;
using teraju::testing::HasReason;
using teraju::testing::IsOk;
using teraju::testing::ViolatesField;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

class TranscodeTest : public ::testing::Test {
 protected:
  using Made = absl::StatusOr<std::unique_ptr<google::protobuf::Message>>;

  // `target` is path and query.
  Made Make(std::string_view http_method,
            std::string_view target,
            std::string_view body = "",
            std::string_view content_type = "application/json",
            std::string_view key = "") {
    const std::size_t mark = std::min(target.find('?'), target.size());
    const Lookup found = routes_.Find(http_method, target.substr(0, mark));
    const RouteMatch& match = std::get<RouteMatch>(found);
    return MakeRequest(codec_,
                       methods_.Of(match.route->method),
                       match,
                       {.query = target.substr(std::min(mark + 1, target.size())),
                        .content_type = content_type,
                        .idempotency_key = key,
                        .body = body});
  }

  const google::protobuf::ServiceDescriptor* service_ =
      test::Book::descriptor()->file()->FindServiceByName("Library");
  const json::Codec codec_{{service_->file()},
                           *google::protobuf::MessageFactory::generated_factory()};
  const RouteTable routes_ = RouteTable::Build(RoutesOf({service_}).value()).value();
  const Methods methods_ = Methods::Of({service_}, codec_.plans()).value();
};

#define EXPECT_MADE(made, text)               \
  do {                                        \
    const auto result = (made);               \
    ASSERT_THAT(result, IsOk());              \
    EXPECT_THAT(**result, EqualsProto(text)); \
  } while (false)

TEST_F(TranscodeTest, FillsPathQueryAndBody) {
  EXPECT_MADE(
      Make("GET", "/v1/shelves/1/books?pageSize=5&genres=POEM&genres=NOVEL&imprint.house=x"),
      R"pb(parent: "shelves/1"
           page_size: 5
           genres: POEM
           genres: NOVEL
           imprint { house: "x" })pb");
  EXPECT_MADE(Make("POST", "/v1/shelves/1/books?bookId=b&validateOnly=true", R"({"title": "T"})"),
              R"pb(parent: "shelves/1"
                   book_id: "b"
                   validate_only: true
                   book { title: "T" })pb");
  EXPECT_MADE(Make("POST", "/v1/shelves/1/books/2:lend", R"({"reader": "r"})"),
              R"pb(name: "shelves/1/books/2" reader: "r")pb");
  EXPECT_MADE(Make("POST", "/v1/shelves/1/books/2:lend"), R"pb(name: "shelves/1/books/2")pb");
}

TEST_F(TranscodeTest, DerivesTheUpdateMaskFromTheBody) {
  EXPECT_MADE(
      Make(
          "PATCH",
          "/v1/shelves/1/books/2",
          R"({"name": "shelves/1/books/2", "title": "", "imprint": {"city": "x"}, "authors": [], "etag": "\"1\""})"),
      R"pb(book {
             name: "shelves/1/books/2"
             imprint { city: "x" }
             etag: "\"1\""
           }
           update_mask { paths: "title" paths: "imprint.city" paths: "authors" })pb");
  EXPECT_MADE(
      Make("PATCH", "/v1/shelves/1/books/2?updateMask=title", R"({"title": "T", "copies": "3"})"),
      R"pb(book { name: "shelves/1/books/2" title: "T" copies: 3 }
           update_mask { paths: "title" })pb");
  EXPECT_MADE(Make("PATCH", "/v1/shelves/1/books/2", "{}"),
              R"pb(book { name: "shelves/1/books/2" })pb");
}

TEST_F(TranscodeTest, HoldsToThePath) {
  EXPECT_THAT(Make("PATCH", "/v1/shelves/1/books/2", R"({"name": "shelves/1/books/3"})"),
              ViolatesField("book.name"));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books/2:lend", R"({"name": "shelves/9/books/9"})"),
              ViolatesField("name"));
}

TEST_F(TranscodeTest, RefusesParametersThatAreNone) {
  EXPECT_THAT(Make("GET", "/v1/shelves/1/books?nope=1"), ViolatesField("nope"));
  EXPECT_THAT(Make("GET", "/v1/shelves/1/books?parent=shelves/2"), ViolatesField("parent"));
  EXPECT_THAT(Make("GET", "/v1/shelves/1/books?pageSize=1&page_size=2"),
              ViolatesField("page_size"));
  EXPECT_THAT(Make("GET", "/v1/shelves/1/books?pageSize=%"), ViolatesField("?"));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books/2:lend?reader=r", "{}"), ViolatesField("reader"));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books?book.title=T", "{}"), ViolatesField("book.title"));
  EXPECT_THAT(Make("PATCH", "/v1/shelves/1/books/2?book.name=x", "{}"), ViolatesField("book.name"));
}

TEST_F(TranscodeTest, RefusesBodiesThatItCannotTake) {
  EXPECT_THAT(Make("GET", "/v1/shelves/1/books", "{}"), HasReason(reasons::BODY_INVALID));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books", "{}", "text/plain"),
              HasReason(reasons::BODY_INVALID));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books", "{}", ""), HasReason(reasons::BODY_INVALID));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books", "{"), HasReason(reasons::BODY_INVALID));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books", R"({"titel": "T"})"),
              ViolatesField("book.titel"));
  EXPECT_THAT(Make("POST", "/v1/shelves/1/books", "{}", "Application/JSON; charset=utf-8"), IsOk());
}

TEST_F(TranscodeTest, TakesTheIdempotencyKeyForTheRequestId) {
  EXPECT_MADE(Make("POST", "/v1/shelves/1/books/2:lend", "{}", "application/json", "k1"),
              R"pb(name: "shelves/1/books/2" request_id: "k1")pb");
  EXPECT_MADE(Make("POST",
                   "/v1/shelves/1/books/2:lend",
                   R"({"requestId": "k1"})",
                   "application/json",
                   "\"k1\""),
              R"pb(name: "shelves/1/books/2" request_id: "k1")pb");
  EXPECT_THAT(
      Make(
          "POST", "/v1/shelves/1/books/2:lend", R"({"requestId": "k2"})", "application/json", "k1"),
      ViolatesField("requestId"));
  EXPECT_MADE(Make("GET", "/v1/shelves/1/books/2", "", "", "k1"),
              R"pb(name: "shelves/1/books/2")pb");
}

TEST_F(TranscodeTest, PassesForeignBodiesUnread) {
  EXPECT_MADE(
      Make("POST", "/foreign/v2/token", "grant_type=x&y", "application/x-www-form-urlencoded"),
      R"pb(body { content_type: "application/x-www-form-urlencoded" data: "grant_type=x&y" })pb");
  google::api::HttpBody body;
  body.set_content_type("application/jwk-set+json");
  body.set_data("{\"keys\":[]}");
  const auto response =
      MakeResponse(codec_, methods_.Of(service_->FindMethodByName("ForeignGet")), body);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "{\"keys\":[]}");
  EXPECT_THAT(response->headers, Contains(Pair("Content-Type", "application/jwk-set+json")));
}

TEST(SafeContentType, KeepsNoLineEnds) {
  EXPECT_EQ(SafeContentType("text/csv; charset=utf-8"), "text/csv; charset=utf-8");
  EXPECT_EQ(SafeContentType("text/csv\r\nX: y"), "application/octet-stream");
  EXPECT_EQ(SafeContentType(""), "application/octet-stream");
}

TEST(ErrorResponse, SpeaksAip193) {
  const json::Codec codec({google::rpc::ErrorInfo::descriptor()->file()},
                          *google::protobuf::MessageFactory::generated_factory());
  const absl::Status busy =
      errors::ResourceExhausted(reasons::RATE_LIMITED, "Too many \"requests\".")
          .RetryAfter(absl::Milliseconds(1200));
  const http::Response response = MakeErrorResponse(codec, ToRpcStatus(busy, "r1", "id"));
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "2")));
  EXPECT_THAT(
      response.body,
      HasSubstr(
          R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Too many \"requests\".",)"));
  EXPECT_THAT(response.body, HasSubstr(R"("reason":"RATE_LIMITED","domain":"gateway.teraju")"));
  EXPECT_THAT(response.body,
              HasSubstr(R"("message":"Terlalu banyak permintaan. Coba lagi sebentar.")"));
}

TEST(ErrorResponse, NamesWhatTheTransportDidNot) {
  const auto reason = [](grpc::StatusCode code) {
    return errors::ReasonOf(errors::FromRpc(
        ToRpcStatus(grpc::Status(code, "ipv4:10.0.0.1:7000: refused"), "identity", "r", "en")));
  };
  EXPECT_EQ(reason(grpc::StatusCode::UNAVAILABLE), "DEPENDENCY_UNAVAILABLE");
  EXPECT_EQ(reason(grpc::StatusCode::DEADLINE_EXCEEDED), "DEADLINE_PASSED");
  EXPECT_EQ(reason(grpc::StatusCode::UNIMPLEMENTED), "METHOD_UNKNOWN");
  EXPECT_EQ(reason(grpc::StatusCode::INTERNAL), "INTERNAL_FAULT");
  const auto status = ToRpcStatus(
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "ipv4:10.0.0.1:7000"), "identity", "r", "en");
  EXPECT_THAT(status.ShortDebugString(), ::testing::Not(HasSubstr("10.0.0.1")));
}

TEST(ErrorResponse, HasAnHttpCodeForEveryCode) {
  EXPECT_EQ(HttpCodeOf(0), 200);
  for (int code = 1; code <= 16; ++code) EXPECT_GE(HttpCodeOf(code), 400) << code;
  EXPECT_EQ(HttpCodeOf(99), 500);
}

}  // namespace
}  // namespace teraju::gateway
