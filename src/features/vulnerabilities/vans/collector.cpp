#include "features/vulnerabilities/vans/collector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::vans {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string OrNotAvailable(std::string text) { return text.empty() ? std::string(kNotAvailable) : std::move(text); }

Error TooMany(std::size_t line, std::size_t limit, Phrase what) {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("清冊第 {} 行：{}超過 {}；請分成幾份。", line, what.zh, limit),
                     fmt::format("Line {} of the inventory: more than {} {}; make several of it.", line, limit, what.en));
}

}  // namespace

Result<void> Check(const Defaults& defaults) {
    if (!defaults.oid.empty() && !IsOid(defaults.oid)) {
        return Error::Of(ErrorCode::kInvalidInput, "機關 OID 有誤：須如 2.16.886.101。", "The OID is wrong: it must be such as 2.16.886.101.");
    }
    if (!IsWritable(defaults.org_name)) {
        return Error::Of(ErrorCode::kInvalidInput, "機關名稱過長或含有控制字元。", "The name of the agency is too long or holds control characters.");
    }
    if (Trim(defaults.group).empty() || !IsWritable(defaults.group)) {
        return Error::Of(ErrorCode::kInvalidInput, "資產群組代碼空白、過長或含有控制字元。", "The code of the asset group is empty, too long or holds control characters.");
    }
    return Ok();
}

Result<void> Collector::Add(std::string_view text) {
    ++line_;
    if (line_ == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (Trim(text).empty()) return Ok();
    const std::size_t faults = faults_.count();
    auto host = ReadInventoryLine(text, line_, faults_);
    if (!host) return Ok();
    if (host->oid.empty()) host->oid = defaults_.oid;
    if (host->org_name.empty()) host->org_name = defaults_.org_name;
    if (host->group.empty()) host->group = defaults_.group;
    if (host->oid.empty()) Complain(*host, "oid", {"缺少機關 OID：請寫在清冊或以 --oid 指定。", "is missing: write it into the inventory, or give --oid."});
    if (host->org_name.empty()) Complain(*host, "org", {"缺少機關名稱：請寫在清冊或以 --org 指定。", "is missing: write it into the inventory, or give --org."});
    if (faults_.count() != faults) return Ok();  // what is wrong in more than one line is still told of each
    return AddHost(std::move(*host));
}

Result<void> Collector::AddHost(HostLine host) {
    if (inventory_.machines.size() == kMaxMachines) return TooMany(line_, kMaxMachines, {"機器", "machines"});
    OPS_TRY(std::string identifier, IdentifierOf(host.permanent_id, defaults_.identifier));
    const std::string key = host.oid + '\n' + identifier;
    const std::uint32_t identity = identities_.try_emplace(key, static_cast<std::uint32_t>(identities_.size())).first->second;
    const auto machine = static_cast<std::uint32_t>(inventory_.machines.size());
    for (Software& software : host.software) {
        const std::string where = software.where;
        const std::uint32_t product = Intern(host, where, MakeProduct(std::move(software)));
        if (!seen_.insert(std::uint64_t{identity} << 32U | product).second) {
            ++inventory_.duplicates;
            continue;
        }
        if (inventory_.installed.size() == kMaxInstalled) return TooMany(line_, kMaxInstalled, {"項目", "items"});
        inventory_.installed.push_back({machine, product});
    }
    inventory_.machines.push_back({std::move(host.oid), std::move(host.org_name), std::move(host.group), std::move(identifier)});
    return Ok();
}

void Collector::Complain(const HostLine& host, std::string where, Text what) {
    constexpr std::size_t kShownCharacters = 80;
    faults_.Add({line_, Shorten(host.host, kShownCharacters), std::move(where), std::move(what)});
}

const std::string& Collector::FindCpe(const Software& software) {
    const std::string key = software.name + '\n' + software.publisher + '\n' + software.version;
    const auto [entry, is_new] = found_.try_emplace(key, kNotAvailable);
    if (is_new) {
        const auto name = finder_(software.name, software.publisher, software.version);
        if (name) entry->second = name->FormattedString();
    }
    return entry->second;
}

Product Collector::MakeProduct(Software software) {
    Product product;
    product.cpe_title = software.cpe.empty() ? "" : std::move(software.cpe_title);
    product.cpe = software.cpe.empty() && finder_ ? FindCpe(software) : OrNotAvailable(std::move(software.cpe));
    product.name = std::move(software.name);
    product.vendor = OrNotAvailable(std::move(software.publisher));
    product.version = OrNotAvailable(std::move(software.version));
    product.is_hardware = software.is_hardware;
    product.first_line = line_;
    return product;
}

std::uint32_t Collector::Intern(const HostLine& host, const std::string& where, Product product) {
    // No member holds a line feed.
    const std::string key = product.name + '\n' + product.vendor + '\n' + product.version + '\n' + product.cpe;
    const auto [entry, is_new] = products_.try_emplace(key, static_cast<std::uint32_t>(inventory_.products.size()));
    if (is_new) {
        if (product.cpe_title.empty() && product.has_cpe()) product.cpe_title = TitleOf(cpe::Name::Parse(product.cpe).value_or(cpe::Name()));
        product.cpe_title = OrNotAvailable(std::move(product.cpe_title));
        inventory_.products.push_back(std::move(product));
        return entry->second;
    }
    const Product& known = inventory_.products[entry->second];
    if (known.is_hardware != product.is_hardware) {
        Complain(host, where + ".category",
                 {fmt::format("與第 {} 行的同一產品不同。", known.first_line), fmt::format("differs from that of the same product in line {}.", known.first_line)});
    }
    return entry->second;
}

std::string TitleOf(const cpe::Name& name) {
    std::string title;
    for (const cpe::Attribute attribute : {cpe::Attribute::kVendor, cpe::Attribute::kProduct, cpe::Attribute::kVersion}) {
        const std::string& component = name[attribute];
        if (component == "*" || component == "-") continue;
        std::string text = cpe::Unquote(component);
        std::ranges::replace(text, '_', ' ');
        title += (title.empty() ? "" : " ") + text;
    }
    return title;
}

}  // namespace opsteward::vans
