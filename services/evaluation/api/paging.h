// Pages of lists whose rows are in the order of their names' last segment.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/page_token.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {

// What the store is asked for: one row more than the page has, which shows whether there is a next
// page.
template <typename Request>
absl::StatusOr<PageQuery> PageOf(const Request& request) {
  ASSIGN_OR_RETURN(const int size, api::PageSize(request.page_size(), 100, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> key, api::ParsePageToken(request));
  return PageQuery{.after = key.empty() ? "" : key.front(), .size = size + 1};
}

// Moves the rows of the page to `target` and gives the token of the next one.
template <typename Request, typename Message>
std::string FillPage(const Request& request,
                     const PageQuery& page,
                     std::vector<Message> rows,
                     google::protobuf::RepeatedPtrField<Message>& target) {
  const bool more = static_cast<int>(rows.size()) == page.size;
  if (more) rows.pop_back();
  for (Message& row : rows) target.Add(std::move(row));
  return more ? api::MakePageToken(request, {IdOf(target.rbegin()->name())}) : "";
}

}  // namespace teraju::evaluation
