#include "features/vulnerabilities/cvss/cvss.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "features/vulnerabilities/cvss/macro_scores.hpp"
#include "features/vulnerabilities/cvss/metrics.hpp"

namespace opsteward::cvss {
namespace {

constexpr const char* kPlain2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P";
constexpr const char* kPlain31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
constexpr const char* kPlain4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";

Scores ScoresOf(std::string_view text) {
    const auto vector = Parse(text);
    EXPECT_TRUE(vector.ok()) << text << (vector.ok() ? "" : vector.error().operator_text);
    return vector.ok() ? Score(*vector) : Scores{};
}

std::string ErrorOf(std::string_view text) {
    const auto vector = Parse(text);
    EXPECT_FALSE(BaseScoreTenths(text).has_value()) << text;
    if (vector.ok()) return "";
    EXPECT_EQ(vector.error().code, ErrorCode::kInvalidInput);
    EXPECT_FALSE(vector.error().caller_text.zh.empty());
    return vector.error().operator_text;
}

TEST(Cvss, AVectorOfTheSecondVersionMayStandInParenthesesAndNameItsVersion) {
    const Scores plain{75, {}, {}};
    EXPECT_EQ(ScoresOf(kPlain2), plain);
    EXPECT_EQ(ScoresOf("(" + std::string(kPlain2) + ")"), plain);
    EXPECT_EQ(ScoresOf("CVSS:2.0/" + std::string(kPlain2)), plain);
    EXPECT_EQ(ScoresOf("(CVSS:2.0/" + std::string(kPlain2) + ")"), plain);
    EXPECT_EQ(ScoresOf("A:P/C:P/AV:N/I:P/AC:L/Au:N"), plain);
    EXPECT_NE(ErrorOf("(" + std::string(kPlain31) + ")"), "");
    EXPECT_NE(ErrorOf("(" + std::string(kPlain2)), "");
}

// Guide to CVSS 2.0, section 3.3: the three worked examples.
TEST(Cvss, TheExamplesOfTheGuideToTheSecondVersionHaveTheirScores) {
    EXPECT_EQ(ScoresOf("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H"), (Scores{78, 64, 92}));
    EXPECT_EQ(ScoresOf("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L"), (Scores{100, 83, 90}));
    EXPECT_EQ(ScoresOf("AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M"), (Scores{62, 49, 75}));
}

TEST(Cvss, TemporalAndEnvironmentalScoresOfTheSecondVersion) {
    EXPECT_EQ(ScoresOf("AV:L/AC:M/Au:S/C:N/I:P/A:C/E:U/RL:OF/RC:UR/CDP:N/TD:L/CR:H/IR:H/AR:H"), (Scores{50, 35, 12}));
    EXPECT_EQ(ScoresOf("AV:N/AC:M/Au:M/C:C/I:N/A:P/RL:W/RC:UC/CDP:LM/TD:M/CR:L/IR:L/AR:L"), (Scores{64, 55, 40}));
    EXPECT_EQ(ScoresOf("AV:L/AC:L/Au:S/C:P/I:P/A:P/E:U/RC:C/CDP:LM/TD:L/IR:H/AR:M"), (Scores{43, 37, 15}));
    EXPECT_EQ(ScoresOf(std::string(kPlain2) + "/E:ND/CDP:ND"), (Scores{75, {}, {}}));
    EXPECT_EQ(ScoresOf(std::string(kPlain2) + "/TD:N").environmental_tenths, 0);
    EXPECT_EQ(ScoresOf("AV:L/AC:H/Au:M/C:N/I:N/A:P/AR:L").environmental_tenths, 0);
}

TEST(Cvss, RequirementsAndModifiedMetricsOfTheThirdVersion) {
    const std::string modified = "/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:W/IR:M/AR:H/MAV:N/MAC:H/MPR:L/MUI:N/MC:N/MI:N";
    EXPECT_EQ(ScoresOf("CVSS:3.0" + modified), ScoresOf("CVSS:3.1" + modified));
    EXPECT_EQ(ScoresOf("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/MS:C"), (Scores{96, {}, 97}));
    EXPECT_EQ(ScoresOf("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/MS:C"), (Scores{96, {}, 96}));
    EXPECT_EQ(ScoresOf(std::string(kPlain31) + "/MC:N/MI:N/MA:N").environmental_tenths, 0);
    EXPECT_EQ(ScoresOf("CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N").base_tenths, 98);
}

// 5.0 × 0.92 is 4.6 and 10.0 × 0.92 is 9.2; in binary fractions both come out a little higher, and the next tenth up would be taken.
TEST(Cvss, RoundingUpDependsOnNoBinaryFraction) {
    for (const char* version : {"CVSS:3.0", "CVSS:3.1"}) {
        EXPECT_EQ(ScoresOf(version + std::string("/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:N/A:N/RC:U")), (Scores{50, 46, {}}));
        EXPECT_EQ(ScoresOf(version + std::string("/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/RC:U")), (Scores{100, 92, {}}));
    }
}

TEST(Cvss, ThreatAndEnvironmentOfTheFourthVersion) {
    const std::string plain = kPlain4;
    EXPECT_EQ(ScoresOf(plain), (Scores{100, {}, {}}));
    EXPECT_EQ(ScoresOf(plain + "/E:P"), (Scores{100, 93, {}}));
    EXPECT_EQ(ScoresOf(plain + "/E:X"), (Scores{100, {}, {}}));
    EXPECT_EQ(ScoresOf(plain + "/S:P/AU:Y/R:A/V:C/RE:H/U:Red"), (Scores{100, {}, {}}));
    EXPECT_EQ(ScoresOf("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N/AR:L"), (Scores{87, {}, 79}));
    EXPECT_EQ(ScoresOf("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N/MSI:H"), (Scores{0, {}, 77}));
}

TEST(Cvss, ErrorsNameTheMetric) {
    EXPECT_THAT(ErrorOf("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H"), ::testing::HasSubstr("metric A is missing"));
    EXPECT_THAT(ErrorOf("CVSS:3.1/AV:W/AC:L"), ::testing::HasSubstr("metric AV has no value \"W\""));
    EXPECT_THAT(ErrorOf("CVSS:3.1/AV:N/XX:L"), ::testing::HasSubstr("no metric \"XX\""));
    EXPECT_THAT(ErrorOf("CVSS:3.1/AV:N/AV:N"), ::testing::HasSubstr("metric AV is there twice"));
    EXPECT_THAT(ErrorOf(std::string(kPlain31) + "/E:X/E:H"), ::testing::HasSubstr("metric E is there twice"));
    EXPECT_THAT(ErrorOf("CVSS:4.0/AC:L/AV:N"), ::testing::HasSubstr("metric AV does not stand where"));
    EXPECT_THAT(ErrorOf(std::string(kPlain4) + "/CR:H/E:A"), ::testing::HasSubstr("metric E does not stand where"));
    EXPECT_THAT(ErrorOf(std::string(kPlain4) + "/E:A/E:A"), ::testing::HasSubstr("metric E is there twice"));
    EXPECT_THAT(ErrorOf("CVSS:4.1/AV:N"), ::testing::HasSubstr("no version \"CVSS:4.1\""));
    EXPECT_THAT(ErrorOf("CVSS:3.1"), ::testing::HasSubstr("metric AV is missing"));
    EXPECT_THAT(ErrorOf(""), ::testing::HasSubstr("metric AV is missing"));
    EXPECT_THAT(ErrorOf(std::string(kPlain31) + "/"), ::testing::HasSubstr("\"\" is no METRIC:VALUE"));
    EXPECT_THAT(ErrorOf("CVSS:3.1/AV/AC:L"), ::testing::HasSubstr("\"AV\" is no METRIC:VALUE"));
    EXPECT_THAT(ErrorOf("AV:N/AC:L/PR:N"), ::testing::HasSubstr("begin with CVSS:3.1/"));
    EXPECT_THAT(ErrorOf("CVSS:3.1/AV:X"), ::testing::HasSubstr("no value \"X\""));
    EXPECT_THAT(ErrorOf("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S"), ::testing::HasSubstr("metric SI has no value \"S\""));
    EXPECT_THAT(ErrorOf("CVSS:3.1/av:N"), ::testing::HasSubstr("no metric \"av\""));
    EXPECT_THAT(ErrorOf("CVSS:3.1/\x1b\xff:N"), ::testing::HasSubstr("no metric \"?\xEF\xBF\xBD\""));
}

TEST(Cvss, ALongTextIsNoVector) {
    std::string text(kPlain31);
    text.append(kMaxVectorBytes + 1 - text.size(), '/');
    EXPECT_THAT(ErrorOf(text), ::testing::HasSubstr("longer than 1024 bytes"));
}

TEST(Cvss, SeverityGoesByTheScaleOfTheVersion) {
    EXPECT_EQ(SeverityOf(Version::k20, 0), Severity::kLow);
    EXPECT_EQ(SeverityOf(Version::k20, 39), Severity::kLow);
    EXPECT_EQ(SeverityOf(Version::k20, 40), Severity::kMedium);
    EXPECT_EQ(SeverityOf(Version::k20, 69), Severity::kMedium);
    EXPECT_EQ(SeverityOf(Version::k20, 70), Severity::kHigh);
    EXPECT_EQ(SeverityOf(Version::k20, 100), Severity::kHigh);
    for (const Version version : {Version::k30, Version::k31, Version::k40}) {
        EXPECT_EQ(SeverityOf(version, 0), Severity::kNone);
        EXPECT_EQ(SeverityOf(version, 1), Severity::kLow);
        EXPECT_EQ(SeverityOf(version, 39), Severity::kLow);
        EXPECT_EQ(SeverityOf(version, 40), Severity::kMedium);
        EXPECT_EQ(SeverityOf(version, 70), Severity::kHigh);
        EXPECT_EQ(SeverityOf(version, 89), Severity::kHigh);
        EXPECT_EQ(SeverityOf(version, 90), Severity::kCritical);
    }
}

/// A vector of the version with random values, modified metrics among them.
std::string RandomVector(Version version, std::mt19937& random) {
    const MetricList& list = MetricsOf(version);
    std::string text = "CVSS:" + std::string(NameOf(version));
    for (std::size_t i = 0; i < list.metrics.size(); ++i) {
        const Metric& metric = list.metrics[i];
        std::size_t count = 0;
        while (count < metric.values.size() && !metric.values[count].empty()) ++count;
        const bool may_be_left = i >= list.first_threat;
        const std::size_t choice = random() % (count + (may_be_left ? 2 : 0));
        if (choice > count) continue;
        text += "/" + std::string(metric.name) + ":" + std::string(choice == count ? list.undefined : metric.values[choice]);
    }
    return text;
}

/// The metrics of a vector, modified ones in the place of the base ones, and 'X' for what is not defined.
struct Read4 {
    std::map<std::string, char> values;

