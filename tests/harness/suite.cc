#include "tests/harness/suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/errors/status_macros.h"
#include "common/testing/eventually.h"
#include "tests/harness/http_get.h"

namespace teraju::harness {
namespace {

const std::map<std::string, std::vector<std::string>>& Peers() {
  static const auto* peers = new std::map<std::string, std::vector<std::string>>{
      {"identity", {}},
      {"catalog", {"identity"}},
      {"evaluation", {"identity", "catalog", "feedback"}},
      {"feedback", {"identity"}},
      {"training", {"identity", "evaluation", "feedback"}},
      {"gateway", {"identity", "catalog", "evaluation", "feedback", "training"}}};
  return *peers;
}

// Ports that were free a moment ago, each another. They lie below those that the system gives to
// outgoing connections, so that none of these takes one before its service does.
class FreePorts {
 public:
  ~FreePorts() {
    for (const int socket : sockets_) ::close(socket);
  }
  int Next() {
    while (true) {
      const int port = std::uniform_int_distribution(10000, 32000)(random_);
      const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const bool free = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
      sockets_.push_back(socket);  // held until all are chosen
      if (free) return port;
    }
  }

 private:
  std::random_device random_;
  std::vector<int> sockets_;
};

std::string RandomSecret() {
  std::string bytes(24, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return absl::WebSafeBase64Escape(bytes);
}

void WriteAuditKey(const std::string& path) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  EVP_PKEY_free(key);
}

std::string NameOf(const std::string& service, int replica) {
  return replica == 1 ? service : absl::StrCat(service, "-", replica);
}

int ReplicasOf(const Suite::Options& options, const std::string& service) {
  const auto found = options.replicas.find(service);
  return found == options.replicas.end() ? 1 : found->second;
}

std::string Prefix(const std::string& service) {
  return "TERAJU_" + absl::AsciiStrToUpper(service) + "_";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Suite>> Suite::Start(const Options& options) {
  std::unique_ptr<Suite> suite(new Suite());
  RETURN_IF_ERROR(suite->StartAll(options));
  return suite;
}

Suite::~Suite() {
  for (auto& [name, process] : processes_) process->Kill9();
  processes_.clear();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string Suite::Dsn(const std::string& service) const {
  return absl::StrCat(postgres_->Dsn("teraju_" + service), " user=teraju_", service);
}

absl::Status Suite::MakeDatabase(const std::string& service) {
  try {
    pqxx::connection admin(postgres_->Dsn());
    pqxx::nontransaction tx(admin);
    tx.exec("CREATE ROLE teraju_" + service + " LOGIN");
    tx.exec("CREATE DATABASE teraju_" + service + " OWNER teraju_" + service);
    tx.exec("REVOKE ALL ON DATABASE teraju_" + service + " FROM PUBLIC");
    return absl::OkStatus();
  } catch (const std::exception& failure) {
    return absl::InternalError(failure.what());
  }
}

std::map<std::string, std::string> Suite::Environment(const Options& options,
                                                      const std::string& service,
                                                      int replica) {
  const std::string prefix = Prefix(service);
  const std::string process = NameOf(service, replica);
  std::map<std::string, std::string> environment = {
      {prefix + "ADDRESS", "127.0.0.1"},
      {prefix + "PORT", absl::StrCat(ports_[process])},
      {prefix + "METRICS_ADDRESS", "127.0.0.1"},
      {prefix + "METRICS_PORT", absl::StrCat(ports_[process + "-metrics"])},
      {prefix + "TOKEN_ISSUER", "https://identity.teraju"}};
  for (const std::string& peer : Peers().at(service)) {
    std::vector<std::string> targets;
    for (int i = 1; i <= ReplicasOf(options, peer); ++i) {
      const std::string name = NameOf(peer, i);
      if (ports_.contains(name)) targets.push_back(absl::StrCat("127.0.0.1:", ports_[name]));
    }
    // A peer that this suite does not run is a port that nobody listens on.
    if (targets.empty()) targets.push_back("127.0.0.1:9");
    environment[prefix + absl::AsciiStrToUpper(peer) + "_TARGET"] =
        targets.size() == 1 ? targets.front() : "ipv4:" + absl::StrJoin(targets, ",");
  }
  if (service == "gateway") {
    environment[prefix + "GRPC_PORT"] = absl::StrCat(ports_["gateway-grpc"]);
  } else {
    environment[prefix + "DATABASE_DSN"] = Dsn(service);
    environment[prefix + "AUDIT_KEY_FILE"] = folder_ + "/audit-" + service + ".pem";
    if (service == "identity") {
      environment[prefix + "BOOTSTRAP_FILE"] = operator_file();
      environment[prefix + "SERVICE_SECRETS_FILE"] = folder_ + "/services";
    } else {
      environment[prefix + "CLIENT_SECRET_FILE"] = folder_ + "/service-" + service;
    }
  }
  for (const auto& [name, value] : options.settings) {
    if (name.starts_with(prefix)) environment[name] = value;
  }
  return environment;
}

void Suite::ChoosePorts(const Options& options) {
  FreePorts free;
  for (const std::string& service : options.services) {
    for (int replica = 1; replica <= ReplicasOf(options, service); ++replica) {
      const std::string name = NameOf(service, replica);
      for (const char* port : {"", "-metrics", "-grpc"}) ports_[name + port] = free.Next();
    }
  }
}

absl::Status Suite::StartAll(const Options& options) {
  std::string pattern = (std::filesystem::temp_directory_path() / "teraju-suite-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return absl::InternalError("mkdtemp failed");
  folder_ = pattern;
  testing::MiniPostgres::Options server;
  server.durable = options.durable;
  ASSIGN_OR_RETURN(testing::MiniPostgres postgres, testing::MiniPostgres::Create(server));
  postgres_ = std::make_unique<testing::MiniPostgres>(std::move(postgres));
  ChoosePorts(options);
  std::ofstream services(folder_ + "/services");
  for (const std::string& service : options.services) {
    if (service == "gateway") continue;
    const std::string secret = RandomSecret();
    services << service << "=" << secret << "\n";
    std::ofstream(folder_ + "/service-" + service) << secret << "\n";
    WriteAuditKey(folder_ + "/audit-" + service + ".pem");
    RETURN_IF_ERROR(MakeDatabase(service));
  }
  services.close();
  for (const std::string& service : options.services) {
    const std::string program = std::string(TERAJU_BIN_DIR) + "/teraju-" + service;
    for (int replica = 1; replica <= ReplicasOf(options, service); ++replica) {
      const std::string name = NameOf(service, replica);
      Process::Options process{program,
                               {"serve"},
                               Environment(options, service, replica),
                               folder_ + "/" + name + ".log"};
      if (replica == 1 && service != "gateway") {
        Process migrate({program, {"migrate"}, process.environment, folder_ + "/" + name + ".log"});
        int code = 0;
        RETURN_IF_ERROR(migrate.Start());
        RETURN_IF_ERROR(migrate.Wait(absl::Minutes(1), code));
        if (code != 0)
          return absl::InternalError(absl::StrCat(name, " migrate: ", code, "\n", migrate.Log()));
      }
      processes_[name] = std::make_unique<Process>(std::move(process));
      RETURN_IF_ERROR(processes_[name]->Start());
    }
  }
  for (const auto& [name, process] : processes_) RETURN_IF_ERROR(WaitReady(name));
  return absl::OkStatus();
}

std::vector<std::string> Suite::Replicas(const std::string& service) const {
  std::vector<std::string> names;
  for (int replica = 1; Runs(NameOf(service, replica)); ++replica)
    names.push_back(NameOf(service, replica));
  return names;
}

bool Suite::Ready(const std::string& process) const {
  return HttpGet(metrics_port(process), "/readyz").status == 200;
}

absl::Status Suite::WaitReady(const std::string& process, absl::Duration timeout) {
  if (testing::Eventually([&] { return !processes_.at(process)->running() || Ready(process); },
                          timeout) &&
      Ready(process)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(process + " is not ready:\n" + processes_.at(process)->Log());
}

std::string Suite::Logs() const {
  std::string all;
  for (const auto& [name, process] : processes_) absl::StrAppend(&all, process->Log());
  return all;
}

}  // namespace teraju::harness
