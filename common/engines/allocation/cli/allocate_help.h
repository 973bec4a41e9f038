// What `teraju-allocate --help` says.
#pragma once

namespace teraju::allocation {

extern const char kAllocateHelp[];
// The problem that the help shows.
extern const char kAllocateExample[];

}  // namespace teraju::allocation
