#include "common/engines/rules/account.h"

#include <fmt/format.h>

#include <algorithm>

namespace teraju::rules {
namespace {

// Of a denominator: the decimals needed, or nullopt where they do not end.
std::optional<int> DecimalsOf(Integer denominator) {
  int twos = 0, fives = 0;
  for (; denominator % 2 == 0; denominator /= 2) ++twos;
  for (; denominator % 5 == 0; denominator /= 5) ++fives;
  if (denominator != 1) return std::nullopt;
  return std::max(twos, fives);
}

Text RoundingText(const RoundingStep& round) {
  static const auto* const modes = new std::vector<std::pair<Rounding, Text>>{
      {Rounding::kHalfUp, {"ke yang terdekat, setengah ke atas", "to the nearest, half up"}},
      {Rounding::kHalfEven, {"ke yang terdekat, setengah ke genap", "to the nearest, half even"}},
      {Rounding::kDown, {"menuju nol", "towards zero"}},
      {Rounding::kUp, {"menjauhi nol", "away from zero"}},
      {Rounding::kCeiling, {"ke atas", "upwards"}},
      {Rounding::kFloor, {"ke bawah", "downwards"}},
  };
  const auto mode = std::find_if(
      modes->begin(), modes->end(), [&](const auto& entry) { return entry.first == round.mode; });
  return {fmt::format("; dibulatkan ke {} desimal ({})", round.digits, mode->second.id),
          fmt::format("; rounded to {} decimals ({})", round.digits, mode->second.en)};
}

void Append(Text& text, const Text& more) {
  text.id += more.id;
  text.en += more.en;
}

// `920/9` reads better as `102.222222…`.
std::string Readable(const std::string& exact) {
  const std::size_t slash = exact.find('/');
  if (slash == std::string::npos) return exact;
  return ReadableText(Rational(Integer(exact.substr(0, slash)), Integer(exact.substr(slash + 1))));
}

void AppendLines(const AccountNode& node, Language language, int level, std::string& out) {
  out += std::string(static_cast<std::size_t>(2 * level), ' ');
  out += language == Language::kIndonesian ? node.text.id : node.text.en;
  out += '\n';
  for (const AccountNode& input : node.inputs) AppendLines(input, language, level + 1, out);
}

Json Both(const Text& text) { return Json::Object().Set("id", text.id).Set("en", text.en); }

}  // namespace

std::string ExactText(const Rational& value) {
  const Integer divisor(denominator(value));
  if (const std::optional<int> decimals = DecimalsOf(divisor)) {
    return Round(value, *decimals, Rounding::kDown).ToString();
  }
  return Integer(numerator(value)).str() + "/" + divisor.str();
}

std::string ReadableText(const Rational& value) {
  if (DecimalsOf(Integer(denominator(value)))) return ExactText(value);
  return Round(value, 6, Rounding::kDown).ToString() + "…";
}

Text Sentence(const AccountNode& node) {
  Text text = node.label;
  if (node.operation == "entry" || node.operation == "result" || node.operation == "segment") {
    Append(text, node.note);
    return text;
  }
  Append(text, {": ", ": "});
  if (node.operation == "reference") {
    Append(text,
           {Readable(node.value) + " (lihat di atas)", Readable(node.value) + " (see above)"});
    return text;
  }
  if (!node.formula.empty()) Append(text, {node.formula + " = ", node.formula + " = "});
  const std::string exact = Readable(node.exact);
  Append(text, {exact, exact});
  if (node.floor) {
    Append(text, {"; paling sedikit " + *node.floor, "; at least " + *node.floor});
  }
  if (node.cap) Append(text, {"; paling banyak " + *node.cap, "; at most " + *node.cap});
  if (node.round) Append(text, RoundingText(*node.round));
  if (node.value != node.exact) {
    Append(text, {" → " + Readable(node.value), " → " + Readable(node.value)});
  }
  Append(text, {".", "."});
  if (!node.note.id.empty()) Append(text, {" " + node.note.id, " " + node.note.en});
  return text;
}

Json ToJson(const AccountNode& node) {
  Json json = Json::Object();
  json.Set("name", node.name).Set("operation", node.operation).Set("label", Both(node.label));
  if (!node.formula.empty()) json.Set("formula", node.formula);
  if (!node.exact.empty()) json.Set("exact", node.exact);
  if (node.floor) json.Set("floor", *node.floor);
  if (node.cap) json.Set("cap", *node.cap);
  if (node.round) {
    json.Set("round",
             Json::Object()
                 .Set("digits", node.round->digits)
                 .Set("mode", RoundingName(node.round->mode)));
  }
  if (!node.value.empty()) json.Set("value", node.value);
  if (!node.note.id.empty()) json.Set("note", Both(node.note));
  json.Set("text", Both(node.text));
  if (node.inputs.empty()) return json;
  Json inputs = Json::Array();
  for (const AccountNode& input : node.inputs) inputs.items.push_back(ToJson(input));
  json.Set("inputs", std::move(inputs));
  return json;
}

std::string Render(const AccountNode& node, Language language) {
  std::string out;
  AppendLines(node, language, 0, out);
  return out;
}

}  // namespace teraju::rules
