#include "services/evaluation/domain/page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/engines/statistics/svg.h"
#include "common/errors/field_violations.h"

namespace teraju::evaluation::domain {
namespace {

using statistics::EscapeXml;

constexpr char kStyle[] =
    "body{font:15px/1.5 sans-serif;color:#1f2937;max-width:50em;margin:2em auto;padding:0 1em}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.8em}p{margin:.3em 0}"
    "table{border-collapse:collapse;width:100%;font-size:.9em}"
    "th,td{text-align:left;vertical-align:top;padding:.35em .6em;border-bottom:1px solid #d1d5db;"
    "overflow-wrap:anywhere}"
    "th[scope=row]{width:14em;font-weight:normal;color:#4b5563}svg{max-width:100%;height:auto}"
    "@media print{body{margin:0}tr{page-break-inside:avoid}}";

constexpr double kNameWidth = 290;
constexpr double kBarWidth = 360;
constexpr double kMostPercent = 150;  // longer bars end there
constexpr double kRow = 30;
constexpr std::size_t kNameCharacters = 34;

// Cut between characters, not within one.
std::string Short(std::string_view name) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if ((static_cast<unsigned char>(name[i]) & 0xC0) == 0x80) continue;
    if (++characters > kNameCharacters) return absl::StrCat(std::string(name.substr(0, i)), "…");
  }
  return std::string(name);
}

}  // namespace

absl::StatusOr<Language> ParseLanguage(std::string_view code) {
  if (code.empty() || code == "id") return Language::kIndonesian;
  if (code == "en") return Language::kEnglish;
  errors::FieldViolations violations;
  violations.Add("languageCode",
                 "UNKNOWN",
                 "Bahasa halaman adalah id atau en.",
                 "The language of a page is id or en.");
  return violations.ToStatus();
}

Page::Page(std::string_view title, Language language) {
  const std::string safe = EscapeXml(title);
  body_ = absl::StrCat("<!DOCTYPE html>\n<html lang=\"",
                       language == Language::kEnglish ? "en" : "id",
                       "\">\n<head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width\"><title>",
                       safe,
                       "</title><style>",
                       kStyle,
                       "</style></head>\n<body>\n<h1>",
                       safe,
                       "</h1>\n");
}

void Page::Heading(std::string_view text) {
  absl::StrAppend(&body_, "<h2>", EscapeXml(text), "</h2>\n");
}

void Page::Text(std::string_view lines) {
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(std::string(lines), '\n', absl::SkipEmpty())))
    absl::StrAppend(&body_, "<p>", EscapeXml(line), "</p>\n");
}

void Page::Facts(const std::vector<std::pair<std::string, std::string>>& facts) {
  body_ += "<table>\n";
  for (const auto& [name, value] : facts) {
    absl::StrAppend(&body_,
                    "<tr><th scope=\"row\">",
                    EscapeXml(name),
                    "</th><td>",
                    EscapeXml(value),
                    "</td></tr>\n");
  }
  body_ += "</table>\n";
}

void Page::Table(const std::vector<std::string>& head,
                 const std::vector<std::vector<std::string>>& rows) {
  body_ += "<table>\n<tr>";
  for (const std::string& cell : head)
    absl::StrAppend(&body_, "<th scope=\"col\">", EscapeXml(cell), "</th>");
  body_ += "</tr>\n";
  for (const std::vector<std::string>& row : rows) {
    body_ += "<tr>";
    for (const std::string& cell : row) absl::StrAppend(&body_, "<td>", EscapeXml(cell), "</td>");
    body_ += "</tr>\n";
  }
  body_ += "</table>\n";
}

void Page::Bars(std::string_view title, const std::vector<Bar>& bars) {
  if (bars.empty()) return;
  const double height = kRow * static_cast<double>(bars.size()) + 24;
  std::string said;
  for (const Bar& bar : bars) absl::StrAppend(&said, bar.name, ": ", bar.text, ". ");
  statistics::Svg svg(kNameWidth + kBarWidth + 100, height, title, said);
  const double target = kNameWidth + kBarWidth * 100 / kMostPercent;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double y = kRow * static_cast<double>(i);
    const double width = std::clamp(bars[i].percent, 0.0, kMostPercent) * kBarWidth / kMostPercent;
    svg.Text(kNameWidth - 8, y + 19, Short(bars[i].name), {.anchor = statistics::Anchor::kEnd});
    svg.Box(kNameWidth, y + 6, width, kRow - 12, statistics::SeriesColor(0));
    svg.Text(kNameWidth + std::max(width, target - kNameWidth) + 8, y + 19, bars[i].text);
  }
  svg.Dashes(target, 0, target, height - 20, "#1f2937");
  svg.Text(target, height - 5, "100%", {.anchor = statistics::Anchor::kMiddle, .size = 12});
  body_ += svg.Finish();
}

std::string Page::Finish() && { return std::move(body_) + "</body>\n</html>\n"; }

}  // namespace teraju::evaluation::domain
