#include "tests/security/text_writer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/testing/eventually.h"
#include "google/api/annotations.pb.h"
#include "tests/contract/methods.h"
#include "tests/security/hostile_texts.h"

namespace teraju::security {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using scenarios::Answer;
using scenarios::ArrayOf;
using scenarios::ObjectOf;
using scenarios::TextOf;

constexpr char kMark = '\x1a';
// What goes wrong with one text goes wrong with many.
constexpr int kMostMessages = 3;

// Whether `path` is one of a route's: `{name=agencies/*/goals/*}:publish`.
bool Fits(std::string pattern, const std::string& path) {
  for (std::size_t open = pattern.find('{'); open != std::string::npos; open = pattern.find('{')) {
    const std::size_t close = pattern.find('}', open);
    const std::string variable = pattern.substr(open + 1, close - open - 1);
    const std::size_t equals = variable.find('=');
    pattern.replace(
        open, close - open + 1, equals == std::string::npos ? "*" : variable.substr(equals + 1));
  }
  const std::vector<std::string> want = absl::StrSplit(pattern, '/');
  const std::vector<std::string> have = absl::StrSplit(path, '/');
  if (want.size() != have.size()) return false;
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (!want[i].starts_with('*')) {
      if (want[i] != have[i]) return false;
      continue;
    }
    const std::string verb = want[i].substr(1);
    const std::size_t colon = std::min(have[i].find(':'), have[i].size());
    if (have[i].substr(colon) != verb) return false;
  }
  return true;
}

const MethodDescriptor& MethodOf(const std::string& verb, const std::string& path) {
  const std::string bare = path.substr(0, path.find('?'));
  for (const MethodDescriptor* method : contract::Methods()) {
    const auto [its_verb, pattern] = contract::RouteOf(*method);
    if (its_verb == verb && Fits(pattern, bare)) return *method;
  }
  throw std::runtime_error("no method for " + verb + " " + bare);
}

// `goals/0/text` of a pointer, in the words of the descriptors and of refusals.
class Finder {
 public:
  Finder(const MethodDescriptor& method, std::vector<Place>& places)
      : method_(method), places_(places) {}

  void InBody(const json::value& body) {
    const std::string selector = method_.options().GetExtension(google::api::http).body();
    if (selector == "*") return Visit(body, *method_.input_type(), "", "", "");
    const FieldDescriptor* field = method_.input_type()->FindFieldByName(selector);
    Visit(body, *field->message_type(), selector + ".", field->json_name() + ".", "");
  }
  void InQuery(const std::string& key, const std::string& mark) {
    const FieldDescriptor* field = method_.input_type()->FindFieldByCamelcaseName(key);
    Add(field->name(), key, "", mark);
  }

 private:
  void Visit(const json::value& value,
             const Descriptor& message,
             const std::string& field,
             const std::string& named,
             const std::string& slot) {
    for (const auto& member : value.as_object()) {
      const std::string key(member.key());
      const FieldDescriptor* one = message.FindFieldByCamelcaseName(key);
      if (one == nullptr) throw std::runtime_error(message.full_name() + " has no " + key);
      if (!member.value().is_array()) {
        VisitOne(
            member.value(), *one, field + one->name(), named + key, absl::StrCat(slot, "/", key));
        continue;
      }
      const json::array& elements = member.value().as_array();
      for (std::size_t i = 0; i < elements.size(); ++i)
        VisitOne(elements[i],
                 *one,
                 field + one->name() + "[]",
                 absl::StrCat(named, key, "[", i, "]"),
                 absl::StrCat(slot, "/", key, "/", i));
    }
  }
  void VisitOne(const json::value& value,
                const FieldDescriptor& of,
                const std::string& field,
                const std::string& named,
                const std::string& slot) {
    if (value.is_object()) Visit(value, *of.message_type(), field + ".", named + ".", slot);
    if (value.is_string() && value.as_string().starts_with(kMark))
      Add(field, named, slot, std::string(value.as_string()));
  }
  void Add(const std::string& field,
           const std::string& named,
           const std::string& slot,
           const std::string& mark) {
    const std::string full = method_.full_name().substr(std::string("teraju.").size());
    places_.push_back({full + ":" + field, named, slot, mark.size() > 1 ? mark.substr(1) : slot});
  }