    explicit Read4(const std::string& text) {
        const MetricList& list = MetricsOf(Version::k40);
        const auto vector = Parse(text);
        for (std::size_t i = 0; i < list.metrics.size(); ++i) {
            const std::uint8_t place = vector->values[i];
            values[std::string(list.metrics[i].name)] = place == 0 ? 'X' : list.metrics[i].values[place - 1][0];
        }
        for (const char* name : {"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"}) {
            const char modified = values["M" + std::string(name)];
            if (modified != 'X') values[name] = modified;
        }
        for (const char* name : {"CR", "IR", "AR"}) {
            if (values[name] == 'X') values[name] = 'H';
        }
        if (values["E"] == 'X') values["E"] = 'A';
    }
    int Step(const std::string& name, std::string_view order) const { return static_cast<int>(order.find(values.at(name))); }
};

/// Section 8 of the specification taken word for word: the most severe vectors of each class are gone through, and binary fractions are nudged past a half.
class Plain4 {
  public:
    explicit Plain4(const std::string& text) : read_(text) {}

    int Score() {
        static const std::map<std::string, std::string> kOrders{{"AV", "NALP"}, {"PR", "NLH"}, {"UI", "NPA"}, {"AC", "LH"}, {"AT", "NP"}, {"VC", "HLN"},
            {"VI", "HLN"}, {"VA", "HLN"}, {"CR", "HML"}, {"IR", "HML"}, {"AR", "HML"}, {"SC", "SHLN"}, {"SI", "SHLN"}, {"SA", "SHLN"}};
        const auto is = [&](const char* name, char value) { return read_.values[name] == value; };
        if (is("VC", 'N') && is("VI", 'N') && is("VA", 'N') && is("SC", 'N') && is("SI", 'N') && is("SA", 'N')) return 0;
        const bool all = is("AV", 'N') && is("PR", 'N') && is("UI", 'N');
        const bool any = is("AV", 'N') || is("PR", 'N') || is("UI", 'N');
        const int eq1 = all ? 0 : any && !is("AV", 'P') ? 1 : 2;
        const int eq2 = is("AC", 'L') && is("AT", 'N') ? 0 : 1;
        const int eq3 = is("VC", 'H') && is("VI", 'H') ? 0 : is("VC", 'H') || is("VI", 'H') || is("VA", 'H') ? 1 : 2;
        const int eq4 = is("SI", 'S') || is("SA", 'S') ? 0 : is("SC", 'H') || is("SI", 'H') || is("SA", 'H') ? 1 : 2;
        const int eq5 = is("E", 'A') ? 0 : is("E", 'P') ? 1 : 2;
        const int eq6 = (is("CR", 'H') && is("VC", 'H')) || (is("IR", 'H') && is("VI", 'H')) || (is("AR", 'H') && is("VA", 'H')) ? 0 : 1;
        const std::string names[4] = {"AV PR UI", "AC AT", "VC VI VA CR IR AR", "SC SI SA"};
        const std::vector<std::string> maxima1[3] = {{"NNN"}, {"ANN", "NLN", "NNP"}, {"PNN", "ALP"}};
        const std::vector<std::string> maxima2[2] = {{"LN"}, {"HN", "LP"}};
        const std::vector<std::string> maxima3[3][2] = {{{"HHHHHH"}, {"HHLMMH", "HHHMMM"}},
                                                        {{"LHHHHH", "HLHHHH"}, {"LHLHMH", "LHHHMM", "HLHMHM", "HLLMHH", "LLHHHM"}},
                                                        {{}, {"LLLHHH"}}};
        const std::vector<std::string> maxima4[3] = {{"HSS"}, {"HHH"}, {"LLL"}};
        const auto distance = [&](const std::string& metrics, const std::vector<std::string>& maxima) {
            for (const std::string& maximum : maxima) {
                int sum = 0;
                bool is_below = true;
                std::size_t i = 0;
                for (std::size_t begin = 0; begin < metrics.size(); begin += 3, ++i) {
                    const std::string name = metrics.substr(begin, 2);
                    const int step = read_.Step(name, kOrders.at(name)) - static_cast<int>(kOrders.at(name).find(maximum[i]));
                    is_below = is_below && step >= 0;
                    sum += step;
                }
                if (is_below) return sum;
            }
            ADD_FAILURE() << "no most severe vector above";
            return 0;
        };
        static const double kDepth1[3] = {1, 4, 5}, kDepth2[2] = {1, 2}, kDepth3[3][2] = {{7, 6}, {8, 8}, {0, 10}}, kDepth4[3] = {6, 5, 4};
        const double score = Look(eq1, eq2, eq3, eq4, eq5, eq6);
        double taken = 0;
        int classes = 0;
        const auto add = [&](double lower, double proportion) {
            if (std::isnan(lower)) return;
            taken += (score - lower) * proportion;
            ++classes;
        };
        add(Look(eq1 + 1, eq2, eq3, eq4, eq5, eq6), distance(names[0], maxima1[eq1]) / kDepth1[eq1]);
        add(Look(eq1, eq2 + 1, eq3, eq4, eq5, eq6), distance(names[1], maxima2[eq2]) / kDepth2[eq2]);
        const double deeper = Look(eq1, eq2, eq3 + 1, eq4, eq5, eq6);
        const double lower = eq6 == 1 ? deeper : eq3 == 0 ? std::fmax(Look(eq1, eq2, 0, eq4, eq5, 1), deeper) : Look(eq1, eq2, eq3, eq4, eq5, 1);
        add(lower, distance(names[2], maxima3[eq3][eq6]) / kDepth3[eq3][eq6]);
        add(Look(eq1, eq2, eq3, eq4 + 1, eq5, eq6), distance(names[3], maxima4[eq4]) / kDepth4[eq4]);
        add(Look(eq1, eq2, eq3, eq4, eq5 + 1, eq6), 0);
        const double value = classes == 0 ? score : score - taken / classes;
        return static_cast<int>(std::floor(std::clamp(value, 0.0, 10.0) * 10 + 0.5 + 1e-5));
    }

