#include "services/gateway/routing/path_template.h"

#include <fmt/format.h>

#include "absl/status/status.h"
#include "common/errors/status_macros.h"

namespace teraju::gateway {
namespace {

// Recursive descent over the grammar in google/api/http.proto.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), rest_(text) {}

  absl::StatusOr<PathTemplate> Run() {
    if (!Take('/')) return Wrong("must begin with /");
    RETURN_IF_ERROR(Segments(/*inside=*/false));
    if (Take(':')) {
      out_.verb = std::string(TakeLiteral());
      if (out_.verb.empty()) return Wrong("has no verb after :");
    }
    if (!rest_.empty()) return Wrong("has text after its end");
    for (std::size_t i = 0; i + 1 < out_.segments.size(); ++i) {
      if (out_.segments[i].wildcard == PathTemplate::Wildcard::kRest)
        return Wrong("has ** before its last segment");
    }
    return std::move(out_);
  }

 private:
  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(
        fmt::format("path pattern {} {}, at byte {}", text_, what, text_.size() - rest_.size()));
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view TakeLiteral() {
    const std::size_t end = std::min(rest_.find_first_of("/:{}=*"), rest_.size());
    const std::string_view literal = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return literal;
  }

  absl::Status Segments(bool inside) {
    do {
      if (Take('{')) {
        if (inside) return Wrong("has a variable within a variable");
        RETURN_IF_ERROR(Variable());
      } else if (Take('*')) {
        out_.segments.push_back(
            {Take('*') ? PathTemplate::Wildcard::kRest : PathTemplate::Wildcard::kOne, ""});
      } else {
        const std::string_view literal = TakeLiteral();
        if (literal.empty()) return Wrong("has an empty segment");
        out_.segments.push_back({PathTemplate::Wildcard::kNone, std::string(literal)});
      }
    } while (Take('/'));
    return absl::OkStatus();
  }

  absl::Status Variable() {
    PathTemplate::Variable variable;
    variable.field_path = std::string(TakeLiteral());
    if (variable.field_path.empty()) return Wrong("has a variable without a name");
    variable.begin = out_.segments.size();
    if (Take('=')) {
      RETURN_IF_ERROR(Segments(/*inside=*/true));
    } else {
      out_.segments.push_back({PathTemplate::Wildcard::kOne, ""});
    }
    if (!Take('}')) return Wrong("has a variable that does not end");
    variable.end = out_.segments.size();
    variable.multiple = variable.end - variable.begin > 1 ||
                        out_.segments.back().wildcard == PathTemplate::Wildcard::kRest;
    out_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  std::string_view text_;
  std::string_view rest_;
  PathTemplate out_;
};

}  // namespace

absl::StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) {
  return Parser(text).Run();
}

}  // namespace teraju::gateway
