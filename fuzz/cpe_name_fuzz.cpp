// Two names, one a line, in any of the three ways of writing: what is read is written and read again as the same, in each way; a name without wildcards takes
// itself in; of two names, one that takes in the other and is taken in by it is the other.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/vulnerabilities/cpe/name.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::cpe;

namespace {

void CheckWritings(const Name& name) {
    const std::string formatted = name.FormattedString();
    if (formatted.size() > kMaxNameLength) return;
    const auto components = SplitFormattedString(formatted);
    Require(components.has_value());
    for (const std::string_view component : *components) Require(Canonical(component) == component);
    Require(Name::Parse(formatted).value() == name);
    for (const std::string& text : {name.Uri(), name.WellFormedName()}) {
        const auto again = Name::Parse(text);
        Require(text.size() > kMaxNameLength || (again.ok() && *again == name));
    }
    bool has_undefined = false;
    for (std::size_t i = 0; i < kAttributes; ++i) {
        const std::string& value = name[static_cast<Attribute>(i)];
        has_undefined |= CompareComponents(value, value) == Relation::kUndefined;
    }
    Require(IsMatch(name, name) != has_undefined);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    auto lines = SplitLines({reinterpret_cast<const char*>(data), size});
    lines.resize(2);
    const auto a = Name::Parse(lines[0]);
    const auto b = Name::Parse(lines[1]);
    Require(!SplitFormattedString(lines[0]) || a.ok());
    if (a.ok()) CheckWritings(*a);
    if (a.ok() && b.ok()) {
        const Relation relation = CompareNames(*a, *b);
        const Relation reverse = CompareNames(*b, *a);
        Require((relation == Relation::kEqual) == (*a == *b && IsMatch(*a, *a)));
        Require(!IsMatch(*a, *b) || relation == Relation::kEqual || !IsMatch(*b, *a));
        Require(relation != Relation::kSubset || reverse == Relation::kSuperset || reverse == Relation::kUndefined);
    }
    Name literal;
    literal.SetLiteral(Attribute::kProduct, lines[0]);
    CheckWritings(literal);
    return 0;
}
