// The catalog's words become ours; its failures keep their meaning.
#include "services/evaluation/clients/grpc_catalog_client.h"

#include <memory>
#include <utility>

#include "common/testing/status_matchers.h"
#include "common/testing/test_call.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/evaluation/clients/scripted_peer.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::IsOkAndHolds;
using testing::TestCall;

class FakeGoals final : public catalog::v1::Goals::Service {
 public:
  grpc::Status GetGoal(grpc::ServerContext* context,
                       const catalog::v1::GetGoalRequest* request,
                       catalog::v1::Goal* response) override {
    return script.Answer(context, request, response);
  }
  Script<catalog::v1::GetGoalRequest, catalog::v1::Goal> script;
};

class FakeIndicators final : public catalog::v1::Indicators::Service {
 public:
  grpc::Status GetIndicator(grpc::ServerContext* context,
                            const catalog::v1::GetIndicatorRequest* request,
                            catalog::v1::Indicator* response) override {
    return script.Answer(context, request, response);
  }
  Script<catalog::v1::GetIndicatorRequest, catalog::v1::Indicator> script;
};

class FakeBehaviors final : public catalog::v1::Behaviors::Service {
 public:
  grpc::Status ListBehaviors(grpc::ServerContext* context,
                             const catalog::v1::ListBehaviorsRequest* request,
                             catalog::v1::ListBehaviorsResponse* response) override {
    return script.Answer(context, request, response);
  }
  Script<catalog::v1::ListBehaviorsRequest, catalog::v1::ListBehaviorsResponse> script;
};

class FakeCompetencies final : public catalog::v1::Competencies::Service {
 public:
  grpc::Status ListCompetencies(grpc::ServerContext* context,
                                const catalog::v1::ListCompetenciesRequest* request,
                                catalog::v1::ListCompetenciesResponse* response) override {
    return competencies.Answer(context, request, response);
  }
  grpc::Status ListCompetencyStandards(
      grpc::ServerContext* context,
      const catalog::v1::ListCompetencyStandardsRequest* request,
      catalog::v1::ListCompetencyStandardsResponse* response) override {
    return standards.Answer(context, request, response);
  }
  Script<catalog::v1::ListCompetenciesRequest, catalog::v1::ListCompetenciesResponse> competencies;
  Script<catalog::v1::ListCompetencyStandardsRequest, catalog::v1::ListCompetencyStandardsResponse>
      standards;
};

class FakePacks final : public catalog::v1::PolicyPacks::Service {
 public:
  grpc::Status GetPolicyPackRevision(grpc::ServerContext* context,
                                     const catalog::v1::GetPolicyPackRevisionRequest* request,
                                     catalog::v1::PolicyPack* response) override {
    return script.Answer(context, request, response);
  }
  Script<catalog::v1::GetPolicyPackRevisionRequest, catalog::v1::PolicyPack> script;
};

class CatalogClientTest : public ::testing::Test {
 protected:
  CatalogClientTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&goals_);
    builder.RegisterService(&indicators_);
    builder.RegisterService(&behaviors_);
    builder.RegisterService(&competencies_);
    builder.RegisterService(&packs_);
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel({});
  }
  static absl::StatusOr<std::string> OwnToken() { return std::string("own"); }
  GrpcCatalogClient Catalog() {
    return {catalog::v1::Goals::NewStub(channel_),
            catalog::v1::Indicators::NewStub(channel_),
            catalog::v1::Behaviors::NewStub(channel_),
            catalog::v1::Competencies::NewStub(channel_),
            catalog::v1::PolicyPacks::NewStub(channel_),
            OwnToken};
  }

  FakeGoals goals_;
  FakeIndicators indicators_;
  FakeBehaviors behaviors_;
  FakeCompetencies competencies_;
  FakePacks packs_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  TestCall call_{{.token = "user", .deadline = absl::Now() + absl::Seconds(10)}};
};

TEST_F(CatalogClientTest, AGoalIsPublishedOrNot) {
  goals_.script.response.set_state(catalog::v1::Goal::PUBLISHED);
  EXPECT_THAT(Catalog().IsGoalPublished(call_, "g"), IsOkAndHolds(true));
  EXPECT_EQ(goals_.script.token, "Bearer user");
  goals_.script.response.set_state(catalog::v1::Goal::RETIRED);
  EXPECT_THAT(Catalog().IsGoalPublished(call_, "g"), IsOkAndHolds(false));
  goals_.script.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "");
  EXPECT_THAT(Catalog().IsGoalPublished(call_, "g"), IsOkAndHolds(false));
  goals_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Catalog().IsGoalPublished(call_, "g"),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
  goals_.script.status = grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "");
  EXPECT_THAT(Catalog().IsGoalPublished(call_, "g"), HasReason(errors::reasons::DEADLINE_PASSED));
}

