#include "platform/console/records/difference.hpp"

#include "platform/console/records/words.hpp"

namespace opsteward::console::records {
namespace {

struct Case {
    std::string_view name;
    std::string_view before;
    std::string_view after;
    std::vector<FieldChange> expected;
};

json::value Parsed(std::string_view text) {
    return json::parse(text);
}

TEST(ChangedFields, NamesOnlyWhatDiffers) {
    const std::optional<json::value> absent;
    const std::vector<Case> cases = {
        {"one of two fields", R"({"name":"a","port":1})", R"({"name":"b","port":1})", {{"name", "a", "b"}}},
        {"nothing", R"({"name":"a"})", R"({"name":"a"})", {}},
        {"made", "null", R"({"name":"a","port":1})", {{"name", absent, "a"}, {"port", absent, 1}}},
        {"gone", R"({"name":"a"})", "null", {{"name", "a", absent}}},
        {"a new field, then a lost one", R"({"old":1})", R"({"new":2})", {{"new", absent, 2}, {"old", 1, absent}}},
        {"null is a value", R"({"ends_at":null})", R"({"ends_at":"x"})", {{"ends_at", nullptr, "x"}}},
        {"nested", R"({"limit":{"cpu":1,"ram":2}})", R"({"limit":{"cpu":1,"ram":3}})", {{"limit.ram", 2, 3}}},
        {"a whole nested object", "{}", R"({"limit":{"cpu":1}})", {{"limit.cpu", absent, 1}}},
        {"an object for a number", R"({"limit":1})", R"({"limit":{"cpu":1}})", {{"limit", 1, Parsed(R"({"cpu":1})")}}},
        {"arrays whole", R"({"roles":[1,2]})", R"({"roles":[2,1]})", {{"roles", Parsed("[1,2]"), Parsed("[2,1]")}}},
        {"no object", "1", "2", {{"", 1, 2}}},
        {"no object, made", "null", "\"x\"", {{"", absent, "x"}}},
        {"an event without fields", "null", "null", {}},
    };
    for (const Case& test : cases)
        EXPECT_EQ(ChangedFields(Parsed(test.before), Parsed(test.after)), test.expected) << test.name;
}

TEST(ValueWords, SaysValuesAsPeopleReadThem) {
    struct ValueCase {
        std::string_view field;
        std::string_view value;
        std::string_view zh;
        std::string_view en;
    };
    const ValueCase cases[] = {
        {"is_enabled", "true", "是", "yes"},
        {"is_enabled", "false", "否", "no"},
        {"parent", "null", "無", "none"},
        {"unit", "3", "資訊室", "資訊室"},
        {"unit", "99", "99", "99"},
        {"port", "3", "3", "3"},
        {"note", R"("")", "空白", "empty"},
        {"roles", "[]", "無", "none"},
        {"roles", R"([{"role":"auditor","unit":3}])", "稽核人員（唯讀）（資訊室）", "Auditor (read only) (資訊室)"},
        {"roles", R"([{"role":"unheard","unit":4}])", "unheard（4）", "unheard (4)"},
        {"approved", R"(["a","b"])", "a、b", "a, b"},
        {"approved", R"([{"kind":"listener","port":22,"program":null}])", "listener 22", "listener 22"},
        {"approved", "[{}]", "{}", "{}"},
        {"roles", R"(["administrator"])", "平台管理者", "Administrator"},
        {"state", R"("failed")", "失敗", "failed"},
        {"state", R"("unheard")", "unheard", "unheard"},
        {"with", R"("password")", "密碼", "password"},
        {"scope", R"("read")", "只能讀取", "reading only"},
        {"ends_at", R"("2025-08-05T06:03:07.000Z")", "114.8.5 14:03", "2025-08-05 14:03"},
        {"note", R"("2025-08-05T99:03:07.000Z")", "2025-08-05T99:03:07.000Z", "2025-08-05T99:03:07.000Z"},
    };
    const ValueWords zh(Language::kZhHant, {{3, "資訊室"}});
    const ValueWords en(Language::kEnglish, {{3, "資訊室"}});
    for (const ValueCase& test : cases) {
        EXPECT_EQ(zh.Of(test.field, Parsed(test.value)), test.zh) << test.field << " " << test.value;
        EXPECT_EQ(en.Of(test.field, Parsed(test.value)), test.en) << test.field << " " << test.value;
    }
}

TEST(ValueWords, SaysAChangeInOneLine) {
    const ValueWords words(Language::kZhHant, {});
    EXPECT_EQ(words.Of(FieldChange{"is_enabled", true, false}), "啟用：是 → 否");
    EXPECT_EQ(words.Of(FieldChange{"limit.unheard", std::nullopt, 5}), "unheard：5");
    EXPECT_EQ(words.Of(FieldChange{"name", "web-01", std::nullopt}), "名稱：web-01 → 已移除");
}

TEST(Words, FallsBackToTheKeyForWhatHasNoName) {
    EXPECT_EQ(ActionTitle("account.disable", Language::kZhHant), "停用帳號");
    EXPECT_EQ(ActionTitle("forms.sign", Language::kZhHant), "forms.sign");
    EXPECT_EQ(SubjectKindTitle("device", Language::kEnglish), "Device");
    EXPECT_EQ(SubjectKindTitle("form", Language::kEnglish), "form");
}

}  // namespace
}  // namespace opsteward::console::records
