// The sample files under tests/data, read for tests.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/csv/csv.h"
#include "services/identity/domain/import_row.h"

namespace teraju::identity {

inline std::string ReadTestData(const std::string& name) {
  std::ifstream file(std::string(TERAJU_TEST_DATA) + "/" + name, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// All records of a file, the header first.
inline std::vector<csv::Record> ReadTestRecords(const std::string& name) {
  std::vector<csv::Record> records;
  const auto keep = [&](const csv::Record& record) {
    records.push_back(record);
    return absl::OkStatus();
  };
  csv::Reader reader(domain::RecordTooLong);
  if (!reader.Feed(ReadTestData(name), keep).ok() || !reader.Finish(keep).ok()) records.clear();
  return records;
}

}  // namespace teraju::identity
