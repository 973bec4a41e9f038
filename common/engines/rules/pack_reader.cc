#include "common/engines/rules/pack_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace teraju::rules {
namespace {

std::string_view KindName(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::kNull:
      return "null";
    case Json::Kind::kBool:
      return "true/false";
    case Json::Kind::kNumber:
      return "number";
    case Json::Kind::kString:
      return "text";
    case Json::Kind::kArray:
      return "[ ]";
    case Json::Kind::kObject:
      return "{ }";
  }
  return "";
}

bool IsFormed(std::string_view text, char first, char last) {
  const auto is_letter = [&](char c) { return c >= first && c <= last; };
  return !text.empty() && text.size() <= 63 && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

std::string Join(std::string_view field, std::string_view name) {
  return field.empty() ? std::string(name) : fmt::format("{}.{}", field, name);
}

std::string Join(std::string_view field, std::size_t index) {
  return fmt::format("{}[{}]", field, index);
}

void AddProblem(Problems& problems,
                const Json& at,
                std::string_view field,
                std::string_view reason,
                Text text) {
  problems.push_back({at.line, std::string(field), std::string(reason), std::move(text)});
}

std::optional<Decimal> NumberIn(const Json& json) {
  if (json.Is(Json::Kind::kNumber)) return json.number;
  if (!json.Is(Json::Kind::kString) || json.text.empty()) return std::nullopt;
  const auto value = Decimal::Parse(json.text);
  return value.ok() ? std::optional(*value) : std::nullopt;
}

bool IsName(std::string_view text) { return IsFormed(text, 'a', 'z'); }
bool IsCode(std::string_view text) { return IsFormed(text, 'A', 'Z'); }

ObjectReader::ObjectReader(const Json& json, std::string path, Problems& problems)
    : json_(json), path_(std::move(path)), problems_(problems) {
  if (!json_.Is(Json::Kind::kObject)) {
    Refuse(json_,
           path_,
           "WRONG_KIND",
           {"Di sini diharapkan sebuah objek { }.", "An object { } is expected here."});
  }
}

ObjectReader::~ObjectReader() {
  for (const JsonMember& member : json_.members) {
    if (known_.count(member.name) > 0) continue;
    Refuse(member.value,
           PathOf(member.name),
           "UNKNOWN_FIELD",
           {"Isian ini tidak dikenal di sini. Hapus, atau perbaiki ejaannya.",
            "This field is not known here. Remove it, or correct its spelling."});
  }
}

const Json* ObjectReader::Find(std::string_view name) {
  known_.emplace(name);
  return json_.Find(name);
}

bool ObjectReader::HasKind(const Json& value, std::string_view name, Json::Kind kind) {
  if (value.Is(kind)) return true;
  Refuse(value,
         PathOf(name),
         "WRONG_KIND",
         {fmt::format("Di sini diharapkan {}, bukan {}.", KindName(kind), KindName(value.kind)),
          fmt::format("{} is expected here, not {}.", KindName(kind), KindName(value.kind))});
  return false;
}

const Json* ObjectReader::Need(std::string_view name, Json::Kind kind) {
  const Json* value = Find(name);
  if (value != nullptr) return HasKind(*value, name, kind) ? value : nullptr;
  if (json_.Is(Json::Kind::kObject)) {
    Refuse(json_,
           PathOf(name),
           "MISSING",
           {fmt::format("Isian {} wajib ada.", name), fmt::format("{} is required.", name)});
  }
  return nullptr;
}

const Json* ObjectReader::Allow(std::string_view name, Json::Kind kind) {
  const Json* value = Find(name);
  return value != nullptr && HasKind(*value, name, kind) ? value : nullptr;
}

std::string ObjectReader::NeedText(std::string_view name) {
  const Json* value = Need(name, Json::Kind::kString);
  if (value != nullptr && value->text.empty()) {
    Refuse(*value,
           PathOf(name),
           "EMPTY",
           {"Teks ini tidak boleh kosong.", "This text must not be empty."});
  }
  return value != nullptr ? value->text : "";
}

std::string ObjectReader::AllowText(std::string_view name) {
  const Json* value = Allow(name, Json::Kind::kString);
  return value != nullptr ? value->text : "";
}

Text ObjectReader::ReadTexts(const Json& json, const std::string& path) {
  ObjectReader reader(json, path, problems_);
  return {reader.NeedText("id"), reader.NeedText("en")};
}

Text ObjectReader::NeedTexts(std::string_view name) {
  const Json* value = Need(name, Json::Kind::kObject);
  return value != nullptr ? ReadTexts(*value, PathOf(name)) : Text{};
}

std::string ObjectReader::NeedName(std::string_view name, bool (*is_formed)(std::string_view)) {
  const Json* value = Need(name, Json::Kind::kString);
  if (value == nullptr) return "";
  if (!is_formed(value->text)) {
    const bool code = is_formed == &IsCode;
    Refuse(*value,
           PathOf(name),
           "BAD_NAME",
           {fmt::format("Tulis dengan huruf {}, angka, dan garis bawah, diawali huruf.",
                        code ? "besar" : "kecil"),
            fmt::format("Write {} letters, digits and underscores, a letter first.",
                        code ? "capital" : "small")});
  }
  return value->text;
}

bool ObjectReader::AllowFlag(std::string_view name) {
  const Json* value = Allow(name, Json::Kind::kBool);
  return value != nullptr && value->flag;
}

int ObjectReader::NeedWhole(std::string_view name, int least, int most) {
  if (Find(name) == nullptr) {
    Need(name, Json::Kind::kNumber);
    return least;
  }
  return AllowWhole(name, least, most, least);
}

int ObjectReader::AllowWhole(std::string_view name, int least, int most, int otherwise) {
  const Json* value = Find(name);
  if (value == nullptr) return otherwise;
  const std::optional<Decimal> number = NumberIn(*value);
  if (!number || *number < Decimal(least) || *number > Decimal(most) ||
      number->Normalized().scale() != 0) {
    Refuse(*value,
           PathOf(name),
           "OUT_OF_RANGE",
           {fmt::format("Tulis bilangan bulat dari {} sampai {}.", least, most),
            fmt::format("Write a whole number from {} to {}.", least, most)});
    return otherwise;
  }
  return static_cast<int>(number->Normalized().unscaled());
}

std::optional<Decimal> ObjectReader::AllowNumber(std::string_view name) {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  std::optional<Decimal> number = NumberIn(*value);
  if (!number) HasKind(*value, name, Json::Kind::kNumber);
  return number;
}

}  // namespace teraju::rules
