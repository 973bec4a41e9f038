// S12: whatever somebody writes comes back as it was written, and is never read as SQL. Fields and
// parameters are found in the descriptors.
#include <pqxx/pqxx>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "google/api/field_behavior.pb.h"
#include "gtest/gtest.h"
#include "teraju/options/v1/options.pb.h"
#include "tests/contract/methods.h"
#include "tests/scenarios/town.h"
#include "tests/security/hostile_texts.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using scenarios::Amount;
using scenarios::Day;

// Whether somebody writes prose into it: what has a form of its own is shorter.
bool IsText(const FieldDescriptor& field) {
  constexpr int kShortestText = 50;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY)
      return false;
  }
  return options.GetExtension(options::v1::rules).max_length() >= kShortestText;
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

// Something that an HR office enters, with texts of its own.
struct Entry {
  std::string method;  // full name, to find the texts of its resource
  std::string path;
  json::object rest;  // what else it needs
};

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

  std::vector<Entry> Entries() {
    const std::string agency = "/v1/" + town_->agency();
    auto& rest = town_->rest();
    const std::string goal = rest.Post(&town_->hr(),
                                       agency + "/goals",
                                       {{"kind", "STRATEGIC_GOAL"},
                                        {"title", "x"},
                                        {"firstYear", 2025},
                                        {"lastYear", 2029}})
                                 .Text("/name");
    const json::object cycle = {{"kind", "ANNUAL"},
                                {"periodKind", "QUARTERLY"},
                                {"startDate", Day(2025, 1, 1)},
                                {"endDate", Day(2025, 12, 31)}};
    return {
        {"teraju.identity.v1.Units.CreateUnit", agency + "/units", {{"parentUnit", town_->root()}}},
        {"teraju.identity.v1.ApiClients.CreateApiClient", "", {}},
        {"teraju.catalog.v1.Goals.CreateGoal",
         agency + "/goals",
         {{"kind", "STRATEGIC_GOAL"}, {"firstYear", 2025}, {"lastYear", 2029}}},
        {"teraju.catalog.v1.Indicators.CreateIndicator",
         agency + "/indicators",
         {{"goal", goal},
          {"polarity", "HIGHER_IS_BETTER"},
          {"target", Amount("1")},
          {"baseline", Amount("1")}}},
        {"teraju.catalog.v1.Behaviors.CreateBehavior", agency + "/behaviors", {}},
        {"teraju.catalog.v1.Competencies.CreateCompetency",
         agency + "/competencies",
         {{"kind", "TECHNICAL"}}},
        {"teraju.evaluation.v1.Cycles.CreateCycle", agency + "/cycles", cycle},
        {"teraju.training.v1.Courses.CreateCourse",
         agency + "/courses",
         {{"type", "8"}, {"learningHours", 8}, {"topics", json::array{"X"}}}},
        {"teraju.training.v1.Budgets.CreateBudget",
         agency + "/budgets",
         {{"fiscalYear", 2026}, {"amount", {{"currencyCode", "IDR"}, {"units", "1"}}}}}};
  }

  // Writes one text into every text field of an entry at once and reads it back. How many fields it
  // has; 0 where the text was refused, which must be for a field.
  int WriteAndRead(const Entry& entry, const MethodDescriptor& method, const std::string& text) {
    const auto [verb, pattern] = contract::RouteOf(method);
    const FieldDescriptor* resource = nullptr;
    for (int i = 0; i < method.input_type()->field_count(); ++i) {
      const FieldDescriptor& field = *method.input_type()->field(i);
      if (field.message_type() != nullptr && field.message_type()->full_name().find("teraju.") == 0)
        resource = &field;
    }
    json::object body = entry.rest;
    int fields = 0;
    for (int i = 0; i < resource->message_type()->field_count(); ++i) {
      const FieldDescriptor& field = *resource->message_type()->field(i);
      if (!IsText(field) || field.is_repeated()) continue;
      body[field.json_name()] = json::string(text);
      ++fields;
    }
    std::string path = entry.path.empty() ? "/v1/" + town_->agency() + "/apiClients" : entry.path;
    const std::string id = "t" + std::to_string(++serial_);
    for (const char* name : {"unit_id", "cycle_id", "behavior_id", "competency_id"}) {
      if (const auto* field = method.input_type()->FindFieldByName(name); field != nullptr)
        path += "?" + field->json_name() + "=" + id;
    }
    simulation::Caller& caller = entry.path.empty() ? boss_ : town_->hr();
    const auto made = town_->rest().Try("POST", &caller, path, body);
    if (!made.ok()) {
      Expect(made.status == 400 &&
                 json::serialize(made.body).find("FIELD_INVALID") != std::string::npos,
             absl::StrCat(entry.method, ": ", text, ": ", json::serialize(made.body)));
      return 0;
    }
    // What has no reading of its own is compared as it was answered.
    const auto read = town_->rest().Try("GET", &caller, "/v1/" + made.Text("/name"), nullptr);
    for (const auto& answer : {made, read.ok() ? read : made}) {
      for (int i = 0; i < resource->message_type()->field_count(); ++i) {
        const FieldDescriptor& field = *resource->message_type()->field(i);
        if (!IsText(field) || field.is_repeated()) continue;
        Expect(answer.Text("/" + field.json_name()) == text,
               absl::StrCat(entry.method,
                            ".",
                            field.name(),
                            ": ",
                            text,
                            " became ",
                            answer.Text("/" + field.json_name())));
      }
    }
    return fields;
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
  simulation::Caller boss_;
  int serial_ = 0;
  int wrong_ = 0;
  int tried_ = 0;
};

TEST_F(Texts, ComeBackAsTheyWereWritten) {
  testing::CheckLine line("S12-texts", "texts changed", "0");
  boss_ = scenarios::SignInAsOperator(*suite_, town_->rest());
  const std::vector<std::string> texts = NaughtyTexts();
  EXPECT_GE(texts.size(), 300U);
  std::size_t found = 0;
  int kept = 0;
  for (const Entry& entry : Entries()) {
    for (const MethodDescriptor* method : contract::Methods()) {
      if (method->full_name() != entry.method) continue;
      ++found;
      int of_entry = 0;
      for (const std::string& text : texts) of_entry += WriteAndRead(entry, *method, text);
      EXPECT_GT(of_entry, 250) << entry.method;
      kept += of_entry;
    }
  }
  EXPECT_EQ(found, Entries().size());
  // NUL is the one letter that PostgreSQL's text cannot hold.
  const std::string unit = "/v1/" + town_->root() + "?updateMask=displayName";
  const auto nul =
      town_->rest().Try("PATCH", &town_->hr(), unit, {{"displayName", std::string("a\0b", 3)}});
  Expect(nul.status == 400, "NUL");
  std::printf("%zu texts, %d written and read\n", texts.size(), kept);
  line.Set(wrong_, tried_);
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
