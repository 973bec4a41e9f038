// Calibration sessions: who opens, proposes, rates and closes, what is kept, and what the person
// sees of it on the receipt.
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using Stub = v1::CalibrationSessions::StubInterface;

const Caller kTeam{.subject = "employees/team", .agency = "plaju"};

class CalibrationTest : public YearTest {
 protected:
  void SetUp() override {
    YearTest::SetUp();
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "employees/unit-hr", "unit_hr", kOffice},
                {AgencyId("plaju"), "employees/team", "appraisal_team", ""}});
    ScoreYear();
    const auto result = SetUnitResult(v1::UNIT_GOOD);
    ASSERT_THAT(result, IsOk());
    unit_result_ = result->name();
    RateAll();
  }
  absl::StatusOr<v1::CalibrationSession> Open(const Caller& caller) {
    v1::CreateCalibrationSessionRequest request;
    request.set_parent(kAgency);
    request.mutable_calibration_session()->set_unit_result(unit_result_);
    request.mutable_calibration_session()->add_attendants("agencies/plaju/employees/head");
    return Call<v1::CalibrationSessions>(caller, &Stub::CreateCalibrationSession, request);
  }
  absl::StatusOr<v1::CalibrationSession> Get(const Caller& caller, const std::string& name) {
    v1::GetCalibrationSessionRequest request;
    request.set_name(name);
    return Call<v1::CalibrationSessions>(caller, &Stub::GetCalibrationSession, request);
  }
  absl::StatusOr<v1::CalibratedRating> Propose(const Caller& caller,
                                               const std::string& session,
                                               const std::string& person,
                                               v1::Rating results,
                                               v1::Rating behavior = v1::RATING_UNSPECIFIED) {
    v1::ProposeCalibratedRatingRequest request;
    request.set_name(session);
    request.set_evaluation(EvaluationOf(person));
    request.set_result_rating(results);
    request.set_behavior_rating(behavior);
    request.set_reason("Setara dengan rekan di bidang lain");
    return Call<v1::CalibrationSessions>(caller, &Stub::ProposeCalibratedRating, request);
  }
  absl::StatusOr<v1::CalibratedRating> Decide(const Caller& caller,
                                              const std::string& session,
                                              const std::string& person,
                                              const std::string& proposal,
                                              bool accept) {
    v1::DecideCalibratedRatingRequest request;
    request.set_name(session);
    request.set_evaluation(EvaluationOf(person));
    request.set_proposal_id(proposal);
    request.set_accept(accept);
    return Call<v1::CalibrationSessions>(caller, &Stub::DecideCalibratedRating, request);
  }
  absl::StatusOr<v1::CalibrationSession> Close(const Caller& caller,
                                               const std::string& name,
                                               const std::string& etag = "") {
    v1::CloseCalibrationSessionRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return Call<v1::CalibrationSessions>(caller, &Stub::CloseCalibrationSession, request);
  }
  absl::StatusOr<v1::ListCalibratedRatingsResponse> Ratings(const Caller& caller,
                                                            const std::string& session,
                                                            int page_size = 0,
                                                            const std::string& token = "") {
    v1::ListCalibratedRatingsRequest request;
    request.set_parent(session);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return Call<v1::CalibrationSessions>(caller, &Stub::ListCalibratedRatings, request);
  }
  std::vector<v1::CalibrationSession> List(const Caller& caller) {
    v1::ListCalibrationSessionsRequest request;
    request.set_parent(kAgency);
    const auto listed =
        Call<v1::CalibrationSessions>(caller, &Stub::ListCalibrationSessions, request);
    if (!listed.ok()) return {};
    return {listed->calibration_sessions().begin(), listed->calibration_sessions().end()};
  }
  // Somebody below the head who appraises: the officer leads the colleague.
  void LetOfficerAppraiseColleague() {
    Query(
        "UPDATE evaluations SET appraiser = 'employees/officer', next_appraiser = "
        "'employees/head' WHERE employee = 'employees/colleague' RETURNING 1");
  }

  std::string unit_result_;
};

TEST_F(CalibrationTest, IsOpenedByTheHigherLeaderOrTheAppraisalTeamOnRatingsThatAreNotConfirmed) {
  for (const Caller& other : {kHead, kOfficer, kColleague, kHr, kUnitHr})
    EXPECT_THAT(Open(other), HasReason(PERMISSION_DENIED));
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->people(), 2);
  EXPECT_EQ(opened->before().very_good(), 1);
  EXPECT_EQ(opened->before().needs_improvement(), 1);
  EXPECT_THAT(opened->leaders(), ElementsAre("agencies/plaju/employees/head"));
  EXPECT_THAT(Open(kTeam), HasReason(RESOURCE_EXISTS));
  // The unit's result waits for the session.
  EXPECT_THAT(Confirm(unit_result_, "Unit kecil"), HasReason(v1::CALIBRATION_OPEN));
  ASSERT_THAT(Close(kTeam, opened->name()), IsOk());
  ASSERT_THAT(Confirm(unit_result_, "Unit kecil"), IsOk());
  EXPECT_THAT(Open(kMayor), HasReason(v1::UNIT_RESULT_CONFIRMED));
}

