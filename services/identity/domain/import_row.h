// What the three kinds of HR files have in common: columns found by name, cells cleaned, a verdict
// per row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/csv/csv.h"
#include "teraju/identity/v1/import_job.pb.h"

namespace teraju::identity::domain {

// The longest name or title that is taken over, in characters.
inline constexpr std::size_t kMaxImportedText = 300;

// The verdict on one row. `code` is empty for a row that is simply accepted.
struct Verdict {
  v1::ImportRowResult::Verdict verdict = v1::ImportRowResult::ACCEPTED;
  std::string_view code;
  std::string column;  // as the file's header has it
  std::string value;   // what was kept after a warning; empty: dropped

  bool rejected() const { return verdict == v1::ImportRowResult::REJECTED; }
};

Verdict Rejected(std::string_view code, std::string_view column);
Verdict Warning(std::string_view code, std::string_view column, std::string_view value);

// The error for a record of a file that is too long: INVALID_ARGUMENT (IMPORT_FILE_MALFORMED).
absl::Status RecordTooLong(std::int64_t line);

// What a person reads about a code, in Indonesian and English; empty texts for an unknown code.
struct VerdictText {
  std::string_view id;
  std::string_view en;
};
VerdictText TextOf(std::string_view code);

// The columns of a file, found by header name whatever their order. Case, surrounding blanks and
// `_` for a blank do not count.
class Columns {
 public:
  struct Layout {
    std::vector<std::string_view> known;     // in any order
    std::vector<std::string_view> required;  // a subset of known
  };

  // INVALID_ARGUMENT (IMPORT_HEADER_INVALID) naming the required columns that are absent.
  static absl::StatusOr<Columns> Parse(const csv::Record& header,
                                       const Layout& layout,
                                       std::string_view kind);

  std::size_t count() const { return names_.size(); }
  // The header's own spelling.
  const std::string& name(std::size_t index) const { return names_[index]; }
  // The same in upper case, with single blanks.
  const std::string& canonical(std::size_t index) const { return canonical_[index]; }
  bool known(std::size_t index) const { return known_[index]; }
  bool required(std::size_t index) const { return required_[index]; }
  // Where a known column stands; -1 when the file does not have it.
  int Find(std::string_view known) const;
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> canonical_;
  std::map<std::string, int, std::less<>> places_;  // of canonical_, the first
  std::vector<bool> known_;
  std::vector<bool> required_;
  std::vector<std::string> unknown_;
};

// Blank, `-` and `null` mean missing.
bool IsMissing(std::string_view cell);
// UTF-8 without NUL, as the database takes it.
bool IsCleanText(std::string_view text);

// The checks that come first for every kind of file: cell count, encoding, required columns. A row
// that is only short gets ROW_SHORT into `warning`.
Verdict CheckShape(const csv::Record& record, const Columns& columns, Verdict& warning);

// The cell of a known column, trimmed; empty when missing or absent.
std::string_view CellOf(const csv::Record& record, const Columns& columns, std::string_view known);

}  // namespace teraju::identity::domain
