// What holds for every page of the room, in both languages; and what the room adds to the search and to the tasks.
#include <qrencode.h>

#include <memory>

#include "platform/console/access/access_fixture.hpp"
#include "platform/console/access/qr_code.hpp"

namespace opsteward::console {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

/// Where Chinese stands in what an English reader sees, the names of product and language apart.
std::string ChineseIn(std::string text) {
    for (const std::string_view name : {"通作管家", "繁體中文"}) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.erase(at, name.size());
    }
    std::string found;
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead >= 0xE3 && lead <= 0xE9) found += text.substr(i, 3);  // U+3000 … U+9FFF in UTF-8
    }
    return found;
}

class AccessPages : public AccessTest {
  protected:
    AccessPages() {
        Must(console_.identity().UpdateUnit({}, {top_, std::nullopt, "Agency", true}));
        auto admin = Must(console_.identity().FindAccountByName("admin"));
        admin.display_name = "First";
        Must(console_.identity().UpdateAccount({}, admin));
        const std::int64_t unit = console_.AddUnit("<b>North</b>");
        hostile_ =
            console_.AddPerson("hostile", {{Role::kSystemAdmin, unit}}, unit, "</td><script>alert(1)</script>\"'");
        Must(console_.identity().CreateToken(boss_.actor, boss_.id, "backup", true, 30));
        paths_ = {"/account",
                  "/account/sessions",
                  "/account/tokens",
                  "/account/password",
                  "/account/totp",
                  "/users",
                  "/users?state=locked",
                  "/users/new",
                  "/users/" + std::to_string(hostile_.id),
                  "/units",
                  "/units/new",
                  "/units/" + std::to_string(unit)};
    }

    const TestPerson boss_ = console_.AddPerson("boss", {{Role::kAdministrator, console_.top_unit()}}, 0, "Boss");
    TestPerson hostile_;
    std::vector<std::string> paths_;
};

TEST_F(AccessPages, AreWellFormedInBothLanguagesAndEscapeWhatPeopleWrote) {
    for (const Language language : {Language::kZhHant, Language::kEnglish}) {
        GateClient browser = BrowserOf(boss_, language);
        for (const std::string& path : paths_) {
            const auto page = browser.Get(path);  // its faults fail the test
            EXPECT_EQ(page.status, 200) << path;
            EXPECT_THAT(page.body, Not(HasSubstr("<script>alert"))) << path;
            EXPECT_THAT(page.body,
                        HasSubstr(language == Language::kEnglish ? R"(<html lang="en")" : R"(<html lang="zh-Hant-TW")"))
                << path;
        }
    }
}

TEST_F(AccessPages, LeaveNothingUntranslated) {
    GateClient browser = BrowserOf(boss_, Language::kEnglish);
    for (const std::string& path : paths_) EXPECT_EQ(ChineseIn(PageText(browser.Get(path).body)), "") << path;
    for (const std::string_view path :
         {"/account/totp/begin", "/account/totp", "/account/tokens", "/account/password", "/users", "/units"}) {
        EXPECT_EQ(ChineseIn(PageText(browser.Post(path, {{"csrf", browser.csrf()}}).body)), "") << path;
    }
    GateClient stranger(console_, Language::kEnglish);
    EXPECT_EQ(ChineseIn(PageText(stranger.Get("/login").body)), "");
    EXPECT_EQ(ChineseIn(PageText(stranger.Post("/login").body)), "");
    EXPECT_EQ(ChineseIn(PageText(stranger.Post("/login/code").body)), "");
}

TEST_F(AccessPages, SayNothingOfOthersToThoseWithoutARole) {
    GateClient browser = BrowserOf(console_.AddPerson("new", {}));
    EXPECT_THAT(browser.Get("/account").body, HasSubstr("尚未授予角色"));
    for (const std::string_view path : {"/users", "/units"}) EXPECT_EQ(browser.Get(path).status, 403) << path;
}

class AccessModuleParts : public AccessTest {
  protected:
    /// Asks as that person, through the context that the gate makes.
    template <typename Ask>
    auto As(const TestPerson& person, Ask ask) {
        const auto sign_in =
            Must(console_.identity().SignInWithPassword(person.name, person.password, "192.0.2.7", ""));
        const auto authentication = Must(console_.identity().AuthenticateSession(sign_in.session_secret, "192.0.2.7"));
        const net::Request request;
        web::RequestContext context{request, &authentication, console_.clock().Now(), Language::kEnglish, {}, {}, {}};
        return Must(ask(context));
    }
    std::vector<std::string> TaskTitles(const TestPerson& person) {
        std::vector<std::string> titles;
        for (const auto& task : As(person, console_.modules().front().tasks)) titles.push_back(task.title);
        return titles;
    }
    std::vector<std::string> Found(const TestPerson& person, std::string_view query, int limit = 10) {
        std::vector<std::string> hrefs;
        const auto& search = console_.modules().front().search;
        for (const auto& hit :
             As(person, [&](const web::RequestContext& context) { return search(context, query, limit); }))
            hrefs.push_back(hit.href);
        return hrefs;
    }
    void Change(const TestPerson& person, const std::function<void(identity::Account&)>& change) {
        auto account = Account(person.id);
        change(account);
        Must(console_.identity().UpdateAccount({}, account));
    }