TEST_F(CalibrationTest, NothingIsCalibratedInARehearsal) {
  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  EXPECT_THAT(Open(kMayor), HasReason(v1::SHADOW_CYCLE));
}

TEST_F(CalibrationTest, IsReadByTheTeamAndTheLeadersConcernedAndThePeopleSeeThat) {
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  for (const Caller& reader : {kMayor, kHead, kTeam}) {
    EXPECT_THAT(Get(reader, opened->name()), IsOk());
    EXPECT_THAT(List(reader), SizeIs(1));
    EXPECT_THAT(Ratings(reader, opened->name())->calibrated_ratings(), SizeIs(2));
  }
  for (const Caller& other : {kOfficer, kColleague, kHr, kUnitHr}) {
    EXPECT_THAT(Get(other, opened->name()), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(Ratings(other, opened->name()), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(List(other), IsEmpty());
  }
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.read' AND about = "
                    "'agencies/plaju/employees/officer'"),
              ElementsAre("3"));
  const auto page = Ratings(kTeam, opened->name(), 1);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->calibrated_ratings(), SizeIs(1));
  const auto rest = Ratings(kTeam, opened->name(), 1, page->next_page_token());
  ASSERT_THAT(rest, IsOk());
  EXPECT_THAT(rest->calibrated_ratings(), SizeIs(1));
  EXPECT_EQ(rest->next_page_token(), "");
}

TEST_F(CalibrationTest, ALeaderHearsNothingAboutOneselfAndWhoStandsAbove) {
  LetOfficerAppraiseColleague();
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  const auto own = Ratings(kOfficer, opened->name());
  ASSERT_THAT(own, IsOk());
  ASSERT_THAT(own->calibrated_ratings(), SizeIs(1));
  EXPECT_EQ(own->calibrated_ratings(0).employee(), "agencies/plaju/employees/colleague");
  EXPECT_THAT(Propose(kOfficer, opened->name(), "officer", v1::ABOVE_EXPECTATION),
              HasReason(v1::CALIBRATION_OWN));
  // The head is not in the session at all: the unit's predicate rates the head.
  EXPECT_THAT(Propose(kOfficer, opened->name(), "head", v1::ABOVE_EXPECTATION),
              HasReason(RESOURCE_NOT_FOUND));
  // A superior's own superior in a session of a larger unit is as invisible.
  Query(
      "UPDATE evaluations SET appraiser = 'employees/colleague' WHERE employee = "
      "'employees/officer' RETURNING 1");
  EXPECT_THAT(Ratings(kOfficer, opened->name())->calibrated_ratings(), IsEmpty());
}

TEST_F(CalibrationTest, TheAppraiserSetsWhatOthersPropose) {
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  const std::string& name = opened->name();
  EXPECT_THAT(Propose(kOfficer, name, "colleague", v1::AS_EXPECTED), HasReason(PERMISSION_DENIED));
  const auto proposed = Propose(kTeam, name, "officer", v1::AS_EXPECTED, v1::AS_EXPECTED);
  ASSERT_THAT(proposed, IsOk());
  EXPECT_EQ(proposed->proposals(0).proposed_by(), "agencies/plaju/employees/team");
  EXPECT_EQ(GetEvaluation(EvaluationOf("officer"))->predicate(), v1::VERY_GOOD);  // not moved
  for (const Caller& other : {kMayor, kTeam, kOfficer, kColleague, kHr})
    EXPECT_THAT(Decide(other, name, "officer", "1", true), HasReason(PERMISSION_DENIED));
  const auto accepted = Decide(kHead, name, "officer", "1", true);
  ASSERT_THAT(accepted, IsOk());
  EXPECT_EQ(accepted->before().predicate(), v1::VERY_GOOD);
  EXPECT_EQ(accepted->after().predicate(), v1::GOOD);
  EXPECT_EQ(accepted->reason(), "Setara dengan rekan di bidang lain");
  const auto evaluation = GetEvaluation(EvaluationOf("officer"));
  EXPECT_EQ(evaluation->predicate(), v1::GOOD);
  EXPECT_EQ(evaluation->rated_by(), "agencies/plaju/employees/head");
  EXPECT_THAT(Decide(kHead, name, "officer", "1", false),
              HasReason(v1::CALIBRATION_PROPOSAL_DECIDED));
  EXPECT_EQ(Get(kMayor, name)->changed(), 1);
  EXPECT_EQ(Get(kMayor, name)->after().good(), 1);
  EXPECT_EQ(Get(kMayor, name)->before().good(), 0);
}

