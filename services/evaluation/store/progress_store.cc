#include "services/evaluation/store/progress_store.h"

#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

// Arrays of ids come as texts: unnest would flatten an array of arrays.
constexpr postgres::Statement kInsert{"progress_insert", R"sql(
INSERT INTO progress_entries (agency_id, plan_id, entry_id, item_id, indicator_id, kind, date, activity, realisation,
                              corrects, evidence, create_time, entered_by, measured_source, measure_time, sample_size)
SELECT $1, $2::uuid, e.entry_id, e.item_id, e.indicator_id, e.kind, e.date, e.activity, nullif(e.realisation, '')::numeric,
       nullif(e.corrects, '')::uuid, e.evidence::uuid[], $3::timestamptz, $4, nullif(e.measured_source, ''),
       nullif(e.measure_time, '')::timestamptz, nullif(e.sample_size, '')::bigint
FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::date[], $10::text[], $11::text[], $12::text[], $13::text[],
            $14::text[], $15::text[], $16::text[])
     AS e(entry_id, item_id, indicator_id, kind, date, activity, realisation, corrects, evidence, measured_source,
          measure_time, sample_size))sql"};

constexpr postgres::Statement kList{"progress_list", R"sql(
SELECT e.*, c.entry_id AS corrected_by FROM progress_entries e
LEFT JOIN progress_entries c
  ON c.agency_id = e.agency_id AND c.plan_id = e.plan_id AND c.corrects = e.entry_id
WHERE e.agency_id = $1 AND e.plan_id = $2::uuid AND ($3::uuid IS NULL OR e.entry_id > $3::uuid)
ORDER BY e.entry_id LIMIT $4)sql"};

constexpr postgres::Statement kSelectUncorrected{"progress_select_uncorrected", R"sql(
SELECT * FROM progress_entries e
WHERE agency_id = $1 AND plan_id = $2::uuid AND entry_id = ANY ($3::uuid[])
  AND NOT EXISTS (SELECT 1 FROM progress_entries c
                  WHERE c.agency_id = e.agency_id AND c.plan_id = e.plan_id AND c.corrects = e.entry_id))sql"};

v1::ProgressEntry ToEntry(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  const std::string plan = row["plan_id"].c_str();
  v1::ProgressEntry entry;
  entry.set_name(kEntryName.Format({agency, plan, row["entry_id"].c_str()}));
  entry.set_item_id(row["item_id"].c_str());
  entry.set_indicator_id(row["indicator_id"].c_str());
  entry.set_kind(ReadEnum<v1::ProgressEntry::Kind>(row["kind"]));
  *entry.mutable_date() = postgres::ToDate(row["date"]);
  entry.set_activity(row["activity"].c_str());
  if (!row["realisation"].is_null())
    *entry.mutable_realisation() = postgres::ToDecimal(row["realisation"]);
  if (!row["corrects"].is_null())
    entry.set_corrects(kEntryName.Format({agency, plan, row["corrects"].c_str()}));
  for (const std::string& evidence : postgres::ToStrings(row["evidence"])) {
    entry.add_evidence(kEvidenceName.Format({agency, plan, evidence}));
  }
  *entry.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  entry.set_entered_by(PersonName(agency, row["entered_by"].c_str()));
  if (!row["measured_source"].is_null()) {
    v1::Measured& measured = *entry.mutable_measured();
    measured.set_source(row["measured_source"].c_str());
    *measured.mutable_measure_time() = postgres::ToTimestamp(row["measure_time"]);
    measured.set_sample_size(row["sample_size"].as<std::int64_t>());
  }
  return entry;
}

}  // namespace

std::vector<v1::ProgressEntry> ToEntries(const pqxx::result& rows) {
  std::vector<v1::ProgressEntry> entries;
  entries.reserve(rows.size());
  for (const pqxx::row& row : rows) entries.push_back(ToEntry(row));
  return entries;
}

void ProgressStore::Insert(const Key& plan, std::span<const v1::ProgressEntry> entries) {
  std::vector<std::string> ids, items, indicators, kinds, dates, activities, realisations, corrects,
      evidence, sources, times, sizes;
  for (const v1::ProgressEntry& entry : entries) {
    ids.push_back(IdOf(entry.name()));
    items.push_back(entry.item_id());
    indicators.push_back(entry.indicator_id());
    kinds.push_back(EnumText(entry.kind()).value_or(""));
    dates.push_back(*postgres::ToText(entry.date()));
    activities.push_back(entry.activity());
    realisations.push_back(entry.realisation().value());
    corrects.push_back(IdOf(entry.corrects()));
    std::vector<std::string> files;
    for (const std::string& name : entry.evidence()) files.push_back(IdOf(name));
    evidence.push_back(postgres::ToArray(files));
    const v1::Measured& measured = entry.measured();
    sources.push_back(measured.source());
    times.push_back(ToText(measured.measure_time(), entry.has_measured()).value_or(""));
    sizes.push_back(entry.has_measured() ? std::to_string(measured.sample_size()) : "");
  }
  tx_.Exec(kInsert,
           plan.agency,
           plan.id,
           postgres::ToText(tx_.call().time()),
           tx_.call().actor(),
           postgres::ToArray(ids),
           postgres::ToArray(items),
           postgres::ToArray(indicators),
           postgres::ToArray(kinds),
           postgres::ToArray(dates),
           postgres::ToArray(activities),
           postgres::ToArray(realisations),
           postgres::ToArray(corrects),
           postgres::ToArray(evidence),
           postgres::ToArray(sources),
           postgres::ToArray(times),
           postgres::ToArray(sizes));
}

std::vector<v1::ProgressEntry> ProgressStore::List(const Key& plan, const PageQuery& page) const {
  std::vector<v1::ProgressEntry> entries;
  for (const pqxx::row& row :
       tx_.Exec(kList, plan.agency, plan.id, postgres::NullIfEmpty(page.after), page.size)) {
    v1::ProgressEntry& entry = entries.emplace_back(ToEntry(row));
    const std::string by = postgres::EmptyIfNull(row["corrected_by"]);
    if (!by.empty()) entry.set_corrected_by(kEntryName.Format({plan.agency, plan.id, by}));
  }
  return entries;
}

std::vector<v1::ProgressEntry> ProgressStore::FindUncorrected(
    const Key& plan, const std::vector<std::string>& ids) const {
  return ToEntries(tx_.Exec(kSelectUncorrected, plan.agency, plan.id, postgres::ToArray(ids)));
}

}  // namespace teraju::evaluation
