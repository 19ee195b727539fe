// Redaction of arbitrary bytes in every form: nothing crashes, the result is UTF-8, is the same each time, and holds no private key; and a secret behind its
// name in a line of its own, after whatever came before it, does not survive. The first byte chooses the form.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/firewall/canonical/redact.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

namespace {

constexpr std::string_view kSecret = "p1ant3dS3cr3tAbCdEfGh";

/// A secret as this form writes it, behind the end of whatever may be open.
std::string Planted(Format format) {
    const std::string secret(kSecret);
    switch (format) {
        case Format::kFortigate:
            return "\nset psksecret " + secret + "\nset passwd ENC " + secret + "\n";
        case Format::kAsa:
            return "\nusername a password " + secret + " encrypted\n";
        case Format::kPaloAlto:
        case Format::kSrx:
            return "\nset a b secret " + secret + "\n";
        case Format::kOpnsense:
            return "\n-->]]><password>" + secret + "</password>";
        case Format::kCheckPoint:
        case Format::kIptables:
        case Format::kNft:
        case Format::kClassbench:
            return "\n$6$" + secret;
    }
    return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    const auto format = static_cast<Format>(data[0] % 9);
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string redacted = Redact(format, text, "key");
    Require(IsValidUtf8(redacted));
    Require(Redact(format, text, "key") == redacted);
    // What comes before a line may quote it in some forms; where nothing does, the secret must go.
    if (text.find(kSecret) != std::string_view::npos) return 0;
    const bool may_be_quoted = text.find_first_of("\"'<>$\\{[\n") != std::string_view::npos;
    const std::string with_secret = std::string(text) + Planted(format);
    const std::string without = Redact(format, with_secret, "key");
    if (!may_be_quoted) Require(without.find(kSecret) == std::string::npos);
    return 0;
}
