// An agency in a running suite and callers of its HR office, one connection each: what the checks
// load the suite with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/testing/eventually.h"
#include "gtest/gtest.h"
#include "pqxx/pqxx"
#include "teraju/catalog/v1/catalog_service.pb.h"
#include "tests/harness/grpc_client.h"
#include "tests/harness/suite.h"
#include "tests/scenarios/town.h"

namespace teraju::resilience {

namespace json = simulation::json;

// Two replicas of a service with what they need, for callers as fast as the machine.
inline harness::Suite::Options TwoReplicas(const std::string& service) {
  harness::Suite::Options options;
  options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"},
                      {"TERAJU_GATEWAY_AGENCY_CALLS_PER_SECOND", "0"}};
  options.services = {"identity", "catalog", "gateway"};
  if (service != "catalog") options.services.push_back(service);
  options.replicas = {{service, 2}};
  return options;
}

// The contents of a plan that can be handed in.
inline json::value OneResult() {
  return {{"items",
           {{{"itemId", "hk1"},
             {"kind", "MAIN"},
             {"title", "Layanan tepat waktu"},
             {"indicators",
              {{{"indicatorId", "waktu"},
                {"aspect", "TIME"},
                {"title", "Hari layanan"},
                {"unitOfMeasure", "hari"},
                {"polarity", "LOWER_IS_BETTER"},
                {"target", scenarios::Amount("5")}}}}}}}};
}

// As a browser does it: what was not answered, or found nobody there, is sent again in the same
// words, with its request id.
inline simulation::Answer SendUntilAnswered(simulation::RestClient& rest,
                                            const char* verb,
                                            simulation::Caller& caller,
                                            const std::string& path,
                                            const json::value& body) {
  simulation::Answer answer;
  testing::Eventually([&] {
    try {
      answer = rest.Try(verb, &caller, path, body);
    } catch (const std::exception&) {
      answer = {};
    }
    return answer.status != 0 && answer.status != 503 && answer.status != 504;
  });
  return answer;
}

class Crowd {
 public:
  Crowd(harness::Suite& suite, int callers) : town_(suite, "crowd", "Kota Uji") {
    for (int i = 0; i < callers; ++i) {
      clients_.push_back(
          std::make_unique<simulation::RestClient>("127.0.0.1", suite.rest_port(), tally_));
      callers_.push_back(town_.hr());
    }
    // The town has waited for one replica that knows its roles; here are all of them.
    catalog::v1::ListGoalsRequest request;
    request.set_parent(town_.agency());
    for (const std::string& replica : suite.Replicas("catalog")) {
      harness::GrpcClient client(suite.port(replica));
      EXPECT_TRUE(testing::Eventually(
          [&] { return client.Call("teraju.catalog.v1.Goals/ListGoals", token(0), request).ok(); },
          absl::Seconds(10)));
    }
  }

  scenarios::Town& town() { return town_; }
  const std::string& token(int i) const { return callers_[i].access_token; }
  // POST as caller `i`; 0 where the connection broke. Never throws.
  simulation::Answer Post(int i, const std::string& path, const json::value& body) {
    return Try(i, "POST", path, body);
  }
  simulation::Answer Get(int i, const std::string& path) { return Try(i, "GET", path, nullptr); }
  simulation::Answer Patch(int i, const std::string& path, const json::value& body) {
    return Try(i, "PATCH", path, body);
  }
  // Enters a strategic goal under a request id.
  simulation::Answer Goal(int i, const std::string& title, const std::string& request_id) {
    return Post(
        i,
        "/v1/" + town_.agency() + "/goals?requestId=" + request_id,
        {{"kind", "STRATEGIC_GOAL"}, {"title", title}, {"firstYear", 2025}, {"lastYear", 2029}});
  }

 private:
  simulation::Answer Try(int i,
                         const std::string& verb,
                         const std::string& path,
                         const json::value& body) {
    try {
      return clients_[i]->Try(verb, &callers_[i], path, body);
    } catch (const std::exception&) {
      return {};
    }
  }

  simulation::Tally tally_;
  scenarios::Town town_;
  std::vector<std::unique_ptr<simulation::RestClient>> clients_;
  std::vector<simulation::Caller> callers_;
};

// One number from a service's database.
inline std::int64_t Count(harness::Suite& suite,
                          const std::string& service,
                          const std::string& sql) {
  pqxx::connection connection(suite.Dsn(service));
  pqxx::nontransaction tx(connection);
  return tx.exec(sql)[0][0].as<std::int64_t>();
}

}  // namespace teraju::resilience
