#include "common/engines/rules/test_reference.h"

#include <cctype>
#include <stdexcept>
#include <vector>

namespace teraju::rules::reference {
namespace {

using Whole = boost::multiprecision::cpp_int;

struct NoResult : std::runtime_error {
  NoResult() : std::runtime_error("no result") {}
};

// A number, a code, or nothing.
struct Thing {
  std::optional<Fraction> number;
  std::string code;

  bool nothing() const { return !number && code.empty(); }
  const Fraction& n() const {
    if (!number) throw std::logic_error("not a number");
    return *number;
  }
};

Thing Number(Fraction value) { return {std::move(value), ""}; }

// "-12.50" as a fraction; nothing for other texts.
std::optional<Fraction> FromText(std::string text) {
  const bool minus = !text.empty() && text[0] == '-';
  if (minus) text.erase(0, 1);
  Whole top = 0, bottom = 1;
  bool point = false;
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) == 0) return std::nullopt;
  for (const char c : text) {
    if (c == '.') {
      point = true;
      continue;
    }
    top = top * 10 + (c - '0');
    if (point) bottom *= 10;
  }
  return Fraction(minus ? Whole(-top) : top, bottom);
}

Whole FloorOf(const Fraction& value) {
  const Whole top = numerator(value), bottom = denominator(value);
  Whole quotient = top / bottom;
  if (quotient * bottom > top) --quotient;
  return quotient;
}

Fraction Rounded(const Fraction& value, int digits, const std::string& mode) {
  Fraction unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  for (int i = digits; i < 0; ++i) unit /= 10;
  const Fraction scaled = value * unit;
  const Whole low = FloorOf(scaled);
  const Fraction rest = scaled - low;
  if (rest == 0) return value;
  const bool negative = scaled < 0;
  bool up = false;
  const Fraction half(1, 2);
  if (mode == "CEILING") up = true;
  if (mode == "UP") up = !negative;
  if (mode == "DOWN") up = negative;
  if (mode == "HALF_UP") up = negative ? rest > half : rest >= half;
  if (mode == "HALF_EVEN") up = rest > half || (rest == half && low % 2 != 0);
  return Fraction(up ? Whole(low + 1) : low) / unit;
}

struct Scope {
  const Json* record;
  const Json* steps;
  const Scope* outer;
  std::map<std::string, Thing>* done;
};

class Walker {
 public:
  explicit Walker(const Json& pack) : pack_(pack) {}

  Thing Step(const Json& step, const Scope& scope) {
    const std::string& name = step.Find("name")->text;
    const auto known = scope.done->find(name);
    if (known != scope.done->end()) return known->second;
    Thing value = Raw(step, scope);
    if (value.number) {
      if (const Json* floor = step.Find("floor")) {
        const Thing least = Operand(*floor, scope);
        if (*value.number < least.n()) value = least;
      }
      if (const Json* cap = step.Find("cap")) {
        const Thing most = Operand(*cap, scope);
        if (*value.number > most.n()) value = most;
      }
      if (const Json* round = step.Find("round")) {
        const int digits = std::stoi(round->Find("digits")->number.ToString());
        value.number = Rounded(*value.number, digits, round->Find("mode")->text);
      }
    }
    (*scope.done)[name] = value;
    return value;
  }

 private:
  Thing Operand(const Json& json, const Scope& scope) {
    if (json.kind == Json::Kind::kNumber) return Number(*FromText(json.number.ToString()));
    if (const auto number = FromText(json.text)) return Number(*number);
    if (std::isupper(static_cast<unsigned char>(json.text[0])) != 0) return {{}, json.text};
    if (const Json* all = pack_.Find("parameters")) {
      if (const Json* found = all->Find(json.text)) return Operand(*found->Find("value"), scope);
    }
    for (const Scope* at = &scope; at != nullptr; at = at->outer) {
      if (at->steps != nullptr) {
        for (const Json& step : at->steps->items) {
          if (step.Find("name")->text == json.text) return Step(step, *at);
        }
      }
      const Json* given = at->record->Find(json.text);
      if (given == nullptr || given->kind == Json::Kind::kNull) continue;
      if (given->kind == Json::Kind::kBool) return {{}, given->flag ? "YES" : "NO"};
      return Operand(*given, scope);
    }
    return {};
  }

