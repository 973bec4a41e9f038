// Remarks on the wording and the figures of an indicator, for whoever writes or approves it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "teraju/catalog/v1/catalog_service.pb.h"

namespace teraju::catalog::domain {

// An indicator that exists, to compare with.
struct KnownIndicator {
  std::string name;
  std::string title;
};

// What is missing, what contradicts itself, what measures an activity instead of a result, what is
// nearly the same as something that exists. Never refuses: a person decides.
std::vector<v1::LintRemark> LintIndicator(const v1::LintIndicatorRequest& indicator,
                                          std::span<const KnownIndicator> known);

// How much two titles have in common, 0 to 1: the Jaccard index of the letter triples of their
// words, in lower case, without filling words.
double Likeness(std::string_view a, std::string_view b);

}  // namespace teraju::catalog::domain
