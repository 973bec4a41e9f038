#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>

#include "common/metrics/postgres_metrics.h"
#include "common/metrics/registry.h"
#include "common/metrics/rpc_metrics.h"

namespace teraju::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Registry, GivesTheSameSeriesForTheSameNameAndLabels) {
  Registry registry;
  registry.Counter("teraju_test_total", "A test", {{"kind", "a"}}).Increment();
  registry.Counter("teraju_test_total", "A test", {{"kind", "a"}}).Increment();
  registry.Counter("teraju_test_total", "A test", {{"kind", "b"}}).Increment();
  EXPECT_THAT(registry.Text(), HasSubstr("teraju_test_total{kind=\"a\"} 2\n"));
  EXPECT_THAT(registry.Text(), HasSubstr("teraju_test_total{kind=\"b\"} 1\n"));
}

TEST(Registry, TwoRegistriesOfOneProcessDoNotMix) {
  Registry first;
  Registry second;
  first.Counter("teraju_test_total", "A test").Increment();
  EXPECT_THAT(second.Text(), Not(HasSubstr("teraju_test_total")));
}

TEST(RpcMetrics, CountsByMethodAndCodeAndKeepsWhatIsInFlight) {
  Registry registry;
  RpcMetrics metrics(registry);
  metrics.Started();
  metrics.Started();
  metrics.Handled("teraju.test.v1.Things/GetThing", "NOT_FOUND", 0.003);
  const std::string text = registry.Text();
  EXPECT_THAT(text, HasSubstr("teraju_rpc_in_flight 1\n"));
  EXPECT_THAT(text,
              HasSubstr("teraju_rpc_handled_total{code=\"NOT_FOUND\",method=\"teraju.test.v1."
                        "Things/GetThing\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("teraju_rpc_handling_seconds_bucket{method=\"teraju.test.v1.Things/"
                        "GetThing\",le=\"0.0025\"} 0"));
  EXPECT_THAT(text,
              HasSubstr("teraju_rpc_handling_seconds_bucket{method=\"teraju.test.v1.Things/"
                        "GetThing\",le=\"0.005\"} 1"));
}

TEST(QueueMetrics, ShowsDepthAndRefusals) {
  Registry registry;
  QueueMetrics metrics(registry, "calls");
  metrics.SetDepth(7);
  metrics.CountRefused();
  EXPECT_THAT(registry.Text(), HasSubstr("teraju_rpc_queue_depth{executor=\"calls\"} 7\n"));
  EXPECT_THAT(registry.Text(), HasSubstr("teraju_rpc_refused_total{executor=\"calls\"} 1\n"));
}

TEST(PostgresMetrics, ObservesStatementsAndThePool) {
  Registry registry;
  PostgresMetrics metrics(registry);
  metrics.ObserveStatement("cycle_select", "ok", 0.002);
  metrics.ObserveStatement("cycle_select", "ok", 0.002);
  metrics.SetPoolInUse(3);
  metrics.SetPoolWaiting(1);
  metrics.CountRetry();
  metrics.CountConnection();
  const std::string text = registry.Text();
  EXPECT_THAT(text,
              HasSubstr("teraju_postgres_statement_seconds_count{outcome=\"ok\",statement=\"cycle_"
                        "select\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("teraju_postgres_pool_in_use 3\n"));
  EXPECT_THAT(text, HasSubstr("teraju_postgres_pool_waiting 1\n"));
  EXPECT_THAT(text, HasSubstr("teraju_postgres_retries_total 1\n"));
  EXPECT_THAT(text, HasSubstr("teraju_postgres_connections_total 1\n"));
}

}  // namespace
}  // namespace teraju::metrics
