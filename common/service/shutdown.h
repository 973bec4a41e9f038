// Signals as a value: blocked in every thread, waited for by one.
#pragma once

namespace teraju::service {

// Blocks SIGTERM and SIGINT for this thread and all that it starts, and ignores SIGPIPE. Before the
// first thread.
void BlockSignals();

// Waits for SIGTERM or SIGINT and returns which.
int AwaitSignal();

}  // namespace teraju::service
