// What the public may know about how the people of an agency did: counts by unit, without any count
// that tells about too few people.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "services/evaluation/domain/count_table.h"
#include "teraju/evaluation/v1/public_reports_service.pb.h"

namespace teraju::evaluation::domain {

inline constexpr int kPublicThreshold = 3;

enum class PublicObjection { kNone, kUpheld, kChanged, kWithdrawn, kOpen };

// Somebody with a final result of the year.
struct AppraisedPerson {
  std::vector<std::string> unit_path;  // ids, from the unit to the root
  v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
  PublicObjection objection = PublicObjection::kNone;
};

// The counts of a unit, in the order of PublicUnit's fields.
enum PublicCount {
  kAppraised,
  kVeryGood,
  kGood,
  kNeedsImprovement,
  kPoor,
  kVeryPoor,
  kObjections,
  kObjectionsUpheld,
  kObjectionsChanged,
  kObjectionsWithdrawn,
  kObjectionsOpen,
};
inline constexpr int kPublicCounts = 11;

using PublicRow = CountRow;

// As CountByUnit, and so below.
std::vector<PublicRow> CountPublic(std::span<const AppraisedPerson> people);
void WithholdComplements(std::span<const AppraisedPerson> people,
                         int threshold,
                         std::vector<PublicRow>& rows);
statistics::Publication PublicationOf(std::span<const AppraisedPerson> people,
                                      int threshold,
                                      std::span<const PublicRow> rows);

v1::PublicUnit ToPublicUnit(const PublicRow& row);

// The rule of NominateAwards in words.
void DescribeAwardCriteria(v1::PublicReport& report);

}  // namespace teraju::evaluation::domain
