#include "common/engines/allocation/cli/problem_file.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/engines/allocation/cli/json_fields.h"
#include "common/engines/rules/json.h"

namespace teraju::allocation {
namespace {

// Five thousand people with their needs are a few megabytes.
constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::int64_t kMostMoney = 1'000'000'000'000'000;
constexpr int kMostSeats = 1'000'000;
constexpr int kWeightDigits = 6;
constexpr int kEffectDigits = 3;
const Decimal kMostWeight = 1'000'000;

// Ids of one kind, by position.
class Ids {
 public:
  void Add(const JsonFields& at, const std::string& id) {
    if (!positions_.emplace(id, static_cast<int>(positions_.size())).second) {
      at.Fail("id",
              {"Id ini dipakai dua kali; beri setiap id satu arti.",
               "This id is used twice; let each stand for one thing."});
    }
  }
  int Of(const JsonFields& at, std::string_view field, const std::string& id) const {
    const auto found = positions_.find(id);
    if (found != positions_.end()) return found->second;
    at.Fail(field,
            {"Rujukan tidak ada; sebut id yang ada dalam berkas ini.",
             "The reference does not exist; name an id of this file."});
    return 0;
  }
  std::vector<int> AllOf(const JsonFields& at, std::string_view field) const {
    std::vector<int> positions;
    for (const std::string& id : at.Texts(field)) positions.push_back(Of(at, field, id));
    return positions;
  }

 private:
  std::map<std::string, int> positions_;
};

class Reader {
 public:
  Reader(const rules::Json& json, ProblemReading& reading)
      : root_(json, "", reading.faults), file_(reading.file), problem_(reading.file.problem) {}

  void Read() {
    const bool object = root_.Allow({"units",
                                     "budgets",
                                     "persons",
                                     "needs",
                                     "courses",
                                     "offerings",
                                     "coverage",
                                     "hour_weight",
                                     "kept",
                                     "kept_weight"});
    if (!object) return;
    ReadUnits();
    ReadBudgets();
    ReadCourses();
    ReadPersons();
    ReadNeeds();
    ReadOfferings();
    ReadCoverage();
    problem_.hour_weight = root_.Number("hour_weight", kMostWeight, kWeightDigits, true, 0);
    ReadKept();
  }

 private:
  void ReadUnits() {
    const std::vector<JsonFields> units = root_.List("units");
    for (const JsonFields& unit : units) {
      if (unit.Allow({"id", "parent"})) units_.Add(unit, unit.Text("id"));
    }
    parents_.assign(units.size(), -1);
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (units[i].Has("parent")) {
        parents_[i] = units_.Of(units[i], "parent", units[i].Text("parent"));
      }
    }
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (PathOf(static_cast<int>(i)).empty()) {
        units[i].Fail("parent",
                      {"Unit berada di bawah dirinya sendiri; putuskan lingkarannya.",
                       "The unit is below itself; break the circle."});
        parents_[i] = -1;
      }
    }
  }

  // The unit and those above it; empty where that never ends.
  std::vector<int> PathOf(int unit) const {
    std::vector<int> path;
    for (; unit >= 0; unit = parents_[unit]) {
      if (path.size() > parents_.size()) return {};
      path.push_back(unit);
    }
    return path;
  }

  void ReadBudgets() {
    for (const JsonFields& budget : root_.List("budgets")) {
      if (!budget.Allow({"id", "name", "source", "unit", "amount"})) continue;
      const std::string id = budget.Text("id");
      budgets_.Add(budget, id);
      file_.budgets.push_back(id);
      const std::string source = budget.Text("source", "");
      file_.names.budgets.push_back(
          budget.Text("name", source.empty() ? id : absl::StrCat(id, " (", source, ")")));
      budget_units_.push_back(budget.Has("unit") ? units_.Of(budget, "unit", budget.Text("unit"))
                                                 : -1);
      problem_.budgets.push_back(budget.Whole("amount", 0, kMostMoney));
    }
  }

  void ReadCourses() {
    const std::vector<JsonFields> courses = root_.List("courses");
    for (const JsonFields& course : courses) {
      if (!course.Allow({"id", "name", "topics", "hours", "effect", "prerequisites"})) continue;
      const std::string id = course.Text("id");
      courses_.Add(course, id);
      Offering& common = of_course_.emplace_back();
      course_names_.push_back(course.Text("name", id));
      common.topics = course.Texts("topics");
      common.hours = static_cast<int>(course.Whole("hours", 0, kMostSeats, 0));
      common.effect = course.Number("effect", 1, kEffectDigits, false, 1);
    }
    if (of_course_.size() != courses.size()) return;
    for (const JsonFields& course : courses) {
      problem_.courses.push_back({.prerequisites = courses_.AllOf(course, "prerequisites")});
    }
  }

  void ReadPersons() {
    for (const JsonFields& at : root_.List("persons")) {
      if (!at.Allow({"id", "unit", "busy", "completed", "hours_missing", "hours_limit"})) continue;
      const std::string id = at.Text("id");
      persons_.Add(at, id);
      file_.persons.push_back(id);
      TrainingPerson& person = problem_.persons.emplace_back();
      if (at.Has("unit")) person.units = PathOf(units_.Of(at, "unit", at.Text("unit")));
      for (std::size_t i = 0; i < budget_units_.size(); ++i) {
        const bool pays = budget_units_[i] < 0 ||
                          std::find(person.units.begin(), person.units.end(), budget_units_[i]) !=
                              person.units.end();
        if (pays) person.budgets.push_back(static_cast<int>(i));
      }
      ReadBusy(at, person);
      person.completed = courses_.AllOf(at, "completed");
      person.hours_missing = static_cast<int>(at.Whole("hours_missing", 0, kMostSeats, 0));
      person.hours_limit = static_cast<int>(at.Whole("hours_limit", 0, kUnlimited, kUnlimited));
    }
  }

