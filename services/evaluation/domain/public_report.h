// What the public may know about how the people of an agency did: counts by unit, without any count
// that tells about too few people.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "common/engines/statistics/disclosure.h"
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

struct PublicRow {
  std::string unit;    // id
  std::string parent;  // id; empty for the root
  std::array<int, kPublicCounts> counts{};
  std::array<bool, kPublicCounts> shown{};
};

// Every unit with somebody at or below it, each before those below it; everything shown.
std::vector<PublicRow> CountPublic(std::span<const AppraisedPerson> people);

// Withholds every count below the threshold, zero too: otherwise what is withheld would be known to
// be one or two.
void WithholdSmall(int threshold, std::vector<PublicRow>& rows);

// Withholds as many more counts as it takes that none of those, nor a sum of them over fewer people
// than the threshold, follows from what is shown, by whatever sums and differences over units and
// columns.
void WithholdComplements(std::span<const AppraisedPerson> people,
                         int threshold,
                         std::vector<PublicRow>& rows);

// What is shown, for the audit. An empty table says so; people who stand alike in everything are
// represented by `threshold` of them.
statistics::Publication PublicationOf(std::span<const AppraisedPerson> people,
                                      int threshold,
                                      std::span<const PublicRow> rows);

v1::PublicUnit ToPublicUnit(const PublicRow& row);

// The rule of NominateAwards in words.
void DescribeAwardCriteria(v1::PublicReport& report);

}  // namespace teraju::evaluation::domain
