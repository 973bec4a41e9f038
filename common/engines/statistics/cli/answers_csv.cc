#include "common/engines/statistics/cli/answers_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <tuple>

namespace teraju::statistics {
namespace {

constexpr std::size_t kMostFaults = 20;

enum Column { kRater, kRatee, kValue, kItem, kGroup, kPeriod, kColumns };
struct ColumnName {
  std::string_view en;
  std::string_view id;
  bool required;
};
constexpr std::array<ColumnName, kColumns> kNames = {{{"rater", "penilai", true},
                                                      {"ratee", "dinilai", true},
                                                      {"value", "nilai", true},
                                                      {"item", "butir", false},
                                                      {"group", "kelompok", false},
                                                      {"period", "periode", false}}};

std::string Lowered(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

std::string_view Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

struct Row {
  int line = 0;
  std::vector<std::string> fields;
};

char DelimiterOf(std::string_view header) {
  char best = ',';
  for (const char candidate : {';', '\t', '|'}) {
    if (std::count(header.begin(), header.end(), candidate) >
        std::count(header.begin(), header.end(), best)) {
      best = candidate;
    }
  }
  return best;
}

// Reads one row after another.
class Reader {
 public:
  Reader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  // Empty lines are passed over. False at the end, and at a quote that is never closed.
  bool Next(Row& row) {
    while (at_ < text_.size()) {
      row = {line_, {}};
      if (!ReadFields(row)) return false;
      if (row.fields.size() > 1 || !row.fields[0].empty()) return true;
    }
    return false;
  }

  std::optional<int> unclosed_quote() const { return unclosed_; }

 private:
  bool ReadFields(Row& row) {
    std::string field;
    bool quoted = false;
    for (;; ++at_) {
      if (at_ == text_.size()) break;
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (quoted) {
        if (c != '"') {
          field += c;
        } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          field += '"';
          ++at_;
        } else {
          quoted = false;
        }
      } else if (c == '"' && Trimmed(field).empty()) {
        quoted = true;
        field.clear();
      } else if (c == delimiter_) {
        row.fields.emplace_back(Trimmed(field));
        field.clear();
      } else if (c == '\n') {
        ++at_;
        break;
      } else {
        field += c;
      }
    }
    if (quoted) {
      unclosed_ = row.line;
      return false;
    }
    row.fields.emplace_back(Trimmed(field));
    return true;
  }

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::optional<int> unclosed_;
};

// Gives each name its index, in order of appearance.
class Names {
 public:
  int IndexOf(const std::string& name) {
    const auto [it, is_new] = index_.emplace(name, static_cast<int>(names_.size()));
    if (is_new) names_.push_back(name);
    return it->second;
  }
  std::vector<std::string> names() const { return names_; }

