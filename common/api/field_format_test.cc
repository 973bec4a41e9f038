#include "common/api/field_format.h"

#include <string>
#include <vector>

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/decimal.pb.h"
#include "google/type/money.pb.h"
#include "gtest/gtest.h"

namespace teraju::api {
namespace {

struct Row {
  options::v1::Format format;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

TEST(HasFormat, KnowsEachForm) {
  const std::vector<Row> table = {
      {options::v1::FORMAT_UNSPECIFIED, {"", "anything"}, {}},
      {options::v1::RESOURCE_ID,
       {"a", "5", "unit-07", "A-b", std::string(63, 'x')},
       {"", "-a", "a-", "a_b", "a.b", "a b", "é", std::string(64, 'x')}},
      {options::v1::HTTPS_URL,
       {"https://go.id", "https://siasn.bkn.go.id:8443/a/b?c=d#e", "https://localhost/x%20y"},
       {"",
        "http://go.id",
        "https://",
        "https:///x",
        "https://user@go.id",
        "https://user:p@go.id/",
        "https://go.id:0",
        "https://go.id:99999",
        "https://go.id:",
        "https://go id/",
        "https://go.id/\n",
        "HTTPS://go.id",
        "https://[::1]/",
        "https://-a.id",
        "https://a..id"}},
      {options::v1::TIME_ZONE,
       {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC"},
       {"",
        "WIB+7",
        "Asia/Nowhere",
        "/etc/localtime",
        "localtime",
        "file:/etc/localtime",
        "../../etc/localtime"}},
      {options::v1::EMAIL,
       {"nama@dumai.go.id", "a.b+c@x.id"},
       {"",
        "nama",
        "@x.id",
        "a@",
        "a@id",
        "a@@x.id",
        "a b@x.id",
        ".a@x.id",
        "a.@x.id",
        "a..b@x.id",
        "a@x_y.id",
        "a@-x.id",
        std::string(65, 'a') + "@x.id"}},
      {options::v1::YEAR,
       {"1900", "2025", "2200"},
       {"", "1899", "2201", "25", "02025", "20a5", "-200"}},
  };
  for (const Row& row : table) {
    for (const auto& text : row.good) EXPECT_TRUE(HasFormat(row.format, text)) << text;
    for (const auto& text : row.bad) EXPECT_FALSE(HasFormat(row.format, text)) << text;
  }
  EXPECT_FALSE(HasFormat(static_cast<options::v1::Format>(99), "x"));
}

TEST(DescribeFormat, SaysEveryFormInBothLanguages) {
  const auto* forms = options::v1::Format_descriptor();
  for (int i = 0; i < forms->value_count(); ++i) {
    const auto text = DescribeFormat(static_cast<options::v1::Format>(forms->value(i)->number()));
    EXPECT_FALSE(text.id().empty() || text.en().empty()) << forms->value(i)->name();
  }
}

template <typename T>
bool Possible(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return IsPossibleValue(message);
}

TEST(IsPossibleValue, KnowsTheCalendar) {
  using google::type::Date;
  EXPECT_TRUE(Possible<Date>("year: 2024 month: 2 day: 29"));
  for (const char* text : {"",
                           "year: 2025",
                           "year: 2025 month: 2 day: 29",
                           "year: 2025 month: 13 day: 1",
                           "year: 2025 month: 1 day: 32",
                           "year: 0 month: 1 day: 1",
                           "year: 10000 month: 1 day: 1",
                           "year: 2025 month: 0 day: 1",
                           "year: 2025 month: -1 day: 1"}) {
    EXPECT_FALSE(Possible<Date>(text)) << text;
  }
}

TEST(IsPossibleValue, KnowsTimesAmountsAndNumbers) {
  using google::protobuf::Duration;
  using google::protobuf::Timestamp;
  using google::type::Decimal;
  using google::type::Money;
  EXPECT_TRUE(Possible<Timestamp>("seconds: 253402300799 nanos: 999999999"));
  EXPECT_TRUE(Possible<Timestamp>("seconds: -62135596800"));
  EXPECT_FALSE(Possible<Timestamp>("seconds: 253402300800"));
  EXPECT_FALSE(Possible<Timestamp>("seconds: -62135596801"));
  EXPECT_FALSE(Possible<Timestamp>("nanos: -1"));
  EXPECT_FALSE(Possible<Timestamp>("nanos: 1000000000"));
  EXPECT_TRUE(Possible<Duration>("seconds: -5 nanos: -1"));
  EXPECT_FALSE(Possible<Duration>("seconds: 5 nanos: -1"));
  EXPECT_FALSE(Possible<Duration>("seconds: 315576000001"));
  EXPECT_TRUE(Possible<Money>("currency_code: 'IDR' units: 5"));
  EXPECT_FALSE(Possible<Money>("units: 5"));
  EXPECT_FALSE(Possible<Money>("currency_code: 'idr' units: 5"));
  EXPECT_FALSE(Possible<Money>("currency_code: 'IDR' units: 5 nanos: -1"));
  EXPECT_TRUE(Possible<Decimal>("value: '1.5'"));
  EXPECT_FALSE(Possible<Decimal>("value: '1,5'"));
}

}  // namespace
}  // namespace teraju::api
