#include "features/inventory/page_parts.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kLastPage = 100'000;

std::string UnitText(std::string_view unit, Language language) {
    if (unit == "processors") return language == Language::kEnglish ? "processors" : "顆處理器";
    if (unit == "inodes") return language == Language::kEnglish ? "inodes" : "個檔案節點";
    if (unit == "bytes") return language == Language::kEnglish ? "bytes" : "位元組";
    return std::string(unit);
}

std::string CapacityText(std::int64_t capacity, const std::string& unit, Language language) {
    if (unit == "bytes") return FormatBytes(static_cast<std::uint64_t>(std::max<std::int64_t>(capacity, 0)));
    return unit.empty() ? fmt::format("{}", capacity) : fmt::format("{} {}", capacity, UnitText(unit, language));
}

std::string RealText(const Column& column, double value) {
    if (column.name.ends_with("_ratio")) return fmt::format("{:.1f}%", value * 100);
    if (column.name.ends_with("bytes_per_s")) return FormatBytes(static_cast<std::uint64_t>(std::max(0.0, value))) + "/s";
    return fmt::format("{:.3g}", value);
}

}  // namespace

int PageNumber(const net::Request& request) {
    return static_cast<int>(std::clamp<std::int64_t>(ParseInt(request.query.Get("page")).value_or(1), 1, kLastPage));
}

Paging PagingFor(const net::Request& request, std::int64_t total, int per_page) {
    Paging paging;
    paging.pages = static_cast<int>(std::max<std::int64_t>(1, (total + per_page - 1) / per_page));
    paging.page = std::min(PageNumber(request), paging.pages);
    paging.offset = (paging.page - 1) * per_page;
    return paging;
}

web::Column SortableColumn(std::string title, std::string_view key, const Address& address, const net::Request& request,
                           web::Align align) {
    const bool is_sorted = request.query.Get("sort") == key;
    const bool is_descending = request.query.Get("dir") == "desc";
    web::Column column;
    column.title = std::move(title);
    column.align = align;
    column.sort_href = address.With("sort", key).With("dir", is_sorted && !is_descending ? "desc" : "").text();
    if (is_sorted) column.sort = is_descending ? web::SortState::kDescending : web::SortState::kAscending;
    return column;
}

std::string ValueText(const Topic& topic, std::size_t column, const db::Row& row, Language language) {
    const db::Value& value = row[column];
    if (value.is_null()) return {};
    const Column& info = topic.columns[column];
    switch (info.type) {
        case ColumnType::kBoolean:
            if (language == Language::kEnglish) return value.AsBool() ? "yes" : "no";
            return value.AsBool() ? "是" : "否";
        case ColumnType::kInstant: return FormatTime(value.AsInstant(), language);
        case ColumnType::kReal: return RealText(info, value.AsReal());
        case ColumnType::kInteger:
            if (info.name == "capacity" && column + 1 < row.size()) return CapacityText(value.AsInt(), row[column + 1].AsText(), language);
            return value.ToDisplay();
        case ColumnType::kText: break;
    }
    if (info.name == "resource") return ResourceText(value.AsText(), {}, language);
    if (info.name == "capacity_unit") return UnitText(value.AsText(), language);
    return value.AsText();
}

Markup ValueMarkup(const Topic& topic, std::size_t column, const db::Row& row, Language language) {
    const db::Value& value = row[column];
    const Column& info = topic.columns[column];
    if (value.is_null()) {
        constexpr Phrase kUnknown = {"未能讀取", "not readable"};
        return Format(R"(<span class="ops-muted"><span aria-hidden="true">—</span><span class="ops-hidden">{}</span></span>)",
                      kUnknown.In(language));
    }
    if (info.type == ColumnType::kInstant) return web::Time(value.AsInstant(), language);
    if (info.type == ColumnType::kReal && info.name.ends_with("_ratio")) {
        return web::Progress(value.AsReal(), info.title.In(language));
    }
    return Escape(ValueText(topic, column, row, language));
}

web::Align AlignOf(const Column& column) {
    const bool is_number = column.type == ColumnType::kInteger || column.type == ColumnType::kReal;
    return is_number ? web::Align::kEnd : web::Align::kStart;
}

ApprovalFilter ApprovalFilterOf(std::string_view key) {
    if (key == "unapproved") return ApprovalFilter::kUnapproved;
    return key == "to_decide" ? ApprovalFilter::kToDecide : ApprovalFilter::kAny;
}

std::string DevicePath(std::int64_t id) { return fmt::format("/devices/{}", id); }

std::string ToDecidePath(std::int64_t device_id, const Topic& topic) {
    return fmt::format("{}?topic={}&approval=to_decide", DevicePath(device_id), topic.name);
}

std::string ReturnTo(const web::RequestContext& context, std::int64_t device_id) {
    const std::string_view wanted = context.form.Get("return_to");
    const std::string own = DevicePath(device_id);
    const bool is_own =
        wanted.starts_with(own) && (wanted.size() == own.size() || wanted[own.size()] == '/' || wanted[own.size()] == '?');
    const bool is_clean = std::ranges::all_of(wanted, [](char c) { return c > ' ' && c != '\\' && c != '\x7f'; });
    return is_own && is_clean ? std::string(wanted) : own;
}

