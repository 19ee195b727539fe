#include "platform/console/records/search_page.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_words.hpp"
#include "platform/web/address.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kMaxHits = 20;
constexpr std::size_t kMaxQuery = 200;

/// What is searched for: the field q without white space around it; kInvalidInput when it is too long.
Result<std::string> QueryOf(const web::RequestContext& context) {
    const std::string_view query = Trim(context.request.query.Get("q"));
    if (CountCodePoints(query) <= kMaxQuery) return std::string(query);
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("搜尋文字最多 {} 字。", kMaxQuery),
                     fmt::format("Search for at most {} characters.", kMaxQuery));
}

Result<std::vector<platform::SearchHit>> Hits(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::string query, QueryOf(context));
    if (query.empty()) return std::vector<platform::SearchHit>();
    return services.search_all(context, query, kMaxHits);
}

json::array HitsJson(const std::vector<platform::SearchHit>& hits) {
    json::array items;
    for (const auto& hit : hits) {
        items.push_back(
            json::object{{"title", hit.title}, {"detail", hit.detail}, {"href", hit.href}, {"icon", hit.icon}});
    }
    return items;
}

/// Pages of the reader's menu whose title holds the query, as the palette finds them by itself.
std::vector<platform::SearchHit> MatchingPages(const web::RequestContext& context, std::string_view query) {
    std::vector<platform::SearchHit> hits;
    const std::string wanted = ToLowerAscii(query);
    for (const web::MenuEntry& entry : context.frame.menu) {
        const std::string title(entry.title.In(context.language));
        if (!wanted.empty() && ToLowerAscii(title).find(wanted) != std::string::npos) {
            hits.push_back({title, std::string(context.Say("頁面", "Page")), std::string(entry.href), entry.icon});
        }
    }
    return hits;
}

Markup HitTable(const web::RequestContext& context, const std::vector<platform::SearchHit>& hits,
                std::string_view query) {
    std::vector<std::vector<Markup>> rows;
    for (const auto& hit : hits) {
        rows.push_back({Format(R"(<a href="{}">{} {}</a>)", hit.href,
                               hit.icon.empty() ? web::Icon("file-text") : web::Icon(hit.icon), hit.title),
                        Escape(hit.detail)});
    }
    web::TableOptions options;
    options.when_empty =
        query.empty()
            ? web::EmptyState(context.Say("要找什麼？", "What are you looking for?"),
                              context.Say("輸入設備、條文、單位、人員、工作的名稱或編號。",
                                          "Enter the name or number of a device, clause, unit, person or job."))
            : web::EmptyState(context.Say("找不到符合的項目", "Nothing found"),
                              context.Say("換個說法，或只輸入名稱的一部分。只會找到您有權檢視的資料。",
                                          "Try other words, or a part of the name. Only what you may see is found."));
    return web::Table(
        {{.title = std::string(context.Say("項目", "What"))}, {.title = std::string(context.Say("說明", "Detail"))}},
        rows, context.Say("搜尋結果", "Results"), options);
}

Result<net::Response> ShowSearch(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::string query, QueryOf(context));
    std::vector<platform::SearchHit> all = MatchingPages(context, query);
    OPS_TRY(const std::vector<platform::SearchHit> hits, Hits(context, services));
    all.insert(all.end(), hits.begin(), hits.end());
    web::Page page;
    page.title = context.Say("搜尋", "Search");
    if (hits.size() == static_cast<std::size_t>(kMaxHits)) {
        page.lead = web::Alert(web::Tone::kInfo, context.Say("只列出前 20 項，請輸入更精確的文字。",
                                                             "Only the first 20 are listed: be more precise."));
    }
    page.body = web::FilterForm("/search",
                                web::TextField("q", context.Say("搜尋文字", "Search for"), query, {}, {},
                                               {.max_length = kMaxQuery}),
                                context.language) +
                HitTable(context, all, query);
    return context.Render(page);
}

Result<net::Response> GetPaletteHits(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::vector<platform::SearchHit> hits, Hits(context, services));
    return web::JsonResponse(HitsJson(hits));
}

Result<net::Response> GetApiHits(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::vector<platform::SearchHit> hits, Hits(context, services));
    return web::JsonResponse(json::object{{"items", HitsJson(hits)}});
}

}  // namespace

std::vector<web::Route> SearchRoutes(std::shared_ptr<const Services> services) {
    const web::ApiDoc doc{
        .summary = "Records of every kind by name or number, at most 20",
        .response_schema =
            R"({"type":"object","additionalProperties":false,"required":["items"],"properties":{"items":{"type":"array",)"
            R"("maxItems":20,"items":{"type":"object","additionalProperties":false,"required":["title","detail","href","icon"],)"
            R"("properties":{"title":{"type":"string"},"detail":{"type":"string"},)"
            R"("href":{"type":"string","description":"page of the console"},"icon":{"type":"string"}}}}}})",
        .query = {{"q", "what to look for, at most 200 characters"}}};
    return {{net::Method::kGet, "/search", web::kSignedIn,
             [services](const web::RequestContext& context) { return ShowSearch(context, *services); }},
            {net::Method::kGet, "/search.json", web::kSignedIn,
             [services](const web::RequestContext& context) { return GetPaletteHits(context, *services); }},
            {net::Method::kGet, "/api/v1/search", web::kSignedIn,
             [services](const web::RequestContext& context) { return GetApiHits(context, *services); }, doc}};
}

Result<std::vector<platform::SearchHit>> SearchRecords(const Services& services, const web::RequestContext& context,
                                                       std::string_view query, int limit) {
    std::vector<platform::SearchHit> hits;
    const bool may_read_jobs = context.principal().May(kMayReadJobs);
    const auto number = ParseInt(query);
    if (number && *number > 0 && may_read_jobs) {
        const auto job =
            services.database.Read<jobs::Job>([&](db::Session& session) { return jobs::FindJob(session, *number); });
        if (job.ok()) {
            hits.push_back({fmt::format("{} {}", context.Say("工作", "Job"), *number),
                            JobKindTitle(services.job_kinds(), job->kind, context.language),
                            fmt::format("/jobs/{}", *number), "player-play"});
        }
    }
    if (may_read_jobs) {
        const std::string wanted = ToLowerAscii(query);
        for (const jobs::JobKind& kind : services.job_kinds()) {
            const std::string title = kind.title.In(context.language);
            if (ToLowerAscii(title).find(wanted) == std::string::npos && kind.key.find(wanted) == std::string::npos) {
                continue;
            }
            hits.push_back({title, std::string(context.Say("背景工作", "Jobs")),
                            web::Address("/jobs").With("kind", kind.key).text(), "player-play"});
        }
    }
    if (context.principal().May(kMayReadAudit)) {
        hits.push_back(
            {fmt::format(fmt::runtime(context.Say("在稽核紀錄中搜尋「{}」", "Search the audit trail for \"{}\"")),
                         query),
             std::string(context.Say("稽核紀錄", "Audit trail")), web::Address("/audit").With("q", query).text(),
             "history"});
    }
    if (hits.size() > static_cast<std::size_t>(limit)) hits.resize(static_cast<std::size_t>(limit));
    return hits;
}

}  // namespace opsteward::console::records
