// Reads delimited text as spreadsheets and HR systems write it, in pieces, with memory bounded by
// one record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace teraju::csv {

// What was recognised from the beginning of the file.
struct Dialect {
  char delimiter = ',';  // , ; | or tab: the most frequent in the header
  bool byte_order_mark = false;
  bool crlf = false;
};

struct Record {
  std::int64_t row = 0;   // 0 is the header; blank records are not counted
  std::int64_t line = 0;  // physical line on which it starts, from 1
  std::vector<std::string> cells;
};

// Fields may be quoted and then hold delimiters, line ends and doubled quotes (RFC 4180). Records
// whose cells are all blank are skipped.
class Reader {
 public:
  using Sink = absl::FunctionRef<absl::Status(const Record&)>;
  // The error for a record that is too long, by the line on which it begins.
  using TooLong = absl::Status (*)(std::int64_t line);

  // The longest record that is read. A quote that never closes would otherwise swallow the file.
  static constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 20;

  explicit Reader(TooLong too_long) : too_long_(too_long) {}

  // Gives every complete record to `sink`. The error for a record that is too long, or the first
  // error of `sink`.
  absl::Status Feed(std::string_view chunk, Sink sink);
  // Gives the last record, which need not end with a line end.
  absl::Status Finish(Sink sink);

  // Known once the first record has been given.
  const Dialect& dialect() const { return dialect_; }

 private:
  enum class State { kFieldStart, kPlain, kQuoted, kQuoteInQuoted };

  void Detect();
  absl::Status Parse(std::string_view text, Sink sink);
  void EndField();
  absl::Status EndRecord(Sink sink);

  TooLong too_long_;
  Dialect dialect_;
  bool detected_ = false;
  std::string head_;  // the beginning, until the dialect is known
  State state_ = State::kFieldStart;
  std::string field_;
  std::size_t record_bytes_ = 0;
  std::size_t used_ = 0;  // cells of record_ in use: their storage is kept
  std::int64_t line_ = 1;
  Record record_;
};

// One line of CSV (comma, LF) whose cells a spreadsheet takes for text: a cell that begins with = +
// - @ tab or CR gets an apostrophe in front, unless it is a signed number.
std::string Line(const std::vector<std::string>& cells);

// After trimming: longer than one character, begins with = @ + or -, and is not just a sign
// followed by digits, spaces, dots, hyphens and brackets (a telephone number).
bool LooksLikeFormula(std::string_view cell);

}  // namespace teraju::csv
