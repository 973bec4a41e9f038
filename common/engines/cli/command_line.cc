#include "common/engines/cli/command_line.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace teraju::cli {
namespace {

bool Contains(const std::vector<std::string_view>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Parser {
 public:
  Parser(const Syntax& syntax, std::vector<std::string> given)
      : syntax_(syntax), given_(std::move(given)) {}

  // Goes on after a problem: the language in which it is told may come later.
  CommandLine Parse() {
    while (at_ < given_.size()) {
      const std::string word = given_[at_++];
      if (word.size() > 1 && word[0] == '-') {
        ParseOption(word);
      } else {
        line_.words.push_back(word);
      }
    }
    if (line_.words.size() > syntax_.most_words) {
      const std::string& extra = line_.words[syntax_.most_words];
      Fail(
          {absl::StrCat("\"", extra, "\" berlebih; hapus, atau periksa opsi di depannya."),
           absl::StrCat("\"", extra, "\" is too much; leave it out, or check the option before.")});
    }
    return std::move(line_);
  }

 private:
  void Fail(Text problem) {
    if (!line_.problem) line_.problem = std::move(problem);
  }

  void ParseOption(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    if (name == "--lang" || Contains(syntax_.options, name)) return TakeValue(name, value);
    const bool common = name == "--json" || name == "--help";
    if (!common && !Contains(syntax_.flags, name)) {
      return Fail({absl::StrCat("Opsi ", name, " tidak dikenal; periksa ejaannya."),
                   absl::StrCat("There is no option ", name, "; check its spelling.")});
    }
    if (value) {
      return Fail({absl::StrCat(name, " tidak menerima nilai; hapus \"=", *value, "\"."),
                   absl::StrCat(name, " takes no value; leave \"=", *value, "\" out.")});
    }
    line_.json |= name == "--json";
    line_.help |= name == "--help";
    if (!common) line_.options.push_back({name, ""});
  }

  void TakeValue(const std::string& name, std::optional<std::string> value) {
    if (!value && at_ < given_.size()) value = given_[at_++];
    if (!value || value->empty()) {
      return Fail({absl::StrCat(name, " memerlukan nilai; tulis ", name, "=NILAI."),
                   absl::StrCat(name, " needs a value; write ", name, "=VALUE.")});
    }
    if (name != "--lang") {
      line_.options.push_back({name, *value});
    } else if (*value == "id" || *value == "en") {
      line_.language = *value == "en" ? Language::kEnglish : Language::kIndonesian;
    } else {
      Fail({absl::StrCat("Bahasa \"", *value, "\" tidak ada; tulis --lang=id atau --lang=en."),
            absl::StrCat("There is no language \"", *value, "\"; write --lang=id or --lang=en.")});
    }
  }

  const Syntax& syntax_;
  const std::vector<std::string> given_;
  std::size_t at_ = 0;
  CommandLine line_;
};

Text ReasonOf(int error) {
  if (error == ENOENT) return {"berkas itu tidak ada", "there is no such file"};
  if (error == EACCES) return {"tidak ada izin", "permission is lacking"};
  if (error == EISDIR) return {"itu sebuah folder", "it is a folder"};
  return {std::strerror(error), std::strerror(error)};
}

}  // namespace

CommandLine ParseCommandLine(const Syntax& syntax, int argc, const char* const* argv) {
  return Parser(syntax, {argv + 1, argv + argc}).Parse();
}

absl::StatusOr<std::string> ReadInput(const std::string& path, Language language) {
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  const File named(path == "-" ? nullptr : std::fopen(path.c_str(), "rb"), std::fclose);
  std::FILE* const file = path == "-" ? stdin : named.get();
  std::string text;
  if (file != nullptr) {
    char part[1 << 16];
    while (const std::size_t size = std::fread(part, 1, sizeof(part), file))
      text.append(part, size);
    if (std::ferror(file) == 0) return text;
  }
  const Text reason = ReasonOf(errno);
  const Text message = {absl::StrCat(path,
                                     " tidak dapat dibaca: ",
                                     reason.id,
                                     "; beri nama berkas yang terbaca, atau - untuk masukan "
                                     "standar."),
                        absl::StrCat(path,
                                     " cannot be read: ",
                                     reason.en,
                                     "; name a file that can, or - for standard input.")};
  return absl::NotFoundError(message.In(language));
}

std::string UsageText(const Text& problem, const Text& help, Language language) {
  const std::string& all = help.In(language);
  const std::string program = all.substr(0, all.find(':'));
  const std::size_t call = all.find("\n\n");
  const Text more = {" --help menjelaskan semuanya.\n", " --help explains everything.\n"};
  return absl::StrCat(program,
                      ": ",
                      problem.In(language),
                      all.substr(call, all.find("\n\n", call + 2) - call),
                      "\n\n",
                      program,
                      more.In(language));
}

int Finish(int status, const std::string& output, const std::string& messages) {
  std::fwrite(messages.data(), 1, messages.size(), stderr);
  std::fwrite(output.data(), 1, output.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  std::perror("stdout");
  return kFailed;
}

}  // namespace teraju::cli
