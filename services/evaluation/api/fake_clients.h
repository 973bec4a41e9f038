// Evaluation's peers as its API tests have them: each answers what the test puts into it.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/errors/error.h"
#include "common/time/period.h"
#include "gmock/gmock.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/clients/feedback_client.h"
#include "services/evaluation/clients/identity_client.h"
#include "services/evaluation/clients/people_client.h"

namespace teraju::evaluation {

// Pages of two segments, so that opening takes several steps.
class FakeIdentity final : public IdentityClient {
 public:
  absl::StatusOr<SegmentPage> ListSegments(const CallContext&, const SegmentQuery& query) override {
    const std::size_t from = query.page_token.empty() ? 0 : std::stoul(query.page_token);
    SegmentPage page;
    if (!available) return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "away");
    if (!query.employees.empty()) {
      for (const v1::Snapshot& segment : segments) {
        if (std::count(query.employees.begin(), query.employees.end(), segment.employee()) > 0)
          page.segments.push_back(segment);
      }
      return page;
    }
    for (std::size_t i = from; i < segments.size() && i < from + page_size; ++i)
      page.segments.push_back(segments[i]);
    if (from + page_size < segments.size()) page.next_page_token = std::to_string(from + page_size);
    return page;
  }
  std::vector<v1::Snapshot> segments;
  std::size_t page_size = 2;
  bool available = true;
};

class FakeCatalog final : public CatalogClient {
 public:
  absl::StatusOr<bool> IsGoalPublished(const CallContext&, const std::string& goal) override {
    if (!available) return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "away");
    return goals.contains(goal);
  }
  absl::StatusOr<std::optional<std::string>> FindIndicatorRevision(
      const CallContext&, const std::string& indicator) override {
    const auto found = indicators.find(indicator);
    if (found == indicators.end()) return std::nullopt;
    return found->second;
  }
  absl::StatusOr<std::optional<std::string>> FindTitle(const CallContext&,
                                                       const std::string& name) override {
    return "Judul " + name.substr(name.rfind('/') + 1);
  }
  absl::StatusOr<std::vector<domain::CascadeGoal>> ListGoals(const CallContext&,
                                                             const std::string&) override {
    std::vector<domain::CascadeGoal> listed;
    for (const std::string& goal : goals) listed.push_back({goal, "Sasaran", "", {}});
    return listed;
  }
  absl::StatusOr<std::vector<domain::BehaviorGuides>> ListBehaviors(const CallContext&,
                                                                    const std::string&) override {
    return std::vector<domain::BehaviorGuides>{
        {"KOLABORATIF", {"Kolaboratif", "Collaborative"}, {"Memberi kesempatan"}}};
  }
  absl::StatusOr<std::vector<domain::CompetencyStandard>> ListCompetencyStandards(
      const CallContext&, const std::string&) override {
    if (!available) return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "away");
    return standards;
  }
  absl::StatusOr<std::optional<PackRevision>> FindPackRevision(
      const CallContext&, const std::string& revision) override {
    if (!available) return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "away");
    const auto found = packs.find(revision);
    if (found == packs.end()) return std::nullopt;
    return found->second;
  }
  std::map<std::string, PackRevision> packs;
  std::vector<domain::CompetencyStandard> standards;
  std::set<std::string> goals;
  std::map<std::string, std::string> indicators;
  bool available = true;
};

class FakePeople final : public PeopleClient {
 public:
  absl::StatusOr<domain::PersonCard> GetCard(const CallContext&,
                                             const std::string& person,
                                             const std::string& unit,
                                             const google::type::Date& date) override {
    day_asked = date.day();
    domain::PersonCard card;
    card.name = "Nama " + person.substr(person.rfind('/') + 1);
    card.nip = "198001012005011001";
    card.grade = grade;
    card.unit = unit.empty() ? "" : "Dinas Pendidikan";
    if (const auto found = emails.find(person); found != emails.end()) card.email = found->second;
    return card;
  }
  absl::StatusOr<std::string> FindByNip(const CallContext&,
                                        const std::string& agency,
                                        const std::string& nip) override {
    EXPECT_EQ(agency, "agencies/plaju");
    const auto found = nips.find(nip);
    return found == nips.end() ? "" : found->second;
  }
  absl::StatusOr<std::map<std::string, std::string>> ListUnitNames(
      const CallContext&, const std::string&, const google::type::Date&) override {
    if (!available) return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "away");
    return std::map<std::string, std::string>{{"agencies/plaju/units/dinas", "Dinas Pendidikan"},
                                              {"agencies/plaju/units/kota", "Kota Plaju"}};
  }
  absl::StatusOr<std::map<std::string, domain::PersonTraits>> ListTraits(
      const CallContext&, const std::string&) override {
    if (!available) return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "away");
    return traits;
  }
  bool available = true;
  std::map<std::string, domain::PersonTraits> traits;  // by name
  std::map<std::string, std::string> emails;           // by name
  std::string grade;
  std::map<std::string, std::string> nips;  // employee by NIP
  std::atomic<int> day_asked = 0;           // of the month, of the last card
};

class FakeFeedback final : public FeedbackClient {
 public:
  absl::StatusOr<FeedbackPage> ListReports(const CallContext&,
                                           const std::string&,
                                           const std::string& token) override {
    const std::size_t at = token.empty() ? 0 : std::stoul(token);
    FeedbackPage page;
    if (at < reports.size()) page.reports.push_back(reports[at]);
    if (at + 1 < reports.size()) page.next_page_token = std::to_string(at + 1);
    return page;
  }
  absl::StatusOr<std::vector<domain::SurveyIndex>> ListSurveyResults(const CallContext&,
                                                                     const std::string&) override {
    return surveys;
  }
  std::vector<FeedbackReport> reports;
  std::vector<domain::SurveyIndex> surveys;
};

}  // namespace teraju::evaluation
