#include "services/evaluation/api/open_cycle.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/api/strong_id.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/store/cycle_store.h"
#include "teraju/evaluation/v1/cycles_service.pb.h"

namespace teraju::evaluation {
namespace {

// `{segments done} {token of the next page}`; without a token every page is done.
struct Checkpoint {
  explicit Checkpoint(const std::string& text) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits(' ', 1));
    started = !text.empty() && absl::SimpleAtoi(parts.first, &done);
    page_token = parts.second;
  }
  std::string ToString() const { return absl::StrCat(done, " ", page_token); }
  bool finished() const { return started && page_token.empty(); }

  bool started = false;
  std::int64_t done = 0;
  std::string page_token;
};

}  // namespace

absl::StatusOr<Additions> AdditionsOf(const v1::Cycle& cycle,
                                      std::vector<v1::Snapshot> segments,
                                      absl::Time now) {
  Additions additions;
  for (v1::Snapshot& segment : segments) {
    ASSIGN_OR_RETURN(const std::vector<std::string> periods, domain::OpenPeriodsOf(cycle, segment));
    for (const std::string& period : periods) {
      additions.evaluations.push_back(
          {.id = NewUuid7(now), .plan = additions.plans.size(), .period = period});
    }
    additions.plans.push_back({.id = NewUuid7(now), .snapshot = std::move(segment)});
  }
  return additions;
}

absl::Status OpenCycleWork::AddPages(operations::Work& work,
                                     const v1::Cycle& cycle,
                                     const std::string& unit) const {
  const CycleKey key{work.agency(), IdOf(cycle.name())};
  Checkpoint at(work.checkpoint());
  while (!at.finished()) {
    ASSIGN_OR_RETURN(SegmentPage page,
                     identity_.ListSegments(work.call(),
                                            {.agency = work.agency(),
                                             .start_date = cycle.start_date(),
                                             .end_date = cycle.end_date(),
                                             .unit = unit,
                                             .employees = {},
                                             .page_token = at.page_token}));
    at.started = true;
    at.done += static_cast<std::int64_t>(page.segments.size());
    at.page_token = page.next_page_token;
    ASSIGN_OR_RETURN(const Additions additions,
                     AdditionsOf(cycle, std::move(page.segments), work.call().time()));
    const std::int64_t total = at.finished() ? at.done : 0;
    RETURN_IF_ERROR(
        work.Step(at.ToString(), at.done, total, [&](postgres::Transaction& tx) -> absl::Status {
          OpeningStore(tx).Add(key, additions.plans, additions.evaluations);
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> OpenCycleWork::Run(
    operations::Work& work) const {
  v1::OpenCycleRequest request;
  if (!work.request().UnpackTo(&request))
    return absl::InternalError("The operation holds another request.");
  ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request.name(), "name"));
  ASSIGN_OR_RETURN(const v1::Cycle cycle,
                   database_.Read(work.call(), [&](postgres::Transaction& tx) {
                     return CycleStore(tx).Get(key);
                   }));
  RETURN_IF_ERROR(domain::CheckOpenable(cycle));
  RETURN_IF_ERROR(AddPages(work, cycle, request.unit()));

  const std::int64_t done = Checkpoint(work.checkpoint()).done;
  auto opened = std::make_unique<v1::Cycle>();
  RETURN_IF_ERROR(
      work.Step(work.checkpoint(), done, done, [&](postgres::Transaction& tx) -> absl::Status {
        ASSIGN_OR_RETURN(*opened,
                         CycleStore(tx).Update(
                             key, api::Precondition::None(), [](v1::Cycle& open) -> absl::Status {
                               RETURN_IF_ERROR(domain::CheckOpenable(open));
                               open.set_state(v1::Cycle::OPEN);
                               return absl::OkStatus();
                             }));
        OpeningStore(tx).Analyze();
        RecordChange(
            tx, opened->name(), "cycle.opened", absl::StrCat(R"({"segments":)", done, "}"));
        return absl::OkStatus();
      }));
  return opened;
}

}  // namespace teraju::evaluation
