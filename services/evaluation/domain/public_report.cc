#include "services/evaluation/domain/public_report.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kPredicates = 5;
constexpr int kObjectionKinds = 5;  // with none

const CountShape& PublicShape() {
  static const auto& shape = *new CountShape([] {
    CountShape made{.counts = kPublicCounts,
                    .details = kObjectionsUpheld,
                    .splits = {{kAppraised, kVeryGood, kVeryPoor},
                               {kAppraised, kObjections, kObjections},
                               {kObjections, kObjectionsUpheld, kObjectionsOpen}},
                    .stands = {}};
    for (int predicate = 0; predicate < kPredicates; ++predicate) {
      for (int objection = 0; objection < kObjectionKinds; ++objection) {
        std::vector<int>& counts = made.stands.emplace_back();
        counts = {kAppraised, kVeryGood + predicate};
        if (objection != 0) counts.insert(counts.end(), {kObjections, kObjections + objection});
      }
    }
    return made;
  }());
  return shape;
}

std::vector<TabulatedPerson> StandsOf(std::span<const AppraisedPerson> people) {
  std::vector<TabulatedPerson> stands;
  stands.reserve(people.size());
  for (const AppraisedPerson& person : people) {
    stands.push_back({person.unit_path,
                      (person.predicate - v1::VERY_GOOD) * kObjectionKinds +
                          static_cast<int>(person.objection)});
  }
  return stands;
}

}  // namespace

std::vector<PublicRow> CountPublic(std::span<const AppraisedPerson> people) {
  return CountByUnit(PublicShape(), StandsOf(people));
}

void WithholdComplements(std::span<const AppraisedPerson> people,
                         int threshold,
                         std::vector<PublicRow>& rows) {
  WithholdComplements(PublicShape(), StandsOf(people), threshold, rows);
}

statistics::Publication PublicationOf(std::span<const AppraisedPerson> people,
                                      int threshold,
                                      std::span<const PublicRow> rows) {
  return PublicationOf(PublicShape(), StandsOf(people), threshold, rows);
}

v1::PublicUnit ToPublicUnit(const PublicRow& row) {
  v1::PublicUnit unit;
  using Setter = void (v1::PublicUnit::*)(std::int32_t);
  constexpr Setter kSetters[kPublicCounts] = {&v1::PublicUnit::set_appraised,
                                              &v1::PublicUnit::set_very_good,
                                              &v1::PublicUnit::set_good,
                                              &v1::PublicUnit::set_needs_improvement,
                                              &v1::PublicUnit::set_poor,
                                              &v1::PublicUnit::set_very_poor,
                                              &v1::PublicUnit::set_objections,
                                              &v1::PublicUnit::set_objections_upheld,
                                              &v1::PublicUnit::set_objections_changed,
                                              &v1::PublicUnit::set_objections_withdrawn,
                                              &v1::PublicUnit::set_objections_open};
  for (int count = 0; count < kPublicCounts; ++count) {
    if (row.shown[count]) (unit.*kSetters[count])(row.counts[count]);
  }
  return unit;
}

void DescribeAwardCriteria(v1::PublicReport& report) {
  report.set_award_criteria_id(
      "Predikat kinerja tahunan final Sangat Baik; diurutkan menurut rata-rata capaian, lalu "
      "rata-rata "
      "umpan balik; paling banyak bagian tertentu dari pegawai setiap unit di bawah instansi, "
      "dibulatkan ke bawah. Pejabat yang berwenang memutus setiap usulan.");
  report.set_award_criteria_en(
      "Final annual predicate Sangat Baik (Very Good); in the order of mean achievement, then mean "
      "feedback; at most a given share of the people of each unit below the agency, rounded down. "
      "A competent official decides every nomination.");
}

}  // namespace teraju::evaluation::domain
