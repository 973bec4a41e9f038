#include "services/training/store/plan_store.h"

#include <utility>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/training/domain/rupiah.h"

namespace teraju::training {
namespace {

constexpr postgres::Sql kColumns =
    "plan_id, fiscal_year, focuses, time_limit_seconds, state, objective, bound, gap_percent, cost,"
    " budget, needs, needs_met, offerings_held, solve_time, create_time, version, details,"
    " repaired_plan_id";
constexpr postgres::Statement kInsert{
    "plan_insert",
    postgres::kSql<"INSERT INTO allocation_plans (agency_id, plan_id, fiscal_year, focuses,"
                   " time_limit_seconds, create_time, repaired_plan_id)"
                   " VALUES ($1, $2, $3, $4, $5, $6, nullif($7, '')) RETURNING " +
                   kColumns>};
constexpr postgres::Statement kSelect{
    "plan_select",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM allocation_plans WHERE agency_id = $1 AND plan_id = $2">};
constexpr postgres::Statement kSelectForUpdate{
    "plan_select_for_update",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM allocation_plans WHERE agency_id = $1 AND plan_id = $2 FOR UPDATE">};
constexpr postgres::Statement kList{
    "plan_list",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM allocation_plans WHERE agency_id = $1 AND plan_id > $2"
                   " ORDER BY plan_id LIMIT $3">};
constexpr postgres::Statement kUpdate{
    "plan_update",
    postgres::kSql<"UPDATE allocation_plans SET state = $3, objective = $4, bound = $5,"
                   " gap_percent = $6, cost = $7, budget = $8, needs = $9, needs_met = $10,"
                   " offerings_held = $11, solve_time = $12, details = $13, version = version + 1"
                   " WHERE agency_id = $1 AND plan_id = $2 RETURNING " +
                   kColumns>};
constexpr postgres::Statement kBasisNow{
    "plan_basis_now",
    "SELECT md5(coalesce((SELECT string_agg(need_id || ' ' || version, ',' ORDER BY need_id)"
    " FROM needs WHERE agency_id = $1 AND fiscal_year = $2"
    " AND state IN ('PROPOSED', 'CONFIRMED')), '') || '|' || coalesce((SELECT"
    " string_agg(course_id || ' ' || offering_id || ' ' || version, ','"
    " ORDER BY course_id, offering_id) FROM offerings WHERE agency_id = $1 AND state = 'OPEN'"
    " AND start_date BETWEEN make_date($2, 1, 1) AND make_date($2, 12, 31)), '') || '|'"
    " || coalesce((SELECT string_agg(budget_id || ' ' || version, ',' ORDER BY budget_id)"
    " FROM budgets WHERE agency_id = $1 AND fiscal_year = $2), ''))"};
constexpr postgres::Statement kBasisOf{
    "plan_basis_of", "SELECT basis FROM allocation_plans WHERE agency_id = $1 AND plan_id = $2"};
constexpr postgres::Statement kSetBasis{
    "plan_set_basis",
    "UPDATE allocation_plans SET basis = $3 WHERE agency_id = $1 AND plan_id = $2"};
constexpr postgres::Statement kDeleteDecisions{
    "plan_delete_decisions",
    "DELETE FROM allocation_decisions WHERE agency_id = $1 AND plan_id = $2"};
constexpr postgres::Statement kDeletePayments{
    "plan_delete_payments",
    "DELETE FROM allocation_payments WHERE agency_id = $1 AND plan_id = $2"};
constexpr postgres::Statement kInsertDecisions{
    "plan_insert_decisions",
    "INSERT INTO allocation_decisions (agency_id, plan_id, position, need_id, employee, course_id,"
    " offering_id, refusal_code, reason_id, reason_en)"
    " SELECT $1, $2, d.position, d.need_id, d.employee, nullif(d.course_id, ''),"
    " nullif(d.offering_id, ''), d.refusal_code, d.reason_id, d.reason_en"
    " FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
    " $9::text[]) WITH ORDINALITY AS d (need_id, employee, course_id, offering_id, refusal_code,"
    " reason_id, reason_en, position)"};
constexpr postgres::Statement kInsertPayment{
    "plan_insert_payment",
    "INSERT INTO allocation_payments (agency_id, plan_id, budget_id, amount)"
    " VALUES ($1, $2, $3, $4)"};
constexpr postgres::Statement kDeleteSeats{
    "plan_delete_seats", "DELETE FROM allocation_seats WHERE agency_id = $1 AND plan_id = $2"};
constexpr postgres::Statement kInsertSeats{
    "plan_insert_seats",
    "INSERT INTO allocation_seats (agency_id, plan_id, employee, course_id, offering_id, need_id,"
    " opens) SELECT $1, $2, s.employee, s.course_id, s.offering_id, s.need_id, s.opens"
    " FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])"
    " AS s (employee, course_id, offering_id, need_id, opens)"};
constexpr postgres::Statement kSeats{
    "plan_seats",
    "SELECT employee, course_id, offering_id, need_id, opens FROM allocation_seats"
    " WHERE agency_id = $1 AND plan_id = $2 ORDER BY employee, course_id, offering_id"};
constexpr postgres::Statement kPayments{
    "plan_payments",
    "SELECT budget_id, amount FROM allocation_payments WHERE agency_id = $1 AND plan_id = $2"
    " ORDER BY budget_id"};
constexpr postgres::Statement kListDecisions{
    "plan_list_decisions",
    "SELECT position, need_id, employee, course_id, offering_id, refusal_code, reason_id, reason_en"
    " FROM allocation_decisions WHERE agency_id = $1 AND plan_id = $2 AND position > $3"
    " AND (NOT $4::boolean OR refusal_code <> '') ORDER BY position LIMIT $5"};

v1::AllocationPlan ToPlan(const AgencyId& agency, const pqxx::row& row) {
  v1::AllocationPlan plan;
  // First: what was stored holds the focuses, or the details, and nothing else.
  plan.ParseFromString(postgres::FromBytes(row[2]));
  plan.MergeFromString(postgres::FromBytes(row[16]));
  plan.set_name(NameOf<PlanKey>(agency, row[0].as<std::string>()));
  plan.set_fiscal_year(row[1].as<int>());
  plan.set_time_limit_seconds(row[3].as<int>());
  v1::AllocationPlan::State state = v1::AllocationPlan::STATE_UNSPECIFIED;
  v1::AllocationPlan::State_Parse(row[4].as<std::string>(), &state);
  plan.set_state(state);
  if (!row[13].is_null()) {
    *plan.mutable_objective() = postgres::ToDecimal(row[5]);
    *plan.mutable_bound() = postgres::ToDecimal(row[6]);
    *plan.mutable_gap_percent() = postgres::ToDecimal(row[7]);
    *plan.mutable_cost() = domain::ToMoney(row[8].as<std::int64_t>());
    *plan.mutable_budget() = domain::ToMoney(row[9].as<std::int64_t>());
    *plan.mutable_solve_time() = postgres::ToTimestamp(row[13]);
  }
  plan.set_needs(row[10].as<int>());
  plan.set_needs_met(row[11].as<int>());
  plan.set_offerings_held(row[12].as<int>());
  *plan.mutable_create_time() = postgres::ToTimestamp(row[14]);
  plan.set_etag(api::MakeEtag(row[15].as<std::int64_t>()));
  if (!row[17].is_null())
    plan.set_repaired_plan(NameOf<PlanKey>(agency, row[17].as<std::string>()));
  return plan;
}

std::string NumericText(const google::type::Decimal& value) {
  return value.value().empty() ? "0" : value.value();
}

v1::AllocationPlan DetailsOf(const v1::AllocationPlan& plan) {
  v1::AllocationPlan details;
  *details.mutable_budget_uses() = plan.budget_uses();
  *details.mutable_group_courses() = plan.group_courses();
  details.set_seats_kept(plan.seats_kept());
  details.set_seats_added(plan.seats_added());
  details.set_seats_removed(plan.seats_removed());
  return details;
}

}  // namespace

v1::AllocationPlan PlanStore::Insert(const PlanKey& key, const v1::AllocationPlan& plan) {
  v1::AllocationPlan focuses;
  *focuses.mutable_focuses() = plan.focuses();
  return ToPlan(key.agency,
                tx_.Exec(kInsert,
                         key.agency.value(),
                         key.id.value(),
                         plan.fiscal_year(),
                         postgres::ToBytes(focuses.SerializeAsString()),
                         plan.time_limit_seconds(),
                         postgres::ToText(tx_.call().time()),
                         api::IdOf(plan.repaired_plan()))[0]);
}

absl::StatusOr<v1::AllocationPlan> PlanStore::Get(const PlanKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToPlan(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::AllocationPlan>> PlanStore::List(const AgencyId& agency,
                                                                const std::string& after_id,
                                                                int limit) const {
  std::vector<v1::AllocationPlan> plans;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after_id, limit)) {
    plans.push_back(ToPlan(agency, row));
  }
  return plans;
}

absl::StatusOr<v1::AllocationPlan> PlanStore::Update(
    const PlanKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::AllocationPlan&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::AllocationPlan plan = ToPlan(key.agency, rows[0]);
  const bool solved_before = plan.has_solve_time();
  RETURN_IF_ERROR(change(plan));
  // Solving takes the time of the work that stores it; what comes afterwards keeps it.
  const std::string solve_time = plan.state() != v1::AllocationPlan::SOLVED && solved_before
                                     ? rows[0]["solve_time"].as<std::string>()
                                     : postgres::ToText(tx_.call().time());
  return ToPlan(key.agency,
                tx_.Exec(kUpdate,
                         key.agency.value(),
                         key.id.value(),
                         v1::AllocationPlan::State_Name(plan.state()),
                         NumericText(plan.objective()),
                         NumericText(plan.bound()),
                         NumericText(plan.gap_percent()),
                         plan.cost().units(),
                         plan.budget().units(),
                         plan.needs(),
                         plan.needs_met(),
                         plan.offerings_held(),
                         solve_time,
                         postgres::ToBytes(DetailsOf(plan).SerializeAsString()))[0]);
}

std::string PlanStore::BasisNow(const AgencyId& agency, int fiscal_year) const {
  return tx_.Exec(kBasisNow, agency.value(), fiscal_year)[0][0].as<std::string>();
}

std::string PlanStore::BasisOf(const PlanKey& key) const {
  return tx_.Exec(kBasisOf, key.agency.value(), key.id.value())[0][0].as<std::string>();
}

void PlanStore::StoreOutcome(const PlanKey& key,
                             const std::string& basis,
                             const domain::AllocationOutcome& outcome) {
  const std::string& agency = key.agency.value();
  const std::string& plan = key.id.value();
  tx_.Exec(kDeleteDecisions, agency, plan);
  tx_.Exec(kDeletePayments, agency, plan);
  tx_.Exec(kDeleteSeats, agency, plan);
  tx_.Exec(kSetBasis, agency, plan, basis);
  std::vector<std::string> needs, employees, courses, offerings, codes, reasons_id, reasons_en;
  for (const v1::AllocationDecision& decision : outcome.decisions) {
    const auto place = kOfferingName.Parse(decision.offering(), "offering");
    needs.push_back(api::IdOf(decision.need()));
    employees.push_back(decision.employee());
    courses.push_back(place.ok() ? (*place)[1] : "");
    offerings.push_back(place.ok() ? (*place)[2] : "");
    codes.push_back(decision.refusal_code());
    reasons_id.push_back(decision.reason_id());
    reasons_en.push_back(decision.reason_en());
  }
  tx_.Exec(kInsertDecisions,
           agency,
           plan,
           postgres::ToArray(needs),
           postgres::ToArray(employees),
           postgres::ToArray(courses),
           postgres::ToArray(offerings),
           postgres::ToArray(codes),
           postgres::ToArray(reasons_id),
           postgres::ToArray(reasons_en));
  StorePlaces(key, outcome.places);
  for (const domain::Payment& payment : outcome.payments) {
    tx_.Exec(kInsertPayment, agency, plan, api::IdOf(payment.budget), payment.amount);
  }
}

void PlanStore::StorePlaces(const PlanKey& key, const std::vector<domain::Place>& places) {
  std::vector<std::string> employees, courses, offerings, needs, opens;
  for (const domain::Place& place : places) {
    const auto ids = kOfferingName.Parse(place.offering, "offering");
    employees.push_back(place.employee);
    courses.push_back((*ids)[1]);
    offerings.push_back((*ids)[2]);
    needs.push_back(api::IdOf(place.need));
    opens.emplace_back(place.opens ? "t" : "f");
  }
  tx_.Exec(kInsertSeats,
           key.agency.value(),
           key.id.value(),
           postgres::ToArray(employees),
           postgres::ToArray(courses),
           postgres::ToArray(offerings),
           postgres::ToArray(needs),
           postgres::ToArray(opens));
}

std::vector<domain::Place> PlanStore::Places(const PlanKey& key) const {
  std::vector<domain::Place> places;
  for (const pqxx::row& row : tx_.Exec(kSeats, key.agency.value(), key.id.value())) {
    places.push_back({.employee = row[0].as<std::string>(),
                      .offering = kOfferingName.Format(
                          {key.agency.value(), row[1].as<std::string>(), row[2].as<std::string>()}),
                      .need = NameOf<NeedKey>(key.agency, row[3].as<std::string>()),
                      .opens = row[4].as<bool>()});
  }
  return places;
}

std::vector<domain::Payment> PlanStore::Payments(const PlanKey& key) const {
  std::vector<domain::Payment> payments;
  for (const pqxx::row& row : tx_.Exec(kPayments, key.agency.value(), key.id.value())) {
    payments.push_back({.budget = NameOf<BudgetKey>(key.agency, row[0].as<std::string>()),
                        .amount = row[1].as<std::int64_t>()});
  }
  return payments;
}

absl::StatusOr<std::vector<v1::AllocationDecision>> PlanStore::ListDecisions(const PlanKey& key,
                                                                             bool refused_only,
                                                                             int position,
                                                                             int limit) const {
  std::vector<v1::AllocationDecision> decisions;
  for (const pqxx::row& row : tx_.Exec(
           kListDecisions, key.agency.value(), key.id.value(), position, refused_only, limit)) {
    v1::AllocationDecision& decision = decisions.emplace_back();
    decision.set_name(
        kDecisionName.Format({key.agency.value(), key.id.value(), row[0].as<std::string>()}));
    decision.set_need(NameOf<NeedKey>(key.agency, row[1].as<std::string>()));
    decision.set_employee(row[2].as<std::string>());
    if (!row[4].is_null()) {
      decision.set_offering(kOfferingName.Format(
          {key.agency.value(), row[3].as<std::string>(), row[4].as<std::string>()}));
    }
    decision.set_refusal_code(row[5].as<std::string>());
    decision.set_reason_id(row[6].as<std::string>());
    decision.set_reason_en(row[7].as<std::string>());
  }
  return decisions;
}

}  // namespace teraju::training
