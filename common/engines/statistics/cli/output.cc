#include "common/engines/statistics/cli/output.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <vector>

namespace teraju::statistics {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string Shortest(double x) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), x);
  return {buffer, result.ptr};
}

void WriteJson(const value& v, int depth, std::string& out) {
  const std::string inner(2 * (depth + 1), ' ');
  const std::string outer(2 * depth, ' ');
  if (const object* members = v.if_object()) {
    out += "{";
    const char* separator = "\n";
    for (const auto& member : *members) {
      out += separator + inner + boost::json::serialize(boost::json::string(member.key())) + ": ";
      WriteJson(member.value(), depth + 1, out);
      separator = ",\n";
    }
    out += members->empty() ? "}" : "\n" + outer + "}";
  } else if (const array* elements = v.if_array()) {
    out += "[";
    const char* separator = "\n";
    for (const value& element : *elements) {
      out += separator + inner;
      WriteJson(element, depth + 1, out);
      separator = ",\n";
    }
    out += elements->empty() ? "]" : "\n" + outer + "]";
  } else if (v.is_double()) {
    out += Shortest(v.get_double());
  } else {
    out += boost::json::serialize(v);
  }
}

std::string Cell(const value& v) {
  if (v.is_null()) return "-";
  if (v.is_string()) return {v.get_string().data(), v.get_string().size()};
  if (!v.is_double()) return boost::json::serialize(v);
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.6g", v.get_double());
  return buffer;
}

std::size_t Width(const std::string& text) {  // in code points
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

std::string Padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - std::min(width, Width(text)), ' ');
  return right ? space + text : text + space;
}

bool IsTable(const value& v) {
  const array* rows = v.if_array();
  return rows != nullptr && !rows->empty() && rows->front().is_object() &&
         std::none_of(rows->front().get_object().begin(),
                      rows->front().get_object().end(),
                      [](const auto& m) { return m.value().is_structured(); });
}

void WriteTable(const array& rows, const std::string& indent, std::string& out) {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& member : rows.front().get_object()) {
    lines[0].emplace_back(member.key().data(), member.key().size());
  }
  for (const value& row : rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const auto& member : row.get_object()) line.push_back(Cell(member.value()));
  }
  std::vector<std::size_t> widths(lines[0].size());
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < widths.size(); ++c) widths[c] = std::max(widths[c], Width(line[c]));
  }
  for (const auto& line : lines) {
    out += indent;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      out += (c > 0 ? "  " : "") + Padded(line[c], widths[c], c > 0);
    }
    out += "\n";
  }
}

void WriteText(const object& members, const std::string& indent, std::string& out) {
  std::size_t width = 0;
  for (const auto& member : members) {
    if (!member.value().is_structured()) width = std::max(width, member.key().size());
  }
  for (const auto& member : members) {
    const std::string key(member.key().data(), member.key().size());
    const value& v = member.value();
    if (!v.is_structured()) {
      out += indent + Padded(key, width, false) + "  " + Cell(v) + "\n";
    } else if (IsTable(v)) {
      out += indent + key + "\n";
      WriteTable(v.get_array(), indent + "  ", out);
    } else if (const array* elements = v.if_array()) {
      if (elements->empty()) out += indent + key + "  -\n";
      for (const value& element : *elements) {
        out += indent + key + "\n";
        WriteText(element.get_object(), indent + "  ", out);
      }
    } else {
      out += indent + key + "\n";
      WriteText(v.get_object(), indent + "  ", out);
    }
    if (indent.empty()) out += "\n";
  }
}

}  // namespace

std::string ToJson(const value& report) {
  std::string out;
  WriteJson(report, 0, out);
  return out + "\n";
}

std::string ToText(const object& report) {
  std::string out;
  WriteText(report, "", out);
  return out;
}

}  // namespace teraju::statistics
