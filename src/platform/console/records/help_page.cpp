#include "platform/console/records/help_page.hpp"

#include <array>

#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

struct Meaning {
    web::Tone tone;
    Phrase text;
};

constexpr std::array<Meaning, 5> kMeanings = {{
    {web::Tone::kMet,
     {"檢核過所有對象，沒有發現問題。", "Everything that had to be looked at was, and nothing was found."}},
    {web::Tone::kAttention,
     {"尚未違反，但即將到期或需要人判斷。", "Not broken yet, but due soon or in need of somebody's judgement."}},
    {web::Tone::kNotMet,
     {"至少有一項發現違反條文；頁面會指出對象、原因與起始時間。",
      "At least one finding breaks the clause; the page names subject, reason and since when."}},
    {web::Tone::kNotSetUp,
     {"還缺少判定所需的資料；頁面會說明缺什麼、由誰補。",
      "What is needed to judge is missing; the page says what, and who provides it."}},
    {web::Tone::kNotApplicable,
     {"經核准不適用，附理由與期限。", "An approved exemption says that it does not apply, why and until when."}},
}};

Markup Keys(const web::RequestContext& context) {
    const auto key = [](std::string_view name) { return Format("<kbd>{}</kbd>", name); };
    std::vector<std::vector<Markup>> rows = {
        {key("Ctrl") + Escape(" + ") + key("K"), Escape(context.Say("前往頁面或搜尋", "Go to a page or search"))},
        {key("/"), Escape(context.Say("搜尋", "Search"))},
        {key("?"), Escape(context.Say("列出快速鍵；可在那裡關閉單鍵快速鍵",
                                      "List the shortcuts; single keys can be switched off there"))},
        {key("Esc"), Escape(context.Say("關閉視窗", "Close a window"))},
        {key("Tab"), Escape(context.Say("移到下一個欄位或按鈕；第一個是「跳到主要內容」",
                                        "Go to the next field or button; the first one skips to the content"))}};
    return web::Table({{.title = std::string(context.Say("按鍵", "Key"))},
                       {.title = std::string(context.Say("作用", "What it does"))}},
                      rows, context.Say("鍵盤快速鍵", "Keyboard shortcuts"));
}

Markup States(const web::RequestContext& context) {
    std::vector<std::vector<Markup>> rows;
    for (const Meaning& meaning : kMeanings) {
        rows.push_back({web::StateBadge(meaning.tone, context.language), Escape(meaning.text.In(context.language))});
    }
    return web::Table({{.title = std::string(context.Say("狀態", "State"))},
                       {.title = std::string(context.Say("意思", "What it means"))}},
                      rows, context.Say("條文的狀態", "States of a clause"));
}

Markup Manuals(const web::RequestContext& context) {
    const auto label = [&](std::string_view zh, std::string_view en) { return std::string(context.Say(zh, en)); };
    return Format("<p>{}</p>", context.Say("手冊隨程式附在 docs 資料夾：",
                                           "The manuals come with the program, in the folder docs:")) +
           web::DescriptionList(
               {{label("使用者", "Users"), web::Code("docs/user")},
                {label("安裝、備份、升級", "Installing, backup, upgrading"), web::Code("docs/operate")},
                {label("程序書檔案與檢核", "Procedure packs and checks"), web::Code("docs/formats")},
                {label("程式介面（OpenAPI 3.1）", "Interface for programs (OpenAPI 3.1)"),
                 web::Link("/api/v1/openapi.json", "/api/v1/openapi.json")}});
}

Result<net::Response> ShowHelp(const web::RequestContext& context) {
    web::Page page;
    page.title = context.Say("說明", "Help");
    page.lead = web::Alert(
        web::Tone::kInfo, context.Say("從「我的待辦」開始", "Begin with My tasks"),
        Format("<p>{} {}</p>",
               context.Say("待辦列出您現在要簽、要做、要檢查的事，並直接連到該處。帳號或權限的問題請洽平台管理者。",
                           "It lists what you have to sign, do and check now, each with a link to the place. For "
                           "accounts and permissions "
                           "ask the administrator."),
               web::Link(context.Say("前往我的待辦", "To my tasks"), "/")));
    page.body = web::Card(context.Say("條文的狀態", "States of a clause"), States(context)) +
                web::Card(context.Say("鍵盤快速鍵", "Keyboard shortcuts"), Keys(context)) +
                web::Card(context.Say("手冊", "Manuals"), Manuals(context));
    return context.Render(page);
}

}  // namespace

web::Route HelpRoute() {
    return {net::Method::kGet, "/help", web::kSignedIn, ShowHelp};
}

}  // namespace opsteward::console::records
