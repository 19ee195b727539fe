// The pages of the inventory as a browser and a person meet them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <fmt/format.h>

#include "features/inventory/testing/site_test.hpp"
#include "html/gumbo_document.hpp"
#include "platform/web/components.hpp"

namespace opsteward::inventory {
namespace {

using html::GumboDocument;
using net::Method;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kHostile = "<script>alert(1)</script>&\u202E𠀀";

/// What is wrong with a page: errors of the parser, ids given twice, references to ids that are not there, icons the sprite
/// lacks, forms that post without the token of the session.
std::vector<std::string> Faults(const std::string& page) {
    std::vector<std::string> faults;
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = -1;
    GumboOutput* output = gumbo_parse_with_options(&options, page.data(), page.size());
    for (unsigned i = 0; i < output->errors.length; ++i) faults.emplace_back("the parser found an error");
    gumbo_destroy_output(&options, output);

    const GumboDocument document(page);
    std::map<std::string, int> ids;
    std::set<std::string> wanted;
    document.ForEachElement([&](const GumboNode* node) {
        if (const auto id = GumboDocument::Attribute(node, "id")) ++ids[*id];
        for (const std::string_view name : {"for", "aria-describedby"}) {
            std::istringstream words(GumboDocument::Attribute(node, name).value_or(""));
            for (std::string word; words >> word;) wanted.insert(word);
        }
        if (GumboDocument::Tag(node) == "use") {
            const std::string href = GumboDocument::Attribute(node, "href").value_or("");
            if (!web::HasIcon(href.substr(href.find('#') + 1))) faults.push_back("no icon is called " + href);
        }
        if (GumboDocument::Tag(node) == "script" && !GumboDocument::Text(node).empty())
            faults.emplace_back("has a script of its own");
        if (GumboDocument::Attribute(node, "style")) faults.emplace_back("has a style of its own");
    });
    for (const auto& [id, count] : ids) {
        if (count > 1) faults.push_back("given twice: " + id);
    }
    for (const std::string& id : wanted) {
        if (!ids.contains(id)) faults.push_back("refers to nothing: " + id);
    }
    return faults;
}

std::string TextOf(const std::string& page) {
    const GumboDocument document(page);
    std::string text;
    document.ForEachElement([&](const GumboNode* node) {
        if (GumboDocument::Tag(node) == "body") text = GumboDocument::Text(node);
    });
    return text;
}

class Pages : public SiteTest {
  protected:
    std::string Page(const std::string& target, int status = 200) {
        const net::Response response = site().Get(target);
        EXPECT_EQ(response.status, status) << target;
        return response.body;
    }
};
// What they ask of the database is tested on both beside the stores and through the API.
OPS_ON_DATABASES(Pages, db::testing::Kind::kSqlite);

std::vector<std::string> PagesOf(std::int64_t device) {
    const std::string path = fmt::format("/devices/{}", device);
    std::vector<std::string> pages = {"/devices",
                                      "/devices?state=any&sort=observed&dir=desc",
                                      "/devices?q=nothing-of-this-name",
                                      "/devices/new",
                                      path,
                                      path + "/edit",
                                      path + "/changes",
                                      path + "/changes?topic=services&kind=appeared",
                                      path + "/approvals",
                                      path + "/approvals?ended=1",
                                      path + "/approvals/seen"};
    for (const Topic& topic : AllTopics()) {
        pages.push_back(fmt::format("{}?topic={}", path, topic.name));
        pages.push_back(
            fmt::format("{}?topic={}&sort={}&dir=desc&q=a&approval=to_decide", path, topic.name, topic.columns.front().name));
    }
    return pages;
}

TEST_P(Pages, AreWellFormedInBothLanguages) {
    const auto empty = AddServer("empty");
    RegisterAndObserveHost();
    for (const Language language : {Language::kZhHant, Language::kEnglish}) {
        site().Read(language);
        for (const std::int64_t device : {empty, empty + 1}) {
            for (const std::string& target : PagesOf(device)) EXPECT_THAT(Faults(Page(target)), IsEmpty()) << target;
        }
    }
}

TEST_P(Pages, EscapeHostileNamesAndKeepThemUntouched) {
    Device device;
    device.name = kHostile;
    device.unit_id = kTop;
    device.address = kHostile;
    device.notes = kHostile;
    const auto id = Add(device);
    See(id, 0, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "first")});
    See(id, 1, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, kHostile)});
    See(id, 2, "services", {{kHostile, true}});
    SeeNot(id, 3, "accounts", {std::string(kHostile), std::string(kHostile)});
    for (const std::string& target : PagesOf(id)) {
        const std::string page = Page(target);
        EXPECT_THAT(Faults(page), IsEmpty()) << target;
        EXPECT_THAT(page, Not(HasSubstr("<script>alert"))) << target;
    }
    for (const std::string target : {"", "/changes", "/approvals/seen", "?topic=services", "?topic=accounts"}) {
        EXPECT_THAT(TextOf(Page(fmt::format("/devices/{}{}", id, target))), HasSubstr(kHostile)) << target;
    }
}

