// What every process of the suite does first, and last.
#pragma once

namespace teraju::service {

// Before the first thread. Blocks SIGTERM and SIGINT for this thread and all that it starts, and
// ignores SIGPIPE. Switches off Abseil's search for lock cycles, which the distribution's build
// has on: every lock of gRPC then goes through one graph under one lock.
void BeginProcess();

// Waits for SIGTERM or SIGINT and returns which.
int AwaitSignal();

}  // namespace teraju::service
