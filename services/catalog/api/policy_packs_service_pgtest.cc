#include <string>

#include "absl/strings/str_replace.h"
#include "common/engines/rules/shipped_packs.h"
#include "services/catalog/api/catalog_fixture.h"
#include "services/catalog/api/policy_packs_service.h"

namespace teraju::catalog {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;
using PolicyPacksStub = v1::PolicyPacks::StubInterface;

constexpr char kNational[] = "permenpanrb-6-2022";
constexpr char kPackName[] = "agencies/dumai/policyPacks/lokal";

// The national pack under another name, as revision `revision`.
std::string Local(int revision) {
  for (const rules::ShippedPack& shipped : rules::ShippedPacks()) {
    if (shipped.name != kNational) continue;
    return absl::StrReplaceAll(
        std::string(shipped.json),
        {{R"("name": "permenpanrb-6-2022")", R"("name": "lokal")"},
         {R"("revision": 1)", R"("revision": )" + std::to_string(revision)}});
  }
  return "";
}

class PolicyPacksServiceTest : public CatalogApiTest {
 protected:
  void SetUp() override {
    CatalogApiTest::SetUp();
    host_.Serve<PolicyPacksService>(host_.pipeline(), database());
  }

  absl::StatusOr<v1::PolicyPack> Adopt(const Caller& caller, const std::string& pack) {
    v1::AdoptPolicyPackRequest request;
    request.set_parent("agencies/dumai");
    request.set_pack(pack);
    return host_.Client<v1::PolicyPacks>().Call(caller, &PolicyPacksStub::AdoptPolicyPack, request);
  }
  absl::StatusOr<v1::PolicyPack> Create(const std::string& definition) {
    v1::CreatePolicyPackRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_policy_pack()->set_definition(definition);
    return host_.Client<v1::PolicyPacks>().Call(kHr, &PolicyPacksStub::CreatePolicyPack, request);
  }
  absl::StatusOr<v1::PolicyPack> Update(const std::string& definition,
                                        const std::string& etag = "") {
    v1::UpdatePolicyPackRequest request;
    request.mutable_policy_pack()->set_name(kPackName);
    request.mutable_policy_pack()->set_definition(definition);
    request.mutable_policy_pack()->set_etag(etag);
    request.mutable_update_mask()->add_paths("definition");
    return host_.Client<v1::PolicyPacks>().Call(kHr, &PolicyPacksStub::UpdatePolicyPack, request);
  }
  absl::StatusOr<v1::PolicyPack> Activate(const Caller& caller) {
    v1::ActivatePolicyPackRequest request;
    request.set_name(kPackName);
    return host_.Client<v1::PolicyPacks>().Call(
        caller, &PolicyPacksStub::ActivatePolicyPack, request);
  }
  absl::StatusOr<v1::PolicyPack> Get(const Caller& caller, const std::string& name) {
    v1::GetPolicyPackRequest request;
    request.set_name(name);
    return host_.Client<v1::PolicyPacks>().Call(caller, &PolicyPacksStub::GetPolicyPack, request);
  }
  absl::StatusOr<v1::PolicyPack> Revision(const std::string& revision) {
    v1::GetPolicyPackRevisionRequest request;
    request.set_name(std::string(kPackName) + "/revisions/" + revision);
    return host_.Client<v1::PolicyPacks>().Call(
        kBudi, &PolicyPacksStub::GetPolicyPackRevision, request);
  }
  absl::StatusOr<v1::TestPolicyPackResponse> Test() {
    v1::TestPolicyPackRequest request;
    request.set_name(kPackName);
    return host_.Client<v1::PolicyPacks>().Call(kHr, &PolicyPacksStub::TestPolicyPack, request);
  }
  absl::StatusOr<v1::EvaluatePolicyPackResponse> Evaluate(const std::string& inputs) {
    v1::EvaluatePolicyPackRequest request;
    request.set_name(std::string("agencies/dumai/policyPacks/") + kNational + "/revisions/1");
    request.set_method("annual");
    request.set_inputs(inputs);
    return host_.Client<v1::PolicyPacks>().Call(
        kBudi, &PolicyPacksStub::EvaluatePolicyPack, request);
  }
};

TEST_F(PolicyPacksServiceTest, APackOfTheProductIsAdoptedOnce) {
  EXPECT_THAT(Adopt(kBudi, kNational), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Adopt(kHr, "permenpanrb-1-1900"), HasReason(v1::PACK_UNKNOWN));
  const auto adopted = Adopt(kHr, kNational);
  ASSERT_THAT(adopted, IsOk());
  EXPECT_EQ(adopted->state(), v1::PolicyPack::ACTIVE);
  EXPECT_EQ(adopted->revision(), 1);
  EXPECT_EQ(adopted->start_date(), "2022-01-01");
  const auto again = Adopt(kHr, kNational);
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(*again, testing::EqualsProto(*adopted));
  EXPECT_THAT(Get(kStranger, adopted->name()), HasReason(PERMISSION_DENIED));
  v1::ListPolicyPacksRequest list;
  list.set_parent("agencies/dumai");
  const auto packs =
      host_.Client<v1::PolicyPacks>().Call(kBudi, &PolicyPacksStub::ListPolicyPacks, list);
  ASSERT_THAT(packs, IsOk());
  ASSERT_THAT(packs->policy_packs(), SizeIs(1));
  EXPECT_EQ(packs->policy_packs(0).definition(), "");
  EXPECT_EQ(packs->policy_packs(0).digest(), adopted->digest());
}

TEST_F(PolicyPacksServiceTest, AResultComesWithItsAccountAndWhatWouldHaveChangedIt) {
  ASSERT_THAT(Adopt(kHr, kNational), IsOk());
  const auto result =
      Evaluate(R"({"result_rating": "ABOVE_EXPECTATION", "behavior_rating": "AS_EXPECTED"})");
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->predicate(), "GOOD");
  EXPECT_THAT(result->account(), HasSubstr(R"("format":"teraju-account/1")"));
  EXPECT_THAT(result->text_id(), HasSubstr("Baik"));
  ASSERT_THAT(result->changes(), SizeIs(1));
  EXPECT_EQ(result->changes(0).input(), "behavior_rating");
  EXPECT_EQ(result->changes(0).to(), "ABOVE_EXPECTATION");
  EXPECT_EQ(result->changes(0).predicate(), "VERY_GOOD");
  EXPECT_THAT(Evaluate(R"({"result_rating": "ABOVE_EXPECTATION"})"),
              ViolatesField("behavior_rating"));
}

