#include <fmt/format.h>

#include <set>
#include <toml++/toml.h>

#include "base/text.hpp"
#include "features/firewall/analysis/expectations.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/service_text.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMostElements = 10'000;
constexpr std::size_t kLongestName = 400;

using Part = Range<std::uint32_t>;

Error Wrong(const toml::source_region& where, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("期望檔第 {} 行第 {} 欄：{}", where.begin.line, where.begin.column, zh),
                     fmt::format("Expectations, line {}, column {}: {}", where.begin.line, where.begin.column, en));
}

Result<void> HasOnly(const toml::table& table, const std::set<std::string_view>& known) {
    for (const auto& [key, node] : table) {
        if (known.contains(key.str())) continue;
        const std::string names = fmt::format("{}", fmt::join(known, ", "));
        return Wrong(key.source(), fmt::format("未知的鍵 {}；可用：{}。", key.str(), names), fmt::format("unknown key {}; known are {}.", key.str(), names));
    }
    return Ok();
}

/// Calls `take(text)` for each string of the array `key`; it says whether it could read it. False when there is no such key.
template <typename Take>
Result<bool> ForEachString(const toml::table& table, std::string_view key, std::string_view example, const Take& take) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return false;
    const toml::array* array = node->as_array();
    if (array == nullptr || array->empty() || array->size() > kMostElements) {
        return Wrong(node->source(), fmt::format("{} 應為 1 至 {} 個字串的陣列，例如 [\"{}\"]。", key, kMostElements, example),
                     fmt::format("{} has to be an array of 1 to {} strings such as [\"{}\"].", key, kMostElements, example));
    }
    for (const toml::node& element : *array) {
        const auto text = element.value_exact<std::string>();
        if (text && take(std::string_view(*text))) continue;
        return Wrong(element.source(), fmt::format("{} 中有無法理解的元素；例如 \"{}\"。", key, example),
                     fmt::format("an element of {} is not understood; one such as \"{}\" is wanted.", key, example));
    }
    return true;
}

Result<std::string> StringOf(const toml::table& table, std::string_view key, bool is_required) {
    const toml::node* node = table.get(key);
    if (node == nullptr && !is_required) return std::string();
    const auto text = node == nullptr ? std::nullopt : node->value_exact<std::string>();
    if (text && !Trim(*text).empty() && text->size() <= kLongestName) return *text;
    return Wrong(node == nullptr ? table.source() : node->source(), fmt::format("需要 {}，為 1 至 {} 位元組的字串。", key, kLongestName),
                 fmt::format("{} has to be there, as a string of 1 to {} bytes.", key, kLongestName));
}

Result<ExpectedEnd> EndOf(const toml::table& table, std::string_view key) {
    ExpectedEnd end;
    const toml::node* node = table.get(key);
    if (node == nullptr) return end;
    const toml::table* part = node->as_table();
    if (part == nullptr) {
        return Wrong(node->source(), fmt::format("{} 應為表，例如 {{ zones = [\"outside\"] }}。", key),
                     fmt::format("{} has to be a table such as {{ zones = [\"outside\"] }}.", key));
    }
    OPS_CHECK(HasOnly(*part, {"addresses", "zones"}));
    OPS_CHECK(ForEachString(*part, "zones", "outside", [&end](std::string_view zone) {
        end.zones.emplace_back(zone);
        return !zone.empty() && zone.size() <= kLongestName;
    }));
    std::vector<Range<std::uint32_t>> ipv4;
    std::vector<Range<Uint128>> ipv6;
    OPS_TRY(const bool has_addresses, ForEachString(*part, "addresses", "192.0.2.0/24", [&](std::string_view text) {
        const auto one = ParseIpv4Range(text);
        const auto other = ParseIpv6Range(text);
        if (one || text == "any") ipv4.push_back(one.value_or(Range<std::uint32_t>{0, Ipv4Set::kMax}));
        if (other || text == "any") ipv6.push_back(other.value_or(Range<Uint128>{0, Ipv6Set::kMax}));
        return one || other || text == "any";
    }));
    if (has_addresses) {
        end.ipv4 = Ipv4Set(std::move(ipv4));
        end.ipv6 = Ipv6Set(std::move(ipv6));
    }
    return end;
}

