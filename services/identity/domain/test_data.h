// The sample files under tests/data, read for tests.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "services/identity/domain/csv.h"

namespace teraju::identity {

inline std::string ReadTestData(const std::string& name) {
  std::ifstream file(std::string(TERAJU_TEST_DATA) + "/" + name, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// All records of a file, the header first.
inline std::vector<domain::CsvRecord> ReadTestRecords(const std::string& name) {
  std::vector<domain::CsvRecord> records;
  const auto keep = [&](const domain::CsvRecord& record) {
    records.push_back(record);
    return absl::OkStatus();
  };
  domain::CsvReader reader;
  if (!reader.Feed(ReadTestData(name), keep).ok() || !reader.Finish(keep).ok()) records.clear();
  return records;
}

}  // namespace teraju::identity
