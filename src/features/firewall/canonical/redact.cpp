#include "features/firewall/canonical/redact.hpp"

#include "base/text.hpp"
#include "features/firewall/canonical/redact_parts.hpp"
#include "features/firewall/formats/secret_shapes.hpp"

namespace opsteward::firewall {

namespace {

std::string RedactBy(Format format, std::string_view text, std::string_view hash_key) {
    const std::string_view begin = Trim(text.substr(0, 4096));
    const bool is_xml = begin.starts_with('<');
    const bool is_json = begin.starts_with('{') || begin.starts_with('[');
    switch (format) {
        case Format::kFortigate: return is_json ? RedactJson(text, hash_key) : CanonicalFortigate(text, hash_key);
        case Format::kPaloAlto: return is_xml ? RedactXml(text, hash_key) : RedactWords(WordDialect::kPanOs, text, hash_key);
        case Format::kSrx: return is_xml ? RedactXml(text, hash_key) : RedactWords(WordDialect::kJuniper, text, hash_key);
        case Format::kAsa: return RedactWords(WordDialect::kCisco, text, hash_key);
        case Format::kOpnsense: return RedactXml(text, hash_key);
        case Format::kCheckPoint: return RedactJson(text, hash_key);
        case Format::kNft:  // "key" is what its expressions call a field; it has no secrets
        case Format::kIptables:
        case Format::kClassbench: break;
    }
    return RedactShapes(text, hash_key);
}

}  // namespace

std::string Redact(Format format, std::string_view text, std::string_view hash_key) { return ReplaceInvalidUtf8(RedactBy(format, text, hash_key)); }

}  // namespace opsteward::firewall