TEST_F(CatalogClientTest, AnIndicatorIsNamedByItsPublishedRevision) {
  indicators_.script.response.set_state(catalog::v1::Indicator::PUBLISHED);
  indicators_.script.response.set_revision(3);
  EXPECT_THAT(Catalog().FindIndicatorRevision(call_, "agencies/plaju/indicators/i"),
              IsOkAndHolds(std::optional<std::string>("agencies/plaju/indicators/i/revisions/3")));
  indicators_.script.response.set_state(catalog::v1::Indicator::DRAFT);
  EXPECT_THAT(Catalog().FindIndicatorRevision(call_, "i"), IsOkAndHolds(std::nullopt));
  indicators_.script.status = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "");
  EXPECT_THAT(Catalog().FindIndicatorRevision(call_, "i"), IsOkAndHolds(std::nullopt));
}

TEST_F(CatalogClientTest, WhatAPlanSupportsHasATitleOrIsGone) {
  goals_.script.response.set_title("Akses pendidikan");
  EXPECT_THAT(Catalog().FindTitle(call_, "agencies/plaju/goals/g"),
              IsOkAndHolds(std::optional<std::string>("Akses pendidikan")));
  indicators_.script.response.set_title("Angka partisipasi");
  EXPECT_THAT(Catalog().FindTitle(call_, "agencies/plaju/indicators/i"),
              IsOkAndHolds(std::optional<std::string>("Angka partisipasi")));
  goals_.script.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "");
  EXPECT_THAT(Catalog().FindTitle(call_, "agencies/plaju/goals/g"), IsOkAndHolds(std::nullopt));
  goals_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Catalog().FindTitle(call_, "agencies/plaju/goals/g"),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(CatalogClientTest, TheBehavioursOfAnAgencyComeWithTheirGuides) {
  catalog::v1::Behavior& one = *behaviors_.script.response.add_behaviors();
  one.set_name("agencies/plaju/behaviors/LOYAL");
  one.set_title_id("Loyal");
  one.set_title_en("Loyal");
  one.add_guides("Menjaga nama baik");
  const auto listed = Catalog().ListBehaviors(call_, "plaju");
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().id, "LOYAL");
  EXPECT_EQ(listed->front().guides, std::vector<std::string>{"Menjaga nama baik"});
  EXPECT_EQ(behaviors_.script.request.parent(), "agencies/plaju");
  behaviors_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Catalog().ListBehaviors(call_, "plaju"),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(CatalogClientTest, CompetencyStandardsComeWithWhatTheirCompetenciesAreCalled) {
  catalog::v1::Competency& integrity = *competencies_.competencies.response.add_competencies();
  integrity.set_name("agencies/plaju/competencies/INTEGRITAS");
  integrity.set_kind(catalog::v1::Competency::MANAGERIAL);
  integrity.set_title("Integritas");
  auto& standard = *competencies_.standards.response.add_competency_standards();
  standard.set_name("agencies/plaju/competencyStandards/fungsional");
  standard.set_job_family("FUNCTIONAL");
  standard.mutable_match_rule()->set_bands(catalog::v1::MatchRule::KKP_OTHER);
  standard.mutable_match_rule()->set_counts_above(true);
  catalog::v1::RequiredLevel& level = *standard.add_required_levels();
  level.set_competency(integrity.name());
  level.set_level(2);
  const auto listed = Catalog().ListCompetencyStandards(call_, "plaju");
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().name, standard.name());
  EXPECT_EQ(listed->front().job_family, "FUNCTIONAL");
  EXPECT_EQ(listed->front().match_bands, "KKP_OTHER");
  EXPECT_TRUE(listed->front().counts_above);
  const v1::AssessedCompetency& required = listed->front().required.front();
  EXPECT_EQ(required.competency(), integrity.name());
  EXPECT_EQ(required.kind(), v1::AssessedCompetency::MANAGERIAL);
  EXPECT_EQ(required.title(), "Integritas");
  EXPECT_EQ(required.required_level(), 2);
  EXPECT_EQ(competencies_.standards.token, "Bearer user");
  competencies_.standards.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Catalog().ListCompetencyStandards(call_, "plaju"),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(CatalogClientTest, APackRevisionIsThereActiveOrNotThere) {
  packs_.script.response.set_state(catalog::v1::PolicyPack::ACTIVE);
  packs_.script.response.set_definition("{}");
  packs_.script.response.set_digest("d");
  const std::string name = "agencies/plaju/policyPacks/p/revisions/1";
  const auto found = Catalog().FindPackRevision(call_, name);
  ASSERT_THAT(found, IsOk());
  ASSERT_TRUE(found->has_value());
  EXPECT_TRUE((*found)->active);
  EXPECT_EQ((*found)->definition, "{}");
  EXPECT_EQ((*found)->digest, "d");
  EXPECT_EQ(packs_.script.request.name(), name);
  EXPECT_EQ(packs_.script.token, "Bearer user");
  packs_.script.response.set_state(catalog::v1::PolicyPack::DRAFT);
  EXPECT_FALSE(Catalog().FindPackRevision(call_, name)->value().active);
  packs_.script.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "");
  EXPECT_FALSE(Catalog().FindPackRevision(call_, name)->has_value());
  packs_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Catalog().FindPackRevision(call_, name),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

}  // namespace
}  // namespace teraju::evaluation
