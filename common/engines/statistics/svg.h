// The few shapes a chart is made of, as SVG text. All text is escaped.
#pragma once

#include <string>
#include <string_view>

namespace teraju::statistics {

// Safe in an XML document: markup escaped, control characters and bytes that are not UTF-8
// replaced.
std::string EscapeXml(std::string_view text);

enum class Anchor { kStart, kMiddle, kEnd };

struct TextStyle {
  Anchor anchor = Anchor::kStart;
  int size = 13;
  bool bold = false;
  const char* color = "#1f2937";
};

class Svg {
 public:
  // `title` and `description` are what a screen reader says.
  Svg(double width, double height, std::string_view title, std::string_view description);

  void Line(double x1, double y1, double x2, double y2, const char* color, double width = 1);
  void Dashes(double x1, double y1, double x2, double y2, const char* color);
  void Box(double x, double y, double width, double height, const char* color);
  void Text(double x, double y, std::string_view text, const TextStyle& style = {});
  // The mark of a series: circle, square, diamond, triangle, ring, in turn.
  void Mark(double x, double y, int series, const char* color);

  std::string Finish() const { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

// Colours that the colour-blind tell apart (Okabe and Ito 2008), in turn.
const char* SeriesColor(int series);

}  // namespace teraju::statistics