TEST_P(Pages, SayFirstWhatToDoOnADevice) {
    RegisterAndObserveHost();
    const std::string text = TextOf(Page("/devices/1"));
    EXPECT_THAT(text, HasSubstr("有項目等待核准或移除"));
    EXPECT_THAT(text, HasSubstr("對外開放的連接埠：2 項等待決定"));
    EXPECT_THAT(text, HasSubstr("本機帳號：1 項等待決定"));
    EXPECT_THAT(text, HasSubstr("已終止支援"));
    EXPECT_THAT(text, HasSubstr("沒有讀取權限"));
    site().Read(Language::kEnglish);
    EXPECT_THAT(TextOf(Page("/devices/1")), HasSubstr("Something waits to be approved or removed"));
}

/// Where the forms of a page lead that change devices.
std::vector<std::string> ChangingForms(const std::string& page) {
    const GumboDocument document(page);
    std::vector<std::string> actions;
    for (const GumboNode* form : document.Find("method", "post")) {
        const std::string action = GumboDocument::Attribute(form, "action").value_or("");
        if (action.starts_with("/devices")) actions.push_back(action);
    }
    return actions;
}

TEST_P(Pages, SayWhatToDoWithRowsThatWait) {
    RegisterAndObserveHost();
    EXPECT_THAT(TextOf(Page("/devices/1?topic=listening_sockets")),
                HasSubstr("2 項等待決定確認為業務所需就核准，否則關閉服務。"));
    EXPECT_THAT(TextOf(Page("/devices/1?topic=services")), Not(HasSubstr("等待決定")));
    EXPECT_THAT(TextOf(Page("/devices")), HasSubstr("1 部設備沒有負責人"));
    EXPECT_THAT(TextOf(Page("/devices")), HasSubstr("檔案系統 /var"));
}

TEST_P(Pages, OfferOnlyWhatTheReaderMayDo) {
    RegisterAndObserveHost();
    EXPECT_THAT(ChangingForms(Page("/devices/1?topic=listening_sockets")), Not(IsEmpty()));
    site().SignIn(identity::Role::kAuditor, {kTop});
    for (const std::string target : {"/devices", "/devices/1", "/devices/1?topic=listening_sockets", "/devices/1/approvals"}) {
        const std::string page = Page(target);
        EXPECT_THAT(ChangingForms(page), IsEmpty()) << target;
        EXPECT_THAT(page, Not(HasSubstr("/edit"))) << target;
        EXPECT_THAT(page, Not(HasSubstr("/devices/new"))) << target;
    }
    Page("/devices/1/edit", 403);
    Page("/devices/1/approvals/seen", 403);
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/observe", "").status, 403);
}

TEST_P(Pages, LookAsIfDevicesOfOtherUnitsWereNotThere) {
    const auto id = AddServer("works01", kWorks);
    site().SignIn(identity::Role::kSystemAdmin, {kCivil});
    EXPECT_THAT(Page("/devices"), Not(HasSubstr("works01")));
    for (const std::string& target : PagesOf(id)) {
        if (!target.starts_with("/devices/1")) continue;
        EXPECT_THAT(Page(target, 404), Not(HasSubstr("works01"))) << target;
    }
    const std::string path = fmt::format("/devices/{}", id);
    EXPECT_EQ(site().Send(Method::kPost, path + "/edit", "name=mine&kind=server&unit=2").status, 404);
    EXPECT_EQ(site().Send(Method::kPost, path + "/approvals", "kind=account&name=x&reason=y").status, 404);
    EXPECT_EQ(site().Send(Method::kPost, path + "/approvals/seen", "").status, 404);
}

