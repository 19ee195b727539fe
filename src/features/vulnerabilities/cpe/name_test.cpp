#include "features/vulnerabilities/cpe/name.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace opsteward::cpe {
namespace {

Name Parsed(std::string_view text) {
    const auto name = Name::Parse(text);
    EXPECT_TRUE(name.ok()) << text << ": " << (name.ok() ? "" : name.error().operator_text);
    return name.value_or(Name());
}

void ExpectRefused(std::string_view text) { EXPECT_FALSE(Name::Parse(text).ok()) << text; }

struct Example {
    const char* well_formed;
    const char* bound;
};

// NISTIR 7695 section 6.1.2.4, examples 1 to 5.
constexpr Example kBoundToUri[] = {
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.0\.6001",update="beta",edition=ANY])",
     "cpe:/a:microsoft:internet_explorer:8.0.6001:beta"},
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.*",update="sp?"])", "cpe:/a:microsoft:internet_explorer:8.%02:sp%01"},
    {R"(wfn:[part="a",vendor="hp",product="insight_diagnostics",version="7\.4\.0\.1570",update=NA,sw_edition="online",target_sw="win2003",target_hw="x64"])",
     "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~"},
    {R"(wfn:[part="a",vendor="hp",product="openview_network_manager",version="7\.51",target_sw="linux"])",
     "cpe:/a:hp:openview_network_manager:7.51::~~~linux~~"},
    {R"(wfn:[part="a",vendor="foo\\bar",product="big\$money_manager_2010",sw_edition="special",target_sw="ipod_touch",target_hw="80gb"])",
     "cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~"},
};

// Section 6.1.3.3, examples 1 to 5 and 7.
constexpr Example kUnboundFromUri[] = {
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.0\.6001",update="beta",edition=ANY,language=ANY])",
     "cpe:/a:microsoft:internet_explorer:8.0.6001:beta"},
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.\*",update="sp\?",edition=ANY,language=ANY])",
     "cpe:/a:microsoft:internet_explorer:8.%2a:sp%3f"},
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.*",update="sp?",edition=ANY,language=ANY])",
     "cpe:/a:microsoft:internet_explorer:8.%02:sp%01"},
    {R"(wfn:[part="a",vendor="hp",product="insight_diagnostics",version="7\.4\.0\.1570",update=ANY)"
     R"(,edition=ANY,sw_edition="online",target_sw="win2003",target_hw="x64",other=ANY,language=ANY])",
     "cpe:/a:hp:insight_diagnostics:7.4.0.1570::~~online~win2003~x64~"},
    {R"(wfn:[part="a",vendor="hp",product="openview_network_manager",version="7\.51",update=NA)"
     R"(,edition=ANY,sw_edition=ANY,target_sw="linux",other=ANY,language=ANY])",
     "cpe:/a:hp:openview_network_manager:7.51:-:~~~linux~~"},
    {R"(wfn:[part="a",vendor="foo\~bar",product="big\~money_2010",version=ANY,update=ANY,edition=ANY,language=ANY])", "cpe:/a:foo~bar:big%7emoney_2010"},
};

// The examples of section 6.2.2, in its order.
constexpr Example kBoundToFormattedString[] = {
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.0\.6001",update="beta",edition=ANY])",
     "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*"},
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.*",update="sp?",edition=ANY])",
     "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*"},
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.\*",update="sp?"])",
     R"(cpe:2.3:a:microsoft:internet_explorer:8.\*:sp?:*:*:*:*:*:*)"},
    {R"(wfn:[part="a",vendor="hp",product="insight",version="7\.4\.0\.1570",update=NA,sw_edition="online",target_sw="win2003",target_hw="x64"])",
     "cpe:2.3:a:hp:insight:7.4.0.1570:-:*:*:online:win2003:x64:*"},
    {R"(wfn:[part="a",vendor="hp",product="openview_network_manager",version="7\.51",target_sw="linux"])",
     "cpe:2.3:a:hp:openview_network_manager:7.51:*:*:*:*:linux:*:*"},
    {R"(wfn:[part="a",vendor="foo\\bar",product="big\$money_2010",sw_edition="special",target_sw="ipod_touch",target_hw="80gb"])",
     R"(cpe:2.3:a:foo\\bar:big\$money_2010:*:*:*:*:special:ipod_touch:80gb:*)"},
};

