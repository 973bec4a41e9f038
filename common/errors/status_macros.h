// The only two macros: leave a function with the error of an expression.
#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define TERAJU_CONCAT_INNER(a, b) a##b
#define TERAJU_CONCAT(a, b) TERAJU_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expression)                                       \
  do {                                                                    \
    if (absl::Status teraju_status = (expression); !teraju_status.ok()) { \
      return teraju_status;                                               \
    }                                                                     \
  } while (false)

#define ASSIGN_OR_RETURN(declaration, expression) \
  TERAJU_ASSIGN_OR_RETURN(TERAJU_CONCAT(teraju_result_, __LINE__), declaration, expression)

#define TERAJU_ASSIGN_OR_RETURN(result, declaration, expression) \
  auto result = (expression);                                    \
  if (!result.ok()) return std::move(result).status();           \
  declaration = *std::move(result)
