#include "common/decimal/proto_decimal.h"

#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju {
namespace {

using ::teraju::testing::EqualsProto;
using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

google::type::Money Money(std::int64_t units, std::int32_t nanos) {
  google::type::Money money;
  money.set_units(units);
  money.set_nanos(nanos);
  return money;
}

TEST(ProtoDecimal, GoesBothWays) {
  google::type::Decimal proto;
  EXPECT_THAT(FromProto(proto), IsOkAndHolds(Decimal(0)));
  proto.set_value("12.50");
  EXPECT_THAT(ToProto(FromProto(proto).value()), EqualsProto(proto));
  proto.set_value("12,50");
  EXPECT_THAT(FromProto(proto), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Money, GoesBothWays) {
  const std::pair<const char*, const char*> table[] = {
      {"1.75", "currency_code: 'IDR' units: 1 nanos: 750000000"},
      {"-1.75", "currency_code: 'IDR' units: -1 nanos: -750000000"},
      {"-0.000000001", "currency_code: 'IDR' nanos: -1"},
      {"9223372036854775807", "currency_code: 'IDR' units: 9223372036854775807"},
      {"-9223372036854775808", "currency_code: 'IDR' units: -9223372036854775808"},
      {"2.5000000000", "currency_code: 'IDR' units: 2 nanos: 500000000"},
  };
  for (const auto& [text, proto] : table) {
    const auto money = ToMoney(D(text), "IDR");
    ASSERT_THAT(money, IsOkAndHolds(EqualsProto(proto))) << text;
    EXPECT_THAT(AmountOf(*money), IsOkAndHolds(D(text)));
  }
}

TEST(Money, RefusesWhatItCannotHold) {
  for (const char* text : {"0.0000000001", "9223372036854775808", "-9223372036854775809"}) {
    EXPECT_THAT(ToMoney(D(text), "IDR"), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
  for (const auto& money :
       {Money(1, -1), Money(-1, 1), Money(0, 1'000'000'000), Money(0, -1'000'000'000)}) {
    EXPECT_THAT(AmountOf(money), StatusIs(absl::StatusCode::kInvalidArgument))
        << money.ShortDebugString();
  }
}

}  // namespace
}  // namespace teraju
