// Answers of raters about ratees: what the rater model, the graph and the diagnostics work on.
#pragma once

#include <vector>

namespace teraju::statistics {

// All but the value are indices from 0; who they are is the caller's business.
struct Rating {
  int ratee = 0;
  int rater = 0;
  double value = 0;
  int item = 0;
  int group = 0;   // the rater's relation to the ratee: superior, peer, ...
  int period = 0;  // for drift only
};

struct Ratings {
  int ratees = 0;
  int raters = 0;
  int items = 1;
  int groups = 1;
  std::vector<Rating> answers;  // in any order; a rater may answer about a ratee more than once
};

}  // namespace teraju::statistics
