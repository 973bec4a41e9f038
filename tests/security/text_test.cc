// S12: whatever somebody writes comes back as it was written, and is never read as SQL.
#include <pqxx/pqxx>
#include <set>

#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;

// Texts that programs have stumbled over: other scripts, both directions, combining and invisible
// letters, quotes and brackets of every language that could read them, formulas, formats, paths.
std::vector<std::string> Naughty() {
  std::vector<std::string> all = {"undefined",
                                  "null",
                                  "NULL",
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
                                  "👩‍👩‍👧‍👦 🏳️‍🌈 🇮🇩",
                                  "ﬁﬂ",
                                  "İstanbul ıI",
                                  "ꦗꦮ",
                                  "ᬩᬮᬶ",
                                  "e\u0301 \u00e9",
                                  "a\u200bb\u200cc\u200dd",
                                  "\u202eabc",
                                  "\ufeffx",
                                  "\u2028\u2029x",
                                  "\xef\xbf\xbe x",
                                  "a\tb",
                                  "a\nb\r\nc",
                                  "\x7f",
                                  "\x01\x02x",
                                  "' \" ` ´ ‘ ’ “ ”",
                                  "''''",
                                  "\\",
                                  "\\\\'",
                                  "\\u0000",
                                  "%00",
                                  "%s%s%s%n",
                                  "{0}",
                                  "${7*7}",
                                  "{{7*7}}",
                                  "#{7*7}",
                                  "$(touch x)",
                                  "`id`",
                                  "; ls",
                                  "| cat /etc/passwd",
                                  "../../etc/passwd",
                                  "C:\\CON",
                                  "=1+1",
                                  "@SUM(1)",
                                  "+1",
                                  "-1+1",
                                  "<script>alert(1)</script>",
                                  "<img src=x onerror=alert(1)>",
                                  "&lt;&amp;",
                                  "<!--",
                                  "]]>",
                                  "<?xml version=\"1.0\"?>",
                                  "javascript:alert(1)",
                                  "//x",
                                  "--",
                                  "/*",
                                  "*/",
                                  "0",
                                  "a,b;c\td\"e",
                                  "{\"a\":1}",
                                  "[1,2]",
                                  "\"",
                                  "''",
                                  "agencies/x/units/y",
                                  "a:b",
                                  "?a=b&c=d#e",
                                  "%27",
                                  "%",
                                  "_",
                                  "^.*$",
                                  "(a+)+$"};
  for (int length : {255, 256, 199})
    all.push_back(std::string(static_cast<std::size_t>(length), 'x'));
  return all;
}

// Texts that mean something to PostgreSQL where one is put into a statement by hand.
std::vector<std::string> Injections() {
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
      for (const std::string& end : ends) all.push_back(start + middle + end);
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

class Texts : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.services = {"identity", "catalog", "gateway"};
    options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"},
                        {"TERAJU_GATEWAY_AGENCY_CALLS_PER_SECOND", "0"}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "kota-uji", "Kota Uji");
  }
  std::int64_t Rows() {
    pqxx::connection connection(suite_->Dsn("identity"));
    pqxx::nontransaction tx(connection);
    return tx
        .exec(
            "SELECT (SELECT count(*) FROM units) + (SELECT count(*) FROM accounts) + (SELECT "
            "count(*) FROM role_bindings) + (SELECT count(*) FROM agencies)")[0][0]
        .as<std::int64_t>();
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
};

TEST_F(Texts, ComeBackAsTheyWereWrittenAndAreNeverReadAsSql) {
  testing::CheckLine line("S12", "texts changed, or read as SQL", "0");
  auto& rest = town_->rest();
  auto& hr = town_->hr();
  int wrong = 0;
  int tried = 0;
  const auto expect = [&](bool right, const std::string& what) {
    ++tried;
    wrong += right ? 0 : 1;
    EXPECT_TRUE(right) << what;
  };
  const std::string unit = town_->Unit("u1", "x", town_->root());
  const std::string goals = "/v1/" + town_->agency() + "/goals";
  for (const std::string& text : Naughty()) {
    const auto changed =
        rest.Try("PATCH", &hr, "/v1/" + unit + "?updateMask=displayName", {{"displayName", text}});
    expect(changed.status == 200 || changed.status == 400,
           text + ": " + std::to_string(changed.status));
    if (changed.ok())
      expect(rest.Get(&hr, "/v1/" + unit).Text("/displayName") == text, "unit: " + text);
    const auto goal = rest.Try(
        "POST",
        &hr,
        goals,
        {{"kind", "STRATEGIC_GOAL"}, {"title", text}, {"firstYear", 2025}, {"lastYear", 2029}});
    expect(goal.status == 200 || goal.status == 400, text + ": " + std::to_string(goal.status));
    if (goal.ok())
      expect(rest.Get(&hr, "/v1/" + goal.Text("/name")).Text("/title") == text, "goal: " + text);
  }
  // NUL is the one letter that PostgreSQL's text cannot hold.
  expect(rest.Try("PATCH",
                  &hr,
                  "/v1/" + unit + "?updateMask=displayName",
                  {{"displayName", std::string("a\0b", 3)}})
                 .status == 400,
         "NUL");
  const std::int64_t rows = Rows();
  const std::string agency = "/v1/" + town_->agency();
  const absl::Time began = absl::Now();
  for (const std::string& text : Injections()) {
    const std::string encoded = Encoded(text);
    for (const std::string& path : {agency + "/units/" + encoded,
                                    agency + "/units?pageToken=" + encoded,
                                    agency + "/employees?unit=" + encoded,
                                    agency + "/goals?filter=" + encoded,
                                    agency + "/goals?orderBy=" + encoded,
                                    "/v1/agencies/" + encoded}) {
      const auto answer = rest.Try("GET", &hr, path, nullptr);
      const bool harmless = answer.status >= 400 && answer.status < 500;
      expect(harmless, path + ": " + std::to_string(answer.status));
    }
    const auto signed_in = rest.Try("POST", nullptr, "/v1/sessions:activate", {{"code", text}});
    expect(signed_in.status == 401 || signed_in.status == 400, "code: " + text);
    const auto found = rest.Try("POST", &hr, agency + "/employees:lookup", {{"externalId", text}});
    expect(found.status >= 400 && found.status < 500, "lookup: " + text);
  }
  // Had one of a thousand slept, it would have taken seconds.
  EXPECT_LT(absl::Now() - began, absl::Minutes(3));
  expect(Rows() == rows, "rows have come or gone");
  expect(suite_->Logs().find("statement failed") == std::string::npos, "a statement failed");
  line.Set(wrong, tried);
}

}  // namespace
}  // namespace teraju::security
