// teraju-test-postgres start|stop: the PostgreSQL server that all tests of a ctest run share.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "common/testing/mini_postgres.h"

namespace {

// `host=<folder> user=…`: the folder of the server that the file names, empty without one.
std::string FolderIn(const std::string& file) {
  std::ifstream in(file);
  std::string word;
  in >> word;
  return word.starts_with("host=/") && word.find("/teraju-test-postgres-") != std::string::npos
             ? word.substr(5)
             : "";
}

void Stop(const std::string& file) {
  if (const std::string folder = FolderIn(file); !folder.empty()) {
    auto server = teraju::testing::MiniPostgres::Adopt(folder);
  }
  std::remove(file.c_str());
}

int Start(const std::string& file) {
  Stop(file);
  auto server = teraju::testing::MiniPostgres::Create({.dsn_file = file});
  if (!server.ok()) {
    std::cerr << server.status().message() << "\n";
    return 1;
  }
  if (FolderIn(file).empty()) {
    std::cerr << "cannot write " << file << "\n";
    return 1;
  }
  server->Release();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* file = std::getenv("TERAJU_TEST_POSTGRES_FILE");
  const std::string verb = argc == 2 ? argv[1] : "";
  if (file == nullptr || (verb != "start" && verb != "stop")) {
    std::cerr << "usage: TERAJU_TEST_POSTGRES_FILE=<file> teraju-test-postgres start|stop\n";
    return 2;
  }
  // A developer's own server is his to start and stop.
  if (std::getenv("TERAJU_TEST_POSTGRES") != nullptr) return 0;
  if (verb == "start") return Start(file);
  Stop(file);
  return 0;
}
