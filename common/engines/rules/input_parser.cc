#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/step_parser.h"

namespace teraju::rules {
namespace {

constexpr int kMostDigits = 6;
constexpr int kMostEntries = 10000;

std::vector<int> ParseChoices(ObjectReader& reader, PackContext& context) {
  std::vector<int> choices;
  const Json* list = reader.Need("choices", Json::Kind::kArray);
  if (list == nullptr) return choices;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Json& item = list->items[i];
    const int code = context.CodeOf(item.text);
    const bool repeated = std::find(choices.begin(), choices.end(), code) != choices.end();
    if (!item.Is(Json::Kind::kString) || !IsCode(item.text) || repeated) {
      reader.Refuse(item,
                    Join(reader.PathOf("choices"), i),
                    "BAD_CODE",
                    {"Tulis kode dengan huruf besar, masing-masing satu kali.",
                     "Write a code in capital letters, each once."});
    }
    choices.push_back(code);
  }
  return choices;
}

InputField::Kind ParseKind(ObjectReader& reader) {
  const std::string kind = reader.NeedText("kind");
  if (kind == "choice") return InputField::Kind::kChoice;
  if (kind == "flag") return InputField::Kind::kFlag;
  if (kind == "list") return InputField::Kind::kList;
  if (kind != "number" && !kind.empty()) {
    reader.Refuse(
        *reader.Find("kind"),
        reader.PathOf("kind"),
        "UNKNOWN_WORD",
        {"Pilih number, choice, flag, atau list.", "Choose number, choice, flag, or list."});
  }
  return InputField::Kind::kNumber;
}

void ParseBounds(ObjectReader& reader, InputField& input) {
  input.min = reader.AllowNumber("min");
  input.max = reader.AllowNumber("max");
  input.digits = reader.AllowWhole("digits", 0, kMostDigits, input.digits);
  if (input.min && input.max && *input.max < *input.min) {
    reader.Refuse(*reader.Find("max"),
                  reader.PathOf("max"),
                  "ORDER",
                  {"max harus paling sedikit sama dengan min.", "max must be at least min."});
  }
}

InputField ParseInput(const Json& json, const std::string& path, PackContext& context) {
  ObjectReader reader(json, path, context.problems);
  InputField input;
  input.name = reader.NeedName("name", &IsName);
  input.label = reader.NeedTexts("label");
  input.kind = ParseKind(reader);
  input.optional = reader.AllowFlag("optional");
  switch (input.kind) {
    case InputField::Kind::kNumber:
      ParseBounds(reader, input);
      break;
    case InputField::Kind::kChoice:
      input.choices = ParseChoices(reader, context);
      break;
    case InputField::Kind::kFlag:
      input.choices = {context.CodeOf("YES"), context.CodeOf("NO")};
      break;
    case InputField::Kind::kList:
      input.at_least = reader.AllowWhole("at_least", 0, kMostEntries, 0);
      input.at_most = reader.AllowWhole("at_most", 1, kMostEntries, kMostEntries);
      if (const Json* fields = reader.Need("fields", Json::Kind::kArray)) {
        input.fields = ParseInputFields(*fields, reader.PathOf("fields"), context);
      }
      return input;
  }
  input.what_if = reader.AllowFlag("what_if");
  return input;
}

}  // namespace

std::vector<InputField> ParseInputFields(const Json& list,
                                         const std::string& path,
                                         PackContext& context) {
  std::vector<InputField> inputs;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    InputField input = ParseInput(list.items[i], Join(path, i), context);
    const bool taken = input.name == "key" ||
                       std::any_of(inputs.begin(), inputs.end(), [&](const InputField& other) {
                         return other.name == input.name;
                       });
    if (taken) {
      AddProblem(context.problems,
                 list.items[i],
                 Join(Join(path, i), "name"),
                 "DUPLICATE",
                 {"Nama ini sudah dipakai (key selalu ada).",
                  "This name is taken (key is always there)."});
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace teraju::rules
