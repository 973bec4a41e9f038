// S03, the objects: every action on a work plan and on an evaluation, in every state, by everybody
// who stands in another relation to it, against the services' state machines and the table of
// permissions.
#include <optional>
#include <span>
#include <string>

#include "common/auth/permissions.h"
#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/work_plan.h"
#include "tests/scenarios/strangers.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

using auth::Reach;
using evaluation::domain::EvaluationAction;
using evaluation::domain::PlanAction;
using evaluation::v1::Evaluation;
using evaluation::v1::WorkPlan;
using scenarios::Answer;
using scenarios::Caller;
using scenarios::TextOf;
namespace json = simulation::json;

// How a caller is asked to do something to an object.
struct Attempt {
  std::string permission;
  std::string verb;    // POST, or PATCH of the object itself
  std::string suffix;  // `:submit`
  json::value body;
};

// Somebody, what the person is to the object, and the role that says what may be done.
struct Actor {
  std::string what;
  Caller* caller;
  std::string role;
  std::optional<Reach> relation;  // none: only what the role has everywhere
};

bool Granted(const Actor& actor, const std::string& permission) {
  for (const auth::Grant& grant : auth::PermissionTable::Default().GrantsOf(permission)) {
    if (grant.role != actor.role) continue;
    for (const Reach reach : grant.reaches) {
      if (reach == Reach::kAgency || reach == Reach::kAny || reach == actor.relation) return true;
    }
  }
  return false;
}

