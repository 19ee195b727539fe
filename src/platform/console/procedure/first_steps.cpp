#include "platform/console/procedure/first_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;

namespace {

struct Step {
    bool is_done = false;
    Phrase title;
    Phrase why;
    Phrase button;
    std::string href;
    std::string_view icon;
};

std::vector<Step> StepsFor(const SetupFacts& facts) {
    const bool has_devices = facts.devices > 0;
    const auto device_page = [](std::optional<std::int64_t> id, std::string_view below) {
        return id ? fmt::format("/devices/{}{}", *id, below) : std::string("/devices");
    };
    return {
        {facts.units > 1,
         {"建立單位", "Set up the units"},
         {"條文依單位判定；先建立各科室，工作與設備才有歸屬。", "Clauses are judged by unit; duties and devices belong to one."},
         {"建立單位", "Set up units"},
         "/units",
         "sitemap"},
        {facts.people > 1,
         {"建立帳號並指派角色", "Create accounts and give roles"},
         {"每項工作都有主責角色；沒有人擔任的角色，工作就沒有人做。", "Every duty has a role that owns it; a role that nobody holds leaves its duties undone."},
         {"建立帳號", "Create accounts"},
         "/users/new",
         "user-plus"},
        {has_devices && !facts.device_without_owner,
         {"指定設備負責人", "Name the owners of devices"},
         {"這部主機已自動登錄；請指定負責人與單位。", "This machine is registered already; say who is responsible and where it belongs."},
         {"指定負責人", "Name an owner"},
         device_page(facts.device_without_owner, "/edit"),
         "server"},
        {has_devices && !facts.device_with_unapproved,
         {"核准需要的服務", "Approve the services that are needed"},
         {"檢視開啟的連接埠：需要的核准，不需要的關閉。", "Look at the open ports: approve what is needed, close the rest."},
         {"檢視並核准", "Review and approve"},
         device_page(facts.device_with_unapproved, "/approvals/seen"),
         "plug"},
        {facts.last_backup_at.has_value(),
         {"備份本系統的紀錄", "Back up the records of this system"},
         {"執行 opsteward db backup，並放到另一部主機。", "Run opsteward db backup and keep the copy on another machine."},
         {"查看備份", "See backups"},
         "/settings",
         "database-export"},
    };
}

}  // namespace

Markup FirstSteps(const web::RequestContext& context, const SetupFacts& facts) {
    const auto steps = StepsFor(facts);
    const auto done = std::ranges::count_if(steps, &Step::is_done);
    if (done == static_cast<std::ptrdiff_t>(steps.size())) return {};
    const Language language = context.language;
    const std::vector<web::Column> columns = {{.title = std::string(context.Say("步驟", "Step"))},
                                              {.title = std::string(context.Say("狀態", "State"))},
                                              {.title = std::string(context.Say("操作", "Actions")), .is_title_hidden = true}};
    std::vector<std::vector<Markup>> rows;
    bool is_first_open = true;
    for (const Step& step : steps) {
        const Markup state = step.is_done ? web::Badge(web::Tone::kMet, context.Say("完成", "Done"))
                                          : web::Badge(web::Tone::kNotSetUp, context.Say("待辦", "To do"));
        Markup button;
        if (!step.is_done) {
            button = web::LinkButton(step.button.In(language), step.href,
                                     is_first_open ? web::ButtonLook::kPrimary : web::ButtonLook::kSecondary, step.icon);
            is_first_open = false;
        }
        rows.push_back({Format(R"(<span>{}</span><p class="ops-cell-note">{}</p>)", step.title.In(language), step.why.In(language)),
                        state, button});
    }
    const std::string progress = fmt::format(fmt::runtime(context.Say("開始使用（{}／{}）", "Getting started ({} of {})")), done, steps.size());
    return web::Card(progress, web::Table(columns, rows, context.Say("開始使用的步驟", "First steps")));
}

}  // namespace opsteward::console::compliance