// Those of section 6.2.3.
constexpr Example kUnboundFromFormattedString[] = {
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.0\.6001",update="beta")"
     R"(,edition=ANY,language=ANY,sw_edition=ANY,target_sw=ANY,target_hw=ANY,other=ANY])",
     "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*"},
    {R"(wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.*",update="sp?")"
     R"(,edition=ANY,language=ANY,sw_edition=ANY,target_sw=ANY,target_hw=ANY,other=ANY])",
     "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*"},
    {R"(wfn:[part="a",vendor="hp",product="insight_diagnostics",version="7\.4\.0\.1570",update=NA)"
     R"(,edition=ANY,language=ANY,sw_edition="online",target_sw="win2003",target_hw="x64",other=ANY])",
     "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*"},
    {R"(wfn:[part="a",vendor="foo\\bar",product="big\$money",version="2010",update=ANY)"
     R"(,edition=ANY,language=ANY,sw_edition="special",target_sw="ipod_touch",target_hw="80gb",other=ANY])",
     R"(cpe:2.3:a:foo\\bar:big\$money:2010:*:*:*:special:ipod_touch:80gb:*)"},
};

TEST(CpeName, TheUriExamplesOfTheSpecificationHold) {
    for (const auto& [well_formed, bound] : kBoundToUri) EXPECT_EQ(Parsed(well_formed).Uri(), bound);
    for (const auto& [well_formed, bound] : kUnboundFromUri) EXPECT_EQ(Parsed(bound), Parsed(well_formed)) << bound;
    // Section 6.1.3.3, examples 6 and 8: a percent-encoded form that there is not, a wildcard inside of a value.
    ExpectRefused("cpe:/a:foo%5cbar:big%24money_2010%07:::~~special~ipod_touch~80gb~");
    ExpectRefused("cpe:/a:foo:bar:12.%02.1234");
}

TEST(CpeName, TheFormattedStringExamplesOfTheSpecificationHold) {
    for (const auto& [well_formed, bound] : kBoundToFormattedString) EXPECT_EQ(Parsed(well_formed).FormattedString(), bound);
    for (const auto& [well_formed, bound] : kUnboundFromFormattedString) EXPECT_EQ(Parsed(bound), Parsed(well_formed)) << bound;
    // Section 6.2.3: an unquoted asterisk inside of a value.
    ExpectRefused("cpe:2.3:a:hp:insight_diagnostics:7.4.*.1570:-:*:*:online:win2003:x64:*");
}

// Section 5.3.2 says of each of these whether it is the value of an attribute.
TEST(CpeName, ValuesAreThoseOfTheSpecification) {
    for (const char* value : {R"(foo\-bar)", "Acrobat_Reader", R"(\"oh_my\!\")", R"(g\+\+)", R"(9\.?)", "sr*", R"(big\$money)", R"(foo\:bar)",
                              R"(back\\slash_software)", R"(with_quoted\~tilde)", "*SOFT*", R"(8\.??)", R"(*8\.??)", "?a?", "??a??", "??", R"(\*)", R"(\-)"}) {
        const std::string text = "wfn:[product=\"" + std::string(value) + "\"]";
        const Name name = Parsed(text);
        EXPECT_EQ(Parsed(name.WellFormedName()), name) << text;
        EXPECT_EQ(Parsed(name.FormattedString()), name) << text;
        EXPECT_EQ(Parsed(name.Uri()), name) << text;
    }
    for (const char* value :
         {"", "*", "a*b", "a??b", "a?b", "sr**", "]", " ", "a.b", "a-b", R"(a\)", R"(\a)", R"(\_)", "a*?", "a?*", "*?a", "?*a", "**", "\xE7", "a\tb"}) {
        ExpectRefused("wfn:[product=\"" + std::string(value) + "\"]");
    }
}

