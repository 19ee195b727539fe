#include "cli/configuration.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/testing/test_databases.hpp"

namespace opsteward::cli {
namespace {

Result<Configuration> Read(const db::testing::TemporaryFolder& folder, std::string_view text) {
    std::ofstream(folder.path() / "opsteward.toml") << text;
    return ReadConfiguration(folder.path());
}

TEST(Configuration, WithoutAFileTheDefaultsCount) {
    const db::testing::TemporaryFolder folder;
    const auto configuration = ReadConfiguration(folder.path());
    ASSERT_TRUE(configuration.ok());
    EXPECT_EQ(configuration->listen, "127.0.0.1:8443");
    EXPECT_FALSE(configuration->database);
    EXPECT_FALSE(configuration->is_plain_http);
}

TEST(Configuration, TakesListenAndDatabase) {
    const db::testing::TemporaryFolder folder;
    const auto configuration = Read(folder, "listen = \"0.0.0.0:443\"\ndatabase = \"postgresql://db/ops\"\n");
    ASSERT_TRUE(configuration.ok());
    EXPECT_EQ(configuration->listen, "0.0.0.0:443");
    EXPECT_EQ(configuration->database, "postgresql://db/ops");
}

struct Refused {
    std::string_view text;
    std::string_view place;  ///< ":line:column"
    std::string_view word;
};
constexpr Refused kRefused[] = {
    {"listen = 8443\n", ":1:10", "string"},
    {"\ndatabse = \"x\"\n", ":2:1", "databse"},
    {"listen = \"a\"\nlisten = \"b\"\n", ":2:", "listen"},
    {"listen = \n", ":1:", ""},
    {"[server]\nlisten = \"x\"\n", ":1:", "server"},
};

TEST(Configuration, RefusesWhatItDoesNotKnowWithLineAndColumn) {
    for (const auto& [text, place, word] : kRefused) {
        const db::testing::TemporaryFolder folder;
        const auto refused = Read(folder, text);
        ASSERT_FALSE(refused.ok()) << text;
        EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(refused.error().caller_text.en, testing::HasSubstr("opsteward.toml" + std::string(place))) << text;
        EXPECT_THAT(refused.error().caller_text.en, testing::HasSubstr(std::string(word)));
        EXPECT_THAT(refused.error().caller_text.zh, testing::HasSubstr("opsteward.toml" + std::string(place)));
    }
}

TEST(Configuration, RefusesAFolderInPlaceOfTheFileAndAHugeOne) {
    const db::testing::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "opsteward.toml");
    EXPECT_FALSE(ReadConfiguration(folder.path()).ok());
    const db::testing::TemporaryFolder huge;
    EXPECT_FALSE(Read(huge, std::string(70'000, '#')).ok());
}

}  // namespace
}  // namespace opsteward::cli
