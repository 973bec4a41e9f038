#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/csv/csv.h"
#include "common/decimal/proto_decimal.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/domain/measurement.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation::domain {
namespace {

constexpr std::size_t kMaxRows = 1000;

enum Column { kEmployee, kNip, kUnit, kMetric, kDate, kValue, kSource, kTime, kSize, kMeasure };
struct ColumnName {
  const char* en;
  const char* id;
  std::size_t longest;
  bool required = true;
};
// As fields of Measurement; of the first three one is enough.
constexpr std::array<ColumnName, 10> kColumns = {{{"employee", "pegawai", 63, false},
                                                  {"nip", "nip", 18, false},
                                                  {"unit", "unit", 63, false},
                                                  {"metric", "metrik", 63},
                                                  {"date", "tanggal", 10},
                                                  {"value", "nilai", 40},
                                                  {"source", "sumber", 200},
                                                  {"measure_time", "waktu_ukur", 40},
                                                  {"sample_size", "jumlah_kasus", 18},
                                                  {"unit_of_measure", "satuan", 50, false}}};
using Places = std::array<std::optional<std::size_t>, kColumns.size()>;

absl::Status Unreadable(std::string_view reason, std::string_view id, std::string_view en) {
  errors::FieldViolations violations;
  violations.Add("body", reason, id, en);
  return violations.ToStatus();
}

absl::Status RecordTooLong(std::int64_t line) {
  return Unreadable("RECORD_TOO_LONG",
                    absl::StrCat("Baris ", line, " terlalu panjang. Periksa tanda kutipnya."),
                    absl::StrCat("Line ", line, " is too long. Check its quotes."));
}

absl::StatusOr<Places> FindColumns(const csv::Record& header) {
  Places places;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string name = absl::StrReplaceAll(
        absl::AsciiStrToLower(absl::StripAsciiWhitespace(header.cells[i])), {{" ", "_"}});
    for (std::size_t c = 0; c < kColumns.size(); ++c)
      if (name == kColumns[c].en || name == kColumns[c].id) places[c] = i;
  }
  std::vector<std::string> missing;
  for (std::size_t c = 0; c < kColumns.size(); ++c)
    if (kColumns[c].required && !places[c]) missing.push_back(kColumns[c].en);
  if (!places[kEmployee] && !places[kNip] && !places[kUnit]) missing.push_back("employee/nip/unit");
  if (missing.empty()) return places;
  return Unreadable(
      "COLUMNS_MISSING",
      absl::StrCat(
          "Kolom tidak ada: ", absl::StrJoin(missing, ", "), ". Tambahkan pada baris judul."),
      absl::StrCat("Missing columns: ", absl::StrJoin(missing, ", "), ". Add them to the header."));
}

// A row on its way to a figure. The first column that cannot be read refuses it.
class RowReader {
 public:
  RowReader(const csv::Record& record, const Places& places, char delimiter, ToldFigure& figure)
      : record_(record), places_(places), delimiter_(delimiter), figure_(figure) {}

  void Read(const std::string& agency) {
    v1::Measurement& m = figure_.measurement;
    if (const std::string id = Text(kEmployee); !id.empty())
      m.set_employee(absl::StrCat("agencies/", agency, "/employees/", id));
    figure_.nip = Text(kNip);
    if (const std::string id = Text(kUnit); !id.empty())
      m.set_unit(absl::StrCat("agencies/", agency, "/units/", id));
    m.set_metric(Text(kMetric));
    m.set_source(Text(kSource));
    m.set_unit_of_measure(Text(kMeasure));
    for (const Column column : {kMetric, kDate, kValue, kSource, kTime, kSize})
      if (Text(column).empty()) Fault(column, "harus diisi", "must be filled");
    ReadDate();
    ReadValue();
    absl::Time time;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, Text(kTime), &time, &error)) {
      SetTime(*m.mutable_measure_time(), time);
    } else {
      Fault(kTime, "contoh: 2025-04-01T07:00:00Z", "such as 2025-04-01T07:00:00Z");
    }
    std::int64_t size = 0;
    if (!absl::SimpleAtoi(Text(kSize), &size) || size < 1)
      Fault(kSize, "bilangan bulat mulai 1", "a whole number from 1");
    m.set_sample_size(size);
  }

 private:
  void ReadDate() {
    absl::CivilDay day;
    if (absl::ParseCivilTime(Text(kDate), &day)) {
      *figure_.measurement.mutable_date() = time::ToDate(day);
    } else {
      Fault(kDate, "contoh: 2025-03-31", "such as 2025-03-31");
    }
  }
  // In a file with semicolons a comma is the decimal sign.
  void ReadValue() {
    std::string text = Text(kValue);
    if (delimiter_ == ';') absl::StrReplaceAll({{",", "."}}, &text);
    if (const auto value = Decimal::Parse(text); value.ok()) {
      *figure_.measurement.mutable_value() = ToProto(*value);
    } else {
      Fault(kValue,
            "angka tanpa satuan dan tanpa pemisah ribuan",
            "a number without unit or thousands' signs");
    }
  }
  std::string Text(Column column) {
    const std::optional<std::size_t> place = places_[column];
    if (!place || *place >= record_.cells.size()) return "";
    std::string text(absl::StripAsciiWhitespace(record_.cells[*place]));
    if (text.size() > kColumns[column].longest) Fault(column, "terlalu panjang", "too long");
    return text;
  }
  void Fault(Column column, const char* id, const char* en) {
    if (figure_.result.state() == v1::MeasurementResult::REFUSED) return;
    Refuse(figure_.result,
           absl::StrCat("Kolom ", kColumns[column].en, ": ", id, "."),
           absl::StrCat("Column ", kColumns[column].en, ": ", en, "."));
  }

  const csv::Record& record_;
  const Places& places_;
  const char delimiter_;
  ToldFigure& figure_;
};

}  // namespace

absl::StatusOr<std::vector<ToldFigure>> ReadMeasurementFile(const std::string& agency,
                                                            std::string_view text) {
  std::vector<ToldFigure> figures;
  Places places;
  csv::Reader reader(RecordTooLong);
  const auto read = [&](const csv::Record& record) -> absl::Status {
    if (record.row == 0) {
      ASSIGN_OR_RETURN(places, FindColumns(record));
      return absl::OkStatus();
    }
    if (figures.size() == kMaxRows) {
      return Unreadable("TOO_MANY_ROWS",
                        "Lebih dari 1.000 baris. Bagi berkasnya.",
                        "More than 1,000 rows. Divide the file.");
    }
    RowReader(record, places, reader.dialect().delimiter, figures.emplace_back()).Read(agency);
    CheckOneSubject(figures.back());
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(reader.Feed(text, read));
  RETURN_IF_ERROR(reader.Finish(read));
  if (!figures.empty()) return figures;
  return Unreadable("NO_ROWS",
                    "Berkas tidak berisi baris data. Isi sedikitnya satu.",
                    "The file has no rows. Fill in at least one.");
}

}  // namespace teraju::evaluation::domain
