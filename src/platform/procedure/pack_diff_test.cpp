#include "platform/procedure/pack_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/procedure/testing/test_support.hpp"

namespace opsteward::procedure {
namespace {

using testing::SmallPack;

/// The small pack with some texts of its files replaced.
Pack Edited(std::initializer_list<std::tuple<const char*, const char*, const char*>> edits) {
    PackTexts texts = SmallPack();
    for (const auto& [file, from, to] : edits) {
        std::string& text = texts[file];
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        if (at != std::string::npos) text.replace(at, std::string_view(from).size(), to);
    }
    const auto reading = ReadPackTexts(texts);
    for (const auto& fault : reading.faults) ADD_FAILURE() << DescribeFault(fault, Language::kEnglish);
    return reading.pack;
}

std::vector<std::string> Lines(const PackDifference& difference) {
    std::vector<std::string> lines;
    for (const auto& change : difference.changes) {
        std::string line = fmt::format("{} {} {}", ChangeKindKey(change.kind), PackPartKey(change.part), change.id);
        for (const auto& field : change.fields)
            line += fmt::format("; {}: {} → {}", field.field, field.before.en, field.after.en);
        lines.push_back(line);
    }
    return lines;
}

TEST(PackDiff, OfThePackItselfIsEmpty) {
    const auto difference = ComparePacks(Edited({}), Edited({}));
    EXPECT_TRUE(difference.empty());
    EXPECT_EQ(DescribeDifference(difference, Language::kEnglish),
              "Version 1.0 (1 Jan 2026) → 1.0 (1 Jan 2026)\nNothing differs.\n");
    EXPECT_EQ(DescribeDifference(difference, Language::kZhHant),
              "版本 1.0（民國115年1月1日）→ 1.0（民國115年1月1日）\n內容相同。\n");
}

struct DiffCase {
    const char* file;
    const char* from;
    const char* to;
    std::vector<std::string> lines;
};

TEST(PackDiff, NamesEveryFieldThatChanged) {
    const DiffCase cases[] = {
        {"procedure.toml", "version = \"1.0\"", "version = \"1.1\"", {"changed procedure T-1; version: 1.0 → 1.1"}},
        {"procedure.toml", "2026-01-01", "2026-07-01", {"changed procedure T-1; effective: 1 Jan 2026 → 1 Jul 2026"}},
        {"procedure.toml", "Chapter one", "First chapter", {"changed chapter 1; title: Chapter one → First chapter"}},
        {"procedure.toml",
         "System administrator",
         "Sysadmin",
         {"changed role system_admin; title: System administrator → Sysadmin"}},
        {"clauses/one.toml",
         "No port is open.",
         "No port is ever open.",
         {"changed clause 1.1; text: No port is open. → No port is ever open."}},
        {"clauses/one.toml", "[\"automatic\", \"duty\"]", "[\"duty\"]", {"changed clause 1.10; mode: automatic, duty → duty"}},
        {"clauses/one.toml",
         "owner = \"supervisor\"",
         "owner = \"checker\"",
         {"changed clause 1.3; owner: supervisor → checker"}},
        {"clauses/one.toml", "\"/devices\"", "\"/board\"", {"changed clause 1.1; action.href: /devices → /board"}},
        {"checks/ports.toml", "clause = \"1.1\"", "clause = \"1.3\"", {"changed check open-ports; clause: 1.1 → 1.3"}},
        {"checks/ports.toml",
         "below = 1024",
         "below = 512, ratio = 0.5, word = \"x\"",
         {"changed check privileged-ports; parameters: below = 1024 → below = 512, ratio = 0.5, word = x"}},
        {"checks/ports.toml", "topics = [\"ports\"]\n", "", {"changed check open-ports; topics: ports → "}},
        {"duties/review.toml", "[\"1.2\", \"1.10\"]", "[\"1.2\"]", {"changed duty review; clauses: 1.2, 1.10 → 1.2"}},
        {"duties/review.toml", "\"monthly\"", "\"weekly\"", {"changed duty review; cycle: monthly → weekly"}},
        {"duties/review.toml", "\"7d\"", "\"36h\"", {"changed duty review; lead: 7d → 36h"}},
        {"duties/review.toml", "\"unit\"", "\"bureau\"", {"changed duty review; scope: unit → bureau"}},
        {"clauses/one.toml", "id = \"1.3\"", "id = \"1.4\"", {"added clause 1.4", "removed clause 1.3"}},
        {"duties/review.toml", "id = \"review\"", "id = \"look\"", {"added duty look", "removed duty review"}},
        {"checks/ports.toml", "id = \"open-ports\"", "id = \"ports\"", {"added check ports", "removed check open-ports"}},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE(one.to);
        EXPECT_EQ(Lines(ComparePacks(Edited({}), Edited({{one.file, one.from, one.to}}))), one.lines);
    }
}

TEST(PackDiff, SeesAChangeInOneLanguageAlone) {
    const auto difference = ComparePacks(Edited({}), Edited({{"clauses/one.toml", "沒有檢討。", "還沒有檢討。"}}));
    ASSERT_EQ(difference.changes.size(), 1U);
    ASSERT_EQ(difference.changes[0].fields.size(), 1U);
    EXPECT_EQ(difference.changes[0].fields[0].before, (Text{"沒有檢討。", "There is no review."}));
    EXPECT_EQ(difference.changes[0].fields[0].after, (Text{"還沒有檢討。", "There is no review."}));
}

TEST(PackDiff, IsWrittenPartByPartInBothLanguages) {
    const auto difference =
        ComparePacks(Edited({}), Edited({{"procedure.toml", "version = \"1.0\"", "version = \"1.1\""},
                                         {"procedure.toml", "2026-01-01", "2026-07-01"},
                                         {"clauses/one.toml", "id = \"1.3\"", "id = \"1.4\""},
                                         {"duties/review.toml", "Review and note it.", "Review.\\nNote it."}}));
    EXPECT_EQ(DescribeDifference(difference, Language::kEnglish),
              "Version 1.0 (1 Jan 2026) → 1.1 (1 Jul 2026)\n"
              "Changed procedure T-1 Test procedure\n"
              "  version\n    - 1.0\n    + 1.1\n"
              "  effective\n    - 1 Jan 2026\n    + 1 Jul 2026\n"
              "Added clause 1.4 Form\n"
              "Removed clause 1.3 Form\n"
              "Changed duty review Monthly review\n"
              "  instructions\n    - Review and note it.\n    + Review.\n      Note it.\n");
    EXPECT_EQ(DescribeDifference(difference, Language::kZhHant),
              "版本 1.0（民國115年1月1日）→ 1.1（民國115年7月1日）\n"
              "修改 程序書 T-1 測試程序書\n"
              "  version\n    - 1.0\n    + 1.1\n"
              "  effective\n    - 民國115年1月1日\n    + 民國115年7月1日\n"
              "新增 條文 1.4 表單\n"
              "刪除 條文 1.3 表單\n"
              "修改 例行工作 review 每月檢討\n"
              "  instructions\n    - Review and note it.\n    + Review.\n      Note it.\n");
}

TEST(PackDiff, IsGivenAsJson) {
    const auto difference = ComparePacks(Edited({}), Edited({{"duties/review.toml", "\"monthly\"", "\"weekly\""}}));
    EXPECT_EQ(json::value(DifferenceToJson(difference)), json::parse(R"({
        "before": {"version": "1.0", "effective": "2026-01-01"},
        "after": {"version": "1.0", "effective": "2026-01-01"},
        "changes": [{"part": "duty", "change": "changed", "id": "review", "title": {"zh": "每月檢討", "en": "Monthly review"},
            "fields": [{"field": "cycle", "before": {"zh": "monthly", "en": "monthly"}, "after": {"zh": "weekly", "en": "weekly"}}]}]})"));
}

}  // namespace
}  // namespace opsteward::procedure