TEST_F(PolicyPacksServiceTest, AWrongDefinitionIsRefusedWithItsPlace) {
  EXPECT_EQ(Create("{\n\"format\": 1,\n").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Create(absl::StrReplaceAll(Local(1), {{R"("op": "lookup")", R"("op": "guess")"}})),
              ViolatesField("methods.annual.steps[0].op"));
  EXPECT_THAT(Create(Local(2)), ViolatesField("policyPack.definition.revision"));
  EXPECT_THAT(Get(kBudi, kPackName), HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(PolicyPacksServiceTest, OnlyAPackWhoseVectorsComeOutBecomesActive) {
  const std::string wrong = absl::StrReplaceAll(
      Local(1), {{R"("expect": {"predicate": "VERY_GOOD")", R"("expect": {"predicate": "POOR")"}});
  ASSERT_NE(wrong, Local(1));
  ASSERT_THAT(Create(wrong), IsOk());
  EXPECT_THAT(Create(wrong), HasReason(RESOURCE_EXISTS));
  const auto test = Test();
  ASSERT_THAT(test, IsOk());
  EXPECT_GT(test->faults_size(), 0);
  EXPECT_THAT(Activate(kBudi), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Activate(kHr), HasReason(v1::VECTORS_FAILED));
  EXPECT_EQ(Get(kBudi, kPackName)->state(), v1::PolicyPack::DRAFT);
  ASSERT_THAT(Update(Local(1)), IsOk());
  EXPECT_THAT(Test()->faults(), IsEmpty());
  // Who has entered the rules does not put them in force.
  EXPECT_THAT(Activate(kHr), HasReason(errors::reasons::DUTIES_SEPARATED));
  ASSERT_THAT(Activate(kChief), IsOk());
  EXPECT_EQ(Get(kBudi, kPackName)->state(), v1::PolicyPack::ACTIVE);
}

TEST_F(PolicyPacksServiceTest, WhatIsActiveStaysWhileTheNextIsDrafted) {
  ASSERT_THAT(Create(Local(1)), IsOk());
  const auto active = Activate(kChief);
  ASSERT_THAT(active, IsOk());
  EXPECT_THAT(Revision("draft"), HasReason(v1::PACK_DRAFT_MISSING));
  EXPECT_THAT(Update(Local(1)), ViolatesField("policyPack.definition.revision"));
  const auto draft = Update(Local(2), active->etag());
  ASSERT_THAT(draft, IsOk());
  EXPECT_EQ(draft->revision(), 2);
  // Whoever drafted beside it does not overwrite it unseen.
  EXPECT_THAT(Update(Local(2), active->etag()), HasReason(ETAG_MISMATCH));
  EXPECT_EQ(Get(kBudi, kPackName)->revision(), 1);
  ASSERT_THAT(Activate(kChief), IsOk());
  EXPECT_EQ(Get(kBudi, kPackName)->revision(), 2);
  EXPECT_EQ(Revision("1")->digest(), active->digest());
  EXPECT_THAT(Revision("3"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Query("SELECT type FROM audit_events ORDER BY event_number"),
              ElementsAre("policyPack.created",
                          "policyPack.activated",
                          "policyPack.updated",
                          "policyPack.activated"));
}

}  // namespace
}  // namespace teraju::catalog
