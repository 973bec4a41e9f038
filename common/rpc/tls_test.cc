#include "common/rpc/tls.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <fstream>

#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/rpc/testdata/certificates.h"
#include "common/rpc/testdata/things_service.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"

namespace teraju::rpc {
namespace {

using testing::IsOk;
using testing::StatusIs;

// Whether the server agrees to talk in this version of TLS; whom it talks to is settled later.
bool Handshake(int port, int version) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);  // else the client would not offer old versions
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  const std::string alpn = "\x02h2";
  SSL_CTX_set_alpn_protos(context,
                          reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, ("127.0.0.1:" + std::to_string(port)).c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  // The certificate request has come: the server has taken the version.
  bool asked = false;
  SSL_CTX_set_client_cert_cb(context, [](SSL*, X509**, EVP_PKEY**) { return 0; });
  SSL_set_app_data(ssl, &asked);
  SSL_set_info_callback(ssl, [](const SSL* one, int, int) {
    if (SSL_get_state(one) == TLS_ST_CR_CERT_REQ) *static_cast<bool*>(SSL_get_app_data(one)) = true;
  });
  const bool done = BIO_do_connect(connection) == 1;
  BIO_free_all(connection);
  SSL_CTX_free(context);
  return done || asked;
}

constexpr char kGateway[] = "spiffe://teraju/gateway";

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    auto started = Server::Start({.address = "127.0.0.1", .tls = server_files_},
                                 {&service_},
                                 ThingsTable(),
                                 host_.metrics());
    EXPECT_THAT(started, IsOk());
    server_ = *std::move(started);
    server_->SetServing(true);
  }
  ~TlsTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
    std::filesystem::remove_all(other_folder_);
  }

  static std::string MakeFolder() {
    std::string pattern = ::testing::TempDir() + "tlsXXXXXX";
    return mkdtemp(pattern.data());
  }

  grpc::Status Call(const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto stub = v1::Things::NewStub(grpc::CreateCustomChannel(
        "ipv4:127.0.0.1:" + std::to_string(server_->port()), credentials, arguments));
    grpc::ClientContext context;
    host_.Prepare(context, {.timeout = absl::Seconds(3)});
    v1::Thing response;
    return stub->GreetThing(&context, {}, &response);
  }
  grpc::Status CallWith(const TlsFiles& files) { return Call(MakeChannelCredentials(files)); }

  const std::string folder_ = MakeFolder();
  const std::string other_folder_ = MakeFolder();
  const CertificateAuthority authority_{folder_};
  const CertificateAuthority stranger_{other_folder_};
  const TlsFiles server_files_ = authority_.Issue("server", {.uri = "spiffe://teraju/evaluation"});
  int dispatched_ = 0;
  Handlers handlers_{.open = [this](const CallContext&) {
    ++dispatched_;
    return v1::Thing();
  }};
  testing::RpcHost host_{"rpctest", ThingsTable(), {kGateway}};
  ThingsService service_{host_.pipeline(), handlers_};
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, AdmitsACertificateOfOurAuthorityWithAKnownName) {
  EXPECT_TRUE(CallWith(authority_.Issue("gateway", {.uri = kGateway})).ok());
  EXPECT_EQ(dispatched_, 1);
}

TEST_F(TlsTest, DispatchesNothingForAnybodyElse) {
  testing::CheckLine line("S06", "calls dispatched", "0");
  const auto believing = [&](TlsFiles files) {
    files.authority = folder_ + "/authority.pem";
    return files;
  };
  EXPECT_FALSE(Call(grpc::InsecureChannelCredentials()).ok()) << "plain";
  grpc::SslCredentialsOptions no_certificate;
  no_certificate.pem_root_certs = [&] {
    std::ifstream file(folder_ + "/authority.pem");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  EXPECT_FALSE(Call(grpc::SslCredentials(no_certificate)).ok()) << "no certificate";
  EXPECT_FALSE(CallWith(believing(stranger_.Issue("gateway", {.uri = kGateway}))).ok())
      << "another authority";
  EXPECT_FALSE(
      CallWith(
          authority_.Issue("old", {.uri = kGateway, .valid_from_days = -3, .valid_until_days = -1}))
          .ok())
      << "expired";
  EXPECT_FALSE(
      CallWith(
          authority_.Issue("early", {.uri = kGateway, .valid_from_days = 1, .valid_until_days = 3}))
          .ok())
      << "not yet valid";
  EXPECT_FALSE(CallWith(authority_.Issue("usage", {.uri = kGateway, .usage = "serverAuth"})).ok())
      << "wrong usage";
  EXPECT_FALSE(CallWith(stranger_.Issue("doubter", {.uri = kGateway})).ok())
      << "does not believe the server";
  EXPECT_EQ(
      CallWith(authority_.Issue("training", {.uri = "spiffe://teraju/training"})).error_code(),
      grpc::StatusCode::PERMISSION_DENIED)
      << "a name that may not call";
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION})
    EXPECT_FALSE(Handshake(server_->port(), version)) << "TLS 1." << version - TLS1_VERSION;
  EXPECT_TRUE(Handshake(server_->port(), TLS1_2_VERSION)) << "the control of the two above";
  EXPECT_EQ(dispatched_, 0);
  line.Set(dispatched_, 10);
  EXPECT_TRUE(CallWith(authority_.Issue("gateway", {.uri = kGateway})).ok()) << "the control";
}

TEST_F(TlsTest, ReadsNewCertificatesWithoutARestart) {
  const TlsFiles gateway = authority_.Issue("gateway", {.uri = kGateway});
  ASSERT_TRUE(CallWith(gateway).ok());
  // The server's certificate is replaced by one of an authority that the caller does not know.
  const TlsFiles replacement = stranger_.Issue("server", {.uri = "spiffe://teraju/evaluation"});
  std::filesystem::copy_file(
      replacement.key, server_files_.key, std::filesystem::copy_options::overwrite_existing);
  std::filesystem::copy_file(replacement.certificate,
                             server_files_.certificate,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(testing::Eventually([&] { return !CallWith(gateway).ok(); }));
}

TEST(CheckTlsFiles, WantsAllOrNoneAndNamesWhatItCannotRead) {
  EXPECT_THAT(CheckTlsFiles({}), IsOk());
  EXPECT_THAT(CheckTlsFiles({.certificate = "/dev/null"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const absl::Status absent =
      CheckTlsFiles({.certificate = "/dev/null", .key = "/absent.key", .authority = "/dev/null"});
  EXPECT_THAT(std::string(absent.message()), ::testing::HasSubstr("/absent.key"));
}

}  // namespace
}  // namespace teraju::rpc