TEST_F(CalibrationTest, ClosingNeedsAReasonForWhatWasChangedElsewhere) {
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  const std::string& name = opened->name();
  ASSERT_THAT(Rate(kHead, EvaluationOf("colleague"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  EXPECT_THAT(Close(kHead, name), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Close(kMayor, name), HasReason(v1::CALIBRATION_REASON_MISSING));
  // The appraiser says why: what the appraiser proposes is set at once.
  const auto said = Propose(kHead, name, "colleague", v1::AS_EXPECTED);
  ASSERT_THAT(said, IsOk());
  EXPECT_EQ(said->proposals(0).state(), v1::RatingProposal::ACCEPTED);
  ASSERT_THAT(Propose(kMayor, name, "officer", v1::AS_EXPECTED), IsOk());
  EXPECT_THAT(Close(kMayor, name, "\"7\""), HasReason(ETAG_MISMATCH));
  const auto closed = Close(kMayor, name);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->state(), v1::CalibrationSession::CLOSED);
  EXPECT_EQ(closed->changed(), 1);
  EXPECT_EQ(closed->before().needs_improvement(), 1);
  EXPECT_EQ(closed->after().needs_improvement(), 0);
  EXPECT_FALSE(closed->after().conforms());
  EXPECT_THAT(Propose(kHead, name, "colleague", v1::ABOVE_EXPECTATION),
              HasReason(v1::CALIBRATION_CLOSED));
  EXPECT_THAT(Close(kMayor, name), HasReason(v1::CALIBRATION_CLOSED));
  // A rating after the closing is not the session's.
  ASSERT_THAT(Rate(kHead, EvaluationOf("colleague"), v1::ABOVE_EXPECTATION, v1::AS_EXPECTED),
              IsOk());
  const auto after = Ratings(kTeam, name);
  ASSERT_THAT(after, IsOk());
  for (const v1::CalibratedRating& rating : after->calibrated_ratings()) {
    if (rating.evaluation() == EvaluationOf("colleague")) {
      EXPECT_EQ(rating.after().result_rating(), v1::AS_EXPECTED);
      EXPECT_EQ(rating.reason(), "Setara dengan rekan di bidang lain");
    } else {
      EXPECT_EQ(rating.proposals(0).state(), v1::RatingProposal::LAPSED);
    }
  }
  // Another session may follow while nothing is confirmed.
  EXPECT_THAT(Open(kTeam), IsOk());
}

TEST_F(CalibrationTest, NotesAndAttendantsAreKeptWhileItIsOpen) {
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  v1::UpdateCalibrationSessionRequest request;
  request.mutable_calibration_session()->set_name(opened->name());
  request.mutable_calibration_session()->set_notes("Dibandingkan antarbidang");
  EXPECT_THAT(Call<v1::CalibrationSessions>(kHead, &Stub::UpdateCalibrationSession, request),
              HasReason(PERMISSION_DENIED));
  const auto updated =
      Call<v1::CalibrationSessions>(kMayor, &Stub::UpdateCalibrationSession, request);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->notes(), "Dibandingkan antarbidang");
  EXPECT_THAT(updated->attendants(), SizeIs(1));
  ASSERT_THAT(Close(kMayor, opened->name()), IsOk());
  EXPECT_THAT(Call<v1::CalibrationSessions>(kMayor, &Stub::UpdateCalibrationSession, request),
              HasReason(v1::CALIBRATION_CLOSED));
}

TEST_F(CalibrationTest, ThePersonSeesOnTheReceiptThatAndWhyTheRatingChanged) {
  const auto opened = Open(kMayor);
  ASSERT_THAT(opened, IsOk());
  ASSERT_THAT(Propose(kHead, opened->name(), "officer", v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  ASSERT_THAT(Close(kMayor, opened->name()), IsOk());
  ASSERT_THAT(Confirm(unit_result_, "Unit kecil"), IsOk());
  ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED");
  const auto receipt = Receipt(EvaluationOf("officer"), kOfficer);
  ASSERT_THAT(receipt, IsOk());
  ASSERT_THAT(receipt->calibrations(), SizeIs(1));
  EXPECT_EQ(receipt->calibrations(0).before().predicate(), v1::VERY_GOOD);
  EXPECT_EQ(receipt->calibrations(0).after().predicate(), v1::GOOD);
  EXPECT_THAT(receipt->text_id(), HasSubstr("diubah dalam rapat kalibrasi. Semula: Sangat Baik"));
  EXPECT_THAT(receipt->text_en(), HasSubstr("Setara dengan rekan di bidang lain"));
  EXPECT_THAT(receipt->document(), HasSubstr("\"calibrations\""));
  EXPECT_THAT(Receipt(EvaluationOf("colleague"), kColleague)->calibrations(), IsEmpty());
}

}  // namespace
}  // namespace teraju::evaluation
