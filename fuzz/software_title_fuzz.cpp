// A title of arbitrary bytes, its three fields between tabs: nothing crashes, a name that is given is one of part a with vendor and product and can be
// written and read again, the reasons stand in both languages, and the answer is the same each time.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/name_mapper.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::vuln;

namespace {

void CheckName(const cpe::Name& name) {
    const auto read = cpe::Name::Parse(name.FormattedString());
    Require(read.ok() && *read == name);
    Require(name[cpe::Attribute::kPart] == "a");
    for (const cpe::Attribute attribute : {cpe::Attribute::kVendor, cpe::Attribute::kProduct}) Require(name[attribute] != "*" && name[attribute] != "-");
}

void CheckSame(const NameAnswer& one, const NameAnswer& other) {
    Require(one.index() == other.index());
    if (const auto* choice = std::get_if<NameChoice>(&one)) Require(choice->name == std::get<NameChoice>(other).name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    static const NameMapper kMapper = NameMapper::BuiltIn().value();
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto cells = Split(bytes, '\t');
    const auto cell = [&](std::size_t i) { return i < cells.size() ? std::string(cells[i]) : std::string(); };
    const SoftwareTitle title{.name = cell(0), .publisher = cell(1), .version = cell(2)};
    const NameAnswer answer = kMapper.Map(title);
    CheckSame(answer, kMapper.Map(title));
    if (const auto* choice = std::get_if<NameChoice>(&answer)) {
        CheckName(choice->name);
        for (const cpe::Name& name : choice->also) CheckName(name);
        Require(choice->confidence >= 60 && choice->confidence <= 100 && choice->evidence != Evidence::kNothing);
        Require(!choice->why.zh.empty() && !choice->why.en.empty());
    } else {
        const auto& withheld = std::get<Withheld>(answer);
        for (const cpe::Name& name : withheld.candidates) CheckName(name);
        Require(withheld.candidates.size() <= 5 && !withheld.reason.zh.empty() && !withheld.reason.en.empty());
    }
    return 0;
}
