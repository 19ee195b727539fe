// "src=192.0.2.1 in=\"Guest WiFi\"": names with their values, each name once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::firewall {

class NamedValues {
  public:
    /// Parts between blanks; a value with blanks stands in double quotes, within which \\ stands before a quote and before itself. kInvalidInput for what is no
    /// name=value, and for a name that is there twice.
    static Result<NamedValues> Parse(std::string_view text);

    /// The value, which is not among the others any more.
    std::optional<std::string> Take(const std::string& name);
    /// kInvalidInput, naming one that nobody took.
    Result<void> ExpectNoOthers() const;

  private:
    std::map<std::string, std::string> values_;
};

/// As Parse() reads it: in quotes where it has to be.
std::string QuotedValue(std::string_view value);

}  // namespace opsteward::firewall
