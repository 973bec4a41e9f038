#include "common/engines/rules/json.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/errors/utf8.h"

namespace teraju::rules {
namespace {

constexpr int kMostLevels = 256;
constexpr std::size_t kMostMembers = 1000;  // the search for repeated names is quadratic

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  absl::StatusOr<Json> Document() {
    ASSIGN_OR_RETURN(Json value, Value(1));
    SkipBlanks();
    if (!rest_.empty()) return Refuse("there is something behind the value");
    return value;
  }

 private:
  absl::Status Refuse(std::string_view why) const {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   fmt::format("line {}: not JSON: {}.", line_, why));
  }

  void SkipBlanks() {
    while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_[0]) != std::string_view::npos) {
      if (rest_[0] == '\n') ++line_;
      rest_.remove_prefix(1);
    }
  }

  bool Take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  absl::StatusOr<Json> Value(int level) {
    SkipBlanks();
    if (level > kMostLevels) return Refuse("more than 256 levels");
    const int line = line_;
    ASSIGN_OR_RETURN(Json value, Naked(level));
    value.line = line;
    return value;
  }

  absl::StatusOr<Json> Naked(int level) {
    if (rest_.empty()) return Refuse("it ends where a value is expected");
    if (Take("{")) return ObjectBody(level);
    if (Take("[")) return ArrayBody(level);
    if (Take("\"")) {
      ASSIGN_OR_RETURN(std::string text, StringBody());
      return Json(std::move(text));
    }
    if (Take("true")) return Json(true);
    if (Take("false")) return Json(false);
    if (Take("null")) return Json();
    return Number();
  }

  absl::StatusOr<Json> ObjectBody(int level) {
    Json object = Json::Object();
    SkipBlanks();
    if (Take("}")) return object;
    while (true) {
      SkipBlanks();
      if (!Take("\"")) return Refuse("the name of a member is expected, in quotes");
      ASSIGN_OR_RETURN(std::string name, StringBody());
      if (object.Find(name) != nullptr) return Refuse("member " + name + " stands twice");
      if (object.members.size() == kMostMembers) return Refuse("more than 1000 members");
      SkipBlanks();
      if (!Take(":")) return Refuse("a colon is expected behind " + name);
      ASSIGN_OR_RETURN(Json value, Value(level + 1));
      object.members.push_back({std::move(name), std::move(value)});
      SkipBlanks();
      if (Take("}")) return object;
      if (!Take(",")) return Refuse("a comma or } is expected");
    }
  }

  absl::StatusOr<Json> ArrayBody(int level) {
    Json array = Json::Array();
    SkipBlanks();
    if (Take("]")) return array;
    while (true) {
      ASSIGN_OR_RETURN(Json value, Value(level + 1));
      array.items.push_back(std::move(value));
      SkipBlanks();
      if (Take("]")) return array;
      if (!Take(",")) return Refuse("a comma or ] is expected");
    }
  }

  absl::StatusOr<Json> Number() {
    const std::size_t length = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    const std::string_view digits = rest_.substr(0, length);
    const std::string_view whole = digits.substr(digits.starts_with('-') ? 1 : 0);
    const bool zero_first = whole.size() > 1 && whole[0] == '0' && whole[1] >= '0';
    const bool formed = !whole.empty() && whole[0] >= '0' && whole[0] <= '9' && !zero_first &&
                        digits.back() != '.' && digits.find(".e") == std::string_view::npos &&
                        digits.find(".E") == std::string_view::npos;
    const auto value = Decimal::Parse(digits);
    if (!formed || !value.ok()) {
      return Refuse(
          "a value is expected: a number (at most 100 digits), a text in quotes, true, "
          "false, null, [ or {");
    }
    rest_.remove_prefix(length);
    return Json(*value);
  }

  // The text up to the closing quote, which is taken too.
  absl::StatusOr<std::string> StringBody() {
    std::string text;
    while (true) {
      if (rest_.empty()) return Refuse("a text has no closing quote");
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return text;
      if (static_cast<unsigned char>(c) < 0x20) return Refuse("a control character in a text");
      if (c != '\\') {
        text += c;
      } else {
        RETURN_IF_ERROR(Escape(text));
      }
    }
  }

  absl::Status Escape(std::string& text) {
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    const char c = rest_.empty() ? '\0' : rest_[0];
    const std::size_t plain = kFrom.find(c);
    if (!rest_.empty()) rest_.remove_prefix(1);
    if (plain != std::string_view::npos) {
      text += kTo[plain];
      return absl::OkStatus();
    }
    int point = c == 'u' ? FourDigits() : -1;
    if (point >= 0xD800 && point < 0xDC00) {
      const int low = Take("\\u") ? FourDigits() : -1;
      const bool pair = low >= 0xDC00 && low < 0xE000;
      point = pair ? 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00) : -1;
    } else if (point >= 0xDC00 && point < 0xE000) {
      point = -1;
    }
    if (point < 0) return Refuse("an unknown escape in a text");
    AppendUtf8(static_cast<unsigned>(point), text);
    return absl::OkStatus();
  }

  // -1 where they are not hexadecimal.
  int FourDigits() {
    int value = 0;
    for (int i = 0; i < 4; ++i) {
      static constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
      const std::size_t digit = rest_.empty() ? std::string_view::npos : kDigits.find(rest_[0]);
      if (digit == std::string_view::npos) return -1;
      value = value * 16 + static_cast<int>(digit < 16 ? digit : digit - 6);
      rest_.remove_prefix(1);
    }
    return value;
  }

  static void AppendUtf8(unsigned point, std::string& text) {
    const auto tail = [&](int shift) {
      text += static_cast<char>(0x80 | ((point >> shift) & 0x3F));
    };
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += static_cast<char>(0xC0 | (point >> 6));
      tail(0);
    } else if (point < 0x10000) {
      text += static_cast<char>(0xE0 | (point >> 12));
      tail(6);
      tail(0);
    } else {
      text += static_cast<char>(0xF0 | (point >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::string_view rest_;
  int line_ = 1;
};

void AppendQuoted(std::string_view text, std::string& out) {
  const auto plain = [](char c) {
    return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
  };
  out += '"';
  for (auto at = text.begin(); at != text.end();) {
    const auto end = std::find_if_not(at, text.end(), plain);
    out.append(at, end);
    at = end;
    if (at == text.end()) break;
    if (static_cast<unsigned char>(*at) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(*at));
    } else {
      out += '\\';
      out += *at;
    }
    ++at;
  }
  out += '"';
}

// Writes a value; with `indent` < 0 in the canonical form.
void Append(const Json& value, int indent, std::string& out) {
  const bool canonical = indent < 0;
  const int inner = canonical ? indent : indent + 2;
  const auto line = [&](int blanks) {
    if (!canonical) out += '\n' + std::string(static_cast<std::size_t>(blanks), ' ');
  };
  switch (value.kind) {
    case Json::Kind::kNull:
      out += "null";
      return;
    case Json::Kind::kBool:
      out += value.flag ? "true" : "false";
      return;
    case Json::Kind::kNumber:
      AppendQuoted(value.number.Normalized().ToString(), out);
      return;
    case Json::Kind::kString:
      AppendQuoted(value.text, out);
      return;
    case Json::Kind::kArray: {
      out += '[';
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ',';
        line(inner);
        Append(value.items[i], inner, out);
      }
      if (!value.items.empty()) line(indent);
      out += ']';
      return;
    }
    case Json::Kind::kObject: {
      std::vector<const JsonMember*> members;
      for (const JsonMember& member : value.members) members.push_back(&member);
      if (canonical) {
        std::sort(members.begin(), members.end(), [](const JsonMember* a, const JsonMember* b) {
          return a->name < b->name;
        });
      }
      out += '{';
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) out += ',';
        line(inner);
        AppendQuoted(members[i]->name, out);
        out += canonical ? ":" : ": ";
        Append(members[i]->value, inner, out);
      }
      if (!members.empty()) line(indent);
      out += '}';
      return;
    }
  }
}

}  // namespace

