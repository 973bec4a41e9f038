#include "common/engines/allocation/cli/json_fields.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace teraju::allocation {
namespace {

using rules::Json;

Text KindText(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::kString:
      return {"teks dalam tanda kutip", "text in quotation marks"};
    case Json::Kind::kNumber:
      return {"angka", "a number"};
    case Json::Kind::kBool:
      return {"true atau false", "true or false"};
    case Json::Kind::kArray:
      return {"daftar [...]", "a list [...]"};
    default:
      return {"objek {...}", "an object {...}"};
  }
}

}  // namespace

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  absl::CivilDay day;
  const std::string copy(text);
  if (copy.size() != 10 || !absl::ParseCivilTime(copy, &day)) return std::nullopt;
  return day;
}

std::string JsonFields::PathOf(std::string_view name) const {
  if (name.empty()) return at_;
  return at_.empty() ? std::string(name) : absl::StrCat(at_, ".", std::string(name));
}

void JsonFields::Fail(std::string_view name, teraju::Text text) const {
  const Json* member = name.empty() ? nullptr : object_.Find(name);
  const int line = member == nullptr ? object_.line : member->line;
  faults_.push_back({.line = line, .field = PathOf(name), .text = std::move(text)});
}

bool JsonFields::Allow(std::initializer_list<std::string_view> names) const {
  if (!object_.Is(Json::Kind::kObject)) {
    Fail("", {"Bukan objek; tulis {...}.", "Not an object; write {...}."});
    return false;
  }
  for (const rules::JsonMember& member : object_.members) {
    if (std::find(names.begin(), names.end(), member.name) != names.end()) continue;
    Fail(member.name,
         {"Kolom ini tidak dikenal; periksa ejaannya (--help memuat daftarnya).",
          "This field is not known; check its spelling (--help lists them)."});
  }
  return true;
}

const Json* JsonFields::Find(std::string_view name, Json::Kind kind, bool required) const {
  const Json* member = object_.Find(name);
  const teraju::Text wanted = KindText(kind);
  if (member == nullptr) {
    if (required) {
      Fail(name,
           {absl::StrCat("Kolom wajib tidak ada; isi dengan ", wanted.id, "."),
            absl::StrCat("This field is required and missing; add ", wanted.en, ".")});
    }
    return nullptr;
  }
  if (member->Is(kind)) return member;
  Fail(name,
       {absl::StrCat("Jenis isinya salah; isi dengan ", wanted.id, "."),
        absl::StrCat("The wrong kind of value; give ", wanted.en, ".")});
  return nullptr;
}

std::string JsonFields::Text(std::string_view name) const {
  const Json* member = Find(name, Json::Kind::kString, /*required=*/true);
  if (member == nullptr) return "";
  if (member->text.empty()) {
    Fail(name, {"Kosong; isi dengan teks.", "Empty; give it a text."});
  }
  return member->text;
}

std::string JsonFields::Text(std::string_view name, const std::string& fallback) const {
  const Json* member = Find(name, Json::Kind::kString, /*required=*/false);
  return member == nullptr ? fallback : member->text;
}

bool JsonFields::Flag(std::string_view name) const {
  const Json* member = Find(name, Json::Kind::kBool, /*required=*/false);
  return member != nullptr && member->flag;
}

std::int64_t JsonFields::Whole(std::string_view name,
                               std::int64_t least,
                               std::int64_t most,
                               std::optional<std::int64_t> fallback) const {
  const Json* member = Find(name, Json::Kind::kNumber, !fallback.has_value());
  if (member == nullptr) return fallback.value_or(least);
  const Decimal value = member->number.Normalized();
  if (value.scale() == 0 && value >= Decimal(least) && value <= Decimal(most)) {
    return static_cast<std::int64_t>(value.unscaled());
  }
  Fail(name,
       {absl::StrCat("Di luar batas; isi bilangan bulat dari ", least, " sampai ", most, "."),
        absl::StrCat("Out of range; give a whole number from ", least, " to ", most, ".")});
  return fallback.value_or(least);
}

Decimal JsonFields::Number(std::string_view name,
                           const Decimal& most,
                           int digits,
                           bool zero_allowed,
                           const std::optional<Decimal>& fallback) const {
  const Json* member = object_.Find(name);
  std::optional<Decimal> value;
  if (member != nullptr && member->Is(Json::Kind::kString) && !member->text.empty()) {
    const auto parsed = Decimal::Parse(member->text);
    if (parsed.ok()) value = *parsed;
  } else {
    member = Find(name, Json::Kind::kNumber, !fallback.has_value());
    if (member == nullptr) return fallback.value_or(1);
    value = member->number;
  }
  const bool good = value && value->Normalized().scale() <= digits && *value <= most &&
                    (zero_allowed ? value->sign() >= 0 : value->sign() > 0);
  if (good) return *value;
  const std::string limit = most.ToString();
  Fail(name,
       {absl::StrCat("Di luar batas; isi angka ",
                     zero_allowed ? "dari 0" : "di atas 0",
                     " sampai ",
                     limit,
                     ", paling banyak ",
                     digits,
                     " desimal."),
        absl::StrCat("Out of range; give a number ",
                     zero_allowed ? "from 0" : "above 0",
                     " up to ",
                     limit,
                     " with at most ",
                     digits,
                     " decimals.")});
  return fallback.value_or(1);
}

absl::CivilDay JsonFields::Day(std::string_view name) const {
  const Json* member = Find(name, Json::Kind::kString, /*required=*/true);
  if (member == nullptr) return {};
  const auto day = ParseDay(member->text);
  if (!day) {
    Fail(name,
         {"Bukan tanggal; tulis seperti \"2026-03-02\".",
          "Not a day; write it like \"2026-03-02\"."});
  }
  return day.value_or(absl::CivilDay());
}

std::vector<std::string> JsonFields::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Json* list = Find(name, Json::Kind::kArray, /*required=*/false);
  if (list == nullptr) return texts;
  for (const Json& item : list->items) {
    if (!item.Is(Json::Kind::kString)) {
      Fail(name,
           {"Daftar ini hanya boleh berisi teks dalam tanda kutip.",
            "This list may only contain text in quotation marks."});
      break;
    }
    texts.push_back(item.text);
  }
  return texts;
}

std::vector<JsonFields> JsonFields::List(std::string_view name) const {
  std::vector<JsonFields> elements;
  const Json* list = Find(name, Json::Kind::kArray, /*required=*/false);
  if (list == nullptr) return elements;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    elements.emplace_back(list->items[i], absl::StrCat(PathOf(name), "[", i, "]"), faults_);
  }
  return elements;
}

}  // namespace teraju::allocation