  const MethodDescriptor& method_;
  std::vector<Place>& places_;
};

std::vector<Place> PlacesOf(const Call& call) {
  std::vector<Place> places;
  Finder finder(MethodOf(call.verb, call.path), places);
  finder.InBody(call.body);
  for (const auto& [key, mark] : call.query) finder.InQuery(key, mark);
  return places;
}

const json::value* FindAt(const json::value& value, const std::string& pointer) {
  boost::system::error_code error;
  return value.find_pointer(pointer, error);
}

// The pointer to the record of the answer that has the place: the nearest with a resource name.
std::string RecordOf(const json::value& answer, std::string pointer) {
  while (!pointer.empty()) {
    pointer.resize(pointer.rfind('/'));
    const json::value* record = FindAt(answer, pointer);
    if (record != nullptr && record->is_object() &&
        TextOf(*record, "name").starts_with("agencies/"))
      return pointer;
  }
  return "";
}

}  // namespace

std::string Text(const std::string& at) { return kMark + at; }
Reading At(const std::string& path, const std::string& within) {
  return {Reading::How::kAt, path, within, nullptr, ""};
}
Reading InList(const std::string& path, const std::string& field, const std::string& name) {
  return {Reading::How::kInList, path, field, nullptr, name};
}

std::vector<std::pair<std::string, std::string>> Differences(const std::vector<Place>& places,
                                                             const std::vector<std::string>& texts,
                                                             const std::string& within,
                                                             const json::value& record) {
  std::vector<std::pair<std::string, std::string>> differences;
  for (const Place& place : places) {
    if (place.refused) continue;
    const json::value* found = FindAt(record, within + place.answered);
    const std::string& text = texts.at(place.text);
    if (found != nullptr && found->is_string() && found->as_string() == text) continue;
    differences.emplace_back(
        place.field,
        absl::StrCat(text, " became ", found == nullptr ? "nothing" : serialize(*found)));
  }
  return differences;
}

TextWriter::TextWriter(harness::Suite& suite, std::vector<std::string> texts)
    : suite_(suite), texts_(std::move(texts)) {}

Answer TextWriter::Write(const Call& call) {
  std::vector<Place> places = PlacesOf(call);
  for (Place& place : places) place.text = fates_[place.field].next++ % texts_.size();
  Answer answer;
  // Every round without an answer has refused a text more.
  for (std::size_t round = 0; round <= places.size(); ++round) {
    if (!Send(call, places, answer)) continue;
    if (call.reading.how != Reading::How::kAt && call.reading.name.empty())
      Compare(places, "", answer.body);
    Read(call, answer, places);
    for (const Place& place : places)
      if (!place.refused) fates_[place.field].written.insert(place.text);
    return answer;
  }
  return answer;
}

void TextWriter::WriteAll(const std::function<Call()>& next) {
  std::vector<Place> places;
  do {
    const Call call = next();
    places = PlacesOf(call);
    Write(call);
  } while (std::any_of(places.begin(), places.end(), [&](const Place& place) {
    return fates_[place.field].next < texts_.size();
  }));
}

void TextWriter::WriteFew(const std::function<Call()>& next) {
  for (int i = 0; i < kFew; ++i) Write(next());
}

bool TextWriter::Send(const Call& call, std::vector<Place>& places, Answer& answer) {
  json::value body = call.body;
  std::string path = call.path;
  for (const Place& place : places) {
    const std::string text = place.refused ? Fresh() : texts_[place.text];
    if (!place.slot.empty()) {
      body.at_pointer(place.slot) = json::string(text);
    } else {
      path += (path.find('?') == std::string::npos ? "?" : "&") + place.named + "=" + Encoded(text);
    }
  }
  // A replica that is away for a moment comes back.
  testing::Eventually([&] {
    answer = town_->rest().Try(call.verb, call.caller, path, body);
    return answer.status != 503;
  });
  if (!answer.ok()) Refuse(call, answer, places);
  return answer.ok();
}

