#include "common/engines/allocation/payments.h"

#include <numeric>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::testing::ElementsAre;

TEST(Payments, NeverOverdraw) {
  Payments payments({10}, {{0}, {}});
  EXPECT_TRUE(payments.Pay(0, 7));
  EXPECT_FALSE(payments.Pay(0, 4));
  EXPECT_THAT(payments.Spent(), ElementsAre(7));
  EXPECT_TRUE(payments.MissingFor(0, 3) == 0);
  EXPECT_THAT(payments.Spent(), ElementsAre(7));
  payments.Refund(0, 5);
  EXPECT_TRUE(payments.Pay(0, 8));
  EXPECT_FALSE(payments.Pay(1, 1));
  EXPECT_TRUE(payments.Pay(1, 0));
}

TEST(Payments, EarlierChargesMakeRoom) {
  Payments payments({10, 10}, {{0, 1}, {0}});
  EXPECT_TRUE(payments.Pay(0, 8));  // from the first budget
  EXPECT_TRUE(payments.Pay(1, 9));  // which only the second class needs
  EXPECT_THAT(payments.Spent(), ElementsAre(10, 7));
  EXPECT_FALSE(payments.Pay(1, 2));
  EXPECT_TRUE(payments.Pay(0, 3));
}

// By Hall's condition: what only some budgets may pay fits into them, for every set of budgets.
bool Fits(const std::vector<std::int64_t>& amounts,
          const std::vector<std::vector<int>>& classes,
          const std::vector<std::int64_t>& charged) {
  for (unsigned set = 0; set < 1u << amounts.size(); ++set) {
    std::int64_t have = 0, need = 0;
    for (std::size_t i = 0; i < amounts.size(); ++i) have += (set >> i & 1) != 0 ? amounts[i] : 0;
    for (std::size_t c = 0; c < classes.size(); ++c) {
      bool inside = true;
      for (const int budget : classes[c]) inside = inside && (set >> budget & 1) != 0;
      if (inside) need += charged[c];
    }
    if (need > have) return false;
  }
  return true;
}

TEST(Payments, AcceptExactlyWhatFits) {
  std::mt19937 generator(3);
  const auto random = [&] { return static_cast<int>(generator() % 1000); };
  int accepted = 0, refused = 0;
  for (int round = 0; round < 300; ++round) {
    const std::vector<std::int64_t> amounts = {random() % 20, random() % 20, random() % 20};
    std::vector<std::vector<int>> classes;
    for (int c = 0; c < 4; ++c) {
      classes.emplace_back();
      for (int budget = 0; budget < 3; ++budget) {
        if (random() % 2 == 0) classes.back().push_back(budget);
      }
    }
    Payments payments(amounts, classes);
    std::vector<std::int64_t> charged(4, 0);
    for (int i = 0; i < 12; ++i) {
      const int c = static_cast<int>(random() % 4);
      const std::int64_t amount = 1 + random() % 9;
      charged[c] += amount;
      const bool fits = Fits(amounts, classes, charged);
      ASSERT_EQ(payments.MissingFor(c, amount) == 0, fits);
      ASSERT_EQ(payments.Pay(c, amount), fits);
      if (!fits) charged[c] -= amount;
      (fits ? accepted : refused) += 1;
      if (random() % 4 == 0 && charged[c] > 0) {
        payments.Refund(c, 1);
        --charged[c];
      }
      const std::vector<std::int64_t> spent = payments.Spent();
      for (std::size_t b = 0; b < amounts.size(); ++b) ASSERT_LE(spent[b], amounts[b]);
      ASSERT_EQ(std::accumulate(spent.begin(), spent.end(), std::int64_t{0}),
                std::accumulate(charged.begin(), charged.end(), std::int64_t{0}));
    }
  }
  EXPECT_GT(accepted, 500);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace teraju::allocation