  private:
    static double Look(int eq1, int eq2, int eq3, int eq4, int eq5, int eq6) {
        const bool is_one = eq1 < 3 && eq2 < 2 && eq3 < 3 && eq4 < 3 && eq5 < 3 && !(eq3 == 2 && eq6 == 0);
        if (!is_one) return std::nan("");
        const int both = eq3 == 2 ? 4 : eq3 * 2 + eq6;
        return MacroScore({eq1, eq2, both, eq4, eq5}) / 10.0;
    }

    Read4 read_;
};

TEST(CvssRandom, TheFourthVersionAgreesWithItsSpecificationTakenWordForWord) {
    std::mt19937 random(20261127);  // NOLINT(cert-msc51-cpp): the same vectors each time
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = RandomVector(Version::k40, random);
        ASSERT_EQ(ScoresOf(text).environmental_tenths.value_or(ScoresOf(text).overall_tenths()), Plain4(text).Score()) << text;
    }
}

/// The equations of 3.0 and 3.1 in binary fractions, which a nudge of 10^-9 puts on the right side of a step.
class Plain3 {
  public:
    explicit Plain3(const std::string& text) : vector_(Parse(text).value()) {}

    int Environmental() const {
        static const long double kAV[] = {0, .85L, .62L, .55L, .2L}, kAC[] = {0, .77L, .44L}, kPR[] = {0, .85L, .62L, .27L}, kPRC[] = {0, .85L, .68L, .5L},
                                 kUI[] = {0, .85L, .62L}, kLoss[] = {0, .56L, .22L, 0}, kReq[] = {1, 1.5L, 1, .5L}, kE[] = {1, 1, .97L, .94L, .91L},
                                 kRL[] = {1, 1, .97L, .96L, .95L}, kRC[] = {1, 1, .96L, .92L};
        const auto value = [&](Metric3 metric, Metric3 modified) { return vector_.values[modified] != 0 ? vector_.values[modified] : vector_.values[metric]; };
        const auto left = [&](Metric3 metric, Metric3 modified, Metric3 required) {
            return 1 - kLoss[value(metric, modified)] * kReq[vector_.values[required]];
        };
        const bool is_changed = value(kS3, kMS3) == 2;
        const long double lost = std::fmin(1 - left(kC3, kMC3, kCR3) * left(kI3, kMI3, kIR3) * left(kA3, kMA3, kAR3), .915L);
        const long double power = vector_.version == Version::k31 ? std::pow(lost * .9731L - .02L, 13) : std::pow(lost - .02L, 15);
        const long double impact = is_changed ? 7.52L * (lost - .029L) - 3.25L * power : 6.42L * lost;
        if (impact < 1e-9L) return 0;
        const long double sum = impact + 8.22L * kAV[value(kAV3, kMAV3)] * kAC[value(kAC3, kMAC3)] *
                                             (is_changed ? kPRC : kPR)[value(kPR3, kMPR3)] * kUI[value(kUI3, kMUI3)];
        const int first = RoundUp(std::fmin(is_changed ? 1.08L * sum : sum, 10));
        return RoundUp(first / 10.0L * kE[vector_.values[kE3]] * kRL[vector_.values[kRL3]] * kRC[vector_.values[kRC3]]);
    }

  private:
    int RoundUp(long double value) const {
        if (vector_.version == Version::k30) return static_cast<int>(std::ceil(value * 10 - 1e-9L));
        const auto whole = static_cast<long>(std::floor(value * 100'000 + .5L + 1e-9L));
        return static_cast<int>(whole % 10'000 == 0 ? whole / 10'000 : whole / 10'000 + 1);
    }

    Vector vector_;
};

TEST(CvssRandom, TheThirdVersionsAgreeWithTheirEquationsInBinaryFractions) {
    std::mt19937 random(20261128);  // NOLINT(cert-msc51-cpp)
    for (int i = 0; i < 50'000; ++i) {
        const std::string text = RandomVector(i % 2 == 0 ? Version::k30 : Version::k31, random);
        const Scores scores = ScoresOf(text);
        if (!scores.environmental_tenths) continue;
        ASSERT_EQ(*scores.environmental_tenths, Plain3(text).Environmental()) << text;
    }
}

}  // namespace
}  // namespace opsteward::cvss
