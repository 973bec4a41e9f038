#include "services/feedback/api/token_sheet.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <new>
#include <string_view>

namespace teraju::feedback {
namespace {

// Light modules around the code, as ISO/IEC 18004 asks for.
constexpr int kQuietZone = 4;

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// Dark modules as one path of unit squares, joined along rows.
std::string QrPath(const QRcode& code) {
  std::string path;
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width;) {
      int run = 0;
      while (x + run < code.width && (code.data[y * code.width + x + run] & 1) != 0) ++run;
      if (run > 0)
        path += fmt::format("M{} {}h{}v1h-{}z", x + kQuietZone, y + kQuietZone, run, run);
      x += run > 0 ? run : 1;
    }
  }
  return path;
}

std::string DrawQr(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  // The address is bounded by the settings, the code by its length: only memory can be missing.
  if (code == nullptr) throw std::bad_alloc();
  const int side = code->width + 2 * kQuietZone;
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="QR">)"
      R"(<path fill="#000" d="{}"/></svg>)",
      side,
      side,
      QrPath(*code));
}

std::string Card(const TokenSheet& sheet, const std::string& code, Language language) {
  const std::string qr = sheet.address.empty() ? "" : DrawQr(sheet.address + "#" + code);
  const Text once{"Kode sekali pakai, tanpa nama. Berlaku sampai {}.",
                  "For one answer, without a name. Good until {}."};
  return fmt::format(
      "<article>{}<div><h2>{}</h2><p>{}</p><p><code>{}</code></p><p>{}</p><p>{}</p></div>"
      "</article>\n",
      qr,
      Escaped(sheet.survey),
      Escaped(sheet.unit),
      Escaped(code),
      Escaped(sheet.address),
      fmt::format(fmt::runtime(once.In(language)), Escaped(sheet.end_day)));
}

}  // namespace

std::string DrawTokenSheet(const TokenSheet& sheet, Language language) {
  std::string cards;
  for (const std::string& code : sheet.codes) cards += Card(sheet, code, language);
  constexpr std::string_view kStyle =
      "body{font:10pt sans-serif;margin:0}main{display:grid;grid-template-columns:1fr 1fr}"
      "article{display:flex;gap:4mm;padding:5mm;border:.2mm dashed #888;break-inside:avoid}"
      "svg{width:34mm;height:34mm;flex:none}h2{font-size:11pt;margin:0}p{margin:1mm 0}"
      "code{font-size:9pt;overflow-wrap:anywhere}";
  const bool english = language == Language::kEnglish;
  return fmt::format(
      "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>"
      "<style>{}</style></head><body><main>\n{}</main></body></html>\n",
      english ? "en" : "id",
      Escaped(sheet.survey),
      kStyle,
      cards);
}

}  // namespace teraju::feedback
