#include "features/vulnerabilities/naming/name_confirmations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/normalized_title.hpp"
#include "features/vulnerabilities/naming/toml_table.hpp"

namespace opsteward::vuln {

using cpe::Attribute;

namespace {

constexpr std::size_t kMaxBytes = 4U << 20U;
constexpr std::size_t kMaxDecisions = 100'000;
constexpr std::size_t kMaxText = 1024;
constexpr Phrase kFile{"名稱確認檔", "the file of confirmed names"};

std::string KeyOf(std::string_view name, std::string_view publisher) { return std::string(name) + '\n' + std::string(publisher); }

std::optional<cpe::Name> ReadProduct(TomlTable& table) {
    const std::string text = table.String("cpe");
    if (text.empty()) return std::nullopt;
    auto name = cpe::Name::Parse(text);
    if (!name.ok()) {
        table.Fault(name.error().caller_text.zh, name.error().caller_text.en);
        return std::nullopt;
    }
    for (const Attribute attribute : {Attribute::kPart, Attribute::kVendor, Attribute::kProduct}) {
        const std::string& value = (*name)[attribute];
        const bool is_one = value != "*" && value != "-" && !value.starts_with('*') && !value.starts_with('?') && !value.ends_with('?') &&
                            (!value.ends_with('*') || value.ends_with("\\*"));
        if (!is_one) {
            table.Fault("cpe 的 part、vendor 與 product 應為確定的值。", "part, vendor and product of cpe have to be values of one product.");
            return std::nullopt;
        }
    }
    return *std::move(name);
}

NameConfirmation ReadDecision(TomlTable& table) {
    NameConfirmation decision;
    const std::string name = table.RequiredString("name");
    decision.name = NormalizeTitle(name).name;
    decision.publisher = NormalizePublisher(table.String("publisher"));
    decision.product = ReadProduct(table);
    const bool is_none = table.Flag("none");
    if (table.Has("cpe") == is_none) table.Fault("需要 cpe 或 none = true，二者擇一。", "one of cpe and none = true has to be there.");
    decision.author = table.RequiredString("author");
    if (const auto date = table.RequiredDate("date")) decision.date = fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
    decision.reason = table.String("reason");
    if (is_none && !table.Has("reason")) table.Fault("none 需要 reason。", "none asks for a reason.");
    if (std::max({name.size(), decision.publisher.size(), decision.author.size(), decision.reason.size()}) > kMaxText) {
        table.Fault("欄位過長：最多 1,024 位元組。", "a value is too long: at most 1,024 bytes.");
    }
    if (!name.empty() && decision.name.empty()) table.Fault("name 除版本外沒有名稱。", "name holds nothing but a version.");
    table.Done();
    return decision;
}

}  // namespace

Result<NameConfirmations> NameConfirmations::Read(std::string_view text) {
    OPS_TRY(const auto file, ParseToml(text, kMaxBytes, kFile));
    TomlFaults faults;
    for (const auto& [key, node] : file) {
        if (key.str() == "confirmation") continue;
        faults.Add(static_cast<int>(key.source().begin.line), fmt::format("未知的鍵 {}。", key.str()), fmt::format("unknown key {}.", key.str()));
    }
    const auto tables = TablesOf(file, "confirmation", faults);
    if (tables.size() > kMaxDecisions) {
        return Error::Of(ErrorCode::kTooLarge, "名稱確認檔過大：最多 100,000 筆。", "The file of confirmed names is too large: at most 100,000 decisions.");
    }
    NameConfirmations confirmations;
    std::unordered_map<std::string, int> lines;
    for (const toml::table* source : tables) {
        TomlTable table(*source, faults);
        NameConfirmation decision = ReadDecision(table);
        const std::string key = KeyOf(decision.name, decision.publisher);
        const auto [earlier, is_new] = lines.emplace(key, table.line());
        if (is_new) {
            confirmations.by_title_.emplace(key, std::move(decision));
        } else if (confirmations.by_title_.at(key).product != decision.product) {
            table.Fault(fmt::format("與第 {} 行對同一軟體的決定相反；請留下一個。", earlier->second),
                        fmt::format("decides otherwise than line {} about the same title; leave one of them.", earlier->second));
        }
    }
    if (!faults.empty()) return faults.ToError(kFile);
    return confirmations;
}

const NameConfirmation* NameConfirmations::Find(std::string_view name, std::string_view publisher) const {
    const auto found = by_title_.find(KeyOf(name, publisher));
    return found == by_title_.end() ? nullptr : &found->second;
}

}  // namespace opsteward::vuln