 private:
  std::map<std::string, int> index_;
  std::vector<std::string> names_;
};

std::optional<double> ParseNumber(std::string text, char delimiter) {
  if (delimiter != ',') std::replace(text.begin(), text.end(), ',', '.');
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

class Parser {
 public:
  explicit Parser(std::string_view csv)
      : delimiter_(DelimiterOf(csv.substr(0, csv.find('\n')))), reader_(csv, delimiter_) {}

  ParsedAnswers Parse() {
    Row row;
    if (!reader_.Next(row)) {
      Add({1,
           "",
           {"Berkas kosong. Berikan baris judul dan sedikitnya satu jawaban.",
            "The file is empty. Give a header and at least one answer."}});
    } else if (ReadHeader(row)) {
      while (result_.faults.size() < kMostFaults && reader_.Next(row)) ReadAnswer(row);
      CheckEnd();
    }
    if (result_.faults.empty()) result_.answers = Finish();
    return std::move(result_);
  }

 private:
  void Add(Fault fault) { result_.faults.push_back(std::move(fault)); }

  bool ReadHeader(const Row& row) {
    position_.fill(-1);
    header_ = row.fields;
    for (std::size_t f = 0; f < row.fields.size(); ++f) {
      const std::string name = Lowered(row.fields[f]);
      for (int c = 0; c < kColumns; ++c) {
        if (name != kNames[c].en && name != kNames[c].id) continue;
        if (position_[c] >= 0) {
          Add({row.line,
               row.fields[f],
               {"Kolom ini muncul dua kali. Hapus salah satu.",
                "The column appears twice. Leave one out."}});
        }
        position_[c] = static_cast<int>(f);
      }
    }
    for (int c = 0; c < kColumns; ++c) {
      if (position_[c] >= 0 || !kNames[c].required) continue;
      Add({row.line,
           std::string(kNames[c].en),
           {"Baris judul tidak memuat kolom ini. Beri nama \"" + std::string(kNames[c].id) +
                "\" atau \"" + std::string(kNames[c].en) + "\".",
            "The header lacks this column. Name it \"" + std::string(kNames[c].en) + "\" or \"" +
                std::string(kNames[c].id) + "\"."}});
    }
    return result_.faults.empty();
  }

  std::string Field(const Row& row, Column column) const {
    return position_[column] < 0 ? std::string() : row.fields[position_[column]];
  }

  void ReadAnswer(const Row& row) {
    if (row.fields.size() != header_.size()) {
      Add({row.line,
           "",
           {"Baris ini memuat " + std::to_string(row.fields.size()) + " isian, judul " +
                std::to_string(header_.size()) +
                ". Beri tanda kutip pada isian yang memuat "
                "pemisah.",
            "The line has " + std::to_string(row.fields.size()) + " fields, the header " +
                std::to_string(header_.size()) + ". Quote fields that contain the delimiter."}});
      return;
    }
    for (const Column column : {kRater, kRatee}) {
      if (!Field(row, column).empty()) continue;
      Add({row.line,
           header_[position_[column]],
           {"Isian kosong. Tuliskan siapa orangnya.", "The field is empty. Write who it is."}});
      return;
    }
    Rating answer;
    answer.ratee = ratees_.IndexOf(Field(row, kRatee));
    answer.rater = raters_.IndexOf(Field(row, kRater));
    answer.item = items_.IndexOf(Field(row, kItem));
    answer.group = groups_.IndexOf(Field(row, kGroup));
    answer.period = periods_.IndexOf(Field(row, kPeriod));
    if (!IsFirst(answer, row.line)) return;
    const std::string text = Field(row, kValue);
    if (text.empty()) {
      ++missing_;
      return;
    }
    const std::optional<double> value = ParseNumber(text, delimiter_);
    if (!value) {
      Add({row.line,
           header_[position_[kValue]],
           {"\"" + text + "\" bukan angka. Tulis dengan angka, dengan titik sebelum desimal.",
            "\"" + text + "\" is not a number. Write digits, with a point before decimals."}});
      return;
    }
    answer.value = *value;
    answers_.push_back(answer);
  }

  bool IsFirst(const Rating& a, int line) {
    const auto [it, is_new] = seen_.emplace(std::tuple(a.rater, a.ratee, a.item, a.period), line);
    if (is_new) return true;
    const std::string first = std::to_string(it->second);
    Add({line,
         "",
         {"Penilai ini sudah menjawab tentang orang (dan butir) ini pada baris " + first +
              ". Pertahankan salah satu.",
          "This rater answered about this ratee (and item) on line " + first +
              " already. Keep one of the two."}});
    return false;
  }

  void CheckEnd() {
    if (const auto line = reader_.unclosed_quote()) {
      Add({*line,
           "",
           {"Tanda kutip tidak ditutup. Tutup, atau gandakan tanda kutip di dalam isian.",
            "A quote is never closed. Close it, or double a quote inside a field."}});
    } else if (result_.faults.empty() && answers_.empty()) {
      Add({2,
           "",
           {"Tidak ada jawaban yang bernilai. Berikan sedikitnya satu.",
            "There is no answer with a value. Give at least one."}});
    }
  }

  NamedRatings Finish() {
    NamedRatings named;
    named.ratees = ratees_.names();
    named.raters = raters_.names();
    named.items = items_.names();
    named.groups = groups_.names();
    named.periods = periods_.names();
    named.missing = missing_;
    std::vector<std::string> sorted = named.periods;
    std::sort(sorted.begin(), sorted.end());
    for (Rating& a : answers_) {
      a.period = static_cast<int>(
          std::lower_bound(sorted.begin(), sorted.end(), named.periods[a.period]) - sorted.begin());
    }
    named.periods = std::move(sorted);
    named.ratings = {static_cast<int>(named.ratees.size()),
                     static_cast<int>(named.raters.size()),
                     static_cast<int>(named.items.size()),
                     static_cast<int>(named.groups.size()),
                     std::move(answers_)};
    return named;
  }

  char delimiter_;
  Reader reader_;
  ParsedAnswers result_;
  std::array<int, kColumns> position_{};
  std::vector<std::string> header_;
  Names ratees_, raters_, items_, groups_, periods_;
  std::map<std::tuple<int, int, int, int>, int> seen_;
  std::vector<Rating> answers_;
  int missing_ = 0;
};

}  // namespace

ParsedAnswers ParseAnswers(std::string_view csv) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  return Parser(csv).Parse();
}

}  // namespace teraju::statistics
