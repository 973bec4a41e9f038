#include "services/identity/domain/import_row.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/errors/error.h"
#include "common/errors/utf8.h"
#include "fmt/ranges.h"
#include "services/identity/domain/text.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

std::string Canonical(std::string_view name) {
  std::string canonical(name);
  std::replace(canonical.begin(), canonical.end(), '_', ' ');
  return ToUpper(CollapseSpace(canonical));
}

const absl::flat_hash_map<std::string_view, VerdictText>& Texts() {
  static const auto* const texts = new absl::flat_hash_map<std::string_view, VerdictText>{
      {"ROW_LONG",
       {"Sel lebih banyak daripada judul kolom: isi bergeser. Beri tanda kutip pada isi yang "
        "memuat pemisah.",
        "More cells than the header: the values are shifted. Quote values that hold the "
        "delimiter."}},
      {"ROW_SHORT",
       {"Sel lebih sedikit daripada judul kolom; sel yang tidak ada dianggap kosong.",
        "Fewer cells than the header; the absent ones count as missing."}},
      {"TEXT_ENCODING",
       {"Teks bukan UTF-8. Simpan ulang berkas sebagai CSV UTF-8.",
        "The text is not UTF-8. Save the file as CSV UTF-8."}},
      {"TEXT_TOO_LONG",
       {"Isi terlalu panjang. Ringkas isinya.", "The value is too long. Shorten it."}},
      {"TEXT_WHITESPACE",
       {"Ganti baris di dalam sel dijadikan satu spasi.",
        "A line end inside the cell became one space."}},
      {"REQUIRED_MISSING",
       {"Kolom wajib kosong. Isi kolom ini.", "A required value is missing. Fill it in."}},
      {"DATE_EXCEL_SERIAL",
       {"Nomor hari lembar kerja dibaca sebagai tanggal. Periksa tanggalnya.",
        "A spreadsheet's day number was read as a date. Check the date."}},
      {"DATE_INVALID",
       {"Bukan tanggal kalender. Tulis sebagai hh-bb-tttt.",
        "Not a calendar date. Write it as dd-mm-yyyy."}},
      {"DATE_ORDER",
       {"Hari terakhir mendahului hari pertama. Perbaiki tanggalnya.",
        "The last day lies before the first. Correct the dates."}},
      {"FORMULA_TEXT",
       {"Isi menyerupai rumus; disimpan sebagai teks biasa, pada kolom wajib ditolak.",
        "The value looks like a formula; kept as plain text, refused in a required column."}},
      {"BIRTH_DATE_MISMATCH",
       {"Tanggal lahir berbeda dari NIP; kolom yang dipakai. Periksa keduanya.",
        "The birth date differs from the NIP; the column was taken. Check both."}},
      {"SEX_MISMATCH",
       {"Jenis kelamin berbeda dari NIP. Periksa keduanya.",
        "The sex differs from the NIP. Check both."}},
      {"NIP_AGE_IMPLAUSIBLE",
       {"Usia pengangkatan menurut NIP di bawah 18 atau di atas 60 tahun. Periksa NIP.",
        "By the NIP, the age at appointment is below 18 or above 60. Check the NIP."}},
      {"NIP_SCIENTIFIC",
       {"NIP rusak oleh lembar kerja (bentuk E+). Ekspor ulang dengan kolom NIP sebagai teks.",
        "A spreadsheet has destroyed the NIP (E+ form). Export again with the NIP column as "
        "text."}},
      {"NIP_LENGTH", {"NIP tidak terdiri dari 18 angka.", "The NIP does not have 18 digits."}},
      {"NIP_NOT_DIGITS",
       {"NIP memuat tanda selain angka.", "The NIP holds something else than digits."}},
      {"NIP_BIRTH_DATE",
       {"Angka 1-8 NIP bukan tanggal lahir yang benar.",
        "Digits 1-8 of the NIP are no calendar date."}},
      {"NIP_TMT_MONTH",
       {"Angka 13-14 NIP bukan bulan (PNS) atau kode frekuensi mulai 21 (PPPK).",
        "Digits 13-14 of the NIP are neither a month (PNS) nor a frequency code from 21 (PPPK)."}},
      {"NIP_SEX", {"Angka 15 NIP harus 1 atau 2.", "Digit 15 of the NIP must be 1 or 2."}},
      {"NIP_SERIAL",
       {"Nomor urut NIP 000: kemungkinan dibulatkan lembar kerja. Periksa NIP asli.",
        "The NIP's serial is 000, probably rounded by a spreadsheet. Check the original."}},
      {"NIP_DUPLICATE",
       {"NIP sama dengan baris sebelumnya yang diterima. Hapus salah satu.",
        "An earlier accepted row has this NIP. Remove one of them."}},
      {"EMPLOYEE_CONFLICT",
       {"NIP dan id luar menunjuk dua pegawai berbeda. Perbaiki salah satunya.",
        "NIP and external id name two different employees. Correct one of them."}},
      {"EMPLOYEE_UNKNOWN",
       {"NIP tidak ada di antara pegawai. Impor pegawai lebih dahulu.",
        "No employee has this NIP. Import the employees first."}},
      {"UNOR_UNKNOWN",
       {"UNOR ID tidak ada pada pohon unit. Impor hierarki unit lebih dahulu atau perbaiki ID.",
        "The UNOR ID is not in the tree of units. Import the hierarchy first or correct the ID."}},
      {"UNIT_ID_INVALID",
       {"ID unit hanya boleh huruf, angka, dan tanda hubung, paling banyak 63.",
        "A unit ID has letters, digits and hyphens only, at most 63."}},
      {"UNIT_ABOLISHED",
       {"Unit ini telah dihapus. Pakai unit penggantinya.",
        "This unit has been abolished. Use the unit that took its place."}},
      {"UNIT_DUPLICATE",
       {"ID unit sudah ada pada baris sebelumnya.", "An earlier row has this unit ID."}},
      {"UNIT_PARENT_UNKNOWN",
       {"Unit atasan tidak ada pada berkas maupun data. Perbaiki ID_ATASAN.",
        "The unit above is neither in the file nor stored. Correct ID_ATASAN."}},
      {"UNIT_TREE_CYCLE",
       {"Unit berada di bawah dirinya sendiri. Perbaiki ID_ATASAN.",
        "The unit stands under itself. Correct ID_ATASAN."}},
      {"ASSIGNMENT_KIND_UNKNOWN",
       {"Jenis penugasan harus D, PLT, PLH, PJ, atau TT.",
        "The kind of assignment must be D, PLT, PLH, PJ or TT."}},
      {"ASSIGNMENT_DUPLICATE",
       {"Penugasan yang sama sudah ada pada baris sebelumnya.",
        "An earlier row has the same assignment."}},
      {"ASSIGNMENT_OVERLAP",
       {"Pegawai sudah memiliki jabatan definitif pada hari itu. Akhiri jabatan sebelumnya.",
        "The person holds another definitive post on those days. End that one first."}},
      {"POSITION_KIND_UNKNOWN",
       {"Jenis jabatan harus 1 (struktural), 2 (fungsional), 3 (rangkap), atau 4 (pelaksana).",
        "The kind of post must be 1 (structural), 2 (functional), 3 (both) or 4 (general)."}},
  };
  return *texts;
}

}  // namespace

