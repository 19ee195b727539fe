// What is wrong with a pack is said where it is wrong, with what is expected there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "platform/procedure/pack.hpp"
#include "platform/procedure/testing/test_support.hpp"

namespace opsteward::procedure {
namespace {

using ::testing::ElementsAre;
using testing::SmallPack;

std::vector<std::string> FaultsOf(const PackTexts& texts, Language language = Language::kEnglish) {
    std::vector<std::string> faults;
    for (const auto& fault : ReadPackTexts(texts).faults) faults.push_back(DescribeFault(fault, language));
    return faults;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(PackReader, ReadsAPackWithoutFaults) {
    const auto reading = ReadPackTexts(SmallPack());
    EXPECT_THAT(FaultsOf(SmallPack()), ElementsAre());
    const Pack& pack = reading.pack;
    EXPECT_EQ(pack.id, "T-1");
    EXPECT_EQ(pack.version, "1.0");
    EXPECT_EQ(FormatIsoDate(pack.effective), "2026-01-01");
    EXPECT_EQ(pack.title, (Text{"測試程序書", "Test procedure"}));
    EXPECT_EQ(pack.role_titles.at(identity::Role::kSystemAdmin).en, "System administrator");

    ASSERT_EQ(pack.clauses.size(), 4U);
    const Clause& clause = pack.clauses.front();
    EXPECT_EQ(clause.text.en, "No port is open.");
    EXPECT_THAT(clause.modes, ElementsAre(Mode::kAutomatic));
    EXPECT_EQ(clause.owner, identity::Role::kSystemAdmin);
    ASSERT_TRUE(clause.action.has_value());
    EXPECT_EQ(clause.action->href, "/devices");
    EXPECT_FALSE(pack.clauses[1].action.has_value());

    ASSERT_EQ(pack.checks.size(), 2U);
    EXPECT_THAT(pack.checks[0].topics, ElementsAre("ports"));
    EXPECT_EQ(pack.checks[0].population, "SELECT unit_id, device_id, name AS subject FROM devices");
    EXPECT_EQ(pack.checks[1].parameters.at("below"), Parameter(std::int64_t{1024}));
    ASSERT_EQ(pack.duties.size(), 1U);
    EXPECT_EQ(pack.duties[0].cycle, Cycle::kMonthly);
    EXPECT_EQ(pack.duties[0].lead, std::chrono::days(7));
    EXPECT_TRUE(pack.duties[0].is_per_unit);
}

TEST(PackReader, OrdersClausesByTheirNumbers) {
    std::vector<std::string> ids;
    for (const auto& clause : ReadPackTexts(SmallPack()).pack.clauses) ids.push_back(clause.id);
    EXPECT_THAT(ids, ElementsAre("1.1", "1.2", "1.3", "1.10"));
}

TEST(PackReader, PutsAClauseIntoTheChapterWithTheLongestPrefix) {
    Pack pack;
    for (const char* id : {"6", "6.1", "6.1.2"}) pack.chapters.push_back({id, {}});
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"6.1.2.3", "6.1.2"}, {"6.1.20", "6.1"}, {"6.1", "6.1"}, {"6.10", "6"}, {"6", "6"},
    };
    for (const auto& [clause, chapter] : cases) {
        ASSERT_NE(pack.ChapterOf(clause), nullptr) << clause;
        EXPECT_EQ(pack.ChapterOf(clause)->id, chapter) << clause;
    }
    EXPECT_EQ(pack.ChapterOf("60.1"), nullptr);
    EXPECT_EQ(pack.ChapterOf("5"), nullptr);
}

TEST(PackReader, ReadsDurationsOfParametersAsMilliseconds) {
    PackTexts texts = SmallPack();
    std::string& checks = texts["checks/ports.toml"];
    checks = Replaced(checks, "{ below = 1024 }", R"({ below = 1024, grace = "7d", ratio = 0.9, word = "7 days" })");
    const auto reading = ReadPackTexts(texts);
    ASSERT_TRUE(reading.faults.empty());
    const auto& parameters = reading.pack.checks[1].parameters;
    EXPECT_EQ(parameters.at("grace"), Parameter(std::int64_t{604'800'000}));
    EXPECT_EQ(parameters.at("ratio"), Parameter(0.9));
    EXPECT_EQ(parameters.at("word"), Parameter(std::string("7 days")));
}

TEST(PackReader, GivesADigestThatChangesWithEveryByteAndName) {
    const std::string digest = ReadPackTexts(SmallPack()).pack.digest;
    EXPECT_EQ(ReadPackTexts(SmallPack()).pack.digest, digest);
    PackTexts edited = SmallPack();
    edited["procedure.toml"] += "\n";
    EXPECT_NE(ReadPackTexts(edited).pack.digest, digest);
    PackTexts renamed = SmallPack();
    auto file = renamed.extract("duties/review.toml");
    file.key() = "duties/reviews.toml";
    renamed.insert(std::move(file));
    EXPECT_NE(ReadPackTexts(renamed).pack.digest, digest);
}

/// One thing of the small pack replaced by something faulty; the whole of what is then said.
struct FaultCase {
    const char* file;
    const char* from;
    const char* to;
    std::vector<std::string> faults;
};

const char* const kProcedure = "procedure.toml";
const char* const kClauses = "clauses/one.toml";
const char* const kChecks = "checks/ports.toml";
const char* const kDuties = "duties/review.toml";

const FaultCase kFaultCases[] = {
    {kProcedure, "id = \"T-1\"", "", {"procedure.toml:1:1: id has to be there, as a string that is not empty."}},
    {kProcedure, "id = \"T-1\"", "id = 1", {"procedure.toml:1:6: id has to be there, as a string that is not empty."}},
    {kProcedure,
     "version = \"1.0\"",
     "version = \"\"",
     {"procedure.toml:2:11: version has to be there, as a string that is not empty."}},
    {kProcedure, "2026-01-01", "\"2026-01-01\"", {"procedure.toml:3:13: effective has to be a date like 2024-08-05."}},
    {kProcedure, "2026-01-01", "2026-01-01T00:00:00Z", {"procedure.toml:3:13: effective has to be a date like 2024-08-05."}},
    {kProcedure, "2026-01-01", "1911-12-31", {"procedure.toml:3:13: effective has to be a date like 2024-08-05."}},
    {kProcedure, "zh = \"測試程序書\", ", "", {"procedure.toml:4:9: zh has to be there, as a string that is not empty."}},
    {kProcedure,
     "{ zh = \"第一章\", en = \"Chapter one\" }",
     "\"Chapter one\"",
     {"procedure.toml:8:9: title = { zh = \"…\", en = \"…\" } has to be there."}},
    {kProcedure,
     "en = \"Test procedure\"",
     "en = \"Test procedure\", fr = \"Essai\"",
     {"procedure.toml:4:48: Unknown key fr; known here: en, zh."}},
    {kProcedure,
     "version",
     "versions",
     {"procedure.toml:1:1: version has to be there, as a string that is not empty.",
      "procedure.toml:2:1: Unknown key versions; known here: chapter, effective, id, role, title, version."}},
    {kProcedure,
     "[[chapter]]",
     "[chapter]",
     {"clauses/one.toml:1:1: Clause 1.1 belongs to no chapter of procedure.toml.",
      "clauses/one.toml:10:1: Clause 1.10 belongs to no chapter of procedure.toml.",
      "clauses/one.toml:18:1: Clause 1.2 belongs to no chapter of procedure.toml.",
      "clauses/one.toml:26:1: Clause 1.3 belongs to no chapter of procedure.toml.",
      "procedure.toml:6:1: chapter has to be written as [[chapter]]."}},
    {kProcedure,
     "[[role]]",
     "[[chapter]]\nid = \"1\"\ntitle = { zh = \"又\", en = \"Again\" }\n\n[[role]]",
     {"procedure.toml:11:6: The id 1 is taken already."}},
    {kProcedure,
     "key = \"system_admin\"",
     "key = \"boss\"",
     {"procedure.toml:11:7: Unknown role boss; known are network_admin, system_admin, supervisor, executive_secretary, network_user, "
      "vans_admin, checker, security_team, auditor, administrator."}},
    {kProcedure,
     "[[role]]",
     "[[role]]\nkey = \"system_admin\"\ntitle = { zh = \"管\", en = \"Admin\" }\n\n[[role]]",
     {"procedure.toml:15:7: The role system_admin is named twice."}},

    {kClauses,
     "id = \"1.2\"",
     "id = \"1.1\"",
     {"clauses/one.toml:19:6: The id 1.1 is taken already.", "duties/review.toml:3:11: There is no clause 1.2 in this pack."}},
    {kClauses, "id = \"1.3\"", "id = \"1.Three\"", {"clauses/one.toml:27:6: An id may hold only a-z 0-9 . -."}},
    {kClauses, "id = \"1.3\"", "id = \"1..3\"", {"clauses/one.toml:27:6: An id may hold only a-z 0-9 . -."}},
    {kClauses, "id = \"1.3\"", "id = \"2.3\"", {"clauses/one.toml:26:1: Clause 2.3 belongs to no chapter of procedure.toml."}},
    {kClauses,
     "text = { zh = \"填表。\", en = \"A form is filled in.\" }\n",
     "",
     {"clauses/one.toml:26:1: text = { zh = \"…\", en = \"…\" } has to be there."}},
    {kClauses,
     "mode = [\"form\"]",
     "mode = [\"from\"]",
     {"clauses/one.toml:30:8: Unknown mode from; known are gate, automatic, form, duty, policy, reference."}},
    {kClauses, "mode = [\"form\"]", "mode = []", {"clauses/one.toml:30:8: mode has to be an array of strings: [\"…\"]."}},
    {kClauses, "mode = [\"form\"]", "mode = \"form\"", {"clauses/one.toml:30:8: mode has to be an array of strings: [\"…\"]."}},
    {kClauses,
     "mode = [\"form\"]",
     "mode = [\"form\", 1]",
     {"clauses/one.toml:30:17: Every element of mode has to be a string."}},
    {kClauses, "owner = \"supervisor\"", "", {"clauses/one.toml:26:1: owner has to be there, as a string that is not empty."}},
    {kClauses,
     "href = \"/devices\"",
     "href = \"https://example.org/\"",
     {"clauses/one.toml:8:51: href has to be a path of this site that begins with /."}},
    {kClauses,
     "href = \"/devices\"",
     "href = \"//example.org/\"",
     {"clauses/one.toml:8:51: href has to be a path of this site that begins with /."}},
    {kClauses, ", href = \"/devices\"", "", {"clauses/one.toml:8:10: href has to be there, as a string that is not empty."}},
    {kClauses,
     "missing = { zh = \"沒有表單。\", en = \"There is no form.\" }",
     "missing = { zh = \"沒有表單。\", en = \"There is\\u0000no form.\" }",
     {"clauses/one.toml:32:32: en must not hold the character U+0000."}},
    {kClauses, "[[clause]]", "[[claus]]\nx = 1\n[[clause]]", {"clauses/one.toml:1:3: Unknown key claus; known here: clause."}},
    {kClauses, "[[clause]]", "[[clause]", {"clauses/one.toml:1:10: Not valid TOML: "}},

    {kChecks, "id = \"open-ports\"", "id = \"open_ports\"", {"checks/ports.toml:2:6: An id may hold only a-z 0-9 -."}},
    {kChecks,
     "id = \"open-ports\"",
     "id = \"privileged-ports\"",
     {"checks/ports.toml:13:6: The id privileged-ports is taken already."}},
    {kChecks, "clause = \"1.1\"", "clause = \"9.9\"", {"checks/ports.toml:3:10: There is no clause 9.9 in this pack."}},
    {kChecks,
     "topics = [\"ports\"]",
     "topic = [\"ports\"]",
     {"checks/ports.toml:5:1: Unknown key topic; known here: clause, id, parameters, population, sql, title, topics."}},
    {kChecks,
     "topics = [\"ports\"]",
     "population = \"\"",
     {"checks/ports.toml:5:14: population has to be there, as a string that is not empty."}},
    {kChecks,
     "{ below = 1024 }",
     "{ below = true }",
     {"checks/ports.toml:17:24: The parameter below has to be a number or a string."}},
    {kChecks,
     "{ below = 1024 }",
     "{ below = 1024, now = 1 }",
     {"checks/ports.toml:17:36: The name now is taken: it is the time of the evaluation."}},
    {kChecks,
     "{ below = 1024 }",
     "{ below = 1024, Limit = 1 }",
     {"checks/ports.toml:17:38: The parameter name Limit may hold only a-z 0-9 _ and not begin with a digit."}},
    {kChecks,
     "{ below = 1024 }",
     "{ below = 1024, 9lives = 1 }",
     {"checks/ports.toml:17:39: The parameter name 9lives may hold only a-z 0-9 _ and not begin with a digit."}},
    {kChecks,
     "parameters = { below = 1024 }",
     "parameters = 1024",
     {"checks/ports.toml:17:14: parameters has to be a table { … }."}},
    {kChecks,
     "sql = '''\nSELECT unit_id, device_id, device || ' ' || CAST(port AS TEXT) AS subject, severity",
     "sql = ''' '''\nnothing = '''",
     {"checks/ports.toml:7:1: Unknown key nothing; known here: clause, id, parameters, population, sql, title, topics."}},

    {kDuties,
     "clauses = [\"1.2\", \"1.10\"]",
     "clauses = [\"1.2\", \"1.11\"]",
     {"duties/review.toml:3:11: There is no clause 1.11 in this pack."}},
    {kDuties,
     "clauses = [\"1.2\", \"1.10\"]",
     "clauses = []",
     {"duties/review.toml:3:11: clauses has to be an array of strings: [\"…\"]."}},
    {kDuties,
     "cycle = \"monthly\"",
     "cycle = \"daily\"",
     {"duties/review.toml:6:9: cycle has to be one of once, weekly, monthly, quarterly, half_yearly, yearly."}},
    {kDuties, "cycle = \"monthly\"\n", "", {"duties/review.toml:1:1: cycle has to be there, as a string that is not empty."}},
    {kDuties, "lead = \"7d\"", "lead = \"a week\"", {"duties/review.toml:8:8: lead has to be a duration like \"14d\"."}},
    {kDuties, "lead = \"7d\"", "lead = 7", {"duties/review.toml:8:8: lead has to be there, as a string that is not empty."}},
    {kDuties, "scope = \"unit\"", "scope = \"office\"", {"duties/review.toml:9:9: scope has to be unit or bureau."}},
    {kDuties,
     "owner = \"system_admin\"",
     "owner = \"root\"",
     {"duties/review.toml:7:9: Unknown role root; known are network_admin, system_admin, supervisor, executive_secretary, network_user, "
      "vans_admin, checker, security_team, auditor, administrator."}},
};

TEST(PackReader, SaysWhereAPackIsFaultyAndWhatIsExpected) {
    for (const auto& one : kFaultCases) {
        SCOPED_TRACE(fmt::format("{}: {} → {}", one.file, one.from, one.to));
        PackTexts texts = SmallPack();
        texts[one.file] = Replaced(texts[one.file], one.from, one.to);
        auto faults = FaultsOf(texts);
        // The words of the TOML library are its own.
        for (std::string& fault : faults) {
            const std::size_t at = fault.find("Not valid TOML: ");
            if (at != std::string::npos) fault.resize(at + std::string_view("Not valid TOML: ").size());
        }
        EXPECT_EQ(faults, one.faults);
    }
}

TEST(PackReader, SaysTheSameInChinese) {
    PackTexts texts = SmallPack();
    texts[kDuties] = Replaced(texts[kDuties], "lead = \"7d\"", "lead = \"一週\"");
    texts[kClauses] = Replaced(texts[kClauses], "id = \"1.3\"", "id = \"2.3\"");
    EXPECT_THAT(FaultsOf(texts, Language::kZhHant),
                ElementsAre("clauses/one.toml:26:1: 條文 2.3 不屬於 procedure.toml 的任何一章。",
                            "duties/review.toml:8:8: lead 應為期間，例：\"14d\"。"));
}

TEST(PackReader, FindsAllFaultsOfAllFilesInTheOrderOfTheirPlaces) {
    PackTexts texts = SmallPack();
    texts[kDuties] = Replaced(texts[kDuties], "scope = \"unit\"", "scope = \"office\"");
    texts[kChecks] = Replaced(texts[kChecks], "clause = \"1.10\"", "clause = \"9.9\"");
    texts[kChecks] = Replaced(texts[kChecks], "clause = \"1.1\"", "clause = \"9.8\"");
    EXPECT_THAT(FaultsOf(texts), ElementsAre("checks/ports.toml:3:10: There is no clause 9.8 in this pack.",
                                             "checks/ports.toml:14:10: There is no clause 9.9 in this pack.",
                                             "duties/review.toml:9:9: scope has to be unit or bureau."));
}

TEST(PackReader, AsksForTheProcedureFile) {
    PackTexts texts = SmallPack();
    texts.erase(kProcedure);
    EXPECT_THAT(FaultsOf(texts), ElementsAre("procedure.toml:1:1: procedure.toml has to be there."));
}

TEST(PackReader, FindsFilesInTheWrongPlace) {
    PackTexts texts = SmallPack();
    texts["check/more.toml"] = "";
    texts["clauses/deep/more.toml"] = "";
    texts["clauses.toml"] = "";
    const std::string expected = ":1:1: It is not read here; .toml files belong in clauses, checks or duties.";
    EXPECT_THAT(FaultsOf(texts),
                ElementsAre("check/more.toml" + expected, "clauses.toml" + expected, "clauses/deep/more.toml" + expected));
}

class PackFolder : public ::testing::Test {
  protected:
    void SetUp() override {
        for (const auto& [name, text] : SmallPack()) Write(name, text);
    }
    void Write(const std::string& name, std::string_view text) {
        const auto path = folder_.path() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }
    std::vector<std::string> Faults() {
        const auto reading = ReadPack(folder_.path());
        EXPECT_TRUE(reading.ok());
        std::vector<std::string> faults;
        if (reading.ok()) {
            for (const auto& fault : reading->faults) faults.push_back(DescribeFault(fault, Language::kEnglish));
        }
        return faults;
    }

