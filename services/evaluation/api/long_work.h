// The long-running work of this service, by the kind that operations name.
#pragma once

#include <map>
#include <string>

#include "common/operations/operations.h"
#include "services/evaluation/api/open_cycle.h"
#include "services/evaluation/api/publish_period.h"
#include "services/evaluation/api/recompute_cycle.h"
#include "services/evaluation/api/score_period.h"

namespace teraju::evaluation {

inline constexpr char kOpenCycle[] = "open_cycle";
inline constexpr char kScorePeriod[] = "score_period";
inline constexpr char kPublishPeriod[] = "publish_period";
inline constexpr char kRecomputeCycle[] = "recompute_cycle";

inline std::map<std::string, operations::Handler> LongWork(postgres::Database& database,
                                                           IdentityClient& identity,
                                                           FeedbackClient& feedback) {
  return {{kOpenCycle,
           [open = OpenCycleWork(database, identity)](operations::Work& work) {
             return open.Run(work);
           }},
          {kScorePeriod,
           [score = ScorePeriodWork(database, feedback)](operations::Work& work) {
             return score.Run(work);
           }},
          {kPublishPeriod,
           [publish = PublishPeriodWork(database)](operations::Work& work) {
             return publish.Run(work);
           }},
          {kRecomputeCycle, [recompute = RecomputeCycleWork(database)](operations::Work& work) {
             return recompute.Run(work);
           }}};
}

}  // namespace teraju::evaluation
