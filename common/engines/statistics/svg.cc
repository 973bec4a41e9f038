#include "common/engines/statistics/svg.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "common/errors/utf8.h"

namespace teraju::statistics {
namespace {

std::string Coordinate(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.1f", value);
  return buffer;
}

std::string Attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + Coordinate(value) + "\"";
}

std::string Attribute(const char* name, const char* value) {
  return std::string(" ") + name + "=\"" + value + "\"";
}

const char* NameOf(Anchor anchor) {
  switch (anchor) {
    case Anchor::kMiddle:
      return "middle";
    case Anchor::kEnd:
      return "end";
    default:
      return "start";
  }
}

std::string Ends(double x1, double y1, double x2, double y2) {
  return Attribute("x1", x1) + Attribute("y1", y1) + Attribute("x2", x2) + Attribute("y2", y2);
}

}  // namespace

std::string EscapeXml(std::string_view text) {
  const std::string valid = ClipUtf8(text, text.size());
  std::string out;
  for (const char c : valid) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  return out;
}

Svg::Svg(double width, double height, std::string_view title, std::string_view description) {
  const std::string w = Coordinate(width);
  const std::string h = Coordinate(height);
  body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + w + "\" height=\"" +
          h + "\" viewBox=\"0 0 " + w + " " + h +
          "\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n<title>" + EscapeXml(title) +
          "</title>\n<desc>" + EscapeXml(description) + "</desc>\n";
  Box(0, 0, width, height, "#ffffff");
}

void Svg::Line(double x1, double y1, double x2, double y2, const char* color, double width) {
  body_ += "<line" + Ends(x1, y1, x2, y2) + Attribute("stroke", color) +
           Attribute("stroke-width", width) + "/>\n";
}

void Svg::Dashes(double x1, double y1, double x2, double y2, const char* color) {
  body_ +=
      "<line" + Ends(x1, y1, x2, y2) + Attribute("stroke", color) + " stroke-dasharray=\"3 3\"/>\n";
}

void Svg::Box(double x, double y, double width, double height, const char* color) {
  body_ += "<rect" + Attribute("x", x) + Attribute("y", y) + Attribute("width", width) +
           Attribute("height", height) + Attribute("fill", color) + "/>\n";
}

void Svg::Text(double x, double y, std::string_view text, const TextStyle& style) {
  body_ += "<text" + Attribute("x", x) + Attribute("y", y) + " font-size=\"" +
           std::to_string(style.size) + "\"" + Attribute("text-anchor", NameOf(style.anchor)) +
           Attribute("fill", style.color) + (style.bold ? " font-weight=\"bold\"" : "") + ">" +
           EscapeXml(text) + "</text>\n";
}

void Svg::Mark(double x, double y, int series, const char* color) {
  constexpr double kSize = 5;
  const auto point = [](double px, double py) { return Coordinate(px) + "," + Coordinate(py); };
  const auto polygon = [&](std::string points) {
    body_ += "<polygon points=\"" + std::move(points) + "\"" + Attribute("fill", color) + "/>\n";
  };
  switch (series % 5) {
    case 0:
      body_ += "<circle" + Attribute("cx", x) + Attribute("cy", y) + Attribute("r", kSize) +
               Attribute("fill", color) + "/>\n";
      break;
    case 1:
      Box(x - kSize + 0.5, y - kSize + 0.5, 2 * kSize - 1, 2 * kSize - 1, color);
      break;
    case 2:
      polygon(point(x, y - kSize - 1) + " " + point(x + kSize + 1, y) + " " +
              point(x, y + kSize + 1) + " " + point(x - kSize - 1, y));
      break;
    case 3:
      polygon(point(x, y - kSize - 1) + " " + point(x + kSize + 1, y + kSize) + " " +
              point(x - kSize - 1, y + kSize));
      break;
    default:
      body_ += "<circle" + Attribute("cx", x) + Attribute("cy", y) + Attribute("r", kSize - 1) +
               Attribute("stroke", color) + " stroke-width=\"2\" fill=\"#ffffff\"/>\n";
  }
}

const char* SeriesColor(int series) {
  constexpr std::array kColors = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"};
  return kColors[static_cast<std::size_t>(series) % kColors.size()];
}

}  // namespace teraju::statistics
