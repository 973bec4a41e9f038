#include "services/identity/domain/import_employees.h"

#include <utility>

#include "services/identity/domain/calendar.h"
#include "services/identity/domain/nip.h"
#include "services/identity/domain/text.h"

namespace teraju::identity::domain {
namespace {

constexpr std::string_view kNip = "NIP BARU";
constexpr std::string_view kName = "NAMA";
constexpr std::string_view kBirthDate = "TANGGAL LAHIR";
constexpr std::string_view kSex = "JENIS KELAMIN";
constexpr std::string_view kUnit = "UNOR ID";
constexpr std::string_view kPositionKind = "JENIS JABATAN ID";
constexpr std::string_view kPositionTitle = "JABATAN NAMA";
constexpr std::string_view kPositionStart = "TMT JABATAN";
constexpr std::string_view kNoEchelon = "99";

bool IsDateColumn(std::string_view name) {
  return name.starts_with("TANGGAL ") || name.starts_with("TMT ");
}

struct DateCell {
  bool given = false;
  bool serial = false;
  std::optional<absl::CivilDay> day;
};

DateCell ReadDate(std::string_view cell) {
  if (IsMissing(cell)) return {};
  cell = Trim(cell);
  if (const auto day = ParseDay(cell)) return {true, false, day};
  const auto serial = ParseExcelSerial(cell);
  return {true, serial.has_value(), serial};
}

void KeepFirst(Verdict& warning, Verdict next) {
  if (warning.code.empty()) warning = std::move(next);
}

v1::Employee::PositionKind PositionKind(std::string_view id) {
  if (id == "1" || id == "3") return v1::Employee::STRUCTURAL;
  if (id == "2") return v1::Employee::FUNCTIONAL;
  if (id == "4") return v1::Employee::GENERAL;
  return v1::Employee::POSITION_KIND_UNSPECIFIED;
}

// Refuses a required date that is none, and warns of others and of day numbers, in header order.
Verdict JudgeDates(const csv::Record& record, const Columns& columns, Verdict& warning) {
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    if (!columns.known(i) || !IsDateColumn(columns.canonical(i))) continue;
    const DateCell date = ReadDate(record.cells[i]);
    if (!date.given) continue;
    if (date.serial)
      KeepFirst(warning, Warning("DATE_EXCEL_SERIAL", columns.name(i), FormatDay(*date.day)));
    if (date.day) continue;
    if (columns.required(i)) return Rejected("DATE_INVALID", columns.name(i));
    KeepFirst(warning, Warning("DATE_INVALID", columns.name(i), ""));
  }
  return {};
}

// Compares the columns with what the number says; the columns win.
void CompareWithNip(const csv::Record& record,
                    const Columns& columns,
                    const Nip& nip,
                    Verdict& warning) {
  const DateCell birth = ReadDate(CellOf(record, columns, kBirthDate));
  if (birth.day && *birth.day != nip.birth_date()) {
    KeepFirst(
        warning,
        Warning(
            "BIRTH_DATE_MISMATCH", columns.name(columns.Find(kBirthDate)), FormatDay(*birth.day)));
  }
  const std::string_view sex = CellOf(record, columns, kSex);
  const bool male = ToUpper(sex) == "M" || ToUpper(sex) == "L";
  if (!sex.empty() && male != nip.male()) {
    KeepFirst(warning, Warning("SEX_MISMATCH", columns.name(columns.Find(kSex)), sex));
  }
  if (!nip.age_plausible()) {
    const int column = columns.Find(kNip);
    KeepFirst(warning, Warning("NIP_AGE_IMPLAUSIBLE", columns.name(column), nip.value()));
  }
}

}  // namespace

const Columns::Layout& EmployeeRows::Layout() {
  static const auto* const layout = new Columns::Layout{
      {"PNS ID",
       "NIP BARU",
       "NIP LAMA",
       "NAMA",
       "GELAR DEPAN",
       "GELAR BELAKANG",
       "TEMPAT LAHIR ID",
       "TEMPAT LAHIR NAMA",
       "TANGGAL LAHIR",
       "JENIS KELAMIN",
       "AGAMA ID",
       "AGAMA NAMA",
       "JENIS KAWIN ID",
       "JENIS KAWIN NAMA",
       "NIK",
       "NOMOR HP",
       "EMAIL",
       "EMAIL GOV",
       "ALAMAT",
       "NPWP NOMOR",
       "BPJS",
       "JENIS PEGAWAI ID",
       "JENIS PEGAWAI NAMA",
       "KEDUDUKAN HUKUM ID",
       "KEDUDUKAN HUKUM NAMA",
       "STATUS CPNS PNS",
       "KARTU ASN VIRTUAL",
       "NOMOR SK CPNS",
       "TANGGAL SK CPNS",
       "TMT CPNS",
       "NOMOR SK PNS",
       "TANGGAL SK PNS",
       "TMT PNS",
       "GOL AWAL ID",
       "GOL AWAL NAMA",
       "GOL AKHIR ID",
       "GOL AKHIR NAMA",
       "TMT GOLONGAN",
       "MK TAHUN",
       "MK BULAN",
       "JENIS JABATAN ID",
       "JENIS JABATAN NAMA",
       "JABATAN ID",
       "JABATAN NAMA",
       "TMT JABATAN",
       "TINGKAT PENDIDIKAN ID",
       "TINGKAT PENDIDIKAN NAMA",
       "PENDIDIKAN ID",
       "PENDIDIKAN NAMA",
       "TAHUN LULUS",
       "KPKN ID",
       "KPKN NAMA",
       "LOKASI KERJA ID",
       "LOKASI KERJA NAMA",
       "UNOR ID",
       "UNOR NAMA",
       "INSTANSI INDUK ID",
       "INSTANSI INDUK NAMA",
       "INSTANSI KERJA ID",
       "INSTANSI KERJA NAMA",
       "SATUAN KERJA INDUK ID",
       "SATUAN KERJA INDUK NAMA",
       "SATUAN KERJA KERJA ID",
       "SATUAN KERJA KERJA NAMA",
       "IS VALID NIK",
       "NAMA SEKOLAH",
       "FLAG IKD",
       "ESELON ID",
       "ESELON NAMA"},
      {kNip, kName, kBirthDate, kPositionKind, kPositionTitle, kPositionStart, kUnit}};
  return *layout;
}

