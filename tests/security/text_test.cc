// S12: whatever somebody writes comes back as it was written, and is never read as SQL. Fields and
// parameters are found in the descriptors.
#include <pqxx/pqxx>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/contract/methods.h"
#include "tests/scenarios/town.h"
#include "tests/security/hostile_texts.h"
#include "tests/security/text_fields.h"
#include "tests/security/texts.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

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
    options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"},
                        {"TERAJU_GATEWAY_AGENCY_CALLS_PER_SECOND", "0"}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "kota-uji", "Kota Uji");
  }

  // Rows of everything that is not the suite's own account of calls.
  std::int64_t Rows() {
    std::int64_t rows = 0;
    for (const char* service : {"identity", "catalog", "evaluation", "feedback", "training"}) {
      pqxx::connection connection(suite_->Dsn(service));
      pqxx::nontransaction tx(connection);
      for (const auto& table : tx.exec(
               "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
               "'public'::regnamespace AND relname !~ '^(audit_|access_|sign_in_|operations|outbox"
               "|feed_|requests|refresh_|sessions)'")) {
        rows += tx.exec(absl::StrCat("SELECT count(*) FROM ", table[0].c_str()))[0][0]
                    .as<std::int64_t>();
      }
    }
    return rows;
  }
  void Expect(bool right, const std::string& what) {
    ++tried_;
    wrong_ += right ? 0 : 1;
    EXPECT_TRUE(right) << what;
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
  int wrong_ = 0;
  int tried_ = 0;
};

// The history of every service, chosen by TERAJU_TEXTS where only one is wanted.
struct History {
  const char* name;
  void (*write)(TextWriter&);
};
constexpr History kHistories[] = {{"identity", WriteIdentityTexts},
                                  {"catalog", WriteCatalogTexts},
                                  {"plans", WritePlanTexts},
                                  {"guidance", WriteGuidanceTexts},
                                  {"year", WriteYearTexts},
                                  {"rehearsal", WriteRehearsalTexts},
                                  {"training", WriteTrainingTexts},
                                  {"feedback", WriteFeedbackTexts}};

TEST_F(Texts, ComeBackAsTheyWereWritten) {
  testing::CheckLine line("S12-texts", "texts changed", "0");
  const std::vector<std::string> texts = NaughtyTexts();
  EXPECT_GE(texts.size(), 300U);
  TextWriter writer(*suite_, texts);
  const char* only = std::getenv("TERAJU_TEXTS");
  for (const History& history : kHistories) {
    if (only != nullptr && *only != 0 && std::string(only).find(history.name) == std::string::npos)
      continue;
    const absl::Time began = absl::Now();
    // An agency of its own: no history makes another slow.
    scenarios::Town town(*suite_, std::string("teks-") + history.name, history.name);
    writer.Enter(town);
    history.write(writer);
    std::printf("%s: %.0f s\n", history.name, absl::ToDoubleSeconds(absl::Now() - began));
  }
  const std::vector<TextField> fields = TextFields();
  std::set<std::string> tried;
  for (const auto& [field, fate] : writer.fates()) {
    if (fate.written.size() + fate.refused.size() >= TextWriter::kFew) tried.insert(field);
    std::printf("  %s: %zu written, %zu refused\n",
                field.c_str(),
                fate.written.size(),
                fate.refused.size());
  }
  const Gaps gaps = FindGaps(fields, tried, Excuses());
  for (const std::string& field : gaps.forgotten) ADD_FAILURE() << "not tried: " << field;
  EXPECT_THAT(gaps.needless, ::testing::IsEmpty());
  std::printf("%zu texts, %zu fields: %zu exercised, %d excused\n",
              texts.size(),
              fields.size(),
              tried.size(),
              gaps.excused);
  // NUL is the one letter that PostgreSQL's text cannot hold.
  const std::string unit = "/v1/" + town_->root() + "?updateMask=displayName";
  const auto nul =
      town_->rest().Try("PATCH", &town_->hr(), unit, {{"displayName", std::string("a\0b", 3)}});
  Expect(nul.status == 400, "NUL");
  line.Set(wrong_ + writer.wrong(), tried_ + writer.tried());
}

