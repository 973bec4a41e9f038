#include "services/evaluation/api/weakness_readers.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/engines/text.h"

namespace teraju::evaluation {
namespace {

using auth::Reach;
using Kind = v1::WeaknessKind;

constexpr WeaknessSource kSources[] = {
    {Kind::COMPETENCY_GAPS,
     "evaluation.competencyAssessments.get",
     "Kesenjangan kompetensi",
     "Competency gaps",
     "competencyAssessments",
     "evaluation"},
    {Kind::TRAINING_NEEDS,
     "training.needs.list",
     "Kebutuhan pengembangan",
     "Training needs",
     "",
     "training"},
    {Kind::FEEDBACK_NOTES,
     "evaluation.feedbackNotes.list",
     "Catatan umpan balik",
     "Feedback notes",
     "feedbackNotes",
     "evaluation"},
    {Kind::FEEDBACK_REPORTS,
     "feedback.reports.get",
     "Laporan umpan balik 360 derajat",
     "360-degree feedback reports",
     "",
     "feedback"},
    {Kind::APPRAISAL_RESULTS,
     "evaluation.evaluations.get",
     "Hasil penilaian kinerja",
     "Appraisal results",
     "evaluations",
     "evaluation"},
    {Kind::ANNUAL_RESULTS,
     "evaluation.annualResults.get",
     "Hasil tahunan",
     "Annual results",
     "annualResults",
     "evaluation"},
    {Kind::DEVELOPMENT_PROGRAMMES,
     "evaluation.developmentProgrammes.get",
     "Program pengembangan",
     "Development programmes",
     "developmentProgrammes",
     "evaluation"},
};

// What people call the roles that are held by a binding.
Text RoleWords(const std::string& role) {
  static const std::map<std::string, Text> words = {
      {"agency_admin", {"Administrator instansi", "Administrator of the agency"}},
      {"regional_hr", {"Pengelola kepegawaian instansi", "HR office of the agency"}},
      {"unit_hr", {"Pengelola kepegawaian unit Anda", "HR of your unit"}},
      {"appraisal_team", {"Tim penilai kinerja", "Appraisal team"}},
      {"inspector", {"Pengawas (inspektorat)", "Inspector"}},
      {"hr_system", {"Sistem kepegawaian instansi", "HR system of the agency"}},
      {"other_agency", {"Instansi lain menurut perjanjian", "Other agency by a sharing agreement"}},
      {"service", {"Layanan lain dari sistem ini", "Other services of this system"}},
      {"operator", {"Operator sistem", "Operator of the system"}},
  };
  const auto found = words.find(role);
  return found == words.end() ? Text{role, role} : found->second;
}

// A person's own roles reach by relation; the words say which. A reach that names no relation is a
// grant to everybody who holds the role.
struct ReachWords {
  std::string_view name;
  Text relation;  // of a person who holds no binding
};

ReachWords WordsOf(Reach reach) {
  switch (reach) {
    case Reach::kSelf:
      return {"self", {"Anda sendiri", "Yourself"}};
    case Reach::kAppraiser:
      return {"appraiser", {"Pejabat penilai Anda", "Your appraiser"}};
    case Reach::kNext:
      return {"next", {"Atasan pejabat penilai Anda", "Your appraiser's superior"}};
    case Reach::kRater:
      return {"rater", {"Penilai yang ditunjuk", "Assigned raters"}};
    case Reach::kSubtree:
      return {"subtree", {"Semua di unit Anda", "Everybody of your unit"}};
    case Reach::kAgency:
      return {"agency", {"Semua di instansi", "Everybody of the agency"}};
    case Reach::kWhole:
      return {"whole", {"Semua di instansi", "Everybody of the agency"}};
    case Reach::kAny:
      return {"any", {"Semua", "Everybody"}};
  }
  return {"", {}};
}

bool IsPersonal(const std::string& role) { return role == "employee" || role == "official"; }

}  // namespace

std::span<const WeaknessSource> WeaknessSources() { return kSources; }

std::vector<v1::WeaknessReader> ReadersOf(const auth::PermissionTable& table,
                                          std::string_view permission) {
  std::vector<v1::WeaknessReader> readers;
  for (const auth::Grant& grant : table.GrantsOf(permission)) {
    for (const Reach reach : grant.reaches) {
      const ReachWords reached = WordsOf(reach);
      const Text text = IsPersonal(grant.role) ? reached.relation : RoleWords(grant.role);
      v1::WeaknessReader& reader = readers.emplace_back();
      reader.set_role(grant.role);
      reader.set_reach(std::string(reached.name));
      reader.set_text_id(text.id);
      reader.set_text_en(text.en);
    }
  }
  return readers;
}

}  // namespace teraju::evaluation