  const Json& Table(const Json& json) const {
    return json.kind == Json::Kind::kString ? *pack_.Find("tables")->Find(json.text) : json;
  }

  Thing Raw(const Json& step, const Scope& scope) {
    const std::string& op = step.Find("op")->text;
    if (op == "value") return Operand(*step.Find("of"), scope);
    if (op == "achievement") return Achievement(step, scope);
    if (op == "product") return Product(step, scope);
    if (op == "quotient") return Quotient(step, scope);
    if (op == "bands") return Bands(step, scope);
    if (op == "piecewise") return Piecewise(step, scope);
    if (op == "lookup") return Lookup(step, scope);
    return Many(step, scope, op);
  }

  Thing Achievement(const Json& step, const Scope& scope) {
    const Thing formula = Operand(*step.Find("formula"), scope);
    const Thing realised = Operand(*step.Find("realised"), scope);
    const Thing target = Operand(*step.Find("target"), scope);
    if (formula.nothing() || realised.nothing() || target.nothing()) return {};
    const Json* upper = step.Find("target_high");
    const Thing high = upper != nullptr ? Operand(*upper, scope) : Thing{};
    const Fraction &r = realised.n(), &t = target.n();
    const std::string& f = formula.code;
    if (t < 0 || (high.number && *high.number < t)) throw NoResult();
    if (t == 0 && (high.number || (f != "LOWER_IS_BETTER" && f != "BINARY"))) throw NoResult();
    if (f == "BINARY") return Number(r >= t ? 100 : 0);
    Fraction end = t;
    if (high.number && f != "MILESTONE") {
      if (t <= r && r <= *high.number) return Number(100);
      if (r > *high.number) end = *high.number;
    }
    if (t == 0) return Number(r <= 0 ? 100 : 0);
    const Fraction up = 100 * r / end, down = 200 - 100 * r / end;
    if (f == "HIGHER_IS_BETTER") return Number(up);
    if (f == "LOWER_IS_BETTER") return Number(down);
    if (f == "MILESTONE") return Number(Fraction(FloorOf(r)) * 100 / end);
    return Number(high.number && r > *high.number ? down : up);
  }

  Thing Product(const Json& step, const Scope& scope) {
    Fraction product = 1;
    bool whole = true;
    for (const Json& item : step.Find("of")->items) {
      const Thing factor = Operand(item, scope);
      whole = whole && !factor.nothing();
      if (whole) product *= factor.n();
    }
    return whole ? Number(product) : Thing{};
  }

  Thing Quotient(const Json& step, const Scope& scope) {
    const Thing top = Operand(*step.Find("of"), scope), bottom = Operand(*step.Find("by"), scope);
    if (top.nothing() || bottom.nothing()) return {};
    if (bottom.n() == 0) throw NoResult();
    return Number(top.n() / bottom.n());
  }

  Thing Bands(const Json& step, const Scope& scope) {
    const Thing value = Operand(*step.Find("of"), scope);
    if (value.nothing()) return {};
    for (const Json& band : Table(*step.Find("bands")).items) {
      const Json* least = band.Find("at_least");
      if (least != nullptr && value.n() < Operand(*least, scope).n()) continue;
      const Json* needs = band.Find("needs");
      if (needs != nullptr && Operand(*needs, scope).code != "YES") continue;
      return {{}, band.Find("code")->text};
    }
    throw NoResult();
  }

  Thing Piecewise(const Json& step, const Scope& scope) {
    const Thing value = Operand(*step.Find("of"), scope);
    if (value.nothing()) return {};
    const auto at = [&](const Json& piece, const char* name) {
      return Operand(*piece.Find(name), scope).n();
    };
    const Json* found = nullptr;
    for (const Json& piece : Table(*step.Find("pieces")).items) {
      if (at(piece, "from") <= value.n()) found = &piece;
    }
    if (found == nullptr) throw NoResult();
    if (found->Find("to") != nullptr && value.n() > at(*found, "to")) throw NoResult();
    if (found->Find("to_value") == nullptr) return Number(at(*found, "value"));
    const Fraction x0 = at(*found, "from"), y0 = at(*found, "value");
    const Fraction x1 = at(*found, "to"), y1 = at(*found, "to_value");
    return Number((y0 * (x1 - value.n()) + y1 * (value.n() - x0)) / (x1 - x0));
  }

