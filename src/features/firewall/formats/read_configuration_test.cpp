#include "features/firewall/formats/read_configuration.hpp"

#include <gtest/gtest.h>

#include "features/firewall/formats/detect_format.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"

namespace opsteward::firewall {
namespace {

using testing::ReadCase;

const ReadOptions kOptions{.now = testing::kCaseTime, .hash_key = {}};

struct Sample {
    Format format;
    std::string_view name;  ///< below tests/data/firewall/formats; empty: `text`
    std::string_view text;
};

constexpr std::string_view kFilters = "@192.0.2.0/24\t198.51.100.0/24\t0 : 65535\t80 : 80\t0x06/0xFF\t\n";
constexpr Sample kSamples[] = {{Format::kFortigate, "fortigate/objects.conf", {}}, {Format::kPaloAlto, "palo_alto/office.xml", {}},
                               {Format::kAsa, "asa/edge.conf", {}},                {Format::kCheckPoint, "check_point/office.json", {}},
                               {Format::kIptables, "iptables/router.save", {}},    {Format::kNft, "nft/gateway.json", {}},
                               {Format::kOpnsense, "opnsense/office.xml", {}},     {Format::kSrx, "srx/office.conf", {}},
                               {Format::kClassbench, {}, kFilters}};

std::string TextOf(const Sample& sample) { return sample.name.empty() ? std::string(sample.text) : ReadCase(std::string(sample.name)); }

Configuration Read(Format format, std::string_view text) {
    auto read = ReadConfiguration(format, text, kOptions);
    EXPECT_TRUE(read.ok()) << NameOf(format);
    return read.ok() ? *std::move(read) : Configuration();
}

TEST(ReadConfiguration, EachFormatIsReadByItsOwnReader) {
    for (const Sample& sample : kSamples) {
        const std::string text = TextOf(sample);
        EXPECT_EQ(DetectFormat(text), sample.format) << NameOf(sample.format);
        const Configuration configuration = Read(sample.format, text);
        EXPECT_EQ(configuration.format, sample.format);
        EXPECT_FALSE(configuration.rule_bases.empty()) << NameOf(sample.format);
    }
}

struct CounterSample {
    Format format;
    std::string_view configuration;
    std::string_view counters;
    std::size_t counts;
    std::size_t met;
    std::vector<std::size_t> unknown_lines;
};

TEST(AddCounters, TheCompanionOfEachFormatMeetsItsRules) {
    const CounterSample samples[] = {
        {Format::kPaloAlto, "palo_alto/office.xml", "palo_alto/hit-count.xml", 3, 2, {5}},
        {Format::kAsa, "asa/edge.conf", "asa/show-access-list.txt", 5, 5, {15, 21}},
        {Format::kOpnsense, "opnsense/office.xml", "opnsense/pfctl.txt", 2, 2, {11}},
        {Format::kSrx, "srx/office.conf", "srx/hit-count.txt", 4, 3, {7}}};
    for (const CounterSample& sample : samples) {
        Configuration configuration = Read(sample.format, ReadCase(std::string(sample.configuration)));
        const auto taken = AddCounters(ReadCase(std::string(sample.counters)), configuration);
        ASSERT_TRUE(taken.ok()) << sample.counters;
        EXPECT_EQ(taken->counts, sample.counts) << sample.counters;
        EXPECT_EQ(taken->met, sample.met) << sample.counters;
        std::vector<std::size_t> unknown_lines;
        for (const UnknownLine& line : taken->unknown) unknown_lines.push_back(line.line);
        EXPECT_EQ(unknown_lines, sample.unknown_lines) << sample.counters;
    }
}

TEST(AddCounters, FortigatesTimesAreThoseOfItsZone) {
    Configuration configuration = Read(Format::kFortigate, "config firewall policy\n edit 2\n  set action accept\n next\nend\n");
    constexpr std::string_view kCounters = "idx=2 pkts/bytes=1/2 hit count:9\n first:1970-01-01 01:00:00\nidx=3 hit count:1\n";
    const auto taken = AddCounters(kCounters, configuration, {.zone_offset = 3600 - 5});
    ASSERT_TRUE(taken.ok());
    EXPECT_EQ(*taken, (CountersTaken{2, 1, {}}));
    EXPECT_EQ(configuration.rule_bases.at(0).rules.at(0).counter->first_hit, 5);
}

TEST(AddCounters, FormatsWithoutACompanionAndOtherTextsAreRefused) {
    for (const Sample& sample : kSamples) {
        Configuration configuration = Read(sample.format, TextOf(sample));
        const Configuration before = configuration;
        const auto taken = AddCounters("no counters at all\n", configuration);
        ASSERT_FALSE(taken.ok()) << NameOf(sample.format);
        EXPECT_EQ(taken.error().code, ErrorCode::kInvalidInput) << NameOf(sample.format);
        EXPECT_EQ(configuration, before) << NameOf(sample.format);
    }
    Configuration kernel;
    kernel.format = Format::kIptables;
    EXPECT_NE(AddCounters("", kernel).error().caller_text.en.find("stand in the configuration itself"), std::string::npos);
}

}  // namespace
}  // namespace opsteward::firewall