Markup DeviceTabs(const Device& device, DeviceTab current, Language language) {
    const std::string path = DevicePath(device.id);
    const auto tab = [&](DeviceTab which, Phrase title, std::string href) {
        return web::Tab{std::string(title.In(language)), std::move(href), which == current};
    };
    constexpr Phrase kLabel = {"設備的各部分", "Parts of the device"};
    return web::Tabs({tab(DeviceTab::kOverview, {"總覽", "Overview"}, path),
                      tab(DeviceTab::kFacts, {"觀測資料", "Facts"}, path + "?topic=" + std::string(AllTopics().front().name)),
                      tab(DeviceTab::kChanges, {"異動紀錄", "Changes"}, path + "/changes"),
                      tab(DeviceTab::kApprovals, {"核准清單", "Approvals"}, path + "/approvals")},
                     kLabel.In(language));
}

std::vector<web::Crumb> DeviceCrumbs(const web::RequestContext& context, const Device* device) {
    std::vector<web::Crumb> crumbs = {{std::string(context.Say("設備", "Devices")), "/devices"}};
    if (device != nullptr) crumbs.push_back({device->name, DevicePath(device->id)});
    return crumbs;
}

Result<Device> DeviceOf(const web::RequestContext& context, db::Session& session, std::string_view permission) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(Device device, FindDevice(session, id));
    if (!context.principal().May(kMayRead, device.unit_id)) return NoSuchDevice();
    OPS_CHECK(context.RequireIn(permission, device.unit_id));
    return device;
}

std::string ResourceText(std::string_view resource, std::string_view subject, Language language) {
    struct Title {
        std::string_view key;
        Phrase title;
    };
    constexpr Title kTitles[] = {{"cpu", {"處理器", "CPU"}},         {"memory", {"記憶體", "Memory"}},
                                 {"swap", {"置換空間", "Swap"}},     {"file_system", {"檔案系統", "File system"}},
                                 {"inodes", {"檔案節點", "Inodes"}}, {"interface", {"網路介面", "Interface"}}};
    const auto* const found = std::ranges::find(kTitles, resource, &Title::key);
    std::string text(found == std::end(kTitles) ? resource : found->title.In(language));
    if (!subject.empty()) text += fmt::format(" {}", subject);
    return text;
}

Phrase DecisionAdvice(Approval kind) {
    switch (kind) {
        case Approval::kListener: return {"確認為業務所需就核准，否則關閉服務。", "Approve what is needed, close the rest."};
        case Approval::kAccount:
            return {"確認有人使用就核准，否則停用或移除。", "Approve those in use, disable or remove the rest."};
        case Approval::kSoftware:
            return {"確認用途與來源後核准，否則移除。", "Approve once purpose and source are known, else remove."};
        case Approval::kNone: break;
    }
    return {};
}

web::Tone ToneOfUse(double ratio) {
    constexpr double kTight = 0.8;
    constexpr double kFull = 0.9;
    if (ratio >= kFull) return web::Tone::kNotMet;
    return ratio >= kTight ? web::Tone::kAttention : web::Tone::kMet;
}

web::Tone ToneOfChange(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::kAppeared:
        case ChangeKind::kChanged: return web::Tone::kInfo;
        case ChangeKind::kNotObserved: return web::Tone::kAttention;
        case ChangeKind::kDisappeared:
        case ChangeKind::kFirstObserved:
        case ChangeKind::kObserved: break;
    }
    return web::Tone::kNeutral;
}

std::string Duration(Instant from, Instant until, Language language) {
    const auto minutes = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::minutes>(until - from).count());
    const bool is_english = language == Language::kEnglish;
    constexpr std::int64_t kHour = 60;
    constexpr std::int64_t kDay = 24 * kHour;
    if (minutes >= kDay)
        return fmt::format(fmt::runtime(is_english ? "{} d {} h" : "{} 天 {} 小時"), minutes / kDay, minutes % kDay / kHour);
    return fmt::format(fmt::runtime(is_english ? "{} h {} min" : "{} 小時 {} 分鐘"), minutes / kHour, minutes % kHour);
}

Result<std::vector<UnitChoice>> UnitChoices(db::Session& session, const std::set<std::int64_t>& units) {
    OPS_TRY(const auto all, UnitsInUse(session));
    std::map<std::int64_t, const UnitInUse*> by_id;
    for (const UnitInUse& unit : all) by_id[unit.id] = &unit;
    std::vector<UnitChoice> choices;
    for (const UnitInUse& unit : all) {
        if (!units.contains(unit.id)) continue;
        std::string path = unit.name;
        // As deep as there are units: a damaged table with a cycle must not hang a page.
        auto parent = unit.parent_id;
        for (std::size_t depth = 0; parent && depth < all.size(); ++depth) {
            const auto found = by_id.find(*parent);
            if (found == by_id.end()) break;
            path = found->second->name + " / " + path;
            parent = found->second->parent_id;
        }
        choices.push_back({unit.id, std::move(path)});
    }
    std::ranges::sort(choices, {}, &UnitChoice::path);
    return choices;
}

}  // namespace opsteward::inventory
