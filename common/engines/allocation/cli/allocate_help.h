// What `teraju-allocate --help` says.
#pragma once

#include "common/engines/text.h"

namespace teraju::allocation {

extern const Text kAllocateHelp;
// The problem that the help shows.
extern const char kAllocateExample[];

}  // namespace teraju::allocation