TEST_P(Pages, RegisterAndEditADevice) {
    const net::Response added =
        site().Send(Method::kPost, "/devices", "name=web01&kind=server&unit=2&owner=1&core=1&address=192.0.2.1&notes=x");
    EXPECT_EQ(added.status, 303);
    EXPECT_EQ(added.headers.Get("Location"), "/devices/1");
    EXPECT_EQ(CountRows("devices WHERE name = 'web01' AND unit_id = 2 AND owner_id = 1 AND is_core = 1"), 1);
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/edit", "name=web02&kind=workstation&unit=1&retired=1").status, 303);
    EXPECT_EQ(
        CountRows(
            "inventory_devices WHERE name = 'web02' AND kind = 'workstation' AND owner_id IS NULL AND retired_at IS NOT NULL"),
        1);
    EXPECT_EQ(changes_told(), 2);
    EXPECT_EQ(CountQueued("procedure.evaluate"), 1);
}

TEST_P(Pages, KeepWhatWasEnteredWhenItIsRefused) {
    AddServer("web01");
    for (const std::string body : {"name=web01&kind=server&unit=1&notes=kept", "name=&kind=server&unit=1&notes=kept"}) {
        const net::Response refused = site().Send(Method::kPost, "/devices", body);
        EXPECT_EQ(refused.status, 422);
        EXPECT_THAT(Faults(refused.body), IsEmpty());
        EXPECT_THAT(refused.body, HasSubstr("kept"));
    }
    EXPECT_EQ(CountRows("inventory_devices"), 1);
}

TEST_P(Pages, RefuseToMoveADeviceIntoAUnitThatIsNotTheReaders) {
    AddServer("civil01", kCivil);
    site().SignIn(identity::Role::kSystemAdmin, {kCivil});
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/edit", "name=civil01&kind=server&unit=3").status, 403);
    EXPECT_EQ(site().Send(Method::kPost, "/devices", "name=new&kind=server&unit=3").status, 403);
    EXPECT_EQ(CountRows("inventory_devices WHERE unit_id = 3"), 0);
}

TEST_P(Pages, ApproveARowAndTakeItBackWhereItStands) {
    RegisterAndObserveHost();
    const std::int64_t row = Facts(1, "listening_sockets").front().id;
    const std::string back = "return_to=" + net::PercentEncode("/devices/1?topic=listening_sockets");
    const auto approve = [&](std::string_view reason) {
        return site().Send(Method::kPost, "/devices/1/approvals",
                           fmt::format("topic=listening_sockets&row={}&reason={}&until=115.12.31&{}", row, reason, back));
    };
    EXPECT_EQ(approve("").status, 422);
    const net::Response approved = approve("needed");
    EXPECT_EQ(approved.status, 303);
    EXPECT_EQ(approved.headers.Get("Location"), "/devices/1?topic=listening_sockets");
    EXPECT_EQ(CountRows("listening_sockets WHERE is_approved = 1"), 1);
    EXPECT_EQ(CountQueued("procedure.evaluate"), 1);
    EXPECT_THAT(TextOf(Page("/devices/1?topic=listening_sockets")), HasSubstr("至 115.12.31"));
    EXPECT_EQ(site()
                  .Send(Method::kPost, "/devices/1/approvals/1/withdraw", "reason=closed&return_to=https%3A%2F%2Fevil.example")
                  .headers.Get("Location"),
              "/devices/1");
    EXPECT_EQ(CountRows("listening_sockets WHERE is_approved = 1"), 0);
}

TEST_P(Pages, ApproveByHandWhatIsNotThereYet) {
    RegisterAndObserveHost();
    EXPECT_EQ(
        site()
            .Send(Method::kPost, "/devices/1/approvals", "kind=listener&protocol=tcp&port=443&program=&address=any&reason=soon")
            .status,
        303);
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/approvals", "kind=account&name=backup&reason=soon").status, 303);
    EXPECT_EQ(site()
                  .Send(Method::kPost, "/devices/1/approvals", "kind=listener&protocol=tcp&port=70000&address=any&reason=soon")
                  .status,
              422);
    EXPECT_EQ(CountRows("inventory_approvals WHERE ended_at IS NULL"), 2);
}

/// The value of a hidden field.
std::string FieldValue(const std::string& page, std::string_view name) {
    const GumboDocument document(page);
    const auto fields = document.Find("name", name);
    return fields.empty() ? "" : GumboDocument::Attribute(fields.front(), "value").value_or("");
}

