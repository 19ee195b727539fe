// The dictionary and docs/formats/log-fields.md are one: each row of the one is a row of the other.
#include "features/logs/field_names.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "features/logs/content_readers.hpp"

namespace opsteward::logs {
namespace {

/// Rows of tables by the heading they stand under.
std::map<std::string, std::vector<std::string>> RowsOfPage() {
    std::ifstream file(OPSTEWARD_SOURCE_DIR "/docs/formats/log-fields.md");
    std::ostringstream text;
    text << file.rdbuf();
    const std::string page = text.str();
    std::map<std::string, std::vector<std::string>> rows;
    std::string heading;
    for (const std::string_view line : SplitLines(page)) {
        if (line.starts_with('#')) heading = line;
        if (line.starts_with("| `")) rows[heading].emplace_back(line);
    }
    return rows;
}

TEST(FieldNames, ThePageShowsExactlyTheDictionary) {
    std::vector<std::string> expected;
    for (const FieldSpec& spec : kFieldSpecs) {
        expected.push_back(fmt::format("| `{}`{} | {} | {} | {} |", spec.name, spec.origin == FieldOrigin::kProgram ? " †" : "", NameOf(spec.type),
                                       spec.meaning.zh, spec.meaning.en));
    }
    EXPECT_EQ(RowsOfPage()["## The dictionary"], expected);
}

TEST(FieldNames, ThePageShowsWhichKeysOfAMakerBecomeWhichField) {
    auto rows = RowsOfPage();
    for (const FormatMapping& format : {FortiGateMapping(), CheckPointMapping(), CefMapping(), LeefMapping(),
                                        NetfilterMapping(), JsonMapping(), KeyValueMapping()}) {
        std::map<FieldId, std::string> keys;
        for (const KeyMapping& mapping : format.mappings) keys[mapping.id] += fmt::format(" `{}`", mapping.key);
        std::vector<std::string> expected;
        for (const auto& [id, list] : keys) expected.push_back(fmt::format("| `{}` |{} |", SpecOf(id).name, list));
        EXPECT_EQ(rows[fmt::format("### `{}`", NameOf(format.format))], expected) << NameOf(format.format);
    }
}

TEST(FieldNames, ThePageNamesEveryFormat) {
    const auto rows = RowsOfPage()["## Formats"];
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(ContentFormat::kSshd) + 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_THAT(rows[i], ::testing::StartsWith(fmt::format("| `{}` | ", NameOf(static_cast<ContentFormat>(i)))));
    }
}

TEST(FieldNames, NoNameStandsTwiceOrHidesTheMakersOwnKeys) {
    std::set<std::string_view> names;
    for (const FieldSpec& spec : kFieldSpecs) {
        EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
        EXPECT_THAT(std::string(spec.name), ::testing::MatchesRegex("[a-z_]+"));
        EXPECT_EQ(FindField(spec.name), spec.id);
    }
    EXPECT_EQ(FindField("vendor.src_ip"), std::nullopt);
    EXPECT_EQ(FindField(""), std::nullopt);
}

}  // namespace
}  // namespace opsteward::logs
