#include "features/vulnerabilities/match/item.hpp"

#include "features/vulnerabilities/snapshot/applicability.hpp"

namespace opsteward::vuln {

Item ItemOfName(const cpe::Name& name, std::string_view version) {
    using cpe::Attribute;
    cpe::Name whole = name;
    if (whole[Attribute::kVersion] == "*" && !version.empty()) whole.SetLiteral(Attribute::kVersion, version);
    Item item;
    item.product = KeyOfProduct(whole[Attribute::kPart], whole[Attribute::kVendor], whole[Attribute::kProduct]);
    for (std::size_t i = 0; i < item.attributes.size(); ++i) item.attributes[i] = whole[AttributeSet::kAttributes[i]];
    std::string& update = item.attributes[1];
    if (update == "*") update = "-";
    const std::string& component = item.attributes[0];
    if (component == "-") {
        item.version = Item::Version::kNone;
    } else if (component != "*") {
        item.version = Item::Version::kKnown;
        item.key = versions::Key(versions::Scheme::kGeneric, cpe::Unquote(component), cpe::Unquote(update));
    }
    return item;
}

Item ItemOfPackage(std::string_view ecosystem, std::string_view name, std::string_view version) {
    Item item;
    item.product = KeyOfPackage(ecosystem, name);
    item.attributes.fill("*");
    if (!version.empty()) {
        item.version = Item::Version::kKnown;
        item.key = versions::Key(SchemeOfEcosystem(ecosystem), version);
    }
    return item;
}

}  // namespace opsteward::vuln