    const std::int64_t north_ = console_.AddUnit("North");
    const TestPerson boss_ = console_.AddPerson("boss", Role::kAdministrator);
    const TestPerson lin_ = console_.AddPerson("lin", {{Role::kSystemAdmin, north_}}, north_, "Lin Mei");
};

TEST_F(AccessModuleParts, TellAdministratorsWhatWantsDoing) {
    EXPECT_THAT(TaskTitles(boss_),
                ElementsAre("Set up your second factor", "The administrator admin has no second factor",
                            "The one-time password of admin is not changed yet"));
    Change(lin_, [&](auto& account) { account.ends_at = console_.clock().Now() + 14 * 24h; });
    EXPECT_THAT(TaskTitles(boss_), ::testing::Contains("The account lin ends soon"));
    Change(lin_, [&](auto& account) { account.ends_at = console_.clock().Now() + 14 * 24h + 1ms; });
    EXPECT_THAT(TaskTitles(boss_), Not(::testing::Contains("The account lin ends soon")));
    for (int i = 0; i < 5; ++i) (void)console_.identity().SignInWithPassword("lin", "wrong", "192.0.2.8", "");
    EXPECT_EQ(TaskTitles(boss_)[1], "The account lin is locked");
}

TEST_F(AccessModuleParts, GatherLikeTasksIntoOneThatLeadsToTheList) {
    for (const std::string_view name : {"a", "b"}) {
        Change(console_.AddPerson(name, {}), [&](auto& account) { account.ends_at = console_.clock().Now() + 24h; });
    }
    for (const auto& task : As(boss_, console_.modules().front().tasks)) {
        if (task.title != "2 accounts end soon") continue;
        EXPECT_EQ(task.href, "/users?state=ends_soon");
        EXPECT_EQ(task.due_at, console_.clock().Now() + 24h);
        EXPECT_THAT(BrowserOf(boss_).Get(task.href).body, HasSubstr(">a</a>"));
        return;
    }
    FAIL() << "no such task";
}

TEST_F(AccessModuleParts, LeaveEverybodyElseInPeace) {
    EXPECT_THAT(TaskTitles(lin_), IsEmpty());
}

TEST_F(AccessModuleParts, FindAccountsAndUnitsThatTheReaderMaySee) {
    EXPECT_THAT(Found(boss_, "LIN mei"), ElementsAre("/users/" + std::to_string(lin_.id)));
    EXPECT_THAT(Found(boss_, "north"), ElementsAre("/units/" + std::to_string(north_)));
    EXPECT_THAT(Found(lin_, "boss"), IsEmpty());
    EXPECT_THAT(Found(lin_, "north"), ElementsAre("/units"));
    EXPECT_THAT(Found(boss_, " "), IsEmpty());
    EXPECT_THAT(Found(boss_, "n", 1), SizeIs(1));
    EXPECT_THAT(Found(boss_, "n", 0), IsEmpty());
}

TEST(QrCode, DrawsEveryDarkModuleAndNoOther) {
    const std::string text = "otpauth://totp/Opsteward:lin?secret=JBSWY3DPEHPK3PXP&issuer=Opsteward";
    const std::string svg = Must(QrCode(text, "label")).text();
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                          QRcode_free);
    const int side = code->width + 8;
    EXPECT_THAT(svg, HasSubstr(fmt::format(R"(viewBox="0 0 {} {}")", side, side)));

    std::vector<bool> drawn(static_cast<std::size_t>(side * side));
    const auto begin = svg.find("d=\"") + 3;
    std::string path = svg.substr(begin, svg.find('"', begin) - begin);
    int x = 0, y = 0, length = 0, back = 0, read = 0;
    for (const char* at = path.c_str(); std::sscanf(at, "M%d %dh%dv1h-%dz%n", &x, &y, &length, &back, &read) == 4;
         at += read) {
        ASSERT_EQ(length, back);
        for (int i = 0; i < length; ++i) drawn[static_cast<std::size_t>(y * side + x + i)] = true;
    }
    for (int row = 0; row < side; ++row) {
        for (int column = 0; column < side; ++column) {
            const bool is_inside = row >= 4 && row < side - 4 && column >= 4 && column < side - 4;
            const bool is_dark = is_inside && (code->data[(row - 4) * code->width + column - 4] & 1) != 0;
            ASSERT_EQ(drawn[static_cast<std::size_t>(row * side + column)], is_dark) << row << " " << column;
        }
    }
}

TEST(QrCode, RefusesWhatDoesNotFit) {
    EXPECT_FALSE(QrCode(std::string(3000, 'x'), "label").ok());
}

}  // namespace
}  // namespace opsteward::console
