# Google's protos come from npm (proto/package.json); `scripts/setup` installs them before the first configuration.
set(TERAJU_GOOGLE_PROTOS ${CMAKE_SOURCE_DIR}/proto/node_modules/google-proto-files)
if(NOT EXISTS ${TERAJU_GOOGLE_PROTOS}/google/api/annotations.proto)
  message(FATAL_ERROR "Google's protos are missing. Run scripts/setup first.")
endif()
set(TERAJU_PROTO_OUT ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${TERAJU_PROTO_OUT})

# teraju_proto_library(NAME <name> ROOT <folder> FILES <proto>... [SERVICES <proto>...] [DEPS <target>...])
#   <name>: the messages of FILES and SERVICES. <name>_grpc: the stubs of SERVICES, with mocks. Generated headers are system
#   headers: no warnings, no tidy.
function(teraju_proto_library)
  cmake_parse_arguments(ARG "" "NAME;ROOT" "FILES;SERVICES;DEPS" ${ARGN})
  set(messages "")
  set(stubs "")
  if(ARG_ROOT STREQUAL "${CMAKE_SOURCE_DIR}/proto")
    # The whole contract, for whoever reads all of it (the gateway, the contract tests).
    set_property(GLOBAL APPEND PROPERTY TERAJU_PROTO_LIBRARIES ${ARG_NAME})
    set_property(GLOBAL APPEND PROPERTY TERAJU_PROTO_FILES ${ARG_FILES} ${ARG_SERVICES})
  endif()
  foreach(file IN LISTS ARG_FILES ARG_SERVICES)
    string(REGEX REPLACE "\\.proto$" "" base ${file})
    set(out ${TERAJU_PROTO_OUT}/${base}.pb.cc)
    add_custom_command(
      OUTPUT ${out} ${TERAJU_PROTO_OUT}/${base}.pb.h
      COMMAND protobuf::protoc -I${ARG_ROOT} -I${CMAKE_SOURCE_DIR}/proto -I${TERAJU_GOOGLE_PROTOS} --cpp_out=${TERAJU_PROTO_OUT} ${file}
      DEPENDS ${ARG_ROOT}/${file} VERBATIM)
    list(APPEND messages ${out})
  endforeach()
  foreach(file IN LISTS ARG_SERVICES)
    string(REGEX REPLACE "\\.proto$" "" base ${file})
    set(out ${TERAJU_PROTO_OUT}/${base}.grpc.pb.cc)
    add_custom_command(
      OUTPUT ${out} ${TERAJU_PROTO_OUT}/${base}.grpc.pb.h
      COMMAND protobuf::protoc -I${ARG_ROOT} -I${CMAKE_SOURCE_DIR}/proto -I${TERAJU_GOOGLE_PROTOS} --grpc_out=generate_mock_code=true:${TERAJU_PROTO_OUT}
              --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin> ${file}
      DEPENDS ${ARG_ROOT}/${file} VERBATIM)
    list(APPEND stubs ${out})
  endforeach()
  add_custom_target(${ARG_NAME}_sources DEPENDS ${messages} ${stubs})
  add_dependencies(generated ${ARG_NAME}_sources)
  add_library(${ARG_NAME} STATIC ${messages})
  target_include_directories(${ARG_NAME} SYSTEM PUBLIC ${TERAJU_PROTO_OUT})
  target_link_libraries(${ARG_NAME} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if(stubs)
    add_library(${ARG_NAME}_grpc STATIC ${stubs})
    teraju_unity(${ARG_NAME}_grpc)
    target_link_libraries(${ARG_NAME}_grpc PUBLIC ${ARG_NAME} gRPC::grpc++)
    foreach(dep IN LISTS ARG_DEPS)
      if(TARGET ${dep}_grpc)
        target_link_libraries(${ARG_NAME}_grpc PUBLIC ${dep}_grpc)
      endif()
    endforeach()
  endif()
endfunction()
