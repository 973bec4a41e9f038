// The agency's own policy pack that a cycle is pinned to: whether a revision may be, and which of
// its inputs are computed, entered, or unknown.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/engines/rules/policy_pack.h"
#include "common/errors/field_violations.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

struct LocalPack {
  std::string name;        // of the revision, as the cycle names it
  std::string definition;  // JSON
  rules::PolicyPack rules;
};

// Reads a definition that has been checked before. INTERNAL_FAULT where it does not parse or has
// another digest: a pinned pack never changes.
absl::StatusOr<LocalPack> ReadLocalPack(std::string name,
                                        std::string definition,
                                        std::string_view digest);

// Whether the cycle, with its periods, may be pinned to the pack: in force on every day, with a
// method for one of the periods. INVALID_ARGUMENT naming `cycle.localPack`.
absl::Status CheckPin(const rules::PolicyPack& pack, const v1::Cycle& cycle);
// What else is wrong with `cycle.localPack`: INVALID_ARGUMENT.
absl::Status RefusePin(std::string_view reason, std::string_view text_id, std::string_view text_en);

// The method for a period by its id: `annual` for the year, `quarter` or `month` for a part of it,
// `periodic` where the pack has no such method. nullptr where it has none at all.
const rules::Method* LocalMethod(const rules::PolicyPack& pack, std::string_view period_id);

// Whether evaluation computes the input by its name and kind; every other input is a figure.
bool IsComputed(const rules::InputField& input);

// What was entered about a person; `path` comes before `[i]`. Notes every figure that the method
// does not declare, that is computed, or of the wrong kind or out of range.
using Figures = google::protobuf::RepeatedPtrField<v1::Figure>;
void CheckFigures(const LocalPack& pack,
                  const rules::Method& method,
                  const Figures& figures,
                  const std::string& path,
                  errors::FieldViolations& violations);

// The figure's value as a pack's input; null where it has none.
rules::Json ToInput(const v1::Figure& figure);

// Puts the new figures over those of the same name; one without a value takes it back.
struct Entering {
  std::string by;  // name of the person or client
  google::protobuf::Timestamp time;
};
void MergeFigures(const Figures& entered, const Entering& entering, Figures& figures);

}  // namespace teraju::evaluation::domain