Verdict Rejected(std::string_view code, std::string_view column) {
  return {v1::ImportRowResult::REJECTED, code, std::string(column), {}};
}

Verdict Warning(std::string_view code, std::string_view column, std::string_view value) {
  return {
      v1::ImportRowResult::ACCEPTED_WITH_WARNING, code, std::string(column), std::string(value)};
}

VerdictText TextOf(std::string_view code) {
  const auto found = Texts().find(code);
  return found == Texts().end() ? VerdictText{} : found->second;
}

absl::StatusOr<Columns> Columns::Parse(const csv::Record& header,
                                       const Layout& layout,
                                       std::string_view kind) {
  const auto contains = [](const std::vector<std::string_view>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  Columns columns;
  for (const std::string& cell : header.cells) {
    std::string canonical = Canonical(cell);
    const bool known = contains(layout.known, canonical) && columns.Find(canonical) < 0;
    columns.names_.push_back(std::string(Trim(cell)));
    columns.known_.push_back(known);
    columns.required_.push_back(known && contains(layout.required, canonical));
    if (!known && !canonical.empty()) columns.unknown_.push_back(columns.names_.back());
    columns.places_.emplace(canonical, static_cast<int>(columns.canonical_.size()));
    columns.canonical_.push_back(std::move(canonical));
  }
  std::vector<std::string_view> absent;
  for (const std::string_view required : layout.required) {
    if (columns.Find(required) < 0) absent.push_back(required);
  }
  if (absent.empty()) return columns;
  return errors::InvalidArgument(v1::IMPORT_HEADER_INVALID,
                                 "Required columns are absent from the header.")
      .With("kind", kind)
      .With("columns", fmt::format("{}", fmt::join(absent, ", ")));
}

int Columns::Find(std::string_view known) const {
  const auto found = places_.find(known);
  return found == places_.end() ? -1 : found->second;
}

bool IsMissing(std::string_view cell) {
  cell = Trim(cell);
  return cell.empty() || cell == "-" || (cell.size() == 4 && ToLower(cell) == "null");
}

bool IsCleanText(std::string_view text) {
  return text.find('\0') == std::string_view::npos && IsValidUtf8(text);
}

Verdict CheckShape(const csv::Record& record, const Columns& columns, Verdict& warning) {
  if (record.cells.size() > columns.count()) return Rejected("ROW_LONG", "");
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    if (columns.known(i) && !IsCleanText(record.cells[i]))
      return Rejected("TEXT_ENCODING", columns.name(i));
  }
  for (std::size_t i = 0; i < columns.count(); ++i) {
    if (columns.required(i) && (i >= record.cells.size() || IsMissing(record.cells[i]))) {
      return Rejected("REQUIRED_MISSING", columns.name(i));
    }
  }
  if (record.cells.size() < columns.count())
    warning = Warning("ROW_SHORT", columns.name(record.cells.size()), "");
  return {};
}

std::string_view CellOf(const csv::Record& record, const Columns& columns, std::string_view known) {
  const int index = columns.Find(known);
  if (index < 0 || static_cast<std::size_t>(index) >= record.cells.size()) return {};
  const std::string_view cell = Trim(record.cells[index]);
  return IsMissing(cell) ? std::string_view() : cell;
}

absl::Status RecordTooLong(std::int64_t line) {
  return errors::InvalidArgument(v1::IMPORT_FILE_MALFORMED, "A record of the file is too long.")
      .With("line", std::to_string(line));
}

}  // namespace teraju::identity::domain
