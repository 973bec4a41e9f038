#include "common/service/settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <utility>

namespace teraju::service {
namespace {

std::string PrefixOf(std::string_view service) {
  std::string prefix = fmt::format("TERAJU_{}_", service);
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), [](unsigned char c) {
    return std::toupper(c);
  });
  return prefix;
}

constexpr char kMasked[] = "***";

absl::Status ToStatus(const std::vector<std::string>& faults) {
  if (faults.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{}", fmt::join(faults, "\n")));
}

}  // namespace

Settings::Settings(std::string_view service, std::map<std::string, std::string> environment)
    : prefix_(PrefixOf(service)), environment_(std::move(environment)) {}

Settings Settings::FromEnvironment(std::string_view service) {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return {service, std::move(environment)};
}

const std::string* Settings::Find(std::string_view name) {
  in_force_.try_emplace(std::string(name));
  const auto found = environment_.find(prefix_ + std::string(name));
  // An empty variable is how a compose file says that there is none.
  return found == environment_.end() || found->second.empty() ? nullptr : &found->second;
}

std::string Settings::Text(std::string_view name, std::string_view fallback) {
  const std::string* value = Find(name);
  std::string text = value == nullptr ? std::string(fallback) : *value;
  in_force_[std::string(name)] = text;
  return text;
}

std::string Settings::RequiredText(std::string_view name) {
  std::string text = Text(name, "");
  if (text.empty()) Fault(name, "is required");
  return text;
}

logging::Secret Settings::RequiredSecret(std::string_view name) {
  logging::Secret secret = OptionalSecret(name);
  if (secret.empty()) Fault(name, "is required");
  return secret;
}

logging::Secret Settings::OptionalSecret(std::string_view name) {
  const std::string* value = Find(name);
  const std::string file_name = std::string(name) + "_FILE";
  const std::string* file = Find(file_name);
  if (value != nullptr && file != nullptr)
    Fault(file_name, "and the variable without _FILE are both set");
  if (file != nullptr) {
    in_force_[file_name] = *file;
    std::ifstream in(*file);
    std::string line;
    if (!std::getline(in, line) || line.empty())
      Fault(file_name, "names no file with the secret in its first line");
    return logging::Secret(line);
  }
  if (value != nullptr) in_force_[std::string(name)] = kMasked;
  return value == nullptr ? logging::Secret() : logging::Secret(*value);
}

int Settings::Integer(std::string_view name, int fallback, int minimum, int maximum) {
  const std::string* value = Find(name);
  int number = fallback;
  if (value != nullptr) {
    const char* end = value->data() + value->size();
    const auto [rest, error] = std::from_chars(value->data(), end, number);
    if (error != std::errc() || rest != end || number < minimum || number > maximum) {
      Fault(name, fmt::format("must be a whole number from {} to {}", minimum, maximum));
      number = fallback;
    }
  }
  in_force_[std::string(name)] = std::to_string(number);
  return number;
}

bool Settings::Switch(std::string_view name, bool fallback) {
  const std::string* value = Find(name);
  const bool on = value == nullptr ? fallback : *value == "on";
  if (value != nullptr && *value != "on" && *value != "off") Fault(name, "must be on or off");
  in_force_[std::string(name)] = on ? "on" : "off";
  return on;
}

absl::Duration Settings::Seconds(std::string_view name, int fallback, int minimum, int maximum) {
  return absl::Seconds(Integer(name, fallback, minimum, maximum));
}
absl::Duration Settings::Milliseconds(std::string_view name,
                                      int fallback,
                                      int minimum,
                                      int maximum) {
  return absl::Milliseconds(Integer(name, fallback, minimum, maximum));
}

std::vector<std::string> Settings::List(std::string_view name) {
  const std::string text = Text(name, "");
  std::vector<std::string> parts;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (comma == 0) Fault(name, "must be a list parted by commas, without empty parts");
    parts.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return parts;
}

void Settings::Fault(std::string_view name, std::string_view what) {
  faults_.push_back(fmt::format("{}{} {}", prefix_, name, what));
}

absl::Status Settings::Check() const {
  std::vector<std::string> faults = faults_;
  for (const auto& [name, value] : environment_) {
    if (!name.starts_with(prefix_) || in_force_.contains(name.substr(prefix_.size()))) continue;
    faults.push_back(fmt::format("{} is not a setting of this service", name));
  }
  return ToStatus(faults);
}

absl::Status Settings::CheckRead() const { return ToStatus(faults_); }

void Settings::Log(logging::Logger& logger) const {
  logging::Fields fields;
  for (const auto& [name, value] : in_force_) fields.emplace_back(name, value);
  logger.Info("settings", fields);
}

}  // namespace teraju::service
