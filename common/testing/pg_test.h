// The fixture of tests on real PostgreSQL: one database per suite, cloned from a template, emptied
// before each test.
//
//   class CycleStoreTest : public testing::PgTest<kMigrations> {};
//   TEST_F(CycleStoreTest, RefusesASecondNameOfTheYear) { … database().Write(TestCall(), …) … }
#pragma once

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "common/metrics/postgres_metrics.h"
#include "common/metrics/registry.h"
#include "common/postgres/database.h"
#include "common/testing/test_call.h"
#include "common/testing/test_database.h"
#include "gtest/gtest.h"

namespace teraju::testing {

inline const postgres::Migrations kNoMigrations;

template <const postgres::Migrations& kService = kNoMigrations>
class PgTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto database = TestDatabase::Create(kService);
    ASSERT_TRUE(database.ok()) << database.status();
    test_database_ = *std::move(database);
    ASSERT_TRUE(test_database_->Clear().ok());
  }
  static void TearDownTestSuite() { test_database_.reset(); }

  void SetUp() override {
    ASSERT_NE(test_database_, nullptr);
    if (used_) {
      const absl::Status cleared = test_database_->Clear();
      ASSERT_TRUE(cleared.ok()) << cleared;
    }
    used_ = true;
    database_ = std::make_unique<postgres::Database>(Options(), metrics_);
  }

  // The database as a service has it.
  postgres::Database& database() { return *database_; }
  postgres::DatabaseOptions Options() const {
    return {.dsn = dsn(), .service = "test", .on_fault = [](auto statement, auto sqlstate) {
              std::cerr << "fault of " << statement << ", SQLSTATE " << sqlstate << "\n";
            }};
  }
  metrics::PostgresMetrics& metrics() { return metrics_; }
  metrics::Registry& registry() { return registry_; }
  const std::string& dsn() const { return test_database_->dsn(); }
  // The first column of what a statement returns, run as superuser beside the code under test.
  std::vector<std::string> Query(const std::string& sql) const {
    auto values = test_database_->Query(sql);
    EXPECT_TRUE(values.ok()) << values.status();
    return values.ok() ? *std::move(values) : std::vector<std::string>();
  }

 private:
  inline static std::unique_ptr<TestDatabase> test_database_;
  inline static bool used_ = false;

  metrics::Registry registry_;
  metrics::PostgresMetrics metrics_{registry_};
  std::unique_ptr<postgres::Database> database_;
};

}  // namespace teraju::testing
