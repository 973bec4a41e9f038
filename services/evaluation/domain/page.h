// A printable page as HTML: headings, facts, tables, bars. All text is escaped; nothing is loaded
// from anywhere.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/text.h"

namespace teraju::evaluation::domain {

// `id` or empty, or `en`. INVALID_ARGUMENT naming `languageCode`.
absl::StatusOr<Language> ParseLanguage(std::string_view code);

class Page {
 public:
  Page(std::string_view title, Language language);

  void Heading(std::string_view text);
  // One paragraph for each line.
  void Text(std::string_view lines);
  void Facts(const std::vector<std::pair<std::string, std::string>>& facts);
  void Table(const std::vector<std::string>& head,
             const std::vector<std::vector<std::string>>& rows);
  // Values side by side, in percent, with a mark at 100. `text` is the figure as it is published.
  struct Bar {
    std::string name;
    double percent = 0;  // for drawing only
    std::string text;
  };
  void Bars(std::string_view title, const std::vector<Bar>& bars);
  std::string Finish() &&;

 private:
  std::string body_;
};

}  // namespace teraju::evaluation::domain
