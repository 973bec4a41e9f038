#include "services/training/store/budget_store.h"

#include "common/api/etag.h"
#include "common/postgres/codec.h"
#include "services/training/domain/rupiah.h"

namespace teraju::training {
namespace {

constexpr postgres::Sql kColumns =
    "budget_id, fiscal_year, source, unit, amount, committed, create_time, version";
constexpr postgres::Statement kInsert{
    "budget_insert",
    postgres::kSql<"INSERT INTO budgets (agency_id, budget_id, fiscal_year, source, unit, amount,"
                   " create_time) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING " +
                   kColumns>};
constexpr postgres::Statement kList{
    "budget_list",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM budgets WHERE agency_id = $1 AND ($2 = 0 OR fiscal_year = $2)"
                   " AND budget_id > $3 ORDER BY budget_id LIMIT $4">};
constexpr postgres::Statement kLockYear{"budget_lock_year",
                                        "SELECT 1 FROM budgets WHERE agency_id = $1"
                                        " AND fiscal_year = $2 ORDER BY budget_id FOR UPDATE"};
constexpr postgres::Statement kCommit{
    "budget_commit",
    "UPDATE budgets SET committed = committed + $3, version = version + 1"
    " WHERE agency_id = $1 AND budget_id = $2"};

v1::Budget ToBudget(const AgencyId& agency, const pqxx::row& row) {
  v1::Budget budget;
  budget.set_name(NameOf<BudgetKey>(agency, row[0].as<std::string>()));
  budget.set_fiscal_year(row[1].as<int>());
  budget.set_source(row[2].as<std::string>());
  budget.set_unit(row[3].as<std::string>());
  *budget.mutable_amount() = domain::ToMoney(row[4].as<std::int64_t>());
  *budget.mutable_committed() = domain::ToMoney(row[5].as<std::int64_t>());
  *budget.mutable_create_time() = postgres::ToTimestamp(row[6]);
  budget.set_etag(api::MakeEtag(row[7].as<std::int64_t>()));
  return budget;
}

}  // namespace

v1::Budget BudgetStore::Insert(const BudgetKey& key, const v1::Budget& budget) {
  return ToBudget(key.agency,
                  tx_.Exec(kInsert,
                           key.agency.value(),
                           key.id.value(),
                           budget.fiscal_year(),
                           budget.source(),
                           budget.unit(),
                           budget.amount().units(),
                           postgres::ToText(tx_.call().time()))[0]);
}

absl::StatusOr<std::vector<v1::Budget>> BudgetStore::List(const AgencyId& agency,
                                                          int fiscal_year,
                                                          const std::string& after_id,
                                                          int limit) const {
  std::vector<v1::Budget> budgets;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), fiscal_year, after_id, limit)) {
    budgets.push_back(ToBudget(agency, row));
  }
  return budgets;
}

void BudgetStore::LockYear(const AgencyId& agency, int fiscal_year) {
  tx_.Exec(kLockYear, agency.value(), fiscal_year);
}

void BudgetStore::Commit(const std::vector<domain::Payment>& payments) {
  for (const domain::Payment& payment : payments) {
    tx_.Exec(kCommit,
             std::string(api::AgencyOf(payment.budget)),
             api::IdOf(payment.budget),
             payment.amount);
  }
}

}  // namespace teraju::training
