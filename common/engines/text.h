// A sentence for people in both languages of the product.
#pragma once

#include <string>

namespace teraju {

enum class Language { kIndonesian, kEnglish };

struct Text {
  std::string id;
  std::string en;

  const std::string& In(Language language) const {
    return language == Language::kEnglish ? en : id;
  }
  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace teraju
