// A named SQL statement: the name is the prepared statement, the metric label and the log field.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace teraju::postgres {

// constexpr postgres::Statement kSelect{"cycle_select", "SELECT … WHERE agency_id = $1"};
struct Statement {
  std::string_view name;
  std::string_view sql;
};

// Text of SQL that several statements share, such as a list of columns:
//   constexpr postgres::Sql kColumns = "cycle_id, display_name";
//   constexpr postgres::Statement kSelect{"cycle_select",
//                                         postgres::kSql<"SELECT " + kColumns + " FROM cycles">};
template <std::size_t N>
struct Sql {
  constexpr Sql(const char (&literal)[N]) {  // NOLINT(google-explicit-constructor): reads as text
    std::copy_n(literal, N, text);
  }
  constexpr Sql() = default;
  constexpr std::string_view view() const { return {text, N - 1}; }

  char text[N] = {};
};

template <std::size_t N, std::size_t M>
constexpr Sql<N + M - 1> operator+(const Sql<N>& a, const Sql<M>& b) {
  Sql<N + M - 1> joined;
  std::copy_n(a.text, N - 1, joined.text);
  std::copy_n(b.text, M, joined.text + N - 1);
  return joined;
}
template <std::size_t N, std::size_t M>
constexpr Sql<N + M - 1> operator+(const Sql<N>& a, const char (&b)[M]) {
  return a + Sql<M>(b);
}
template <std::size_t N, std::size_t M>
constexpr Sql<N + M - 1> operator+(const char (&a)[N], const Sql<M>& b) {
  return Sql<N>(a) + b;
}

// Put together at compile time, kept for the life of the program.
template <Sql Text>
inline constexpr std::string_view kSql = Text.view();

}  // namespace teraju::postgres
