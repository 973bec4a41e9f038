// One page of a List method (AIP-158): where it begins, how many rows to read, how it ends.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/page_token.h"
#include "common/errors/status_macros.h"

namespace teraju::api {

struct ListPage {
  // The key after which it begins; empty for the first page.
  std::vector<std::string> after;
  int size = 0;

  // How many rows to read: one more than the page holds tells whether another page follows.
  int limit() const { return size + 1; }
  // A value of the key to begin after; empty on the first page.
  std::string after_or_empty(std::size_t index) const {
    return index < after.size() ? after[index] : std::string();
  }
};

// Pages of 100 unless asked otherwise, of 1,000 at most. INVALID_ARGUMENT.
template <typename Request>
absl::StatusOr<ListPage> ParseListPage(const Request& request) {
  ListPage page;
  ASSIGN_OR_RETURN(page.size, PageSize(request.page_size(), 100, 1000));
  ASSIGN_OR_RETURN(page.after, ParsePageToken(request));
  return page;
}

// Moves what belongs on the page into `items`, a repeated field of `response`, and sets
// next_page_token when more was read. `key_of(row)` gives the values of the order's key as text.
template <typename Request, typename Row, typename Items, typename Response, typename KeyOf>
void FinishListPage(const Request& request,
                    const ListPage& page,
                    std::vector<Row> rows,
                    Items* items,
                    Response& response,
                    KeyOf key_of) {
  if (rows.size() > static_cast<std::size_t>(page.size)) {
    rows.resize(page.size);
    response.set_next_page_token(MakePageToken(request, key_of(rows.back())));
  }
  items->Reserve(static_cast<int>(rows.size()));
  for (Row& row : rows) *items->Add() = std::move(row);
}

}  // namespace teraju::api