TEST_P(Pages, ApproveWhatWasSeenAndNothingElse) {
    RegisterAndObserveHost();
    const std::string page = Page("/devices/1/approvals/seen");
    const std::string body = "kind=listener&kind=account&reason=baseline&digest-listener=" + FieldValue(page, "digest-listener") +
                             "&digest-account=" + FieldValue(page, "digest-account");
    See(1, 1, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "0.0.0.0", 4444, "nc")});
    const net::Response refused = site().Send(Method::kPost, "/devices/1/approvals/seen", body);
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(TextOf(refused.body), HasSubstr("尚未核准任何項目"));
    EXPECT_EQ(CountRows("inventory_approvals"), 0);

    const std::string again =
        "kind=listener&kind=account&reason=baseline&digest-listener=" + FieldValue(refused.body, "digest-listener") +
        "&digest-account=" + FieldValue(refused.body, "digest-account");
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/approvals/seen", again).status, 303);
    EXPECT_EQ(CountRows("listening_sockets WHERE is_approved = 0"), 0);
    EXPECT_EQ(CountRows("accounts WHERE is_approved = 0"), 0);
    EXPECT_EQ(CountRows("installed_software WHERE is_approved = 1"), 0);
}

TEST_P(Pages, QueueAnObservationOnceHoweverOftenItIsAskedFor) {
    RegisterAndObserveHost();
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/observe", "").status, 303);
    EXPECT_EQ(site().Send(Method::kPost, "/devices/1/observe", "").status, 303);
    EXPECT_EQ(CountQueued("inventory.observe"), 1);
    EXPECT_EQ(jobs_woken(), 2);
    AddServer("web01");
    EXPECT_EQ(site().Send(Method::kPost, "/devices/2/observe", "").status, 409);
}

TEST_P(Pages, ExportWhatIsShownAsFilesThatNoSpreadsheetRuns) {
    Device device;
    device.name = "=cmd|' /C calc'!A0";
    device.unit_id = kTop;
    Add(device);
    See(1, 0, "services", {{"+evil", true}, {"@sum", true}, {"plain, \"quoted\"", true}});
    const net::Response list = site().Get("/devices?format=csv");
    EXPECT_EQ(list.headers.Get("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_THAT(list.body, HasSubstr("\r\n'=cmd|' /C calc'!A0,伺服器,本機關"));
    const std::string services = site().Get("/devices/1?topic=services&format=csv").body;
    EXPECT_THAT(services, HasSubstr("\r\n'+evil,是"));
    EXPECT_THAT(services, HasSubstr("\r\n'@sum,是"));
    EXPECT_THAT(services, HasSubstr("\r\n\"plain, \"\"quoted\"\"\",是"));
    See(1, 1, "services", {});
    EXPECT_THAT(site().Get("/devices/1/changes?format=csv").body, HasSubstr(",消失,自動啟動的服務,'@sum"));
}

TEST_P(Pages, AskAsManyStatementsForALongListAsForAShortOne) {
    const auto statements_for = [&](const std::string& target) {
        const int before = statements();
        Page(target);
        return statements() - before;
    };
    AddServer("server");
    const int few = statements_for("/devices");
    ASSERT_TRUE(database()
                    .WriteWith([&](db::Transaction& transaction) -> Result<void> {
                        for (int i = 0; i < 2000; ++i) {
                            Device device;
                            device.name = fmt::format("server{:04}", i);
                            device.unit_id = kTop + i % 3;
                            OPS_CHECK(AddDevice(transaction, actor_, device, start_));
                        }
                        return Ok();
                    })
                    .ok());
    EXPECT_EQ(statements_for("/devices"), few);
    EXPECT_EQ(statements_for("/devices?page=40"), few);
    EXPECT_EQ(statements_for("/devices?format=csv"), few);
    EXPECT_THAT(TextOf(Page("/devices")), HasSubstr("2001 部設備"));
}

TEST_P(Pages, AnswerNonsenseInTheAddressWithoutFailing) {
    RegisterAndObserveHost();
    for (const std::string target : {"/devices?page=-1&kind=toaster&unit=x&sort=%27&state=9", "/devices?page=999999999999",
                                     "/devices/1?topic=services&page=0&sort=nothing",
                                     "/devices/1/changes?before=-5&kind=x&topic=x", "/devices/1/approvals?before=abc"}) {
        EXPECT_THAT(Faults(Page(target)), IsEmpty()) << target;
    }
    Page("/devices/1?topic=secrets", 404);
    Page("/devices/0", 404);
    Page("/devices/abc", 404);
    Page("/devices/99", 404);
}

}  // namespace
}  // namespace opsteward::inventory