  Thing Lookup(const Json& step, const Scope& scope) {
    const Json* table = &Table(*step.Find("table"));
    for (const Json& key : step.Find("by")->items) {
      const Thing code = Operand(key, scope);
      if (code.nothing()) return {};
      table = table->Find(code.code);
    }
    return Operand(*table, scope);
  }

  struct Part {
    Thing value;
    Fraction weight;
  };

  std::vector<Part> Parts(const Json& step, const Scope& scope) {
    std::vector<Part> parts;
    const auto add = [&](const Json& of, const Json* weight, const Scope& at) {
      Part part{Operand(of, at), 1};
      if (weight != nullptr) {
        const Thing given = Operand(*weight, at);
        if (given.nothing()) throw NoResult();
        part.weight = given.n();
      }
      parts.push_back(part);
    };
    if (const Json* terms = step.Find("terms")) {
      for (const Json& term : terms->items) add(*term.Find("of"), term.Find("weight"), scope);
      return parts;
    }
    const Json* list = nullptr;
    for (const Scope* at = &scope; at != nullptr && list == nullptr; at = at->outer) {
      list = at->record->Find(step.Find("over")->text);
    }
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      std::map<std::string, Thing> done;
      const Scope inner{&list->items[i], step.Find("steps"), &scope, &done};
      add(*step.Find("of"), step.Find("weight"), inner);
    }
    return parts;
  }

  Thing Many(const Json& step, const Scope& scope, const std::string& op) {
    std::vector<Part> parts = Parts(step, scope);
    if (parts.empty()) {
      const Json* empty = step.Find("if_empty");
      return empty != nullptr ? Operand(*empty, scope) : Thing{};
    }
    const Json* policy = step.Find("if_missing");
    Fraction all = 0, present = 0;
    std::vector<Part> kept;
    for (Part& part : parts) {
      all += part.weight;
      if (part.value.nothing() && policy != nullptr && policy->text != "RENORMALISE" &&
          policy->text != "ERROR") {
        part.value = Operand(*policy, scope);
      }
      if (part.value.nothing()) {
        if (policy == nullptr || policy->text != "RENORMALISE") throw NoResult();
        continue;
      }
      present += part.weight;
      kept.push_back(part);
    }
    if (kept.empty()) return {};
    if (kept.size() < parts.size() && present == 0) return {};
    if (op == "last") return kept.back().value;
    Fraction sum = 0, least = 0, greatest = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const Fraction& value = kept[i].value.n();
      sum += kept[i].weight * value;
      if (i == 0 || value < least) least = value;
      if (i == 0 || value > greatest) greatest = value;
    }
    if (op == "least") return Number(least);
    if (op == "greatest") return Number(greatest);
    if (op == "mean") {
      for (const Part& part : parts) {
        if (part.weight < 0) throw NoResult();
      }
      if (present == 0) throw NoResult();
      return Number(sum / present);
    }
    return Number(kept.size() < parts.size() ? Fraction(sum * all / present) : sum);
  }

  const Json& pack_;
};

std::string TextOf(const Thing& thing) {
  if (!thing.number) return thing.code;
  return Whole(numerator(*thing.number)).str() + "/" + Whole(denominator(*thing.number)).str();
}

}  // namespace

std::optional<Result> Evaluate(const Json& pack, const std::string& name, const Json& inputs) {
  const Json& method = *pack.Find("methods")->Find(name);
  std::map<std::string, Thing> done;
  const Scope scope{&inputs, method.Find("steps"), nullptr, &done};
  Walker walker(pack);
  Result result;
  try {
    for (const char* wanted : {"score", "predicate"}) {
      const Json* step_name = method.Find(wanted);
      if (step_name == nullptr) continue;
      for (const Json& step : method.Find("steps")->items) {
        if (step.Find("name")->text != step_name->text) continue;
        const Thing value = walker.Step(step, scope);
        if (value.nothing()) return std::nullopt;
        (std::string(wanted) == "score" ? result.score : result.predicate) = TextOf(value);
      }
    }
  } catch (const NoResult&) {
    return std::nullopt;
  }
  for (const auto& [step, value] : done) {
    if (!value.nothing()) result.steps[step] = TextOf(value);
  }
  return result;
}

}  // namespace teraju::rules::reference
