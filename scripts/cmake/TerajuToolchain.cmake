# Language level, optimisation, warnings, sanitizers, linker and compiler cache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "Flags of the development build" FORCE)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1" CACHE STRING "Flags of the release build" FORCE)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Dev)
endif()

set(TERAJU_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")

find_program(TERAJU_CCACHE ccache)
if(TERAJU_CCACHE)
  # base_dir and no hash of the working folder: checkouts in different folders share results.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TERAJU_CCACHE})
endif()

find_program(TERAJU_MOLD mold)
if(TERAJU_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# One target carries what every target of ours is compiled with (never third-party or generated code).
add_library(teraju_flags INTERFACE)
target_compile_options(teraju_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers)

# Hardening and sanitizers concern generated code too.
add_compile_options(-fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
add_link_options(-Wl,-z,relro,-z,now)
if(TERAJU_SANITIZE)
  add_compile_options(-fsanitize=${TERAJU_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TERAJU_SANITIZE})
endif()
