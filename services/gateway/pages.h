// The gateway's own pages (health, the API's description); every other request goes on to the API.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "services/gateway/http/exchange.h"

namespace teraju::gateway {

class Pages final : public http::Handler {
 public:
  using Page = std::function<http::Response()>;

  Pages(std::map<std::string, Page, std::less<>> pages, http::Handler& api)
      : pages_(std::move(pages)), api_(api) {}

  void Handle(std::shared_ptr<http::Exchange> exchange) override {
    const http::RequestHead& head = exchange->head();
    const auto page = pages_.find(head.path);
    if (page == pages_.end()) return api_.Handle(std::move(exchange));
    if (head.method == "GET" || head.method == "HEAD") return exchange->Respond(page->second());
    exchange->Respond({.status = 405, .headers = {{"Allow", "GET, HEAD"}}});
  }

 private:
  const std::map<std::string, Page, std::less<>> pages_;
  http::Handler& api_;
};

}  // namespace teraju::gateway