EmployeeRows::EmployeeRows(Columns columns, std::function<bool(std::string_view)> unit_exists)
    : columns_(std::move(columns)), unit_exists_(std::move(unit_exists)) {}

Verdict EmployeeRows::JudgeText(const csv::Record& record, Verdict& warning) const {
  Verdict formula;
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    if (!columns_.known(i) || IsDateColumn(columns_.canonical(i)) || IsMissing(record.cells[i]))
      continue;
    if (columns_.required(i) && record.cells[i].size() > kMaxImportedText)
      return Rejected("TEXT_TOO_LONG", columns_.name(i));
    if (!csv::LooksLikeFormula(record.cells[i])) continue;
    if (columns_.required(i)) return Rejected("FORMULA_TEXT", columns_.name(i));
    KeepFirst(formula, Warning("FORMULA_TEXT", columns_.name(i), Trim(record.cells[i])));
  }
  const int name = columns_.Find(kName);
  if (record.cells[name].find('\n') != std::string::npos) {
    KeepFirst(warning,
              Warning("TEXT_WHITESPACE", columns_.name(name), CollapseSpace(record.cells[name])));
  }
  if (!formula.code.empty()) KeepFirst(warning, std::move(formula));
  return {};
}

Verdict EmployeeRows::Judge(const csv::Record& record, EmployeeRow& row) {
  Verdict warning;
  if (Verdict verdict = CheckShape(record, columns_, warning); verdict.rejected()) return verdict;
  Nip nip;
  NipFault fault;
  if (!Nip::TryParse(record.cells[columns_.Find(kNip)], nip, fault)) {
    return Rejected(CodeOf(fault), columns_.name(columns_.Find(kNip)));
  }
  if (Verdict verdict = JudgeDates(record, columns_, warning); verdict.rejected()) return verdict;
  if (Verdict verdict = JudgeText(record, warning); verdict.rejected()) return verdict;
  if (PositionKind(CellOf(record, columns_, kPositionKind)) ==
      v1::Employee::POSITION_KIND_UNSPECIFIED) {
    return Rejected("POSITION_KIND_UNKNOWN", columns_.name(columns_.Find(kPositionKind)));
  }
  if (!unit_exists_(CellOf(record, columns_, kUnit))) {
    return Rejected("UNOR_UNKNOWN", columns_.name(columns_.Find(kUnit)));
  }
  if (!accepted_.insert(nip.number()).second)
    return Rejected("NIP_DUPLICATE", columns_.name(columns_.Find(kNip)));
  CompareWithNip(record, columns_, nip, warning);
  row = {};
  row.employee.set_nip(nip.value());
  row.employee.set_kind(nip.pppk() ? v1::Employee::PPPK : v1::Employee::PNS);
  Fill(record, row);
  return warning;
}

void EmployeeRows::Fill(const csv::Record& record, EmployeeRow& row) const {
  v1::Employee& employee = row.employee;
  const auto text = [&](std::string_view column) {
    return CollapseSpace(CellOf(record, columns_, column));
  };
  row.unit_id = CellOf(record, columns_, kUnit);
  employee.set_full_name(text(kName));
  employee.set_title_before(text("GELAR DEPAN"));
  employee.set_title_after(text("GELAR BELAKANG"));
  *employee.mutable_birth_date() = ToDate(*ReadDate(CellOf(record, columns_, kBirthDate)).day);
  *employee.mutable_position_start_date() =
      ToDate(*ReadDate(CellOf(record, columns_, kPositionStart)).day);
  employee.set_position_kind(PositionKind(CellOf(record, columns_, kPositionKind)));
  employee.set_position_title(text(kPositionTitle));
  const std::string echelon = text("ESELON ID");
  if (echelon != kNoEchelon) employee.set_echelon(echelon);
  employee.set_grade(text("GOL AKHIR ID"));
  employee.set_legal_status(text("KEDUDUKAN HUKUM ID"));
  employee.set_education_level(text("TINGKAT PENDIDIKAN ID"));
  employee.set_external_id(text("PNS ID"));
  const std::string official = text("EMAIL GOV");
  employee.set_email(official.empty() ? text("EMAIL") : official);
}

}  // namespace teraju::identity::domain
