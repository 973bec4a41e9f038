# Writes OUT.h and OUT.cc with the content of FILES as SYMBOL (namespace::name). Called by teraju_embed.
string(REGEX MATCH "^(.*)::([^:]+)$" _ "${SYMBOL}")
set(namespace "${CMAKE_MATCH_1}")
set(symbol "${CMAKE_MATCH_2}")
get_filename_component(base "${OUT}" NAME)
set(head "#include <string_view>\n#include <utility>\n#include <vector>\n")
file(WRITE "${OUT}.h" "#pragma once\n${head}
namespace ${namespace} {
extern const std::vector<std::pair<std::string_view, std::string_view>> ${symbol};
}  // namespace ${namespace}\n")
set(body "")
foreach(path IN LISTS FILES)
  get_filename_component(file "${path}" NAME)
  # A raw string literal may have 65,535 characters: cut into pieces.
  file(READ "${path}" text)
  string(LENGTH "${text}" length)
  set(pieces "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 12000 piece)
    string(APPEND pieces "R\"teraju~(${piece})teraju~\"\n")
    math(EXPR at "${at} + 12000")
  endwhile()
  if(NOT pieces)
    set(pieces "\"\"")
  endif()
  string(APPEND body "    {\"${file}\", ${pieces}},\n")
endforeach()
file(WRITE "${OUT}.cc" "#include \"${base}.h\"\n
namespace ${namespace} {
const std::vector<std::pair<std::string_view, std::string_view>> ${symbol} = {\n${body}};
}  // namespace ${namespace}\n")
