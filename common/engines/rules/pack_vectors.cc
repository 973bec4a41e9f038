#include "common/engines/rules/pack_vectors.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/pack_reader.h"
#include "common/errors/error.h"
#include "google/rpc/error_details.pb.h"

namespace teraju::rules {
namespace {

// `920/9`, `102.5`; nullopt for a code.
std::optional<Rational> ExactOf(const Json& json) {
  if (const auto number = NumberIn(json)) return ToRational(*number);
  const std::size_t slash = json.text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto top = Decimal::Parse(json.text.substr(0, slash));
  const auto bottom = Decimal::Parse(json.text.substr(slash + 1));
  if (!top.ok() || !bottom.ok() || bottom->sign() == 0) return std::nullopt;
  return ToRational(*top) / ToRational(*bottom);
}

bool IsSame(const Json& expected, const Json& given) {
  const std::optional<Rational> number = ExactOf(expected);
  return number ? ExactOf(given) == number : expected.text == given.text;
}

class Runner {
 public:
  Runner(const PolicyPack& pack, std::vector<PackProblem>& problems)
      : pack_(pack), problems_(problems) {}

  void Run(const Vector& vector, const std::string& path) {
    const Method& method = *pack_.FindMethod(vector.method);
    absl::StatusOr<Json> values = StepValues(pack_, method, vector.inputs);
    if (!vector.error.empty()) return ExpectRefusal(vector, path, values.status());
    if (!values.ok()) return Report(vector, path, "", std::string(values.status().message()));
    if (const auto outcome = Score(pack_, method, vector.inputs); outcome.ok()) {
      if (outcome->score) values->Set("score", *outcome->score);
      if (outcome->predicate) {
        values->Set("predicate", pack_.codes[static_cast<std::size_t>(*outcome->predicate)]);
      }
    }
    for (const JsonMember& expected : vector.expect.members) {
      const Json* given = values->Find(expected.name);
      if (given != nullptr && IsSame(expected.value, *given)) continue;
      const std::string got = given == nullptr                 ? "–"
                              : given->Is(Json::Kind::kNumber) ? given->number.ToString()
                                                               : given->text;
      Report(vector, Join(path, "expect"), expected.name, got);
    }
  }

 private:
  void ExpectRefusal(const Vector& vector, const std::string& path, const absl::Status& status) {
    const auto detail = errors::GetDetail<google::rpc::BadRequest>(status);
    const bool named =
        detail && std::any_of(detail->field_violations().begin(),
                              detail->field_violations().end(),
                              [&](const auto& v) { return v.field() == vector.error; });
    if (!named) Report(vector, Join(path, "error"), "", std::string(status.message()));
  }

  void Report(const Vector& vector,
              const std::string& path,
              const std::string& name,
              const std::string& got) {
    problems_.push_back(
        {vector.line,
         name.empty() ? path : Join(path, name),
         "VECTOR_FAILED",
         {fmt::format("Contoh uji \"{}\" tidak terpenuhi; hasilnya: {}", vector.name, got),
          fmt::format("Vector \"{}\" fails; it gives: {}", vector.name, got)}});
  }

  const PolicyPack& pack_;
  std::vector<PackProblem>& problems_;
};

}  // namespace

std::vector<PackProblem> RunVectors(const PolicyPack& pack) {
  std::vector<PackProblem> problems;
  Runner runner(pack, problems);
  for (std::size_t i = 0; i < pack.vectors.size(); ++i) {
    runner.Run(pack.vectors[i], Join("vectors", i));
  }
  return problems;
}

}  // namespace teraju::rules
