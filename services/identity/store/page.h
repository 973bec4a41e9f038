// One page of a list: what it holds, and after which key the next one begins.
#pragma once

#include <string>
#include <vector>

namespace teraju::identity {

struct PageQuery {
  std::vector<std::string> after;  // empty: from the beginning
  int size = 100;
};

template <typename T>
struct Page {
  std::vector<T> items;
  std::vector<std::string> next;  // empty: this is the last page
};

// Cuts the one item too many that a query for size + 1 brings, and keeps the last key.
template <typename T, typename KeyOf>
void EndPage(Page<T>& page, int size, KeyOf key_of) {
  if (page.items.size() <= static_cast<std::size_t>(size)) return;
  page.items.resize(size);
  page.next = key_of(page.items.back());
}

}  // namespace teraju::identity
