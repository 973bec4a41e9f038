#include "common/logging/logger.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cmath>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace teraju::logging {
namespace {

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  std::function<void(std::string_view)> write_;
};

// Bytes of the well-formed UTF-8 sequence (RFC 3629) at the start of `text`; 0 when it is not one.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (first == 0xED && byte(1) > 0x9F) return 0;  // surrogate
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;  // overlong
    if (first == 0xF4 && byte(1) > 0x8F) return 0;  // above U+10FFFF
    return 4;
  }
  return 0;
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const char c = text.front();
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<int>(c));
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

struct AppendValue {
  std::string& out;
  void operator()(std::string_view value) const { AppendQuoted(out, value); }
  void operator()(std::int64_t value) const { absl::StrAppend(&out, value); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(double value) const {
    if (std::isfinite(value)) {
      absl::StrAppend(&out, value);
    } else {
      out += "null";
    }
  }
};

}  // namespace

struct Logger::Impl {
  Impl(std::string service, spdlog::sink_ptr sink)
      : service(std::move(service)), logger("", std::move(sink)) {
    logger.set_pattern("%v");
    // A line that waits in a buffer is lost in a crash, which is when it is wanted.
    logger.flush_on(spdlog::level::info);
  }

  void Write(spdlog::level::level_enum level,
             std::string_view word,
             std::string_view event,
             const Fields& fields) {
    std::string line = "{\"time\":\"";
    line += absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone());
    line += "\",\"level\":\"";
    line += word;
    line += "\",\"service\":";
    AppendQuoted(line, service);
    line += ",\"event\":";
    AppendQuoted(line, event);
    Append(line, fields, true);
    line += '}';
    logger.log(level, line);
  }

  static void Append(std::string& line, const Fields& fields, bool comma) {
    for (const Field& field : fields) {
      if (std::exchange(comma, true)) line += ',';
      AppendQuoted(line, field.key_);
      line += ':';
      std::visit(AppendValue{line}, field.value_);
    }
  }

  std::string service;
  spdlog::logger logger;
};

Logger::Logger(std::string service)
    : impl_(std::make_unique<Impl>(std::move(service),
                                   std::make_shared<spdlog::sinks::stdout_sink_mt>())) {}
Logger::Logger(std::string service, std::function<void(std::string_view)> write)
    : impl_(std::make_unique<Impl>(std::move(service),
                                   std::make_shared<FunctionSink>(std::move(write)))) {}
Logger::~Logger() = default;

void Logger::Info(std::string_view event, const Fields& fields) {
  impl_->Write(spdlog::level::info, "info", event, fields);
}
void Logger::Warning(std::string_view event, const Fields& fields) {
  impl_->Write(spdlog::level::warn, "warning", event, fields);
}
void Logger::Error(std::string_view event, const Fields& fields) {
  impl_->Write(spdlog::level::err, "error", event, fields);
}

void Logger::Bare(const Fields& fields) {
  std::string line = "{";
  Impl::Append(line, fields, false);
  line += '}';
  impl_->logger.log(spdlog::level::info, line);
}

std::string JsonQuote(std::string_view text) {
  std::string out;
  AppendQuoted(out, text);
  return out;
}

std::string Describe(const absl::Status& status) {
  return absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message());
}

}  // namespace teraju::logging
