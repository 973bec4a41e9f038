// teraju-stats: the statistics of the suite on data of one's own.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>

#include "common/engines/statistics/cli/analysis.h"
#include "common/engines/statistics/cli/answers_csv.h"
#include "common/engines/statistics/cli/output.h"

namespace {

using teraju::statistics::AnalysisOptions;
using teraju::statistics::Fault;
using teraju::statistics::Interval;

constexpr const char* kHelp =
    R"(teraju-stats: agreement of raters, and values without their severity

  teraju-stats [option...] [file.csv]      without a file, or with -, from standard input

The file is CSV with a header; columns in any order, separated by comma, semicolon, tab or bar:
  rater   (penilai)    who answered                     required
  ratee   (dinilai)    about whom                       required
  value   (nilai)      a number; empty: no answer       required
  item    (butir)      which question                   one question if absent
  group   (kelompok)   superior, peer, ...              one group if absent
  period  (periode)    sorted as text; for drift        one period if absent

Options
  --statistics=LIST    of icc, generalizability, krippendorff, kendall, fleiss, cronbach, model,
                       diagnostics, connectivity; else all that apply
  --format=table|json  table
  --confidence=0.95    of intervals
  --scale=1:5          ends of the scale; else the smallest and the largest answer
  --pair-effect        with several items: also what a rater thinks of a ratee beyond both; without
                       it ten answers of one rater count as ten independent ones
  --language=en|id     of messages
  --help               this text

Statistics
  icc               intraclass correlations, six forms (Shrout and Fleiss 1979), with intervals
  generalizability  variance components; relative and absolute (phi) coefficients; raters needed
  krippendorff      alpha: nominal, ordinal, interval, ratio; missing answers allowed
  kendall           W with ties          fleiss    kappa          cronbach  alpha over items
  model             value = mean of the group + ratee + rater (+ item) (+ pair) + error by REML:
                    estimates, standard errors, criterion; each ratee raw and adjusted
  diagnostics       each rater's severity, halo, central tendency, range, drift
  connectivity      parts of the graph of raters and ratees; what would connect them

Exit status
  0  everything asked for has a number        2  wrong usage
  1  the file has faults, none computed       3  something has a reason instead of a number
     (each is told with line and column)         (without --statistics a table with gaps is no reason)

Example
  printf 'rater,ratee,value\na,x,4\nb,x,3\na,y,5\nb,y,5\nc,x,4\nc,y,4\n' | teraju-stats
)";

struct Arguments {
  AnalysisOptions analysis;
  bool json = false;
  bool indonesian = false;
  bool help = false;
  std::string file = "-";
};

int Usage(const std::string& problem) {
  std::cerr << "teraju-stats: " << problem << " See teraju-stats --help.\n";
  return 2;
}

std::optional<Interval> ParseScale(const std::string& text) {
  std::istringstream in(text);
  Interval scale;
  char colon = 0;
  if (!(in >> scale.lower >> colon >> scale.upper) || colon != ':' || !in.eof()) return {};
  if (!(scale.lower < scale.upper)) return {};
  return scale;
}

bool ParseStatistics(const std::string& list, std::set<std::string>& statistics) {
  std::istringstream in(list);
  for (std::string name; std::getline(in, name, ',');) {
    const bool known = std::any_of(std::begin(teraju::statistics::kStatistics),
                                   std::end(teraju::statistics::kStatistics),
                                   [&](const char* s) { return name == s; });
    if (!known) return false;
    statistics.insert(name);
  }
  return !statistics.empty();
}

// What is wrong with an option; empty if nothing.
std::string SetOption(const std::string& name, const std::string& value, Arguments& arguments) {
  if (name == "--statistics") {
    return ParseStatistics(value, arguments.analysis.statistics)
               ? ""
               : "--statistics=" + value + " names a statistic that does not exist.";
  }
  if (name == "--format" && (value == "table" || value == "json")) {
    arguments.json = value == "json";
    return "";
  }
  if (name == "--language" && (value == "en" || value == "id")) {
    arguments.indonesian = value == "id";
    return "";
  }
  if (name == "--confidence") {
    std::istringstream in(value);
    const bool read = static_cast<bool>(in >> arguments.analysis.confidence) && in.eof();
    const double c = arguments.analysis.confidence;
    return read && c > 0 && c < 1 ? "" : "--confidence must lie between 0 and 1.";
  }
  if (name == "--scale") {
    arguments.analysis.scale = ParseScale(value);
    return arguments.analysis.scale ? "" : "--scale must have the form 1:5.";
  }
  return name + "=" + value + " is not an option.";
}

std::string ParseArguments(int argc, char** argv, Arguments& arguments) {
  bool has_file = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    std::string problem;
    if (argument == "--help") {
      arguments.help = true;
    } else if (argument == "--pair-effect") {
      arguments.analysis.pair_effect = true;
    } else if (argument.starts_with("--")) {
      problem = equals == std::string::npos
                    ? argument + " is not an option, or lacks its value."
                    : SetOption(argument.substr(0, equals), argument.substr(equals + 1), arguments);
    } else if (has_file) {
      problem = "More than one file: " + argument + ".";
    } else {
      arguments.file = argument;
      has_file = true;
    }
    if (!problem.empty()) return problem;
  }
  return "";
}

std::optional<std::string> ReadFile(const std::string& name) {
  if (name == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream in(name, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return text;
}

void Print(const std::vector<Fault>& faults, const Arguments& arguments) {
  for (const Fault& fault : faults) {
    std::cerr << (arguments.file == "-" ? "stdin" : arguments.file) << ":" << fault.line << ": "
              << (fault.column.empty() ? "" : fault.column + ": ")
              << (arguments.indonesian ? fault.id : fault.en) << "\n";
  }
}

// In a table a refusal is read in one language.
void KeepLanguage(boost::json::value& v, bool indonesian) {
  if (boost::json::array* elements = v.if_array()) {
    for (auto& element : *elements) KeepLanguage(element, indonesian);
  }
  boost::json::object* members = v.if_object();
  if (members == nullptr) return;
  if (members->contains("refused")) members->erase(indonesian ? "reason" : "alasan");
  for (auto& member : *members) KeepLanguage(member.value(), indonesian);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  const std::string problem = ParseArguments(argc, argv, arguments);
  if (!problem.empty()) return Usage(problem);
  if (arguments.help) {
    std::cout << kHelp;
    return 0;
  }
  const std::optional<std::string> text = ReadFile(arguments.file);
  if (!text) return Usage(arguments.file + " cannot be read.");
  const auto parsed = teraju::statistics::ParseAnswers(*text);
  if (!parsed.answers) {
    Print(parsed.faults, arguments);
    return 1;
  }
  const auto analysis = teraju::statistics::Analyse(*parsed.answers, arguments.analysis);
  if (arguments.json) {
    std::cout << teraju::statistics::ToJson(analysis.report);
  } else {
    boost::json::value report = analysis.report;
    KeepLanguage(report, arguments.indonesian);
    std::cout << teraju::statistics::ToText(report.get_object());
  }
  return analysis.refused ? 3 : 0;
}
