#include <atomic>
#include <latch>
#include <thread>

#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::StatusIs;
using testing::ViolatesField;
using PreferencesStub = v1::MentoringPreferences::StubInterface;

constexpr char kOfBudi[] = "agencies/dumai/employees/budi/mentoringPreference";

class MentoringPreferencesTest : public TrainingApiTest {
 protected:
  absl::StatusOr<v1::MentoringPreference> Get(const testing::Caller& caller) {
    v1::GetMentoringPreferenceRequest request;
    request.set_name(kOfBudi);
    return Call<v1::MentoringPreferences>(
        caller, &PreferencesStub::GetMentoringPreference, request);
  }
  absl::StatusOr<v1::MentoringPreference> Say(const testing::Caller& caller,
                                              const std::vector<std::string>& languages,
                                              const std::string& etag = "",
                                              const std::string& mask = "") {
    v1::UpdateMentoringPreferenceRequest request;
    v1::MentoringPreference& said = *request.mutable_mentoring_preference();
    said.set_name(kOfBudi);
    said.set_etag(etag);
    for (const std::string& language : languages) said.add_languages(language);
    if (!mask.empty()) request.mutable_update_mask()->add_paths(mask);
    return Call<v1::MentoringPreferences>(
        caller, &PreferencesStub::UpdateMentoringPreference, request);
  }
};

TEST_F(MentoringPreferencesTest, ArePeoplesOwn) {
  const auto nothing = Get(kBudi);
  ASSERT_THAT(nothing, IsOk());
  EXPECT_THAT(nothing->languages(), IsEmpty());
  EXPECT_THAT(Get(kCitra), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Say(kCitra, {"id"}), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Say(kBudi, {"id", "Jawa"}), ViolatesField("mentoringPreference.languages[1]"));
  const auto said = Say(kBudi, {"id", "jv"}, nothing->etag());
  ASSERT_THAT(said, IsOk());
  EXPECT_EQ(said->name(), kOfBudi);
  EXPECT_THAT(Say(kBudi, {"id"}, nothing->etag()), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(Get(kBudi)->languages(), ElementsAre("id", "jv"));
  // The HR office may enter it for somebody.
  EXPECT_THAT(Say(kHr, {"min"}), IsOk());
  EXPECT_THAT(Get(kBudi)->languages(), ElementsAre("min"));
  EXPECT_THAT(Say(kBudi, {}, "", "languages"), IsOk());
  EXPECT_THAT(Get(kBudi)->languages(), IsEmpty());
  EXPECT_THAT(Query("SELECT actor || ' ' || type FROM audit_events ORDER BY xid, event_number"),
              ElementsAre("employees/budi mentoringPreference.updated",
                          "employees/hr mentoringPreference.updated",
                          "employees/budi mentoringPreference.updated"));
}

// There is no row yet that the second of two could wait for.
TEST_F(MentoringPreferencesTest, AreFirstSaidOnce) {
  const std::string etag = Get(kBudi)->etag();
  constexpr int kThreads = 8;
  std::latch begin(kThreads);
  std::atomic<int> said = 0;
  std::atomic<int> aborted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      begin.arrive_and_wait();
      const auto answer = Say(kBudi, {"id"}, etag);
      if (answer.ok()) ++said;
      if (absl::IsAborted(answer.status())) ++aborted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(said, 1);
  EXPECT_EQ(aborted, kThreads - 1);
}

}  // namespace
}  // namespace teraju::training
