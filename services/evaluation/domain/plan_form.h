// The printable form of a work plan (SKP, PermenPANRB 6/2022) as an HTML page.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/engines/text.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// How a person stands in the head of the form.
struct PersonCard {
  std::string name;
  std::string nip;
  std::string grade;
  std::string echelon;
  std::string post;
  std::string unit;
  std::string email;  // empty where none is known
};

// A behaviour that the agency expects, with its guides (panduan perilaku).
struct BehaviorGuides {
  std::string id;
  Text title;
  std::vector<std::string> guides;
};

struct PlanForm {
  const v1::WorkPlan& plan;
  PersonCard person;
  PersonCard appraiser;
  // Of what items support, by name.
  std::map<std::string, std::string> titles;
  std::vector<BehaviorGuides> behaviors;
  Language language = Language::kIndonesian;
};

// A whole page without scripts or outside resources, for A4 landscape; text is escaped.
std::string RenderPlanForm(const PlanForm& form);

}  // namespace teraju::evaluation::domain