Json Json::Array() {
  Json value;
  value.kind = Kind::kArray;
  return value;
}

Json Json::Object() {
  Json value;
  value.kind = Kind::kObject;
  return value;
}

const Json* Json::Find(std::string_view name) const {
  for (const JsonMember& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Json* Json::Find(std::string_view name) {
  return const_cast<Json*>(static_cast<const Json*>(this)->Find(name));
}

Json& Json::Set(std::string_view name, Json value) {
  kind = Kind::kObject;
  if (Json* found = Find(name)) {
    *found = std::move(value);
  } else {
    members.push_back({std::string(name), std::move(value)});
  }
  return *this;
}

absl::StatusOr<Json> ParseJson(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes || !IsValidUtf8(text)) {
    return errors::InvalidArgument(
        errors::reasons::FIELD_INVALID,
        fmt::format("line 1: not JSON: the text must be UTF-8 and at most {} MiB.",
                    most_bytes >> 20));
  }
  return Parser(text).Document();
}

std::string CanonicalJson(const Json& value) {
  std::string out;
  Append(value, -1, out);
  return out;
}

std::string PrettyJson(const Json& value) {
  std::string out;
  Append(value, 0, out);
  return out;
}

std::string DigestOf(const Json& value) {
  const std::string canonical = CanonicalJson(value);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace teraju::rules
