#include "common/csv/csv.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "common/errors/status_macros.h"

namespace teraju::csv {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view Trim(std::string_view text) {
  const auto space = [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

// Where the first record ends: the first line end outside quotes, or npos.
std::size_t EndOfFirstRecord(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) return i;
  }
  return std::string_view::npos;
}

char MostFrequentDelimiter(std::string_view header) {
  constexpr std::array<char, 4> kDelimiters = {',', ';', '|', '\t'};
  std::array<std::size_t, 4> counts{};
  bool quoted = false;
  for (const char c : header) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    const auto found = std::find(kDelimiters.begin(), kDelimiters.end(), c);
    if (found != kDelimiters.end()) ++counts[found - kDelimiters.begin()];
  }
  return kDelimiters[std::max_element(counts.begin(), counts.end()) - counts.begin()];
}

}  // namespace

absl::Status Reader::Feed(std::string_view chunk, Sink sink) {
  if (detected_) return Parse(chunk, sink);
  head_.append(chunk);
  if (EndOfFirstRecord(head_) == std::string_view::npos && head_.size() < kMaxRecordBytes) {
    return absl::OkStatus();
  }
  Detect();
  const std::string head = std::move(head_);
  return Parse(std::string_view(head).substr(dialect_.byte_order_mark ? 3 : 0), sink);
}

absl::Status Reader::Finish(Sink sink) {
  if (!detected_) {
    Detect();
    const std::string head = std::move(head_);
    RETURN_IF_ERROR(Parse(std::string_view(head).substr(dialect_.byte_order_mark ? 3 : 0), sink));
  }
  if (record_bytes_ == 0) return absl::OkStatus();
  return EndRecord(sink);
}

void Reader::Detect() {
  detected_ = true;
  dialect_.byte_order_mark = head_.starts_with(kByteOrderMark);
  const std::string_view header = std::string_view(head_).substr(0, EndOfFirstRecord(head_));
  dialect_.crlf = header.ends_with('\r');
  dialect_.delimiter = MostFrequentDelimiter(header);
}

absl::Status Reader::Parse(std::string_view text, Sink sink) {
  for (const char c : text) {
    if (record_bytes_ == 0) record_.line = line_;
    if (c == '\n') ++line_;
    if (++record_bytes_ > kMaxRecordBytes) {
      return too_long_(record_.line);
    }
    if (state_ == State::kQuoted) {
      if (c == '"') {
        state_ = State::kQuoteInQuoted;
      } else {
        field_.push_back(c);
      }
    } else if (c == dialect_.delimiter) {
      EndField();
    } else if (c == '\n') {
      RETURN_IF_ERROR(EndRecord(sink));
    } else if (c == '"' && state_ == State::kFieldStart) {
      state_ = State::kQuoted;
    } else if (c == '"' && state_ == State::kQuoteInQuoted) {
      field_.push_back(c);
      state_ = State::kQuoted;
    } else {
      field_.push_back(c);
      state_ = State::kPlain;
    }
  }
  return absl::OkStatus();
}

void Reader::EndField() {
  if (used_ == record_.cells.size()) record_.cells.emplace_back();
  std::swap(record_.cells[used_++], field_);
  field_.clear();
  state_ = State::kFieldStart;
}

absl::Status Reader::EndRecord(Sink sink) {
  if (state_ == State::kPlain && field_.ends_with('\r')) field_.pop_back();
  EndField();
  record_.cells.resize(used_);
  used_ = 0;
  record_bytes_ = 0;
  const bool blank = std::all_of(record_.cells.begin(),
                                 record_.cells.end(),
                                 [](const std::string& c) { return Trim(c).empty(); });
  if (blank) return absl::OkStatus();
  RETURN_IF_ERROR(sink(record_));
  ++record_.row;
  return absl::OkStatus();
}

bool LooksLikeFormula(std::string_view cell) {
  cell = Trim(cell);
  if (cell.size() < 2 || std::string_view("=@+-").find(cell[0]) == std::string_view::npos)
    return false;
  if (cell[0] == '=' || cell[0] == '@') return true;
  return !std::all_of(cell.begin() + 1, cell.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
           std::string_view(" .-()").find(c) != std::string_view::npos;
  });
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty() || &cell != cells.data()) line.push_back(',');
    const bool active = LooksLikeFormula(cell) || cell.starts_with('\t') || cell.starts_with('\r');
    const std::string text = active ? "'" + cell : cell;
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      line += text;
    } else {
      line.push_back('"');
      for (const char c : text) line.append(c == '"' ? 2 : 1, c);
      line.push_back('"');
    }
  }
  line.push_back('\n');
  return line;
}

}  // namespace teraju::csv
