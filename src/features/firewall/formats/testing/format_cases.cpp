#include "features/firewall/formats/testing/format_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.hpp"
#include "features/firewall/formats/testing/rule_listing.hpp"

namespace opsteward::firewall::testing {

std::string ReadCase(const std::string& name) {
    const auto path = std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/firewall/formats" / name;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        fmt::print(stderr, "no test data {}\n", path.string());
        std::abort();
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string DifferenceFromExpected(const std::string& name, const Result<Configuration>& read) {
    if (!read.ok()) return read.error().operator_text;
    const std::string text = ReadCase(name + ".expected");
    const std::vector<std::string_view> expected = SplitLines(text);
    const std::vector<std::string> listed = ListConfiguration(read.value());
    for (std::size_t i = 0; i < std::max(expected.size(), listed.size()); ++i) {
        const std::string_view wanted = i < expected.size() ? expected[i] : "(nothing)";
        const std::string_view got = i < listed.size() ? std::string_view(listed[i]) : "(nothing)";
        if (wanted != got) return fmt::format("{}.expected:{}\n  expected: {}\n  read:     {}", name, i + 1, wanted, got);
    }
    return {};
}

std::string MisreadBeginning(const std::string& name, std::size_t step, Result<Configuration> (*read)(std::string_view text, const ReadOptions& options)) {
    const std::string text = ReadCase(name);
    for (std::size_t size = 0; size < text.size(); size += step) {
        const std::string cut = text.substr(0, size);  // so that reading on behind it is found
        const auto configuration = read(cut, {.now = kCaseTime, .hash_key = {}});
        if (!configuration.ok() && configuration.error().code != ErrorCode::kInvalidInput)
            return fmt::format("{} cut at {}: {}", name, size, configuration.error().operator_text);
    }
    return {};
}

bool Holds(const Configuration& configuration, std::string_view text) {
    const auto has = [text](std::string_view part) { return part.find(text) != std::string_view::npos; };
    const auto has_line = [&](const std::vector<std::string>& lines) { return std::ranges::any_of(lines, has); };
    if (has_line(ListConfiguration(configuration))) return true;
    if (std::ranges::any_of(configuration.items, [&](const Item& item) { return has_line(item.lines); })) return true;
    return std::ranges::any_of(configuration.rule_bases,
                               [&](const RuleBase& base) { return std::ranges::any_of(base.rules, [&](const Rule& rule) { return has(rule.text); }); });
}

}  // namespace opsteward::firewall::testing
