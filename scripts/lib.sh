# What the scripts share: steps with elapsed time, configuring, building. Sourced, from the root of the tree.
TERAJU_PRESET=${TERAJU_PRESET:-dev}
TERAJU_BUILD=$PWD/build/$TERAJU_PRESET

# step TEXT: one line with the time since the script began.
step() { printf '[%5d s] %s\n' "$SECONDS" "$*"; }

configure() {
  local log; log=$(mktemp)
  cmake --preset "$TERAJU_PRESET" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; return 1; }
  rm -f "$log"
}

# build JOBS TARGET...: quiet but for a line every 50 steps on a pipe, ninja's own line on a terminal.
build() {
  local jobs=$1; shift
  local targets=("$@")
  [ "${targets[*]}" != all ] || targets=()
  if [ -t 1 ]; then ninja -C "$TERAJU_BUILD" -j "$jobs" "${targets[@]}"; return; fi
  local log; log=$(mktemp)
  local status=0
  NINJA_STATUS='[%f/%t %e s] ' ninja -C "$TERAJU_BUILD" -j "$jobs" "${targets[@]}" 2>&1 | tee "$log" | awk 'NR % 50 == 1 { print; fflush() }' \
    || status=${PIPESTATUS[0]}
  [ "$status" = 0 ] || grep -vE '^\[[0-9]+/' "$log" | head -n 80 >&2
  rm -f "$log"
  return "$status"
}
