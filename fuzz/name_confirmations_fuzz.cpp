// A file of confirmed names of arbitrary bytes: nothing crashes, a fault names its line, and what is accepted is found again by the title it is of.
#include <string>
#include <string_view>

#include "features/vulnerabilities/naming/name_confirmations.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::vuln;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto confirmations = NameConfirmations::Read(text);
    if (!confirmations.ok()) {
        Require(confirmations.error().code != ErrorCode::kInvalidInput || confirmations.error().caller_text.en.find("line ") != std::string::npos);
        return 0;
    }
    const NameConfirmation* decision = confirmations->Find("7-zip", "igor pavlov");
    if (decision == nullptr) return 0;
    Require(decision->name == "7-zip" && decision->publisher == "igor pavlov");
    Require(!decision->author.empty() && decision->date.size() >= 10);
    Require(decision->product.has_value() || !decision->reason.empty());
    return 0;
}
