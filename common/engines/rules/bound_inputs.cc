#include "common/engines/rules/bound_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/pack_reader.h"

namespace teraju::rules {
namespace {

constexpr std::size_t kLongestKey = 200;

// Where an object stands; its text is made only for a violation.
struct Place {
  const Place* outer = nullptr;
  const std::string* name = nullptr;
  std::size_t entry = 0;

  std::string ToString() const {
    if (outer == nullptr) return *name;
    return Join(Join(outer->ToString(), *name), entry);
  }
  std::string Of(std::string_view field) const { return Join(ToString(), field); }
};

class Binder {
 public:
  Binder(const PolicyPack& pack, errors::FieldViolations& violations)
      : pack_(pack), violations_(violations) {}

  BoundRecord Bind(const std::vector<InputField>& fields,
                   const Json& inputs,
                   const Place& place,
                   bool is_entry) {
    BoundRecord record;
    record.values.resize(fields.size());
    record.lists.resize(fields.size());
    if (!inputs.Is(Json::Kind::kObject)) {
      violations_.Add(place.ToString(),
                      "WRONG_KIND",
                      "Di sini diharapkan objek { }.",
                      "Expected an object { }.");
      return record;
    }
    std::size_t known = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Json* given = inputs.Find(fields[i].name);
      if (given != nullptr) ++known;
      if (given != nullptr && given->Is(Json::Kind::kNull)) given = nullptr;
      BindField(fields[i], given, place, record.values[i], record.lists[i]);
    }
    if (const Json* key = is_entry ? inputs.Find("key") : nullptr) {
      ++known;
      record.key = key->text;
      if (!key->Is(Json::Kind::kString) || key->text.size() > kLongestKey) {
        violations_.Add(place.Of("key"),
                        "WRONG_KIND",
                        "key adalah teks, paling panjang 200 bita.",
                        "key is a text of at most 200 bytes.");
      }
    }
    if (known != inputs.members.size()) RefuseUnknown(fields, inputs, place, is_entry);
    return record;
  }

 private:
  void RefuseUnknown(const std::vector<InputField>& fields,
                     const Json& inputs,
                     const Place& place,
                     bool is_entry) {
    for (const JsonMember& member : inputs.members) {
      const bool declared = (is_entry && member.name == "key") ||
                            std::any_of(fields.begin(), fields.end(), [&](const InputField& field) {
                              return field.name == member.name;
                            });
      if (declared) continue;
      violations_.Add(place.Of(member.name),
                      "UNKNOWN_FIELD",
                      "Masukan ini tidak dikenal cara ini. Hapus, atau perbaiki ejaannya.",
                      "The method does not know this input. Remove it, or correct its spelling.");
    }
  }

  void BindField(const InputField& field,
                 const Json* given,
                 const Place& place,
                 Value& value,
                 std::vector<BoundRecord>& list) {
    if (given == nullptr) {
      if (!field.optional) {
        violations_.Add(place.Of(field.name),
                        "MISSING",
                        "Masukan ini wajib ada; yang kosong tidak dianggap nol.",
                        "This input is required; what is missing does not count as zero.");
      }
      return;
    }
    switch (field.kind) {
      case InputField::Kind::kNumber:
        return BindNumber(field, *given, place, value);
      case InputField::Kind::kFlag:
        if (given->Is(Json::Kind::kBool)) {
          value = Value::OfCode(field.choices[given->flag ? 0 : 1]);
          return;
        }
        [[fallthrough]];
      case InputField::Kind::kChoice:
        return BindChoice(field, *given, place, value);
      case InputField::Kind::kList:
        return BindList(field, *given, place, list);
    }
  }

  void BindNumber(const InputField& field, const Json& given, const Place& place, Value& value) {
    const std::optional<Decimal> number = NumberIn(given);
    if (!number) {
      violations_.Add(place.Of(field.name),
                      "WRONG_KIND",
                      "Tulis sebuah bilangan, misalnya 12.5.",
                      "Write a number, such as 12.5.");
      return;
    }
    if ((field.min && *number < *field.min) || (field.max && *number > *field.max)) {
      const std::string least = field.min ? field.min->ToString() : "-∞";
      const std::string most = field.max ? field.max->ToString() : "∞";
      violations_.Add(place.Of(field.name),
                      "OUT_OF_RANGE",
                      fmt::format("Tulis bilangan dari {} sampai {}.", least, most),
                      fmt::format("Write a number from {} to {}.", least, most));
      return;
    }
    value = Value::Of(ToRational(*number));
  }

  void BindChoice(const InputField& field, const Json& given, const Place& place, Value& value) {
    const auto code = given.Is(Json::Kind::kString) ? pack_.code_numbers.find(given.text)
                                                    : pack_.code_numbers.end();
    if (code != pack_.code_numbers.end() &&
        std::find(field.choices.begin(), field.choices.end(), code->second) !=
            field.choices.end()) {
      value = Value::OfCode(code->second);
      return;
    }
    std::string choices;
    for (const int choice : field.choices) {
      choices += (choices.empty() ? "" : ", ") + pack_.codes[static_cast<std::size_t>(choice)];
    }
    violations_.Add(place.Of(field.name),
                    "UNKNOWN_WORD",
                    fmt::format("Pilih salah satu: {}.", choices),
                    fmt::format("Choose one of: {}.", choices));
  }

  void BindList(const InputField& field,
                const Json& given,
                const Place& place,
                std::vector<BoundRecord>& list) {
    if (!given.Is(Json::Kind::kArray) ||
        given.items.size() > static_cast<std::size_t>(field.at_most) ||
        given.items.size() < static_cast<std::size_t>(field.at_least)) {
      violations_.Add(
          place.Of(field.name),
          "OUT_OF_RANGE",
          fmt::format("Tulis daftar [ ] dengan {} sampai {} butir.", field.at_least, field.at_most),
          fmt::format("Write a list [ ] of {} to {} entries.", field.at_least, field.at_most));
      return;
    }
    list.reserve(given.items.size());
    for (std::size_t i = 0; i < given.items.size(); ++i) {
      list.push_back(Bind(field.fields, given.items[i], Place{&place, &field.name, i}, true));
    }
  }

  const PolicyPack& pack_;
  errors::FieldViolations& violations_;
};

}  // namespace

BoundRecord BindInputs(const PolicyPack& pack,
                       const std::vector<InputField>& fields,
                       const Json& inputs,
                       const std::string& path,
                       errors::FieldViolations& violations) {
  return Binder(pack, violations).Bind(fields, inputs, Place{nullptr, &path, 0}, false);
}

}  // namespace teraju::rules
