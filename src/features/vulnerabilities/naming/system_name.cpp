#include "features/vulnerabilities/naming/system_name.hpp"

#include "base/text.hpp"

namespace opsteward::vuln {

using cpe::Attribute;

cpe::Name SystemName(std::string_view part, std::string_view vendor, std::string_view product, std::string_view version) {
    cpe::Name name;
    name.SetComponent(Attribute::kPart, part);
    name.SetLiteral(Attribute::kVendor, vendor);
    name.SetLiteral(Attribute::kProduct, product);
    name.SetComponent(Attribute::kVersion, version);
    return name;
}

std::string VersionComponent(std::string_view version) {
    cpe::Name name;
    name.SetLiteral(Attribute::kVersion, version);
    return name[Attribute::kVersion];
}

std::string FoldSystemText(std::string_view text) {
    std::string plain = ToLowerAscii(text);
    for (const std::string_view mark : {"(r)", "(tm)", "(c)", "\xC2\xAE", "\xE2\x84\xA2", "\"", "'"}) {
        for (auto at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at)) plain.replace(at, mark.size(), 1, ' ');
    }
    std::string folded;
    for (const char c : plain) {
        const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '_';
        if (!is_blank) folded += c;
        else if (!folded.empty() && folded.back() != ' ') folded += ' ';
    }
    return std::string(Trim(folded));
}

}  // namespace opsteward::vuln
