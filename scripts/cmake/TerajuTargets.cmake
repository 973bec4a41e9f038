# teraju_unity(<target>): its sources are compiled together, since reading gRPC's headers takes most of the time of each. For
# targets whose files have no names of their own in common; not for stores, where every file has its kSelect.
option(TERAJU_UNITY "Compile the sources of some targets together" ON)
function(teraju_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${TERAJU_UNITY} UNITY_BUILD_BATCH_SIZE 12)
endfunction()

# teraju_library(NAME <name> [SOURCES <file>...] [DEPS <target>...])
#   A static library of one folder (or a header-only one without SOURCES). Includes are written from the root of the tree.
function(teraju_library)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${ARG_NAME} STATIC ${ARG_SOURCES})
    target_include_directories(${ARG_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${ARG_NAME} PUBLIC ${ARG_DEPS} PRIVATE teraju_flags)
  else()
    add_library(${ARG_NAME} INTERFACE)
    target_include_directories(${ARG_NAME} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${ARG_NAME} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# teraju_executable(NAME <name> SOURCES <file>... [DEPS <target>...])
#   A program; its binary is bin/<name> in the build folder.
function(teraju_executable)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_include_directories(${ARG_NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS} teraju_flags)
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# teraju_test(NAME <name> SOURCES <file>... [DEPS <target>...] LABELS <label>... [TIMEOUT <seconds>])
#   A GoogleTest program, run by ctest as one test. LABELS: unit (no I/O), pg (real PostgreSQL), contract, scenario,
#   resilience, T0, T1, load, fuzz. A test with the label pg gets the shared PostgreSQL server of
#   the run, alone: a feed waits for the oldest transaction of the whole server.
function(teraju_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_include_directories(${ARG_NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS} GTest::gmock_main teraju_flags)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(TERAJU_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 10")
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/scripts/lsan.supp;UBSAN_OPTIONS=halt_on_error=1")
  if("pg" IN_LIST ARG_LABELS)
    set_tests_properties(${ARG_NAME} PROPERTIES FIXTURES_REQUIRED postgres RESOURCE_LOCK postgres)
    set_property(TEST ${ARG_NAME} APPEND PROPERTY
      ENVIRONMENT "TERAJU_TEST_POSTGRES_FILE=${CMAKE_BINARY_DIR}/test-postgres.dsn")
  endif()
endfunction()

# teraju_embed(TARGET <library> FILES <file>... SYMBOL <namespace::name>)
#   Makes a library with the header <library>.h that declares `extern const std::vector<std::pair<std::string_view,
#   std::string_view>> <symbol>`: file name and content, in the given order (migrations, tables of data).
function(teraju_embed)
  cmake_parse_arguments(ARG "" "TARGET;SYMBOL" "FILES" ${ARGN})
  set(outputs ${CMAKE_CURRENT_BINARY_DIR}/${ARG_TARGET}.cc ${CMAKE_CURRENT_BINARY_DIR}/${ARG_TARGET}.h)
  list(TRANSFORM ARG_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND ${CMAKE_COMMAND} -DOUT=${CMAKE_CURRENT_BINARY_DIR}/${ARG_TARGET} -DSYMBOL=${ARG_SYMBOL}
            "-DFILES=${paths}" -P ${CMAKE_SOURCE_DIR}/scripts/cmake/embed.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/scripts/cmake/embed.cmake
    VERBATIM)
  add_custom_target(${ARG_TARGET}_sources DEPENDS ${outputs})
  add_dependencies(generated ${ARG_TARGET}_sources)
  add_library(${ARG_TARGET} STATIC ${outputs})
  target_include_directories(${ARG_TARGET} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
endfunction()

# teraju_add_service(<name> API <file>... DOMAIN <file>... STORE <file>... [CLIENTS <file>...] MIGRATIONS <file>...
#                    [UNIT_TESTS <file>...] [PG_TESTS <file>...] [DOMAIN_DEPS ...] [API_DEPS ...] [CLIENTS_DEPS ...]
#                    [STORE_DEPS ...])
#   The layers of a service as targets <name>_domain, <name>_store, <name>_clients, <name>_api, each of which sees only what
#   its layer may see; the program teraju-<name> from main.cc; the test programs <name>_test and <name>_pgtest.
function(teraju_add_service name)
  cmake_parse_arguments(ARG ""
    "" "API;DOMAIN;STORE;CLIENTS;MIGRATIONS;UNIT_TESTS;PG_TESTS;DOMAIN_DEPS;API_DEPS;CLIENTS_DEPS;STORE_DEPS" ${ARGN})
  teraju_library(NAME ${name}_domain SOURCES ${ARG_DOMAIN}
    DEPS proto_${name}_v1 common_errors common_decimal common_period common_api ${ARG_DOMAIN_DEPS})
  teraju_library(NAME ${name}_store SOURCES ${ARG_STORE}
    DEPS proto_${name}_v1 common_postgres common_api ${name}_domain ${ARG_STORE_DEPS})
  if(ARG_CLIENTS)
    teraju_library(NAME ${name}_clients SOURCES ${ARG_CLIENTS} DEPS proto_${name}_v1 common_rpc ${ARG_CLIENTS_DEPS})
    set(clients ${name}_clients)
  endif()
  teraju_embed(TARGET ${name}_migrations SYMBOL teraju::${name}::kMigrations FILES ${ARG_MIGRATIONS})
  teraju_library(NAME ${name}_api SOURCES ${ARG_API}
    DEPS proto_${name}_v1_grpc ${name}_domain ${name}_store ${clients} common_rpc common_operations common_audit
         common_service ${ARG_API_DEPS})
  teraju_executable(NAME teraju-${name} SOURCES main.cc DEPS ${name}_api ${name}_migrations common_service)
  teraju_unity(${name}_domain)
  teraju_unity(${name}_api)
  if(ARG_UNIT_TESTS)
    teraju_test(NAME ${name}_test SOURCES ${ARG_UNIT_TESTS} LABELS unit
      DEPS ${name}_domain ${clients} common_testing common_testing_check_line)
  endif()
  if(ARG_PG_TESTS)
    teraju_test(NAME ${name}_pgtest SOURCES ${ARG_PG_TESTS} LABELS pg TIMEOUT 300
      DEPS ${name}_api ${name}_migrations common_testing common_testing_check_line)
    teraju_unity(${name}_pgtest)
  endif()
endfunction()
