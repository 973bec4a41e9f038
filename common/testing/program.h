// Runs one of our programs as a script would, and waits for its end.
#pragma once

#include <string>
#include <vector>

namespace teraju::testing {

struct Outcome {
  int status = -1;  // exit status, or minus the signal that ended it
  std::string out;
  std::string err;
};

// `arguments` reach the program as they are, without a shell; `input` is its standard input.
Outcome RunProgram(const std::string& path,
                   const std::vector<std::string>& arguments,
                   const std::string& input = "");

// For the files of a test; gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  // Gives the path of the file.
  std::string Write(const std::string& name, const std::string& text) const;

 private:
  std::string path_;
};

// The whole file; empty where it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace teraju::testing
