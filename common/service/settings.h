// Typed settings of a service from its environment: TERAJU_<SERVICE>_<NAME>.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/logging/logger.h"
#include "common/logging/secret.h"

namespace teraju::service {

// Reading never fails: faults are collected and told together by Check, so that whoever configures
// a service learns of all of them at once. A name under the service's prefix that nobody has read
// is a fault too: it is misspelt.
class Settings {
 public:
  // `environment` is name to value, without the others' prefixes being looked at.
  Settings(std::string_view service, std::map<std::string, std::string> environment);
  static Settings FromEnvironment(std::string_view service);

  // NAME is in capitals with the unit at its end (`DRAIN_SECONDS`).
  std::string Text(std::string_view name, std::string_view fallback);
  std::string RequiredText(std::string_view name);
  // From the variable, or from the first line of the file that NAME_FILE names: a file does not
  // show in the process's environment.
  logging::Secret RequiredSecret(std::string_view name);
  logging::Secret OptionalSecret(std::string_view name);
  int Integer(std::string_view name, int fallback, int minimum, int maximum);
  // `on` or `off`.
  bool Switch(std::string_view name, bool fallback);
  // Whole seconds or milliseconds.
  absl::Duration Seconds(std::string_view name, int fallback, int minimum, int maximum);
  absl::Duration Milliseconds(std::string_view name, int fallback, int minimum, int maximum);
  // Texts parted by commas; empty without any.
  std::vector<std::string> List(std::string_view name);
  // A fault that the reader found itself.
  void Fault(std::string_view name, std::string_view what);

  // INVALID_ARGUMENT with one line per fault: the variable, what is wrong, what is expected.
  absl::Status Check() const;
  // The same without the names that nobody has read, for commands that need a few settings only.
  absl::Status CheckRead() const;
  // What is in force, secrets as ***.
  void Log(logging::Logger& logger) const;

 private:
  const std::string* Find(std::string_view name);

  const std::string prefix_;
  const std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> in_force_;  // name without prefix to what is shown
  std::vector<std::string> faults_;
};

}  // namespace teraju::service