TEST(CpeName, WhatIsNoFormattedStringIsRefused) {
    const std::string good = "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*";
    ASSERT_TRUE(SplitFormattedString(good));
    for (const char* text :
         {"", "cpe", "cpe:2.3:", "cpe:2.2:a:v:p:1:*:*:*:*:*:*:*", "cpe:2.3:a:v:p:1:*:*:*:*:*:*", "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*:*",
          "cpe:2.3:a:v:p:1:*:*:*:*:*:*:", "cpe:2.3:a::p:1:*:*:*:*:*:*:*", "cpe:2.3:x:v:p:1:*:*:*:*:*:*:*", "cpe:2.3:ao:v:p:1:*:*:*:*:*:*:*",
          "cpe:2.3:a:v:p!*!:1:*:*:*:*:*:*:*", "cpe:2.3:a:v:p p:1:*:*:*:*:*:*:*", R"(cpe:2.3:a:v:p\n:1:*:*:*:*:*:*:*)", R"(cpe:2.3:a:v:p:1:*:*:*:*:*:*:*\)",
          "cpe:2.3:a:v:p:1*2:*:*:*:*:*:*:*", "cpe:2.3:a:v:p:**:*:*:*:*:*:*:*", " cpe:2.3:a:v:p:1:*:*:*:*:*:*:*", "cpe:2.3:a:v:\xE4:1:*:*:*:*:*:*:*"}) {
        EXPECT_FALSE(SplitFormattedString(text)) << text;
        ExpectRefused(text);
    }
    const std::string prefix = "cpe:2.3:a:v:";
    const std::string suffix = ":1:*:*:*:*:*:*:*";
    EXPECT_TRUE(SplitFormattedString(prefix + std::string(kMaxNameLength - prefix.size() - suffix.size(), 'p') + suffix));
    EXPECT_FALSE(SplitFormattedString(prefix + std::string(kMaxNameLength + 1 - prefix.size() - suffix.size(), 'p') + suffix));
    EXPECT_EQ(Name::Parse(std::string(kMaxNameLength + 1, 'a')).error().code, ErrorCode::kTooLarge);
}

TEST(CpeName, WhatScannersForgetToQuoteIsQuoted) {
    const std::string text = "cpe:2.3:a:v:p:1.17-3+deb10u3~x:*:*:*:*:*:*:*";
    EXPECT_FALSE(SplitFormattedString(text));
    EXPECT_EQ(Parsed(text)[Attribute::kVersion], R"(1.17-3\+deb10u3\~x)");
    EXPECT_EQ(Parsed("cpe:/a:v:p:1.17-3+deb10u3~x"), Parsed(text));
}

TEST(CpeName, OtherWritingsAreRefusedWhereTheyAreWrong) {
    for (const char* text : {"cpe:/x:v",
                             "cpe:/a:v:p:1:2:3:4:5",
                             "cpe:/a:v:p:%zz",
                             "cpe:/a:v:p:%4",
                             "cpe:/a:v p",
                             "cpe:/a:v:p:1::~a~b~c~d~e~f",
                             "cpe:/a:v:p:%02",
                             "cpe:/a:%41",
                             "wfn:[",
                             "wfn:[part]",
                             "wfn:[part=\"a\"",
                             "wfn:[part=\"a\"]x",
                             "wfn:[part=\"x\"]",
                             "wfn:[part=\"a\",part=\"a\"]",
                             "wfn:[parts=\"a\"]",
                             "wfn:[part=a]",
                             "wfn:[product=\"a]",
                             "wfn:[product=\"a\\\"]",
                             "wfn:[part=\"a\",]",
                             "cpe",
                             "CPE:/a"}) {
        ExpectRefused(text);
    }
}

TEST(CpeName, ErrorsSayWhatIsWrongAndWhere) {
    const Error error = Name::Parse("cpe:2.3:a:v:p p:1:*:*:*:*:*:*:*").error();
    EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
    EXPECT_NE(error.operator_text.find("at byte 13"), std::string::npos) << error.operator_text;
    EXPECT_NE(Name::Parse("cpe:2.3:a:v:p:1").error().operator_text.find("fewer than eleven"), std::string::npos);
    EXPECT_NE(Name::Parse("cpe:/a:v:p:%07").error().operator_text.find("version"), std::string::npos);
}