  void ReadBusy(const JsonFields& at, TrainingPerson& person) {
    for (const JsonFields& busy : at.List("busy")) {
      if (!busy.Allow({"first_day", "last_day"})) continue;
      person.busy.push_back(ReadDays(busy));
    }
  }

  static Days ReadDays(const JsonFields& at) {
    const Days days = {.first = at.Day("first_day"), .last = at.Day("last_day")};
    if (days.last < days.first) {
      at.Fail("last_day",
              {"Hari terakhir sebelum hari pertama; tukar keduanya.",
               "The last day is before the first; swap them."});
    }
    return days;
  }

  void ReadNeeds() {
    for (const JsonFields& need : root_.List("needs")) {
      if (!need.Allow({"person", "topic", "weight", "reason"})) continue;
      problem_.needs.push_back(
          {.person = persons_.Of(need, "person", need.Text("person")),
           .topic = need.Text("topic"),
           .weight = need.Number("weight", kMostWeight, kWeightDigits, false)});
      file_.need_reasons.push_back(need.Text("reason", ""));
    }
  }

  void ReadOfferings() {
    for (const JsonFields& at : root_.List("offerings")) {
      const bool object = at.Allow({"id",
                                    "course",
                                    "first_day",
                                    "last_day",
                                    "seats",
                                    "minimum_participants",
                                    "cost_per_seat",
                                    "fixed_cost",
                                    "budgets",
                                    "units",
                                    "for_hours",
                                    "classes",
                                    "group_course",
                                    "provider"});
      if (!object) continue;
      const std::string id = at.Text("id");
      offerings_.Add(at, id);
      file_.offerings.push_back(id);
      const int course = courses_.Of(at, "course", at.Text("course"));
      Offering offering;
      if (course < static_cast<int>(of_course_.size())) offering = of_course_[course];
      offering.course = course;
      offering.days = ReadDays(at);
      FillOffering(at, offering);
      problem_.offerings.push_back(offering);
      const std::string provider = at.Text("provider", "");
      const std::string name =
          course < static_cast<int>(course_names_.size()) ? course_names_[course] : "";
      file_.names.offerings.push_back(
          absl::StrCat("\"", name, "\" (", id, provider.empty() ? "" : ", ", provider, ")"));
    }
  }

  void FillOffering(const JsonFields& at, Offering& offering) {
    offering.seats = static_cast<int>(at.Whole("seats", 0, kMostSeats));
    offering.minimum_participants =
        static_cast<int>(at.Whole("minimum_participants", 0, kMostSeats, 0));
    offering.cost_per_seat = at.Whole("cost_per_seat", 0, kMostMoney, 0);
    offering.fixed_cost = at.Whole("fixed_cost", 0, kMostMoney, 0);
    offering.classes = static_cast<int>(at.Whole("classes", 1, kMostSeats, 1));
    offering.for_hours = at.Flag("for_hours");
    offering.proposed = at.Flag("group_course");
    offering.units = units_.AllOf(at, "units");
    offering.seat_budgets = budgets_.AllOf(at, "budgets");
    offering.budgets = offering.seat_budgets;
    if (!offering.budgets.empty()) return;
    for (std::size_t i = 0; i < budget_units_.size(); ++i) {
      if (budget_units_[i] < 0) offering.budgets.push_back(static_cast<int>(i));
    }
  }

  void ReadCoverage() {
    for (const JsonFields& target : root_.List("coverage")) {
      if (!target.Allow({"unit", "topic", "persons", "weight"})) continue;
      const std::string unit = target.Text("unit");
      file_.coverage_units.push_back(unit);
      problem_.coverage.push_back(
          {.unit = units_.Of(target, "unit", unit),
           .topic = target.Text("topic", ""),
           .persons = static_cast<int>(target.Whole("persons", 0, kMostSeats)),
           .weight = target.Number("weight", kMostWeight, kWeightDigits, true)});
    }
  }

  void ReadKept() {
    for (const JsonFields& seat : root_.List("kept")) {
      if (!seat.Allow({"person", "offering"})) continue;
      const Seat kept = {.person = persons_.Of(seat, "person", seat.Text("person")),
                         .offering = offerings_.Of(seat, "offering", seat.Text("offering"))};
      if (!kept_.insert(kept).second) {
        seat.Fail("",
                  {"Tempat ini disebut dua kali; hapus salah satu.",
                   "This seat is named twice; remove one."});
      }
      problem_.kept.push_back(kept);
    }
    if (root_.Has("kept_weight")) {
      problem_.kept_weight = root_.Number("kept_weight", kMostWeight, kWeightDigits, true);
    }
  }

  const JsonFields root_;
  ProblemFile& file_;
  TrainingProblem& problem_;
  Ids units_, budgets_, courses_, persons_, offerings_;
  std::set<Seat> kept_;
  std::vector<int> parents_;       // of each unit
  std::vector<int> budget_units_;  // of each budget; -1: for everybody
  std::vector<Offering> of_course_;
  std::vector<std::string> course_names_;
};

}  // namespace

ProblemReading ReadProblem(std::string_view json) {
  ProblemReading reading;
  const auto parsed = rules::ParseJson(json, kMostBytes);
  if (!parsed.ok()) {
    const std::string message(parsed.status().message());
    reading.faults.push_back(
        {.line = 0,
         .field = "",
         .text = {"Bukan JSON; perbaiki: " + message, "Not JSON; correct this: " + message}});
    return reading;
  }
  Reader(*parsed, reading).Read();
  return reading;
}

}  // namespace teraju::allocation