class States : public scenarios::TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("dumai", "Pemerintah Kota Dumai"));
    office_ = town_->Unit("dinkes", "Dinas Kesehatan", town_->root());
    other_office_ = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
    head_ = Enter("Kepala Dinas", office_, true);
    stranger_ = Enter("Kepala Dinas Lain", other_office_, true);
    colleague_ = Enter("Rekan", office_, false);
    person_ = Enter("Pegawai", office_, false);
    town_->rest().Post(
        &town_->hr(), "/v1/" + town_->agency() + "/behaviors:adopt", {{"set", "berakhlak"}});
    goal_ = town_->rest()
                .Post(&town_->hr(),
                      "/v1/" + town_->agency() + "/goals",
                      {{"kind", "STRATEGIC_GOAL"},
                       {"title", "Meningkatnya kesehatan warga"},
                       {"firstYear", 2025},
                       {"lastYear", 2029}})
                .Text("/name");
    town_->rest().Post(&town_->hr(), "/v1/" + goal_ + ":publish", json::object());
    cycle_ = town_->OpenCycle("2025", town_->AdoptPack("mulyorejo"));
  }

  static std::string Enter(const std::string& name, const std::string& unit, bool leads) {
    return town_->Employee(
        name, unit, leads ? name : "Perawat", leads ? "STRUCTURAL" : "FUNCTIONAL", leads);
  }

  static std::vector<Actor> ActorsFor(const std::string& person) {
    return {{"self", &town_->As(person), "employee", Reach::kSelf},
            {"appraiser", &town_->As(head_), "employee", Reach::kAppraiser},
            {"next appraiser", &town_->mayor(), "official", Reach::kNext},
            {"colleague", &town_->As(colleague_), "employee", std::nullopt},
            {"head of another unit", &town_->As(stranger_), "employee", std::nullopt},
            {"HR office", &town_->hr(), "regional_hr", std::nullopt}};
  }

  // Everybody tries every action on one object in one state. What is refused must be refused for
  // the right reason and leave the object as it was; what is allowed is left to Step.
  template <typename State, typename Action>
  void Column(std::span<const evaluation::domain::Transition<State, Action>> table,
              std::span<const Action> actions,
              State state,
              Attempt (*attempt_of)(Action),
              const std::string& person,
              const std::string& object) {
    for (const Action action : actions) {
      const Attempt attempt = attempt_of(action);
      if (attempt.permission.empty()) continue;  // not done to one object
      for (const Actor& actor : ActorsFor(person)) {
        const bool granted = Granted(actor, attempt.permission);
        if (granted && evaluation::domain::Next(table, state, action)) continue;
        const Answer before = town_->rest().Get(&town_->As(person), "/v1/" + object);
        const scenarios::Refusal told = town_->Refused(
            attempt.verb, actor.caller, "/v1/" + object + attempt.suffix, attempt.body);
        const Answer after = town_->rest().Get(&town_->As(person), "/v1/" + object);
        const bool right = granted ? told.status == 400 && told.reason != "FIELD_INVALID"
                                   : told.status == 403 && told.reason == "PERMISSION_DENIED";
        Note(right && before.body == after.body,
             actor.what + ", " + attempt.permission + " in " + before.Text("/state") + ": " +
                 std::to_string(told.status) + " " + told.reason);
      }
    }
  }

  // A step that the table of states allows, by one whom the table of permissions allows it.
  void Step(const std::string& person,
            const std::string& what,
            const std::string& object,
            const Attempt& attempt,
            const std::string& then) {
    for (const Actor& actor : ActorsFor(person)) {
      if (actor.what != what) continue;
      const Answer answer = town_->rest().Try(
          attempt.verb, actor.caller, "/v1/" + object + attempt.suffix, attempt.body);
      const Answer after = town_->rest().Get(&town_->As(person), "/v1/" + object);
      Note(Granted(actor, attempt.permission) && answer.ok() && after.Text("/state") == then,
           what + ", " + attempt.permission + ": " + json::serialize(answer.body));
    }
  }

  void Note(bool right, const std::string& text) {
    ++cells_;
    if (right) return;
    ++mismatches_;
    if (!quiet_) ADD_FAILURE() << text;
  }

  static json::value Items() {
    return json::array{{{"itemId", "hk1"},
                        {"kind", "MAIN"},
                        {"title", "Meningkatnya cakupan imunisasi"},
                        {"supports", goal_},
                        {"indicators",
                         json::array{{{"indicatorId", "cakupan"},
                                      {"aspect", "QUALITY"},
                                      {"title", "Cakupan imunisasi"},
                                      {"unitOfMeasure", "persen"},
                                      {"polarity", "HIGHER_IS_BETTER"},
                                      {"target", scenarios::Amount("90")}}}}}};
  }
  static Attempt OnPlan(PlanAction action) {
    const std::string plans = "evaluation.workPlans.";
    switch (action) {
      case PlanAction::kEdit:
        return {plans + "update", "PATCH", "", {{"items", Items()}}};
      case PlanAction::kExpect:
        return {plans + "expect",
                "POST",
                ":setExpectations",
                {{"behaviorExpectations",
                  json::array{{{"behavior", "LOYAL"}, {"text", "Menjaga nama baik"}}}}}};
      case PlanAction::kOfferHelp:
        return {plans + "offerHelp", "POST", ":offerHelp", {{"course", "SKP dengan Teraju"}}};
      case PlanAction::kConfirmSupport:
        return {
            plans + "expect", "POST", ":confirmSupport", {{"itemId", "hk1"}, {"supports", goal_}}};
      case PlanAction::kAmend:
        return {};  // done to an amendment: :approve
      case PlanAction::kSubmit:
        return {plans + "submit", "POST", ":submit", json::object()};
      case PlanAction::kReturn:
        return {plans + "return", "POST", ":return", {{"comment", "Target terlalu rendah"}}};
      case PlanAction::kApprove:
        return {plans + "approve", "POST", ":approve", json::object()};
    }
    return {};
  }
  static Attempt OnEvaluation(EvaluationAction action) {
    const std::string evaluations = "evaluation.evaluations.";
    switch (action) {
      case EvaluationAction::kSubmitSelf:
        return {evaluations + "submitSelf", "POST", ":submitSelf", {{"note", "Tercapai"}}};
      case EvaluationAction::kSetFigures:
        return {"evaluation.figures.set",
                "POST",
                ":setFigures",
                {{"figures",
                  json::array{{{"name", "cooperation"},
                               {"number", scenarios::Amount("4")},
                               {"source", "Pengamatan"},
                               {"asOfTime", "2025-03-31T00:00:00Z"}}}}}};
      case EvaluationAction::kRate:
        return {evaluations + "rate",
                "POST",
                ":rate",
                {{"resultRating", "AS_EXPECTED"}, {"behaviorRating", "AS_EXPECTED"}}};
      case EvaluationAction::kFinalise:
        return {};  // done to a period: :publishResults
      case EvaluationAction::kChangeByObjection:
        return {};  // done to an objection: :decide
      case EvaluationAction::kAcknowledge:
        return {evaluations + "acknowledge", "POST", ":acknowledge", json::object()};
    }
    return {};
  }

  void Everybody(const std::string& person, const std::string& plan, WorkPlan::State state) {
    Column<WorkPlan::State, PlanAction>(evaluation::domain::kPlanTransitions,
                                        evaluation::domain::kPlanActions,
                                        state,
                                        OnPlan,
                                        person,
                                        plan);
  }
  void Everybody(const std::string& person, const std::string& object, Evaluation::State state) {
    Column<Evaluation::State, EvaluationAction>(evaluation::domain::kEvaluationTransitions,
                                                evaluation::domain::kEvaluationActions,
                                                state,
                                                OnEvaluation,
                                                person,
                                                object);
  }

  static std::string office_, other_office_, head_, stranger_, colleague_, person_, goal_, cycle_;
  int cells_ = 0;
  int mismatches_ = 0;
  bool quiet_ = false;
};
std::string States::office_, States::other_office_, States::head_, States::stranger_,
    States::colleague_, States::person_, States::goal_, States::cycle_;

