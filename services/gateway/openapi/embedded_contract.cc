// The encoded FileDescriptorSet that protoc wrote during the build, as bytes of this program.
#include <memory>
#include <string_view>

#include "services/gateway/openapi/contract.h"

__asm__(
    ".section .rodata\n"
    ".global teraju_contract_begin\n"
    ".global teraju_contract_end\n"
    "teraju_contract_begin:\n"
    ".incbin \"" TERAJU_CONTRACT_FILE
    "\"\n"
    "teraju_contract_end:\n"
    ".byte 0\n"
    ".previous\n");

// NOLINTBEGIN(readability-identifier-naming): labels of the assembly above.
extern "C" {
extern const char teraju_contract_begin[];
extern const char teraju_contract_end[];
}
// NOLINTEND(readability-identifier-naming)

namespace teraju::gateway {

std::unique_ptr<const Contract> Contract::Embedded() {
  return std::make_unique<const Contract>(
      std::string_view(teraju_contract_begin,
                       static_cast<std::size_t>(teraju_contract_end - teraju_contract_begin)));
}

}  // namespace teraju::gateway
