// What all modules together keep, held against what is documented.
#include "cli/schema.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/default_pack.hpp"
#include "db/testing/test_databases.hpp"
#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::cli {
namespace {

std::string Read(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// view → columns, as the table in docs/formats/fact-views.md tells them.
std::map<std::string, std::vector<std::string>> DocumentedViews() {
    std::map<std::string, std::vector<std::string>> views;
    const std::string page = Read(OPSTEWARD_SOURCE_DIR "/docs/formats/fact-views.md");
    const std::regex row(R"(\| `([a-z_]+)` \| [^|]* \| ([^|\n]*) \|)");
    for (std::sregex_iterator found(page.begin(), page.end(), row), end; found != end; ++found) {
        // Remarks stand in parentheses.
        const std::string columns = std::regex_replace((*found)[2].str(), std::regex(R"(\([^)]*\))"), "");
        const std::regex name(R"([a-z_0-9]+)");
        auto& list = views[(*found)[1].str()];
        for (std::sregex_iterator column(columns.begin(), columns.end(), name); column != end; ++column) list.push_back(column->str());
    }
    return views;
}

TEST(FactViews, AreExactlyThoseThatAreDocumentedWithTheirColumnsInOrder) {
    const auto documented = DocumentedViews();
    ASSERT_GT(documented.size(), 20U);
    std::set<std::string> known;
    for (const auto& view : AllViews()) {
        known.emplace(view.name);
        const auto found = documented.find(std::string(view.name));
        ASSERT_NE(found, documented.end()) << view.name << " is not documented";
        EXPECT_EQ(found->second, std::vector<std::string>(view.columns.begin(), view.columns.end())) << view.name;
    }
    for (const auto& [name, columns] : documented) EXPECT_TRUE(known.contains(name)) << name << " is documented and not there";
}

class DefaultPackChecks : public db::testing::DatabaseTest {};

TEST_P(DefaultPackChecks, RunOnTheFactViews) {
    ASSERT_TRUE(Migrate(AllMigrations(), AllViews()).ok());
    const SystemClock clock;
    const auto reading = procedure::ReadPack(OPSTEWARD_SOURCE_DIR "/procedures/is-02-008");
    ASSERT_TRUE(reading.ok());
    EXPECT_GE(reading->pack.checks.size(), 20U);
    for (const auto& check : reading->pack.checks) {
        const auto run = procedure::RunCheck(database(), check, clock.Now());
        EXPECT_TRUE(run.ok()) << check.id << ": " << (run.ok() ? "" : run.error().operator_text);
    }
}

OPS_ON_BOTH_DATABASES(DefaultPackChecks);

TEST(DefaultPack, IsPlacedAsItStandsInTheSourcesAndNeverAgain) {
    const db::testing::TemporaryFolder folder;
    const auto pack = PackFolder(folder.path());
    ASSERT_TRUE(PlaceDefaultPack(pack).ok());
    std::size_t files = 0;
    const std::filesystem::path source = OPSTEWARD_SOURCE_DIR "/procedures/is-02-008";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source)) {
        if (!entry.is_regular_file()) continue;
        ++files;
        EXPECT_EQ(Read(entry.path()), Read(pack / std::filesystem::relative(entry.path(), source))) << entry.path();
    }
    EXPECT_GT(files, 30U);
    std::ofstream(pack / "procedure.toml") << "# the agency's own";
    ASSERT_TRUE(PlaceDefaultPack(pack).ok());
    EXPECT_EQ(Read(pack / "procedure.toml"), "# the agency's own");
}

}  // namespace
}  // namespace opsteward::cli
