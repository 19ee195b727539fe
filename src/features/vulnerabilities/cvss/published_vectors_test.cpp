// Every vector of tests/data/vulnerabilities/cvss/ against the score published for it.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "features/vulnerabilities/cvss/cvss.hpp"

namespace opsteward::cvss {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/cvss";

std::vector<std::string> LinesOf(const std::string& name) {
    std::ifstream file(kFolder / name);
    EXPECT_TRUE(file.is_open()) << name;
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

/// "-0.0" → 0, "None" → nothing.
std::optional<int> Tenths(std::string_view text) {
    const auto number = ParseDouble(text);
    if (!number) return std::nullopt;
    return static_cast<int>(std::lround(*number * 10));
}

struct Published {
    std::string vector;
    std::vector<std::optional<int>> scores;
};

/// "VECTOR - (9.8, 9.8, None)" or "VECTOR - 9.8".
Published ReadLine(std::string_view line) {
    const std::size_t gap = line.find(" - ");
    Published published{std::string(line.substr(0, gap)), {}};
    std::string scores(line.substr(gap + 3));
    std::erase_if(scores, [](char c) { return c == '(' || c == ')' || c == ' '; });
    for (const std::string_view score : Split(scores, ',')) {
        if (!score.empty()) published.scores.push_back(Tenths(score));
    }
    return published;
}

struct VectorFile {
    const char* name;
    Version version;
    std::size_t at_least;
};

class PublishedVectors : public ::testing::TestWithParam<VectorFile> {};

Scores ScoresOf(const std::string& vector, Version version) {
    const auto parsed = Parse(vector);
    EXPECT_TRUE(parsed.ok()) << vector << ": " << (parsed.ok() ? "" : parsed.error().operator_text);
    if (!parsed.ok()) return {};
    EXPECT_EQ(parsed->version, version) << vector;
    return Score(*parsed);
}

/// The published environmental scores are those of the equation even where no metric of it is defined. A scope modified to what it is defines one.
std::string WithEnvironment(const std::string& vector) { return vector + (vector.find("/S:C") != std::string::npos ? "/MS:C" : "/MS:U"); }

void CheckThree(const Published& published, Version version) {
    const Scores scores = ScoresOf(published.vector, version);
    ASSERT_EQ(published.scores.size(), 3U) << published.vector;
    EXPECT_EQ(scores.base_tenths, published.scores[0]) << published.vector;
    EXPECT_EQ(BaseScoreTenths(published.vector), published.scores[0]) << published.vector;
    if (version == Version::k20) {
        EXPECT_EQ(scores.temporal_tenths, published.scores[1]) << published.vector;
        EXPECT_EQ(scores.environmental_tenths, published.scores[2]) << published.vector;
        return;
    }
    EXPECT_EQ(scores.temporal_tenths.value_or(scores.base_tenths), published.scores[1]) << published.vector;
    const bool has_environment = published.vector.find("/M") != std::string::npos || published.vector.find("R:", 30) != std::string::npos;
    const Scores whole = has_environment && scores.environmental_tenths ? scores : ScoresOf(WithEnvironment(published.vector), version);
    EXPECT_EQ(whole.environmental_tenths, published.scores[2]) << published.vector;
}

TEST_P(PublishedVectors, HaveTheirScores) {
    const VectorFile& file = GetParam();
    std::size_t checked = 0;
    for (const std::string& line : LinesOf(file.name)) {
        const Published published = ReadLine(line);
        if (file.version == Version::k40) {
            ASSERT_EQ(published.scores.size(), 1U) << line;
            EXPECT_EQ(ScoresOf(published.vector, file.version).overall_tenths(), published.scores[0]) << line;
        } else {
            CheckThree(published, file.version);
        }
        ++checked;
    }
    EXPECT_GE(checked, file.at_least);
    RecordProperty("checked", static_cast<int>(checked));
    std::cout << file.name << ": " << checked << " vectors\n";
}

INSTANTIATE_TEST_SUITE_P(Cvss, PublishedVectors,
                         ::testing::Values(VectorFile{"cvss-redhat-vectors_simple2.txt", Version::k20, 729},
                                           VectorFile{"cvss-redhat-vectors_simple3.txt", Version::k30, 2592},
                                           VectorFile{"cvss-redhat-vectors_cvsslib3.txt", Version::k30, 29},
                                           VectorFile{"cvss-redhat-vectors_simple31.txt", Version::k31, 2592},
                                           VectorFile{"cvss-redhat-vectors_simple4.txt", Version::k40, 1058},
                                           VectorFile{"cvss-redhat-vectors_security4.txt", Version::k40, 54},
                                           VectorFile{"cvss-redhat-vectors_supplemental4.txt", Version::k40, 576},
                                           VectorFile{"cvss-redhat-vectors_threat4.txt", Version::k40, 6}),
                         [](const auto& parameter) {
                             std::string name = parameter.param.name;
                             std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.' || c == '_'; }, 'x');
                             return name;
                         });

/// What stands behind "KEY: " in a dictionary written in a line.
std::string_view ValueOf(std::string_view line, std::string_view key) {
    const std::string mark = "'" + std::string(key) + "': ";
    const std::size_t begin = line.find(mark);
    if (begin == std::string_view::npos) return {};
    std::string_view rest = line.substr(begin + mark.size());
    if (rest.starts_with('\'')) {
        rest.remove_prefix(1);
        return rest.substr(0, rest.find('\''));
    }
    return rest.substr(0, rest.find_first_of(",}"));
}

TEST(PublishedMacroVectors, HaveTheirScoresAndSeverities) {
    std::size_t checked = 0;
    for (const std::string& line : LinesOf("cvss40-first-macro-scores.txt")) {
        const std::string vector(ValueOf(line, "vector"));
        const int score = ScoresOf(vector, Version::k40).overall_tenths();
        EXPECT_EQ(score, Tenths(ValueOf(line, "score"))) << line;
        EXPECT_EQ(WordsOf(SeverityOf(Version::k40, score)).en, ToLowerAscii(ValueOf(line, "severity"))) << line;
        ++checked;
    }
    EXPECT_EQ(checked, 270U);
}

}  // namespace
}  // namespace opsteward::cvss