// Every parameter of every method that reads takes its turn with the payloads, and so does the name
// in the path of every method.
TEST_F(Texts, AreNeverReadAsSql) {
  testing::CheckLine line("S12", "payloads read as SQL", "0");
  const std::vector<std::string> payloads = SqlPayloads();
  EXPECT_GE(payloads.size(), 500U);
  constexpr int kEach = 20;
  const std::int64_t rows = Rows();
  std::size_t next = 0;
  int places = 0;
  absl::Duration slowest = absl::ZeroDuration();
  const auto ask = [&](const std::string& verb,
                       const std::string& path,
                       const std::string& behind,
                       const json::value& body) {
    for (int i = 0; i < kEach; ++i) {
      const std::string& payload = payloads[next++ % payloads.size()];
      const std::string full = absl::StrCat(path, Encoded(payload), behind);
      const absl::Time began = absl::Now();
      const auto answer = town_->rest().Try(verb, &town_->hr(), full, body);
      slowest = std::max(slowest, absl::Now() - began);
      Expect(answer.status != 0 && answer.status < 500,
             absl::StrCat(verb, " ", path, payload, ": ", answer.status));
    }
    ++places;
  };
  for (const MethodDescriptor* method : contract::Methods()) {
    const auto [verb, pattern] = contract::RouteOf(*method);
    const std::size_t open = pattern.find('{');
    if (open == std::string::npos || pattern.find("=agencies/*") == std::string::npos ||
        method->client_streaming() || method->name() == "FollowAccess")
      continue;
    const std::string name =
        pattern.substr(pattern.find('=') + 1, pattern.find('}') - pattern.find('=') - 1);
    if (name == "agencies/*" && verb == "GET") {
      std::string path = pattern;
      path.replace(open, pattern.find('}') - open + 1, town_->agency());
      if (path.find('{') != std::string::npos) continue;
      for (int i = 0; i < method->input_type()->field_count(); ++i) {
        const FieldDescriptor& field = *method->input_type()->field(i);
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && field.name() != "parent" &&
            field.name() != "name")
          ask(verb, absl::StrCat(path, "?", field.json_name(), "="), "", nullptr);
      }
    } else if (name != "agencies/*" && name.ends_with("/*") && verb != "DELETE") {
      const std::string behind = pattern.substr(pattern.find('}') + 1);
      if (behind.find('{') != std::string::npos) continue;
      ask(verb,
          "/v1/" + town_->agency() +
              name.substr(std::string("agencies/*").size(), name.size() - 11),
          behind,
          verb == "GET" ? json::value(nullptr) : json::value(json::object()));
    }
  }
  for (const std::string& payload : payloads) {
    const auto code =
        town_->rest().Try("POST", nullptr, "/v1/sessions:activate", {{"code", payload}});
    Expect(code.status == 401 || code.status == 400, "code: " + payload);
    const auto found = town_->rest().Try("POST",
                                         &town_->hr(),
                                         "/v1/" + town_->agency() + "/employees:lookup",
                                         {{"externalId", payload}});
    Expect(found.status >= 400 && found.status < 500, "lookup: " + payload);
  }
  EXPECT_GT(places, 250);
  EXPECT_GT(next, payloads.size());
  EXPECT_LT(slowest, absl::Seconds(4)) << "pg_sleep(5) has slept";
  Expect(Rows() == rows, "rows have come or gone");
  Expect(suite_->Logs().find("statement failed") == std::string::npos, "a statement failed");
  std::printf("%zu payloads, %d places\n", payloads.size(), places);
  line.Set(wrong_, tried_);

  // The control: the same payloads in a statement that is put together by hand.
  pqxx::connection connection(suite_->Dsn("identity"));
  int noticed = 0;
  for (const std::string& payload : payloads) {
    pqxx::work tx(connection);
    tx.exec("SET LOCAL statement_timeout = '50ms'");
    try {
      noticed += tx.exec("SELECT * FROM units WHERE unit_id = '" + payload + "'").empty() ? 0 : 1;
    } catch (const pqxx::sql_error&) {
      ++noticed;
    }
  }
  EXPECT_GT(noticed, 300);
}

}  // namespace
}  // namespace teraju::security
