#include "common/postgres/codec.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing::IsOk;
using testing::TestCall;

class CodecTest : public testing::PgTest<> {
 protected:
  // Sends a value as a parameter of the given type and reads it back with `read`.
  template <typename Value, typename Read>
  auto RoundTrip(const Statement& echo, const Value& value, Read read) {
    using T = decltype(read(std::declval<pqxx::field>()));
    absl::StatusOr<T> result = database().Read(
        TestCall(),
        [&](Transaction& tx) -> absl::StatusOr<T> { return read(tx.Exec(echo, value)[0][0]); });
    EXPECT_THAT(result, IsOk());
    return result.value_or(T());
  }
};

constexpr Statement kTime{"echo_time", "SELECT $1::timestamptz"};
constexpr Statement kDate{"echo_date", "SELECT $1::date"};
constexpr Statement kNumeric{"echo_numeric", "SELECT $1::numeric"};
constexpr Statement kArray{"echo_array", "SELECT $1::text[]"};
constexpr Statement kBytes{"echo_bytes", "SELECT $1::bytea"};
constexpr Statement kText{"echo_text", "SELECT $1::text"};

TEST_F(CodecTest, TimesKeepTheirMicroseconds) {
  for (const absl::Time time : {absl::UnixEpoch(),
                                absl::FromUnixMicros(1767225599999999),
                                absl::FromUnixMicros(-1),
                                absl::FromUnixMicros(-62135596800000000 + 1),
                                absl::InfiniteFuture()}) {
    EXPECT_EQ(RoundTrip(kTime, ToText(time), [](const pqxx::field& f) { return ToTime(f); }), time);
  }
  const auto stamp = RoundTrip(
      kTime, ToText(absl::FromUnixMicros(-1)), [](const pqxx::field& f) { return ToTimestamp(f); });
  EXPECT_EQ(stamp.seconds(), -1);
  EXPECT_EQ(stamp.nanos(), 999999000);
}

TEST_F(CodecTest, DatesAndTheirAbsence) {
  google::type::Date date;
  EXPECT_EQ(RoundTrip(kDate, ToText(date), [](const pqxx::field& f) { return ToDate(f).year(); }),
            0);
  date.set_year(2025);
  date.set_month(2);
  date.set_day(28);
  const auto back = RoundTrip(kDate, ToText(date), [](const pqxx::field& f) { return ToDate(f); });
  EXPECT_EQ(back.SerializeAsString(), date.SerializeAsString());
}

TEST_F(CodecTest, DecimalsAreExact) {
  google::type::Decimal decimal;
  const auto back = [](const pqxx::field& f) { return ToDecimal(f).value(); };
  EXPECT_EQ(RoundTrip(kNumeric, ToText(decimal), back), "");
  for (const char* value : {"0.1", "-12345678901234567890.000000001", "100.00"}) {
    decimal.set_value(value);
    EXPECT_EQ(RoundTrip(kNumeric, ToText(decimal), back), value);
  }
}

TEST_F(CodecTest, ArraysSurviveEveryCharacter) {
  const std::vector<std::string> values = {"",
                                           "plain",
                                           "with,comma",
                                           "{brace}",
                                           "quote\"",
                                           "back\\slash",
                                           " space ",
                                           "NULL",
                                           "baris\nbaru",
                                           "é 指"};
  EXPECT_THAT(RoundTrip(kArray, ToArray(values), [](const pqxx::field& f) { return ToStrings(f); }),
              ElementsAreArray(values));
  EXPECT_THAT(RoundTrip(kArray, ToArray({}), [](const pqxx::field& f) { return ToStrings(f); }),
              ElementsAre());
}

TEST_F(CodecTest, BytesAreBytes) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(RoundTrip(kBytes, ToBytes(all), [](const pqxx::field& f) { return FromBytes(f); }),
            all);
  EXPECT_EQ(RoundTrip(kBytes, ToBytes(""), [](const pqxx::field& f) { return FromBytes(f); }), "");
}

TEST_F(CodecTest, EmptyTextIsNull) {
  const auto is_null = [](const pqxx::field& f) { return f.is_null(); };
  EXPECT_TRUE(RoundTrip(kText, NullIfEmpty(""), is_null));
  EXPECT_FALSE(RoundTrip(kText, NullIfEmpty("x"), is_null));
  EXPECT_EQ(RoundTrip(kText, NullIfEmpty(""), [](const pqxx::field& f) { return EmptyIfNull(f); }),
            "");
  EXPECT_EQ(RoundTrip(kText, NullIfEmpty("x"), [](const pqxx::field& f) { return EmptyIfNull(f); }),
            "x");
}

TEST(SqlTest, IsPutTogetherAtCompileTime) {
  static constexpr Sql kColumns = "a, b";
  static_assert(kSql<"SELECT " + kColumns + " FROM t"> == "SELECT a, b FROM t");
  static_assert(kSql<kColumns + kColumns> == "a, ba, b");
}

}  // namespace
}  // namespace teraju::postgres
