#include "tests/security/hostile_texts.h"

#include <cstdint>
#include <cstdio>
#include <set>

#include "absl/strings/str_cat.h"

namespace teraju::security {
namespace {

std::vector<std::string> Written() {
  // The worst first: who has place for a few takes these.
  return {"' \" ` ´ ‘ ’ “ ”",
          "\\",
          "\x01\x02x",
          "a\nb\r\nc",
          "e\u0301 \u00e9",
          "\u202eabc",
          "\xef\xbf\xbe x",
          "👩‍👩‍👧‍👦 🏳️‍🌈 🇮🇩",
          "<script>alert(1)</script>",
          "&lt;&amp;",
          "{\"a\":1}",
          "{0}",
          "%s%s%s%n",
          "%27",
          "\\u0000",
          "$(touch x)",
          "NULL",
          "İstanbul ıI",
          "a\u200bb\u200cc\u200dd",
          "?a=b&c=d#e",
          "undefined",
          "null",
          "(null)",
          "nil",
          "true",
          "0",
          "-1",
          "1/0",
          "1e309",
          "NaN",
          "Infinity",
          "0x0",
          "١٢٣",
          "１２３",
          "½",
          "Ω≈ç√∫˜µ≤≥÷",
          "åß∂ƒ©˙∆˚¬…æ",
          "田中さんにあげて下さい",
          "사회과학원 어학연구소",
          "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀",
          "ᚻᛖ ᚳᚹᚫᚦ",
          "ﷺ",
          "مُنَاقَشَةُ سُبُلِ",
          "שלום",
          "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè",
          "ﬁﬂ",
          "ꦗꦮ",
          "ᬩᬮᬶ",
          "\ufeffx",
          "\u2028\u2029x",
          "a\tb",
          "\x7f",
          "''''",
          "\\\\'",
          "%00",
          "${7*7}",
          "{{7*7}}",
          "#{7*7}",
          "`id`",
          "; ls",
          "| cat /etc/passwd",
          "../../etc/passwd",
          "C:\\CON",
          "=1+1",
          "@SUM(1)",
          "+1",
          "-1+1",
          "<img src=x onerror=alert(1)>",
          "<!--",
          "]]>",
          "<?xml version=\"1.0\"?>",
          "javascript:alert(1)",
          "//x",
          "--",
          "/*",
          "*/",
          "a,b;c\td\"e",
          "[1,2]",
          "\"",
          "''",
          "agencies/x/units/y",
          "a:b",
          "%",
          "_",
          "^.*$",
          "(a+)+$"};
}

void AppendUtf8(std::string& text, std::uint32_t point) {
  const auto rest = [&](int shift) { text += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0 | (point >> 6));
    rest(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0 | (point >> 12));
    rest(6);
    rest(0);
  } else {
    text += static_cast<char>(0xF0 | (point >> 18));
    rest(12);
    rest(6);
    rest(0);
  }
}

// A few letters of many blocks, alone and behind an ordinary letter.
void AppendBlocks(std::vector<std::string>& all) {
  constexpr std::uint32_t kBlocks[] = {
      0x00A0,  0x0180,  0x0250,  0x02B0,  0x0300,  0x0370,  0x0400,  0x0530,  0x0591,  0x0600,
      0x0700,  0x0780,  0x0900,  0x0980,  0x0A00,  0x0B05,  0x0C05,  0x0D05,  0x0E01,  0x0F00,
      0x1000,  0x10A0,  0x1100,  0x1200,  0x13A0,  0x1401,  0x1680,  0x1780,  0x1800,  0x1A00,
      0x1B05,  0x1B83,  0x1D00,  0x1E00,  0x1F00,  0x2000,  0x2008,  0x2010,  0x2028,  0x202A,
      0x2060,  0x2066,  0x2070,  0x20A0,  0x20D0,  0x2100,  0x2190,  0x2200,  0x2300,  0x2460,
      0x2500,  0x25A0,  0x2600,  0x2700,  0x27C0,  0x2800,  0x2E80,  0x3000,  0x3041,  0x30A1,
      0x3105,  0x3131,  0x3400,  0x4E00,  0xA000,  0xA4D0,  0xA980,  0xAC00,  0xE000,  0xF900,
      0xFB00,  0xFB50,  0xFDFA,  0xFE00,  0xFE20,  0xFEFF,  0xFF01,  0xFFF9,  0xFFFD,  0xFFFE,
      0x10000, 0x10300, 0x11000, 0x12000, 0x13000, 0x1D100, 0x1D400, 0x1F000, 0x1F1E6, 0x1F300,
      0x1F468, 0x1F600, 0x20000, 0x2F800, 0xE0001, 0xE0100, 0xF0000, 0x10FFFD};
  for (const std::uint32_t block : kBlocks) {
    std::string few;
    for (std::uint32_t i = 0; i < 3; ++i) AppendUtf8(few, block + (block < 0x10FFF0 ? i : 0));
    all.push_back(few + "x");
    all.push_back("x" + few);
  }
}

}  // namespace

std::vector<std::string> NaughtyTexts() {
  std::vector<std::string> all = Written();
  AppendBlocks(all);
  // Piles of marks on one letter, and runs of one letter up to where fields end.
  for (int marks = 1; marks <= 16; marks *= 2) {
    std::string pile = "a";
    for (int i = 0; i < marks; ++i) AppendUtf8(pile, 0x0300 + static_cast<std::uint32_t>(i));
    all.push_back(pile);
  }
  for (const char* unit : {"x", "é", "界", "😀", "\"", "\\", "'"}) {
    for (const int length : {2, 49, 50}) {
      std::string run;
      for (int i = 0; i < length; ++i) run += unit;
      all.push_back(run);
    }
  }
  std::set<std::string> seen;
  std::erase_if(all, [&](const std::string& text) { return !seen.insert(text).second; });
  return all;
}

std::vector<std::string> SqlPayloads() {
  std::vector<std::string> all;
  const std::vector<std::string> ends = {"", "--", "-- -", "/*", ";--", "#", "\\"};
  const std::vector<std::string> starts = {"'", "\"", "')", "'))", "1", "1)", "$1", "$$", "E'\\'"};
  const std::vector<std::string> middles = {" OR 1=1",
                                            " OR 'a'='a",
                                            " UNION SELECT NULL",
                                            " UNION SELECT version()",
                                            "; DROP TABLE units",
                                            "; DELETE FROM units",
                                            " AND pg_sleep(5) IS NULL",
                                            "||pg_sleep(5)",
                                            "; SELECT pg_sleep(5)",
                                            " AND 1=(SELECT 1/0)",
                                            " ORDER BY 99",
                                            "; COPY units TO '/tmp/x'"};
  for (const std::string& start : starts) {
    for (const std::string& middle : middles) {
      for (const std::string& end : ends) all.push_back(absl::StrCat(start, middle, end));
    }
  }
  return all;
}

std::string Encoded(const std::string& text) {
  std::string encoded;
  for (const unsigned char c : text) {
    char one[4];
    std::snprintf(one, sizeof one, "%%%02X", c);
    encoded += one;
  }
  return encoded;
}

}  // namespace teraju::security
