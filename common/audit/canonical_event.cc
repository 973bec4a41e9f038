#include <fmt/format.h>

#include "common/audit/audit_store.h"

namespace teraju::audit {

std::string CanonicalEvent(const v1::AuditEvent& event) {
  const std::string time =
      fmt::format("{}.{:09}", event.create_time().seconds(), event.create_time().nanos());
  std::string form = "teraju audit event v1\n";
  for (const std::string* field : {&event.name(),
                                   &event.agency(),
                                   &time,
                                   &event.actor(),
                                   &event.on_behalf_of(),
                                   &event.method(),
                                   &event.resource(),
                                   &event.type(),
                                   &event.details()}) {
    form += fmt::format("{}:{}\n", field->size(), *field);
  }
  return form;
}

}  // namespace teraju::audit