// The control of the sweep that ends every scenario: somebody who sees everything, but is said to
// have no role, is found out.
TEST_F(States, AStrangerWhoSeesTooMuchIsFound) {
  Caller boss = scenarios::SignInAsOperator(*suite_, town_->rest());
  const Answer client = town_->rest().Post(
      &boss, "/v1/" + town_->agency() + "/apiClients", {{"displayName", "Pengawas"}});
  Caller inspector;
  inspector.client_id = client.Text("/name").substr(client.Text("/name").rfind('/') + 1);
  inspector.client_secret = client.Text("/clientSecret");
  town_->rest().Post(&boss,
                     "/v1/" + town_->agency() + "/roleBindings",
                     {{"subject", "apiClients/" + inspector.client_id}, {"role", "inspector"}});
  std::vector<scenarios::Stranger> one = {{"an inspector", inspector, {}}};
  EXPECT_GT(
      scenarios::SweepObjects(*town_, scenarios::ObjectsIn(*suite_, *town_), one).leaks.size(),
      10U);
}

TEST_F(States, AnObjectChangesOnlyByWhoMayAndOnlyWhereItsTableLeads) {
  testing::CheckLine line("S03-states", "mismatches", "0");
  // A plan, walked through every state.
  const std::string plan = TextOf(town_->PlanOf(person_, cycle_), "name");
  Everybody(person_, plan, WorkPlan::DRAFT);
  Step(person_, "self", plan, OnPlan(PlanAction::kEdit), "DRAFT");
  Step(person_, "self", plan, OnPlan(PlanAction::kSubmit), "SUBMITTED");
  Everybody(person_, plan, WorkPlan::SUBMITTED);
  Step(person_, "appraiser", plan, OnPlan(PlanAction::kReturn), "RETURNED");
  Everybody(person_, plan, WorkPlan::RETURNED);
  Step(person_, "self", plan, OnPlan(PlanAction::kEdit), "RETURNED");
  Step(person_, "self", plan, OnPlan(PlanAction::kSubmit), "SUBMITTED");
  Step(person_, "appraiser", plan, OnPlan(PlanAction::kApprove), "APPROVED");
  Everybody(person_, plan, WorkPlan::APPROVED);

  // An evaluation likewise.
  const std::string year = cycle_ + "/periods/year";
  town_->Run(town_->hr(), "/v1/" + year + ":score", json::object());
  const std::string own = TextOf(town_->EvaluationOf(person_, year), "name");
  Everybody(person_, own, Evaluation::OPEN);
  Step(person_, "self", own, OnEvaluation(EvaluationAction::kSubmitSelf), "OPEN");
  Step(person_, "appraiser", own, OnEvaluation(EvaluationAction::kSetFigures), "OPEN");
  Step(person_, "HR office", own, OnEvaluation(EvaluationAction::kSetFigures), "OPEN");
  Step(person_, "appraiser", own, OnEvaluation(EvaluationAction::kRate), "RATED");
  Everybody(person_, own, Evaluation::RATED);
  Step(person_, "appraiser", own, OnEvaluation(EvaluationAction::kSetFigures), "RATED");
  Step(person_, "appraiser", own, OnEvaluation(EvaluationAction::kRate), "RATED");
  for (const std::string& other : {colleague_, head_, stranger_}) {
    Caller& superior = other == colleague_ ? town_->As(head_) : town_->mayor();
    const Attempt rate = OnEvaluation(EvaluationAction::kRate);
    const std::string name = TextOf(town_->EvaluationOf(other, year), "name");
    town_->rest().Post(&superior, "/v1/" + name + rate.suffix, rate.body);
  }
  for (const std::string& unit : {office_, other_office_}) {
    const Answer result = town_->rest().Post(&town_->mayor(),
                                             "/v1/" + town_->agency() + "/unitResults",
                                             {{"unit", unit},
                                              {"period", year},
                                              {"predicate", "UNIT_GOOD"},
                                              {"reason", "Perjanjian kinerja tercapai"}});
    town_->rest().Post(&town_->mayor(),
                       "/v1/" + result.Text("/name") + ":confirm",
                       {{"justification", "Unit kecil"}});
  }
  town_->Run(town_->hr(), "/v1/" + year + ":publishResults", json::object());
  ASSERT_EQ(town_->rest().Get(&town_->As(person_), "/v1/" + own).Text("/state"), "FINAL");
  Everybody(person_, own, Evaluation::FINAL);
  Step(person_, "self", own, OnEvaluation(EvaluationAction::kAcknowledge), "ACKNOWLEDGED");
  Everybody(person_, own, Evaluation::ACKNOWLEDGED);
  Step(person_, "self", own, OnEvaluation(EvaluationAction::kAcknowledge), "ACKNOWLEDGED");
  line.Set(mismatches_, cells_);
  EXPECT_EQ(mismatches_, 0);
  EXPECT_GT(cells_, 180);

  // The control: a plan that lets itself be edited although its state is said to forbid it.
  quiet_ = true;
  Everybody(colleague_, TextOf(town_->PlanOf(colleague_, cycle_), "name"), WorkPlan::APPROVED);
  EXPECT_GT(mismatches_, 0);
}

}  // namespace
}  // namespace teraju::security