    db::testing::TemporaryFolder folder_;
};

TEST_F(PackFolder, IsReadAsItsTextsAre) {
    const auto reading = ReadPack(folder_.path());
    ASSERT_TRUE(reading.ok()) << reading.error().operator_text;
    EXPECT_TRUE(reading->faults.empty());
    EXPECT_EQ(reading->pack.digest, ReadPackTexts(SmallPack()).pack.digest);
}

TEST_F(PackFolder, MayHoldOtherFiles) {
    Write("README.md", "# Ours");
    Write("checks/notes.txt", "not TOML");
    EXPECT_THAT(Faults(), ElementsAre());
}

TEST_F(PackFolder, RefusesAFileOverOneMebibyte) {
    Write("clauses/big.toml", std::string(1024 * 1024, '\n'));
    EXPECT_THAT(Faults(), ElementsAre());
    Write("clauses/big.toml", std::string(1024 * 1024 + 1, '\n'));
    EXPECT_THAT(Faults(), ElementsAre("clauses/big.toml:1:1: It has to be a regular file of at most 1 MiB."));
}

TEST_F(PackFolder, RefusesWhatIsNoRegularFile) {
    std::filesystem::create_directories(folder_.path() / "checks/folder.toml");
    EXPECT_THAT(Faults(), ElementsAre("checks/folder.toml:1:1: It has to be a regular file of at most 1 MiB."));
}

TEST_F(PackFolder, SaysOnlyWhatCannotBeReadWhenSomethingCannot) {
    // Without its clauses file the pack would be full of faults that are none.
    std::filesystem::remove(folder_.path() / kClauses);
    std::filesystem::create_symlink("/nowhere", folder_.path() / kClauses);
    EXPECT_THAT(Faults(), ElementsAre("clauses/one.toml:1:1: It has to be a regular file of at most 1 MiB."));
}

TEST_F(PackFolder, IsRefusedWhenItIsNone) {
    for (const std::filesystem::path& path : {folder_.path() / "missing", folder_.path() / "procedure.toml"}) {
        const auto reading = ReadPack(path);
        ASSERT_FALSE(reading.ok()) << path;
        EXPECT_EQ(reading.error().code, ErrorCode::kInvalidInput);
        EXPECT_EQ(reading.error().caller_text.en, path.string() + " is no folder of a procedure pack.");
    }
}

TEST_F(PackFolder, IsRefusedWhenItCannotBeListed) {
    if (::geteuid() == 0) GTEST_SKIP() << "the superuser may list every folder";
    std::filesystem::permissions(folder_.path() / "clauses", std::filesystem::perms::none);
    const auto reading = ReadPack(folder_.path());
    std::filesystem::permissions(folder_.path() / "clauses", std::filesystem::perms::owner_all);
    ASSERT_FALSE(reading.ok());
    EXPECT_EQ(reading.error().code, ErrorCode::kInvalidInput);
}

TEST_F(PackFolder, IsRefusedWithTooManyFiles) {
    for (int i = 0; i < 501; ++i) Write(fmt::format("clauses/{}.toml", i), "");
    const auto reading = ReadPack(folder_.path());
    ASSERT_FALSE(reading.ok());
    EXPECT_EQ(reading.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace opsteward::procedure
