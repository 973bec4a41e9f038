#include "common/engines/allocation/mip.h"

#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <mutex>
#include <string>

#include "common/errors/error.h"

namespace teraju::allocation {
namespace {

// Both solvers minimise.
constexpr double kMinimise = 1;
// Of ClpSolve: `usePrimal`, and what it takes for its own choice.
constexpr int kPrimalSimplex = 1;
constexpr int kDefaultExtra = -1;

using ClpModel = std::unique_ptr<Clp_Simplex, decltype(&Clp_deleteModel)>;
using ClpOptions = std::unique_ptr<Clp_Solve, decltype(&ClpSolve_delete)>;
using CbcModel = std::unique_ptr<Cbc_Model, decltype(&Cbc_deleteModel)>;

std::vector<double> Negated(std::vector<double> values) {
  for (double& value : values) value = -value;
  return values;
}

// CBC takes over SIGINT and keeps global state: one run at a time, and the handler as it was
// afterwards.
class ExclusiveRun {
 public:
  ExclusiveRun() : lock_(Mutex()) { sigaction(SIGINT, nullptr, &before_); }
  ~ExclusiveRun() { sigaction(SIGINT, &before_, nullptr); }
  ExclusiveRun(const ExclusiveRun&) = delete;
  ExclusiveRun& operator=(const ExclusiveRun&) = delete;

 private:
  static std::mutex& Mutex() {
    static auto* const mutex = new std::mutex;
    return *mutex;
  }
  std::lock_guard<std::mutex> lock_;
  struct sigaction before_;
};

}  // namespace

int Mip::AddColumn(double lower, double upper, double gain, bool integer) {
  lower_.push_back(lower);
  upper_.push_back(upper);
  gains_.push_back(gain);
  integer_.push_back(integer);
  return columns() - 1;
}

int Mip::AddRow(double lower, double upper, const std::vector<Term>& terms) {
  row_lower_.push_back(lower);
  row_upper_.push_back(upper);
  terms_.push_back(terms);
  return rows() - 1;
}

Mip::Columns Mip::ByColumn() const {
  Columns columns;
  columns.starts.assign(gains_.size() + 1, 0);
  for (const auto& row : terms_) {
    for (const Term& term : row) ++columns.starts[static_cast<std::size_t>(term.column) + 1];
  }
  for (std::size_t i = 1; i < columns.starts.size(); ++i)
    columns.starts[i] += columns.starts[i - 1];
  columns.rows.resize(static_cast<std::size_t>(columns.starts.back()));
  columns.values.resize(columns.rows.size());
  std::vector<int> next = columns.starts;
  for (std::size_t row = 0; row < terms_.size(); ++row) {
    for (const Term& term : terms_[row]) {
      const auto at = static_cast<std::size_t>(next[static_cast<std::size_t>(term.column)]++);
      columns.rows[at] = static_cast<int>(row);
      columns.values[at] = term.value;
    }
  }
  return columns;
}

Mip::Relaxation Mip::Relax(double seconds) const {
  const Columns columns_of = ByColumn();
  const std::vector<double> costs = Negated(gains_);
  const ClpModel model(Clp_newModel(), Clp_deleteModel);
  Clp_setLogLevel(model.get(), 0);
  Clp_loadProblem(model.get(),
                  columns(),
                  rows(),
                  columns_of.starts.data(),
                  columns_of.rows.data(),
                  columns_of.values.data(),
                  lower_.data(),
                  upper_.data(),
                  costs.data(),
                  row_lower_.data(),
                  row_upper_.data());
  Clp_setOptimizationDirection(model.get(), kMinimise);
  Clp_setMaximumSeconds(model.get(), seconds);
  const ClpOptions options(ClpSolve_new(), ClpSolve_delete);
  // Doing nothing is a solution, so that the primal method starts where others have to arrive.
  ClpSolve_setSolveType(options.get(), kPrimalSimplex, kDefaultExtra);
  Clp_initialSolveWithOptions(model.get(), options.get());
  Relaxation relaxation;
  relaxation.solved = Clp_isProvenOptimal(model.get()) != 0;
  if (relaxation.solved) relaxation.bound = -Clp_getObjValue(model.get());
  const double* values = Clp_getColSolution(model.get());
  relaxation.columns.assign(values, values + columns());
  const double* prices = Clp_getRowPrice(model.get());
  relaxation.row_prices = Negated({prices, prices + rows()});
  return relaxation;
}

absl::StatusOr<Mip::Solution> Mip::Solve(const MipLimits& limits,
                                         const std::vector<Term>& start) const {
  const ExclusiveRun run;
  const Columns columns_of = ByColumn();
  const std::vector<double> costs = Negated(gains_);
  const CbcModel model(Cbc_newModel(), Cbc_deleteModel);
  Cbc_setLogLevel(model.get(), 0);
  Cbc_loadProblem(model.get(),
                  columns(),
                  rows(),
                  columns_of.starts.data(),
                  columns_of.rows.data(),
                  columns_of.values.data(),
                  lower_.data(),
                  upper_.data(),
                  costs.data(),
                  row_lower_.data(),
                  row_upper_.data());
  for (int column = 0; column < columns(); ++column) {
    if (integer_[static_cast<std::size_t>(column)]) Cbc_setInteger(model.get(), column);
  }
  Cbc_setObjSense(model.get(), kMinimise);
  Cbc_setParameter(model.get(), "ratioGap", std::to_string(limits.relative_gap).c_str());
  Cbc_setParameter(model.get(), "timeMode", "elapsed");
  Cbc_setParameter(model.get(), "seconds", std::to_string(limits.seconds).c_str());
  if (!start.empty()) {
    std::vector<int> indexes;
    std::vector<double> values;
    for (const Term& term : start) {
      indexes.push_back(term.column);
      values.push_back(term.value);
    }
    Cbc_setMIPStartI(model.get(), static_cast<int>(start.size()), indexes.data(), values.data());
  }
  Cbc_solve(model.get());
  if (Cbc_isAbandoned(model.get()) != 0 || Cbc_isProvenInfeasible(model.get()) != 0) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "The programme was not solved.");
  }
  Solution solution;
  solution.bound = -Cbc_getBestPossibleObjValue(model.get());
  const double* values = Cbc_bestSolution(model.get());
  if (values == nullptr) return solution;
  solution.columns.assign(values, values + columns());
  if (Cbc_isProvenOptimal(model.get()) != 0) {
    // What was cut off within the gap could have been better by as much.
    const double objective = -Cbc_getObjValue(model.get());
    solution.bound = std::max(solution.bound, objective * (1 + limits.relative_gap));
  }
  return solution;
}

}  // namespace teraju::allocation
