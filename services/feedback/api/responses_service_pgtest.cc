#include <algorithm>

#include "common/testing/test_call.h"
#include "services/feedback/api/feedback_fixture.h"
#include "services/feedback/domain/nomination.h"

namespace teraju::feedback {
namespace {

using errors::reasons::PERMISSION_DENIED;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;

class ResponsesServiceTest : public FeedbackApiTest {
 protected:
  auto Decline(const testing::Caller& caller, const std::string& name) {
    v1::DeclineFeedbackRequestRequest request;
    request.set_name(name);
    request.set_reason("Baru pindah");
    return Call<v1::FeedbackRequests>(
        caller, &v1::FeedbackRequests::StubInterface::DeclineFeedbackRequest, request);
  }
  // How many persons the rater was drawn for; the campaign's id is the seed.
  std::size_t ChoicesOf(const std::string& rater, const std::string& campaign) {
    const auto lines = identity_.ListReportingLines(testing::TestCall(), AgencyId("dumai"), {});
    EXPECT_THAT(lines, IsOk());
    const auto choices = domain::SuggestRaters(
        *lines, {.peers = 5, .subordinates = 5, .seed = campaign.substr(campaign.rfind('/') + 1)});
    return static_cast<std::size_t>(std::count_if(
        choices.begin(), choices.end(), [&](const auto& choice) { return choice.rater == rater; }));
  }
  std::string Stored() {
    const auto values = Query(
        "SELECT state || item_values::text FROM open_answers"
        " WHERE state <> 'EMPTY'");
    return values.empty() ? "" : values[0];
  }
};

TEST_F(ResponsesServiceTest, ReplacesTheAnswerOfTheSameToken) {
  const std::string campaign = Open();
  const auto requests = Requests(campaign, "employees/r1");
  ASSERT_EQ(requests.size(), ChoicesOf("employees/r1", campaign));
  ASSERT_GE(requests.size(), 2U);
  EXPECT_EQ(requests[0].state(), v1::FeedbackRequest::PENDING);
  const std::string token = requests[0].response_token();
  EXPECT_THAT(Submit(Answer(token, {3, 4})), IsOk());
  EXPECT_EQ(Stored(), "ANSWERED{3,4}");
  EXPECT_THAT(Submit(Answer(token, {5, 1})), IsOk());
  EXPECT_EQ(Stored(), "ANSWERED{5,1}");
  const auto after = Requests(campaign, "employees/r1");
  EXPECT_EQ(after[0].state(), v1::FeedbackRequest::ANSWERED);
  EXPECT_EQ(after[0].response_token(), token);
  EXPECT_EQ(after[1].state(), v1::FeedbackRequest::PENDING);
}

TEST_F(ResponsesServiceTest, KeepsADraftThatDoesNotCount) {
  const std::string campaign = Open();
  const auto requests = Requests(campaign, "employees/r1");
  v1::SubmitResponseRequest draft = Answer(requests[0].response_token(), {3});
  EXPECT_THAT(Submit(draft), HasReason(v1::ANSWER_MISSING));
  draft.set_draft(true);
  EXPECT_THAT(Submit(draft), IsOk());
  EXPECT_EQ(Stored(), "DRAFT{3,0}");
  EXPECT_EQ(Requests(campaign, "employees/r1")[0].state(), v1::FeedbackRequest::PENDING);
}

TEST_F(ResponsesServiceTest, SaysTheSameOfEveryTokenThatIsNotGood) {
  const std::string campaign = Open();
  const auto requests = Requests(campaign, "employees/r1");
  std::string forged = requests[0].response_token();
  forged[30] = forged[30] == 'A' ? 'B' : 'A';
  EXPECT_THAT(Decline({.subject = "employees/r1", .agency = "dumai"}, requests[1].name()), IsOk());
  const absl::Status expected = Submit(Answer("x", {3, 4})).status();
  EXPECT_THAT(expected, HasReason(v1::RESPONSE_TOKEN_INVALID));
  for (const std::string& token : {forged, requests[1].response_token()}) {
    EXPECT_EQ(Submit(Answer(token, {3, 4})).status(), expected);
    // Not even that the answer is wrong.
    EXPECT_EQ(Submit(Answer(token, {3, 9})).status(), expected);
  }
  EXPECT_THAT(Submit(Answer(requests[0].response_token(), {3, 9})), HasMetadata("item", "i2"));
  host_.clock().Advance(absl::Hours(25));
  EXPECT_EQ(Submit(Answer(requests[0].response_token(), {3, 4})).status(), expected);
  Close(campaign);
  EXPECT_EQ(Submit(Answer(requests[2].response_token(), {3, 4})).status(), expected);
}

TEST_F(ResponsesServiceTest, ShowsRequestsToTheirRaterOnly) {
  const std::string campaign = Open();
  const auto requests = Requests(campaign, "employees/r1");
  for (const v1::FeedbackRequest& request : Requests(campaign, "employees/r2")) {
    EXPECT_NE(request.name(), requests[0].name());
  }
  EXPECT_TRUE(Requests(campaign, "employees/hr").empty());
  EXPECT_THAT(Decline({.subject = "employees/r2", .agency = "dumai"}, requests[0].name()),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Decline(kR0, campaign + "/requests/none"), HasReason(PERMISSION_DENIED));
}

TEST_F(ResponsesServiceTest, DeclinesWhatHasNotBeenAnswered) {
  const std::string campaign = Open();
  const testing::Caller r1{.subject = "employees/r1", .agency = "dumai"};
  const auto requests = Requests(campaign, "employees/r1");
  EXPECT_THAT(Submit(Answer(requests[0].response_token(), {3, 4})), IsOk());
  EXPECT_THAT(Decline(r1, requests[0].name()), HasReason(v1::REQUEST_ANSWERED));
  const auto declined = Decline(r1, requests[1].name());
  ASSERT_THAT(declined, IsOk());
  EXPECT_EQ(declined->state(), v1::FeedbackRequest::DECLINED);
  EXPECT_EQ(Decline(r1, requests[1].name())->state(), v1::FeedbackRequest::DECLINED);
  EXPECT_TRUE(Requests(campaign, "employees/r1")[1].response_token().empty());
}

TEST_F(ResponsesServiceTest, LeavesNoTraceBesideTheAnswer) {
  const std::string campaign = Open();
  const auto requests = Requests(campaign, "employees/r1");
  const auto count = [&] {
    return Query(
        "SELECT (SELECT count(*) FROM requests) || ' ' || (SELECT count(*) FROM outbox)"
        " || ' ' || (SELECT count(*) FROM audit_events)");
  };
  const auto before = count();
  const std::size_t lines_before = host_.log_lines().size();
  v1::SubmitResponseRequest answer = Answer(requests[0].response_token(), {3, 4});
  answer.set_comment("rahasia");
  testing::Caller curious;
  curious.request_id = "6f1e0e3e-8a0e-4b0e-9d8e-0c7a4f6f2b11";
  EXPECT_THAT(host_.Client<v1::Responses>().Call(
                  curious, &v1::Responses::StubInterface::SubmitResponse, answer),
              IsOk());
  EXPECT_EQ(count(), before);
  const auto lines = host_.log_lines();
  ASSERT_GT(lines.size(), lines_before);
  for (std::size_t i = lines_before; i < lines.size(); ++i) {
    EXPECT_THAT(lines[i], Not(HasSubstr(requests[0].response_token())));
    EXPECT_THAT(lines[i], Not(HasSubstr("rahasia")));
    EXPECT_THAT(lines[i], Not(HasSubstr(curious.request_id)));
    EXPECT_THAT(lines[i], Not(HasSubstr("employees/")));
  }
}

}  // namespace
}  // namespace teraju::feedback