void TextWriter::Refuse(const Call& call, const Answer& answer, std::vector<Place>& places) {
  int named = 0;
  for (const json::value& detail : ArrayOf(ObjectOf(answer.body, "error"), "details")) {
    for (const json::value& violation : ArrayOf(detail, "fieldViolations")) {
      for (Place& place : places) {
        // A line break in a parameter is refused with all that follows the `?`.
        const std::string field = TextOf(violation, "field");
        if (place.refused || field != (place.slot.empty() && field == "?" ? "?" : place.named))
          continue;
        place.refused = true;
        fates_[place.field].refused.insert(place.text);
        ++named;
      }
    }
  }
  ++tried_;
  if (answer.status == 400 && named > 0) return;
  std::string texts;
  for (const Place& place : places) absl::StrAppend(&texts, " ", texts_[place.text]);
  Wrong(MethodOf(call.verb, call.path).full_name(),
        absl::StrCat(call.path, texts, ": ", answer.status, json::serialize(answer.body)));
  for (Place& place : places) place.refused = true;
}

void TextWriter::Read(const Call& call, const Answer& answer, const std::vector<Place>& places) {
  const Reading& reading = call.reading;
  simulation::Caller* reader = reading.caller == nullptr ? call.caller : reading.caller;
  if (reading.how == Reading::How::kAt) {
    return Compare(
        places, reading.within, town_->rest().Try("GET", reader, reading.path, nullptr).body);
  }
  if (!reading.name.empty()) {
    auto& [caller, awaited] = lists_[{reading.path, reading.within}];
    caller = reader;
    awaited.push_back({reading.name, places});
    return;
  }
  std::map<std::string, std::vector<Place>> records;  // by pointer
  for (const Place& place : places) {
    const std::string pointer = RecordOf(answer.body, place.answered);
    records[pointer].push_back(place);
    records[pointer].back().answered.erase(0, pointer.size());
  }
  for (auto& [pointer, of_record] : records) {
    const std::string name = answer.Text(pointer + "/name");
    if (reading.how == Reading::How::kInList) {
      auto& [caller, awaited] = lists_[{reading.path, reading.within}];
      caller = reader;
      awaited.push_back({name, of_record});
    } else {
      Compare(of_record, "", town_->rest().Try("GET", reader, "/v1/" + name, nullptr).body);
    }
  }
}

void TextWriter::CompareLists() {
  for (const auto& [list, expected] : lists_) {
    std::map<std::string, json::value> found;
    for (const json::value& one : town_->rest().List(expected.first, list.first, list.second))
      found[TextOf(one, "name")] = one;
    for (const Awaited& one : expected.second) Compare(one.places, "", found[one.record]);
  }
  lists_.clear();
}

void TextWriter::Note(const std::string& field,
                      std::size_t text,
                      bool right,
                      const std::string& what) {
  Fate& fate = fates_[field];
  fate.next = std::max(fate.next, text + 1);
  fate.written.insert(text % texts_.size());
  ++tried_;
  if (!right) Wrong(field, absl::StrCat(texts_[text % texts_.size()], ": ", what));
}

void TextWriter::Compare(const std::vector<Place>& places,
                         const std::string& within,
                         const json::value& record) {
  tried_ += static_cast<int>(places.size());
  for (const auto& [field, difference] : Differences(places, texts_, within, record))
    Wrong(field, difference);
}

void TextWriter::Wrong(const std::string& where, const std::string& what) {
  ++wrong_;
  if (++wrongs_[where] <= kMostMessages) ADD_FAILURE() << where << ": " << what;
}

}  // namespace teraju::security
