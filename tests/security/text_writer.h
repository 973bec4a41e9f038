// Writes hostile texts wherever a request has a place for one, and compares them byte by byte with
// what comes back.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "tests/scenarios/town.h"

namespace teraju::security {

namespace json = simulation::json;

// Stands in a request where the next text of that field goes. `at` is where the answer has it, by
// JSON pointer; without it, the place is the same.
std::string Text(const std::string& at = "");

// Where a text is read after it was written.
struct Reading {
  enum class How { kByName, kAt, kInList } how = How::kByName;
  std::string path;
  std::string within;  // pointer to the record in what `path` gives; or the field of a list
  simulation::Caller* caller = nullptr;  // the writer, where absent
  std::string name;                      // of the record, where the answer does not have it
};
// The answer does not have it: the record is at `within` of what `path` gives.
Reading At(const std::string& path, const std::string& within = "");
// With all others of the list, by CompareLists; `name` where the answer does not have the record.
Reading InList(const std::string& path, const std::string& field, const std::string& name = "");

struct Call {
  simulation::Caller* caller = nullptr;
  std::string verb;
  std::string path;
  json::object body;
  Reading reading;
  std::map<std::string, std::string> query;  // parameters that are texts
};

// What became of the texts of one field, by their number.
struct Fate {
  std::set<std::size_t> written;
  std::set<std::size_t> refused;
  std::size_t next = 0;
};

// A text on its way: which field it is of and where it is found again.
struct Place {
  std::string field;     // `catalog.v1.Goals.CreateGoal:goal.title`
  std::string named;     // as a refusal names it: `goal.title`, `goal.levels[1]`
  std::string slot;      // pointer in the body; empty for a parameter
  std::string answered;  // pointer in the answer
  std::size_t text = 0;
  bool refused = false;
};

// Fields of the places whose text `record` does not have, with what it has instead.
std::vector<std::pair<std::string, std::string>> Differences(const std::vector<Place>& places,
                                                             const std::vector<std::string>& texts,
                                                             const std::string& within,
                                                             const json::value& record);

class TextWriter {
 public:
  // Enough for a field whose every text costs a whole history.
  static constexpr int kFew = 40;

  TextWriter(harness::Suite& suite, std::vector<std::string> texts);
  // Where it writes from then on.
  void Enter(scenarios::Town& town) { town_ = &town; }

  harness::Suite& suite() { return suite_; }
  scenarios::Town& town() { return *town_; }
  scenarios::RestClient& rest() { return town_->rest(); }
  std::string base() const { return "/v1/" + town_->agency(); }
  int all() const { return static_cast<int>(texts_.size()); }
  // The text number `i` of a field that has no place of its own in a Call.
  const std::string& text(std::size_t i) const { return texts_.at(i % texts_.size()); }
  // A word that was not given before, for ids.
  std::string Fresh() { return "t" + std::to_string(++serial_); }

  // One call with the next texts. A refused text must be refused by name; then the others go on
  // without it.
  scenarios::Answer Write(const Call& call);
  // Until every field of the calls has had every text.
  void WriteAll(const std::function<Call()>& next);
  // kFew times.
  void WriteFew(const std::function<Call()>& next);
  // Reads the lists in which earlier calls are to be found.
  void CompareLists();
  // What became of a text that was compared elsewhere.
  void Note(const std::string& field, std::size_t text, bool right, const std::string& what);

  const std::map<std::string, Fate>& fates() const { return fates_; }
  int tried() const { return tried_; }
  int wrong() const { return wrong_; }

 private:
  struct Awaited {
    std::string record;  // name
    std::vector<Place> places;
  };
  bool Send(const Call& call, std::vector<Place>& places, scenarios::Answer& answer);
  void Refuse(const Call& call, const scenarios::Answer& answer, std::vector<Place>& places);
  void Read(const Call& call, const scenarios::Answer& answer, const std::vector<Place>& places);
  void Compare(const std::vector<Place>& places,
               const std::string& within,
               const json::value& record);
  void Wrong(const std::string& where, const std::string& what);

  harness::Suite& suite_;
  scenarios::Town* town_ = nullptr;
  std::vector<std::string> texts_;
  std::map<std::string, Fate> fates_;
  std::map<std::pair<std::string, std::string>,
           std::pair<simulation::Caller*, std::vector<Awaited>>>
      lists_;
  std::map<std::string, int> wrongs_;  // by field or method
  int serial_ = 0;
  int tried_ = 0;
  int wrong_ = 0;
};

}  // namespace teraju::security
