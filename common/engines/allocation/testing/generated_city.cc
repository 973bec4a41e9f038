#include "common/engines/allocation/testing/generated_city.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>

namespace teraju::allocation {
namespace {

constexpr int kUnitSize = 80;
constexpr int kLastStart = 240;
constexpr std::int64_t kHundredThousand = 100'000;
constexpr std::int64_t kMillion = 1'000'000;
const absl::CivilDay kYear(2026, 1, 5);

class Generator {
 public:
  explicit Generator(const CityShape& shape) : shape_(shape), random_(shape.seed) {}

  TrainingProblem Make() {
    const int units = shape_.persons / kUnitSize + 1;
    for (int person = 0; person < shape_.persons; ++person) AddPerson(person, Between(1, units));
    const int courses = shape_.offerings * 2 / 5 + 1;
    for (int course = 0; course < courses; ++course) {
      problem_.courses.emplace_back();
      std::vector<std::string>& topics = topics_.emplace_back();
      topics.push_back(Topic(WantedTopic()));
      const std::string other = Topic(Between(0, shape_.topics - 1));
      if (Between(0, 2) == 0 && other != topics[0]) topics.push_back(other);
    }
    std::int64_t cost_of_all = 0;
    for (int i = 0; i < shape_.offerings; ++i) {
      const Offering offering = MakeOffering(Between(0, courses - 1));
      cost_of_all += offering.seats * offering.cost_per_seat + offering.fixed_cost;
      problem_.offerings.push_back(offering);
    }
    const std::int64_t money = cost_of_all / 100 * shape_.budget_percent;
    problem_.budgets.push_back(money * 2 / 5);
    for (int unit = 0; unit < units; ++unit) problem_.budgets.push_back(money * 3 / 5 / units);
    return problem_;
  }

 private:
  // Both included.
  int Between(int least, int most) {
    return least + static_cast<int>(random_() % static_cast<std::uint32_t>(most - least + 1));
  }
  int WantedTopic() {
    return std::min(Between(0, shape_.topics - 1), Between(0, shape_.topics - 1));
  }
  static std::string Topic(int topic) { return "T" + std::to_string(topic); }

  void AddPerson(int person, int unit) {
    problem_.persons.push_back({.budgets = {0, unit}, .busy = {}, .units = {unit}});
    std::set<int> topics;
    for (int wishes = Between(1, 5); wishes > 0; --wishes) topics.insert(WantedTopic());
    for (const int topic : topics) {
      const Decimal weight(Integer(Between(10, 100)), 1);
      problem_.needs.push_back({.person = person, .topic = Topic(topic), .weight = weight});
    }
  }

  Offering MakeOffering(int course) {
    Offering offering;
    offering.topics = topics_[course];
    offering.days.first = kYear + Between(0, kLastStart);
    offering.days.last = offering.days.first + Between(0, 4);
    offering.seats = Between(15, 40);
    if (Between(0, 2) != 0) offering.minimum_participants = Between(5, 15);
    if (Between(0, 3) != 0) offering.cost_per_seat = Between(5, 60) * kHundredThousand;
    if (Between(0, 1) != 0) offering.fixed_cost = Between(5, 30) * kMillion;
    offering.budgets = {0};
    offering.course = course;
    return offering;
  }

  const CityShape& shape_;
  std::mt19937 random_;
  TrainingProblem problem_;
  std::vector<std::vector<std::string>> topics_;  // of each course
};

}  // namespace

TrainingProblem GeneratedCity(const CityShape& shape) { return Generator(shape).Make(); }

}  // namespace teraju::allocation