TEST(CpeName, ComponentsAreViewsCutAtUnquotedColons) {
    const std::string text = R"(cpe:2.3:a:perl:archive\:\:tar:1.36:-:*:*:*:*:*:a\\)";
    const auto components = SplitFormattedString(text);
    ASSERT_TRUE(components);
    EXPECT_EQ((*components)[2], R"(archive\:\:tar)");
    EXPECT_EQ((*components)[10], R"(a\\)");
    EXPECT_EQ((*components)[0].data(), text.data() + 8);
    EXPECT_EQ(Unquote((*components)[2]), "archive::tar");
}

TEST(CpeName, NamesOfTheSameValueAreEqual) {
    const Name name = Parsed("cpe:2.3:o:microsoft:windows_server_2008:r2:sp1:*:*:*:*:x64:*");
    EXPECT_EQ(Parsed("cpe:2.3:O:Microsoft:Windows_Server_2008:R2:SP1:*:*:*:*:X64:*"), name);
    EXPECT_EQ(Parsed("cpe:/o:microsoft:windows_server_2008:r2:sp1:~~~~x64~"), name);
    EXPECT_EQ(Parsed(R"(wfn:[version="r2", target_hw="x64", part="o", update="sp1", product="windows_server_2008", vendor="microsoft"])"), name);
    EXPECT_EQ(Parsed(R"(cpe:2.3:a:v:p\-p:1\.0:*:*:*:*:*:*:*)"), Parsed("cpe:2.3:a:v:p-p:1.0:*:*:*:*:*:*:*"));
    EXPECT_EQ(Parsed("cpe:/"), Name());
    EXPECT_EQ(Parsed("wfn:[]"), Name());
    EXPECT_EQ(Name().FormattedString(), "cpe:2.3:*:*:*:*:*:*:*:*:*:*:*");
}

TEST(CpeName, AQuotedHyphenIsNotNa) {
    const Name hyphen = Parsed(R"(cpe:2.3:a:v:p:\-:*:*:*:*:*:*:*)");
    const Name na = Parsed("cpe:2.3:a:v:p:-:*:*:*:*:*:*:*");
    EXPECT_NE(hyphen, na);
    EXPECT_EQ(hyphen[Attribute::kVersion], R"(\-)");
    EXPECT_EQ(hyphen.Uri(), "cpe:/a:v:p:%2d");
    EXPECT_EQ(Parsed(hyphen.Uri()), hyphen);
    EXPECT_EQ(Parsed(na.Uri()), na);
    EXPECT_EQ(Parsed(hyphen.WellFormedName()), hyphen);
}

TEST(CpeName, LiteralsAreQuoted) {
    Name name;
    const auto literal = [&](std::string_view text) {
        name.SetLiteral(Attribute::kProduct, text);
        const std::string formatted = name.FormattedString();
        EXPECT_TRUE(SplitFormattedString(formatted)) << formatted;
        EXPECT_EQ(Parsed(formatted), name);
        return name[Attribute::kProduct];
    };
    EXPECT_EQ(literal("Visual Studio 2022 (x64)"), R"(visual_studio_2022_\(x64\))");
    EXPECT_EQ(literal("C++"), R"(c\+\+)");
    EXPECT_EQ(literal("node.js"), "node.js");
    EXPECT_EQ(literal("a:b\\c*?"), R"(a\:b\\c\*\?)");
    EXPECT_EQ(literal(""), "*");
    EXPECT_EQ(literal("-"), R"(\-)");
    EXPECT_EQ(literal("*"), R"(\*)");
    EXPECT_EQ(literal("公文"), "__");
    EXPECT_EQ(literal("\xBF"), "_");
}

TEST(CpeName, MatchStringsOfNvdGoThereAndBackAgain) {
    std::ifstream in(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/cpe/nvd-criteria.txt");
    std::size_t count = 0;
    for (std::string line; std::getline(in, line); ++count) {
        const auto components = SplitFormattedString(line);
        ASSERT_TRUE(components) << line;
        const Name name = Parsed(line);
        for (std::size_t i = 0; i < kAttributes; ++i) EXPECT_EQ(name[static_cast<Attribute>(i)], Canonical((*components)[i])) << line;
        EXPECT_EQ(Parsed(name.FormattedString()), name) << line;
        EXPECT_EQ(Parsed(name.Uri()), name) << line;
        EXPECT_EQ(Parsed(name.WellFormedName()), name) << line;
    }
    EXPECT_GT(count, 200U);
}

}  // namespace
}  // namespace opsteward::cpe
