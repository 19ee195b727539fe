#include "features/vulnerabilities/match/inventory.hpp"

#include <simdjson.h>

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace opsteward::vuln {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMaxDepth = 32;

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, zh, en); }

/// The text of a member; "" when it is missing or null. Numbers, as some inventories write versions, are taken as they stand.
Result<std::string_view> TextMember(const object& of, std::string_view name, std::string& number) {
    element member;
    if (of[name].get(member) != simdjson::SUCCESS || member.is_null()) return std::string_view();
    std::string_view text;
    if (member.get(text) == simdjson::SUCCESS) return text;
    if (member.is_number()) {
        number = simdjson::minify(member);
        return std::string_view(number);
    }
    return Wrong("「" + std::string(name) + "」應為文字。", "\"" + std::string(name) + "\" should be a text.");
}

Result<Package> ReadPackage(const element& value, std::array<std::string, 7>& numbers) {
    object members;
    if (value.get(members) != simdjson::SUCCESS) return Wrong("「packages」的每一項應為物件。", "Each of \"packages\" should be an object.");
    Package package;
    OPS_TRY(package.name, TextMember(members, "name", numbers[0]));
    OPS_TRY(package.version, TextMember(members, "version", numbers[1]));
    OPS_TRY(package.publisher, TextMember(members, "publisher", numbers[2]));
    OPS_TRY(package.cpe, TextMember(members, "cpe", numbers[3]));
    OPS_TRY(package.purl, TextMember(members, "purl", numbers[4]));
    OPS_TRY(package.source, TextMember(members, "source", numbers[5]));
    OPS_TRY(package.source_version, TextMember(members, "source_version", numbers[6]));
    if (package.name.empty() && package.cpe.empty() && package.purl.empty()) {
        return Wrong("有一項套件沒有 name、cpe 或 purl。", "A package has neither name nor cpe nor purl.");
    }
    return package;
}

Result<std::string> ReadSystem(const object& host) {
    element system;
    if (host["os"].get(system) != simdjson::SUCCESS || system.is_null()) return std::string();
    std::string_view text;
    if (system.get(text) == simdjson::SUCCESS) return std::string(text);
    object members;
    if (system.get(members) != simdjson::SUCCESS) return Wrong("「os」應為文字或物件。", "\"os\" should be a text or an object.");
    std::string number;
    OPS_TRY(const std::string_view cpe, TextMember(members, "cpe", number));
    if (!cpe.empty()) return std::string(cpe);
    std::string joined;
    for (const std::string_view part : {"name", "version", "build"}) {
        OPS_TRY(const std::string_view value, TextMember(members, part, number));
        if (value.empty() || joined.find(value) != std::string::npos) continue;
        if (!joined.empty()) joined += ' ';
        joined += value;
    }
    return joined;
}

Result<std::vector<std::string_view>> ReadPatches(const object& host) {
    std::vector<std::string_view> patches;
    element value;
    if (host["patches"].get(value) != simdjson::SUCCESS || value.is_null()) return patches;
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS) return Wrong("「patches」應為陣列。", "\"patches\" should be an array.");
    for (const element patch : list) {
        std::string_view text;
        if (patch.get(text) != simdjson::SUCCESS) return Wrong("「patches」的每一項應為文字。", "Each of \"patches\" should be a text.");
        patches.push_back(text);
    }
    return patches;
}

}  // namespace

struct InventoryReader::Parser {
    simdjson::dom::parser parser{kMaxLineBytes};
    std::vector<Package> packages;
    std::deque<std::array<std::string, 7>> numbers;  ///< texts of numbers, which stay where they are while a line is read
};

InventoryReader::InventoryReader() : parser_(std::make_unique<Parser>()) {
    // The depth is bounded when room is made for it; a failure shows with the first line.
    [[maybe_unused]] const auto error = parser_->parser.allocate(1U << 16, kMaxDepth);
}
InventoryReader::~InventoryReader() = default;

Result<void> InventoryReader::Read(std::string_view line, Fleet& fleet) {
    if (Trim(line).empty()) return Ok();
    if (line.size() > kMaxLineBytes) return Error::Of(ErrorCode::kTooLarge, "這一行超過 64 MiB。", "The line is over 64 MiB.");
    element document;
    if (const auto error = parser_->parser.parse(line.data(), line.size(), true).get(document); error != simdjson::SUCCESS) {
        return Wrong(std::string("不是正確的 JSON：") + simdjson::error_message(error), std::string("This is no proper JSON: ") + simdjson::error_message(error));
    }
    object host;
    if (document.get(host) != simdjson::SUCCESS) return Wrong("每一行應為一個 JSON 物件。", "Each line should be a JSON object.");
    std::string number;
    OPS_TRY(const std::string_view name, TextMember(host, "host", number));
    if (name.empty()) return Wrong("缺少「host」。", "\"host\" is missing.");
    OPS_TRY(const std::string system, ReadSystem(host));
    OPS_TRY(const std::vector<std::string_view> patches, ReadPatches(host));

    auto& packages = parser_->packages;
    auto& numbers = parser_->numbers;
    packages.clear();
    simdjson::dom::array list;
    element member;
    if (host["packages"].get(member) == simdjson::SUCCESS && !member.is_null()) {
        if (member.get(list) != simdjson::SUCCESS) return Wrong("「packages」應為陣列。", "\"packages\" should be an array.");
        for (const element value : list) {
            if (packages.size() == numbers.size()) numbers.emplace_back();
            OPS_TRY(const Package package, ReadPackage(value, numbers[packages.size()]));
            packages.push_back(package);
        }
    }
    fleet.BeginHost(name, system, patches);
    for (const Package& package : packages) fleet.AddPackage(package);
    return Ok();
}

}  // namespace opsteward::vuln