Result<Expectation> ExpectationOf(const toml::table& table) {
    OPS_CHECK(HasOnly(table, {"expect", "from", "name", "only", "reason", "rule_base", "services", "states", "to"}));
    Expectation expectation;
    expectation.line = table.source().begin.line;
    expectation.column = table.source().begin.column;
    OPS_TRY(expectation.name, StringOf(table, "name", true));
    OPS_TRY(expectation.rule_base, StringOf(table, "rule_base", false));
    OPS_CHECK(StringOf(table, "reason", false));
    OPS_TRY(expectation.from, EndOf(table, "from"));
    OPS_TRY(expectation.to, EndOf(table, "to"));
    std::vector<Part> parts;
    OPS_TRY(const bool has_services, ForEachString(table, "services", "tcp/443", [&parts](std::string_view text) {
        const auto part = ParseService(text);
        if (part) parts.push_back(*part);
        return part.has_value();
    }));
    if (has_services) expectation.services = NumberSet(std::move(parts));
    std::vector<Part> states;
    OPS_TRY(const bool has_states, ForEachString(table, "states", "new", [&states](std::string_view text) {
        const auto state = ParseState(text);
        if (state) states.push_back({*state, *state});
        return state.has_value();
    }));
    if (has_states) expectation.states = NumberSet(std::move(states));
    OPS_TRY(const std::string expect, StringOf(table, "expect", true));
    if (expect != "accept" && expect != "deny")
        return Wrong(table.get("expect")->source(), "expect 應為 \"accept\" 或 \"deny\"。", "expect has to be \"accept\" or \"deny\".");
    expectation.is_accepted = expect == "accept";
    if (const toml::node* only = table.get("only")) {
        const auto flag = only->value_exact<bool>();
        if (!flag) return Wrong(only->source(), "only 應為 true 或 false。", "only has to be true or false.");
        if (*flag && !expectation.is_accepted) return Wrong(only->source(), "only 僅能與 expect = \"accept\" 併用。", "only goes with expect = \"accept\".");
        expectation.is_only = *flag;
    }
    const bool has_ipv4 = !expectation.from.ipv4.empty() && !expectation.to.ipv4.empty();
    const bool has_ipv6 = !expectation.from.ipv6.empty() && !expectation.to.ipv6.empty();
    if (!has_ipv4 && !has_ipv6)
        return Wrong(table.source(), "from 與 to 的位址沒有共同的 IP 版本，等於沒有流量。",
                     "the addresses of from and to have no version of IP in common: there is no such traffic.");
    return expectation;
}

/// TOML has no control characters but tabs and line ends, nor anything that is not UTF-8; what the parser would say of them depends on where they stand.
Result<void> HasOnlyText(std::string_view text) {
    toml::source_region where;
    where.begin = {1, 1};
    for (const char c : text) {
        const bool is_control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        if (is_control && c != '\t' && c != '\n' && c != '\r') return Wrong(where, "含有控制字元。", "there is a control character.");
        if (c == '\n') where.begin = {where.begin.line + 1, 1};
        else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++where.begin.column;
    }
    if (!IsValidUtf8(text)) return Error::Of(ErrorCode::kInvalidInput, "期望檔不是 UTF-8 文字。", "The expectations are not UTF-8 text.");
    return Ok();
}

}  // namespace

Result<std::vector<Expectation>> ReadExpectations(std::string_view text) {
    if (text.size() > kMaxExpectationBytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("期望檔過大：最多 {}。", FormatBytes(kMaxExpectationBytes)),
                         fmt::format("The expectations are too large: at most {}.", FormatBytes(kMaxExpectationBytes)));
    }
    OPS_CHECK(HasOnlyText(text));
    try {
        const toml::table file = toml::parse(text);
        OPS_CHECK(HasOnly(file, {"expectation"}));
        const toml::node* node = file.get("expectation");
        if (node == nullptr || !node->is_array_of_tables()) {
            return Wrong(node == nullptr ? file.source() : node->source(), "期望應寫成 [[expectation]]。",
                         "expectations have to be written as [[expectation]].");
        }
        if (node->as_array()->size() > kMaxExpectations) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("期望過多：最多 {} 項。", kMaxExpectations),
                             fmt::format("There are too many expectations: at most {}.", kMaxExpectations));
        }
        std::vector<Expectation> expectations;
        for (const toml::node& element : *node->as_array()) {
            OPS_TRY(Expectation expectation, ExpectationOf(*element.as_table()));
            expectations.push_back(std::move(expectation));
        }
        return expectations;
    } catch (const toml::parse_error& failure) {
        const std::string said(failure.description());
        return Wrong(failure.source(), "不是有效的 TOML：" + said, "no valid TOML: " + said);
    }
}

}  // namespace opsteward::firewall
