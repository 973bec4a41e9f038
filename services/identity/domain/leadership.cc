#include "services/identity/domain/leadership.h"

#include <algorithm>
#include <array>
#include <utility>

namespace teraju::identity::domain {
namespace {

constexpr std::string_view kHead = "Kepala ";
constexpr std::string_view kCoordinator = "Koordinator ";
constexpr std::string_view kSeconded = "(diperbantukan)";

// Titles of heads beside `Kepala …`, and how the unit that they lead is called; empty: any.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTitles = {{
    {"Camat", "Kecamatan"},
    {"Lurah", "Kelurahan"},
    {"Sekretaris", "Sekretariat"},
    {"Inspektur", "Inspekt"},
    {"Wakil Direktur", "Wakil Direktur"},
    {"Direktur", ""},
    {"Asisten", "Asisten"},
    {"Staf Ahli", "Staf Ahli"},
}};

// Units that stand below others: `Kepala Seksi …` leads a unit called `Seksi …` and no other.
constexpr std::array<std::string_view, 9> kParts = {
    "Seksi", "Subbagian", "Sub", "Subbidang", "Bidang", "Bagian", "Instalasi", "Ruang", "UPT"};

// `text` begins with `word`, which ends there or before a space.
bool BeginsWithWord(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || text[word.size()] == ' ');
}

bool IsFunctional(std::string_view title) {
  constexpr std::array<std::string_view, 8> kLevels = {" Ahli Pertama",
                                                       " Ahli Muda",
                                                       " Ahli Madya",
                                                       " Ahli Utama",
                                                       " Pemula",
                                                       " Terampil",
                                                       " Mahir",
                                                       " Penyelia"};
  if (title.starts_with(kHead)) return false;
  return std::any_of(kLevels.begin(), kLevels.end(), [&](std::string_view level) {
    return title.ends_with(level);
  });
}

bool NamesHeadOf(std::string_view title, std::string_view unit_name) {
  if (title.starts_with(kHead)) {
    const std::string_view led = title.substr(kHead.size());
    const auto part = std::find_if(kParts.begin(), kParts.end(), [&](std::string_view word) {
      return BeginsWithWord(led, word);
    });
    return part == kParts.end() || BeginsWithWord(unit_name, *part);
  }
  const auto found = std::find_if(kTitles.begin(), kTitles.end(), [&](const auto& entry) {
    return BeginsWithWord(title, entry.first);
  });
  return found != kTitles.end() && unit_name.starts_with(found->second);
}

}  // namespace

bool LeadsUnit(v1::Assignment::Kind kind, std::string_view title, std::string_view unit_name) {
  switch (kind) {
    case v1::Assignment::ACTING:
    case v1::Assignment::DAILY_ACTING:
    case v1::Assignment::APPOINTED_ACTING:
      return true;
    case v1::Assignment::DEFINITIVE:
      return !IsFunctional(title) && NamesHeadOf(title, unit_name);
    case v1::Assignment::ADDITIONAL:
      return (title.starts_with(kHead) || title.starts_with(kCoordinator)) &&
             !title.ends_with(kSeconded);
    default:
      return false;
  }
}

v1::Employee::PositionKind PositionKindOf(std::string_view title) {
  if (IsFunctional(title)) return v1::Employee::FUNCTIONAL;
  const bool head = title.starts_with(kHead) ||
                    std::any_of(kTitles.begin(), kTitles.end(), [&](const auto& entry) {
                      return BeginsWithWord(title, entry.first);
                    });
  return head ? v1::Employee::STRUCTURAL : v1::Employee::GENERAL;
}

}  // namespace teraju::identity::domain
