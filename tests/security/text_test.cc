// S12: whatever somebody writes comes back as it was written, and is never read as SQL. Fields and
// parameters are found in the descriptors.
#include <algorithm>
#include <atomic>
#include <future>
#include <map>
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

  void TearDown() override {
    if (HasFailure() && suite_ != nullptr) std::fputs(suite_->Logs().c_str(), stderr);
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

// Each in an agency of its own, so that none makes another slow; the longest first.
struct History {
  const char* name;
  void (*write)(TextWriter&);
};
constexpr History kHistories[] = {{"identity", WriteIdentityTexts},
                                  {"year", WriteYearTexts},
                                  {"guidance", WriteGuidanceTexts},
                                  {"training", WriteTrainingTexts},
                                  {"plans", WritePlanTexts},
                                  {"feedback", WriteFeedbackTexts},
                                  {"catalog", WriteCatalogTexts},
                                  {"rehearsal", WriteRehearsalTexts}};

TEST_F(Texts, ComeBackAsTheyWereWritten) {
  testing::CheckLine line("S12-texts", "texts changed", "0");
  const std::vector<std::string> texts = NaughtyTexts();
  EXPECT_GE(texts.size(), 300U);
  std::vector<TextWriter> writers(std::size(kHistories), TextWriter(*suite_, texts));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < writers.size(); i = next++) {
      scenarios::Town town(*suite_, std::string("teks-") + kHistories[i].name, kHistories[i].name);
      writers[i].Enter(town);
      kHistories[i].write(writers[i]);
    }
  };
  std::future<void> beside = std::async(std::launch::async, work);
  work();
  beside.get();

  std::map<std::string, std::set<std::size_t>> written;  // by field
  for (const TextWriter& writer : writers) {
    wrong_ += writer.wrong();
    tried_ += writer.tried();
    for (const auto& [field, fate] : writer.fates())
      written[field].insert(fate.written.begin(), fate.written.end());
  }
  std::set<std::string> exercised;
  std::size_t with_few = 0;
  for (const auto& [field, of_field] : written) {
    if (of_field.size() < TextWriter::kFew) continue;
    exercised.insert(field);
    with_few += of_field.size() < texts.size() / 2 ? 1 : 0;
  }
  const std::vector<TextField> fields = TextFields();
  const Gaps gaps = FindGaps(fields, exercised, Excuses());
  for (const std::string& field : gaps.forgotten)
    ADD_FAILURE() << "nothing is written to " << field;
  EXPECT_THAT(gaps.needless, ::testing::IsEmpty());
  std::printf(
      "%zu texts; %zu fields: %zu exercised (%zu of them with %d texts at least, the others with "
      "all), %d excused\n",
      texts.size(),
      fields.size(),
      exercised.size(),
      with_few,
      TextWriter::kFew,
      gaps.excused);
  // NUL is the one letter that PostgreSQL's text cannot hold.
  const std::string unit = "/v1/" + town_->root() + "?updateMask=displayName";
  const auto nul =
      town_->rest().Try("PATCH", &town_->hr(), unit, {{"displayName", std::string("a\0b", 3)}});
  Expect(nul.status == 400, "NUL");
  line.Set(wrong_, tried_);
}

// The control of both: what a careless layer makes of a text is found to differ, and so are a field
// and an excuse too many.
TEST(TextControls, AChangedTextAndAForgottenFieldAreFound) {
  const std::vector<std::string> texts = NaughtyTexts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::vector<Place> places = {{"a.B.C:d", "d", "/d", "/d", i}};
    const auto differs = [&](const json::value& record) {
      return !Differences(places, texts, "", record).empty();
    };
    const std::string& text = texts[i];
    EXPECT_FALSE(differs({{"d", text}})) << text;
    EXPECT_TRUE(differs({{"d", " " + text}})) << text;
    EXPECT_TRUE(differs({{"d", text.substr(0, text.size() - 1)}})) << text;
    EXPECT_TRUE(differs({{"d", absl::StrCat("'", text, "'")}})) << text;
    EXPECT_TRUE(differs({{"e", text}})) << text;
    EXPECT_TRUE(differs({{"d", nullptr}})) << text;
  }
  const std::vector<TextField> fields = {{"a.B.C:d", "a.D.d"}, {"a.B.C:e", "a.D.e"}};
  const Gaps gaps = FindGaps(fields, {"a.B.C:d"}, {{"a.D.d", "needless"}});
  EXPECT_THAT(gaps.forgotten, ::testing::ElementsAre("a.B.C:e"));
  EXPECT_THAT(gaps.needless, ::testing::ElementsAre("a.D.d"));
  EXPECT_THAT(FindGaps(fields, {"a.B.C:d"}, {{"a.D.e", "x"}}).forgotten, ::testing::IsEmpty());
  EXPECT_GT(TextFields().size(), 270U);
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
