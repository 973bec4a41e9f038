#include "services/evaluation/api/calibrate.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/unit_result.h"
#include "services/evaluation/store/calibration_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/unit_result_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

// NOT_FOUND. Locks it: the ratings that a session begins and ends with are those of one moment.
absl::StatusOr<v1::UnitResult> LockResult(postgres::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kUnitResultName, name, "unitResult"));
  std::optional<StoredUnitResult> found = UnitResultStore(tx).Lock(key);
  if (!found.has_value()) return errors::ResourceNotFound(name);
  return std::move(found->result);
}

// An evaluation of the session, with the person's rating in it as the caller may read it.
struct CalibratedPerson {
  v1::Evaluation evaluation;
  v1::CalibratedRating rating;
};

absl::StatusOr<CalibratedPerson> LockPerson(postgres::Transaction& tx,
                                            const Key& session,
                                            const Key& evaluation) {
  const std::string name = kEvaluationName.Format({evaluation.agency, evaluation.id});
  const std::string& reader = tx.call().principal().subject;
  std::optional<v1::Evaluation> found = EvaluationStore(tx).Find(evaluation);
  if (!found.has_value()) return errors::ResourceNotFound(name);
  if (SubjectOf(found->snapshot().employee()) == reader) {
    return errors::FailedPrecondition(v1::CALIBRATION_OWN, "Nobody proposes the own ratings.");
  }
  std::optional<v1::CalibratedRating> rating =
      CalibrationStore(tx).FindRating(session, evaluation.id, reader);
  if (!rating.has_value()) return errors::ResourceNotFound(name);
  // Read again under the lock.
  return CalibratedPerson{*EvaluationStore(tx).Find(evaluation), *std::move(rating)};
}

// Sets what the appraiser has accepted, as RateEvaluation does.
absl::Status SetRatings(postgres::Transaction& tx,
                        const Key& key,
                        const v1::RatingProposal& proposal,
                        CalibratedPerson& person) {
  const auto contexts = UnitResultStore(tx).ContextOf({person.evaluation});
  ASSIGN_OR_RETURN(
      person.evaluation,
      EvaluationStore(tx).Update(key, api::Precondition::None(), [&](v1::Evaluation& evaluation) {
        return domain::RateEvaluation(evaluation,
                                      domain::RatingsBy(proposal, evaluation),
                                      contexts.at(key.id),
                                      proposal.decided_by(),
                                      tx.call().time());
      }));
  *person.rating.mutable_after() = domain::PairOf(person.evaluation);
  RecordChange(tx, person.evaluation.name(), "evaluation.rated");
  return absl::OkStatus();
}

absl::StatusOr<v1::CalibratedRating> StoreProposal(postgres::Transaction& tx,
                                                   const Key& session,
                                                   const std::string& type,
                                                   v1::CalibratedRating rating) {
  domain::ExplainChange(rating);
  CalibrationStore(tx).StoreProposals(session, rating);
  RecordChange(tx, kCalibrationSessionName.Format({session.agency, session.id}), type);
  return rating;
}

absl::StatusOr<v1::CalibratedRating> DecideFor(postgres::Transaction& tx,
                                               const Key& session,
                                               const Key& evaluation,
                                               const domain::ProposalDecision& deciding,
                                               CalibratedPerson person) {
  ASSIGN_OR_RETURN(const v1::RatingProposal proposal,
                   domain::DecideProposal(person.rating, deciding, tx.call().time()));
  if (deciding.accept) RETURN_IF_ERROR(SetRatings(tx, evaluation, proposal, person));
  return StoreProposal(
      tx,
      session,
      deciding.accept ? "calibrationSession.accepted" : "calibrationSession.declined",
      std::move(person.rating));
}

}  // namespace

v1::DistributionCheck CheckedDistribution(v1::UnitResult result) {
  domain::CheckDistribution(result);
  return result.distribution();
}

absl::StatusOr<v1::CalibrationSession> OpenSession(postgres::Transaction& tx,
                                                   const Key& key,
                                                   v1::CalibrationSession session) {
  ASSIGN_OR_RETURN(const v1::UnitResult result, LockResult(tx, session.unit_result()));
  ASSIGN_OR_RETURN(const PeriodKey period, ParsePeriod(result.period(), "period"));
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(period.cycle_key()));
  RETURN_IF_ERROR(domain::CheckBinding(cycle));
  RETURN_IF_ERROR(domain::CheckCalibratable(result));
  session.set_opened_by(PersonName(key.agency, tx.call().principal().subject));
  *session.mutable_before() = CheckedDistribution(result);
  ASSIGN_OR_RETURN(v1::CalibrationSession opened, CalibrationStore(tx).Insert(key, session));
  *opened.mutable_after() = opened.before();
  RecordChange(tx, opened.name(), "calibrationSession.opened");
  return opened;
}

absl::StatusOr<v1::CalibratedRating> ProposeInSession(postgres::Transaction& tx,
                                                      const Key& session,
                                                      const Key& evaluation,
                                                      const domain::Proposing& proposing) {
  ASSIGN_OR_RETURN(v1::CalibrationSession own, CalibrationStore(tx).Share(session));
  RETURN_IF_ERROR(domain::MoveSession(own, domain::CalibrationAction::kPropose));
  ASSIGN_OR_RETURN(CalibratedPerson person, LockPerson(tx, session, evaluation));
  ASSIGN_OR_RETURN(
      const v1::RatingProposal proposal,
      domain::ProposeRating(person.rating, person.evaluation, proposing, tx.call().time()));
  // The appraiser is the one who rates, and needs nobody's consent.
  if (tx.call().Allowed("evaluation.calibrationSessions.decide",
                        SnapshotObject(person.evaluation.snapshot(), person.evaluation.name()))) {
    return DecideFor(
        tx,
        session,
        evaluation,
        {.proposal_id = proposal.proposal_id(), .accept = true, .note = "", .by = proposing.by},
        std::move(person));
  }
  return StoreProposal(tx, session, "calibrationSession.proposed", std::move(person.rating));
}

absl::StatusOr<v1::CalibratedRating> DecideInSession(postgres::Transaction& tx,
                                                     const Key& session,
                                                     const Key& evaluation,
                                                     const domain::ProposalDecision& deciding) {
  ASSIGN_OR_RETURN(v1::CalibrationSession own, CalibrationStore(tx).Share(session));
  RETURN_IF_ERROR(domain::MoveSession(own, domain::CalibrationAction::kDecide));
  ASSIGN_OR_RETURN(CalibratedPerson person, LockPerson(tx, session, evaluation));
  return DecideFor(tx, session, evaluation, deciding, std::move(person));
}

absl::Status CloseSession(postgres::Transaction& tx,
                          const Key& key,
                          v1::CalibrationSession& session) {
  ASSIGN_OR_RETURN(const v1::UnitResult result, LockResult(tx, session.unit_result()));
  std::vector<v1::CalibratedRating> ratings = CalibrationStore(tx).AllRatings(key);
  RETURN_IF_ERROR(domain::CloseSession(
      session, ratings, PersonName(key.agency, tx.call().principal().subject), tx.call().time()));
  *session.mutable_after() = CheckedDistribution(result);
  CalibrationStore(tx).StoreClosed(key, ratings);
  return absl::OkStatus();
}

}  // namespace teraju::evaluation
