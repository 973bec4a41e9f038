// The whole suite as real processes with a PostgreSQL server of its own: what scenario, resilience
// and security checks run against. Ports are chosen by the machine; everything ends with the
// object.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/testing/mini_postgres.h"
#include "tests/harness/process.h"

namespace teraju::harness {

class Suite {
 public:
  struct Options {
    bool durable = false;                         // PostgreSQL with fsync: for checks that kill it
    std::map<std::string, int> replicas;          // per service, 1 unless named
    std::map<std::string, std::string> settings;  // further TERAJU_… variables
    std::vector<std::string> services = {
        "identity", "catalog", "evaluation", "feedback", "training", "gateway"};
  };
  static absl::StatusOr<std::unique_ptr<Suite>> Start(const Options& options);
  static absl::StatusOr<std::unique_ptr<Suite>> Start() { return Start(Options{}); }
  ~Suite();

  std::string rest_port() const { return std::to_string(ports_.at("gateway")); }
  std::string grpc_port() const { return std::to_string(ports_.at("gateway-grpc")); }
  std::string port(const std::string& process) const { return std::to_string(ports_.at(process)); }
  std::string metrics_port(const std::string& process) const {
    return std::to_string(ports_.at(process + "-metrics"));
  }
  // For logs and files of a check; removed with the suite.
  const std::string& folder() const { return folder_; }
  // The file with login and password of the operator.
  std::string operator_file() const { return folder_ + "/operator.txt"; }
  // The service's own connection string, as its role.
  std::string Dsn(const std::string& service) const;

  testing::MiniPostgres& postgres() { return *postgres_; }
  // `evaluation`, or `evaluation-2` for a second replica.
  Process& process(const std::string& name) { return *processes_.at(name); }
  bool Runs(const std::string& process) const { return processes_.contains(process); }
  // The processes of a service: `evaluation`, `evaluation-2`.
  std::vector<std::string> Replicas(const std::string& service) const;
  // Waits until a process says that it is ready, or not.
  absl::Status WaitReady(const std::string& process, absl::Duration timeout = absl::Seconds(30));
  bool Ready(const std::string& process) const;
  // Everything that every process has logged.
  std::string Logs() const;

 private:
  Suite() = default;
  void ChoosePorts(const Options& options);
  absl::Status StartAll(const Options& options);
  absl::Status MakeDatabase(const std::string& service);
  std::map<std::string, std::string> Environment(const Options& options,
                                                 const std::string& service,
                                                 int replica);

  std::string folder_;
  std::unique_ptr<testing::MiniPostgres> postgres_;
  std::map<std::string, int> ports_;
  std::map<std::string, std::string> secrets_;
  std::map<std::string, std::unique_ptr<Process>> processes_;
};

}  // namespace teraju::harness
