#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "features/inventory/actions.hpp"
#include "features/inventory/approval_form.hpp"
#include "features/inventory/approvals_page.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Markup;

namespace {

constexpr std::array kKinds = {Approval::kListener, Approval::kAccount, Approval::kSoftware};
constexpr std::size_t kOpenUpTo = 30;

/// What would be approved, by kind.
struct Baseline {
    Device device;
    std::array<std::vector<Candidate>, kKinds.size()> candidates;
};

Result<Baseline> ReadBaseline(const web::RequestContext& context, db::Session& session) {
    Baseline baseline;
    OPS_TRY(baseline.device, DeviceOf(context, session, kMayApprove));
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        OPS_TRY(baseline.candidates[i], ReadCandidates(session, baseline.device.id, kKinds[i]));
    }
    return baseline;
}

class BaselinePage {
  public:
    BaselinePage(const web::RequestContext& context, Baseline baseline) : context_(context), baseline_(std::move(baseline)) {}

    net::Response Answer(std::string_view refusal = {}) const {
        const Device& device = baseline_.device;
        web::Page page;
        page.title = Say("核准目前所見", "Approve what is seen now");
        page.crumbs = DeviceCrumbs(context_, &device);
        page.lead =
            refusal.empty()
                ? web::Alert(
                      web::Tone::kInfo, Say("核准前請先移除不需要的", "Remove what is not needed first"),
                      Escape(Say("核准後，這些項目視為必要；之後新出現的仍會標示為未核准。",
                                 "What you approve counts as needed; what appears later is still marked as not approved.")))
                : web::Alert(web::Tone::kAttention, refusal);
        page.body =
            HasAny() ? web::PostForm(DevicePath(device.id) + "/approvals/seen", context_.frame.csrf_token, Fields()) : Nothing();
        constexpr int kUnprocessable = 422;
        return context_.Render(page, refusal.empty() ? 200 : kUnprocessable);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    bool HasAny() const {
        for (const auto& some : baseline_.candidates) {
            if (!some.empty()) return true;
        }
        return false;
    }

    Markup Nothing() const {
        return web::EmptyState(Say("沒有未核准的項目", "Nothing waits for approval"),
                               Say("目前所見的連接埠、帳號與軟體都已核准，或尚未觀測。",
                                   "All listeners, accounts and software seen are approved, or nothing was observed yet."),
                               web::LinkButton(Say("回設備", "Back to the device"), DevicePath(baseline_.device.id)));
    }

    Markup Fields() const {
        Markup fields;
        for (std::size_t i = 0; i < kKinds.size(); ++i) {
            if (!baseline_.candidates[i].empty()) fields += Group(kKinds[i], baseline_.candidates[i]);
        }
        fields += web::Card(
            Say("核准", "Approve"),
            web::FieldRow({web::TextField("reason", Say("理由", "Reason"), context_.form.Get("reason"),
                                          Say("例如：初次盤點，經主管確認。",
                                              "For example: first stocktaking, confirmed by the supervisor."),
                                          {}, {.is_required = true, .max_length = static_cast<int>(kMaxReasonLength)}),
                           web::DateField("until", Say("期限（可不填）", "Until (may be empty)"), context_.form.Get("until"),
                                          context_.language)}) +
                web::ButtonRow({web::Button(Say("核准勾選的種類", "Approve the kinds checked"),
                                            {.look = web::ButtonLook::kApprove,
                                             .icon = "check",
                                             .confirm = Say("清單中的項目會全部核准。", "Everything in the lists is approved.")}),
                                web::LinkButton(Say("取消", "Cancel"), DevicePath(baseline_.device.id) + "/approvals")}));
        return fields;
    }

    Markup Group(Approval kind, const std::vector<Candidate>& candidates) const {
        const std::string_view title = ApprovalTitle(kind).In(context_.language);
        const std::vector<web::Column> columns = {{.title = std::string(Say("會核准的項目", "What would be approved"))},
                                                  {.title = std::string(Say("目前所見", "What was seen"))}};
        std::vector<std::vector<Markup>> rows;
        for (const Candidate& candidate : candidates) {
            rows.push_back({web::Code(SubjectText(candidate.subject, context_.language)), Escape(candidate.detail)});
        }
        const std::string key(ApprovalKey(kind));
        // Software of a release comes by the thousand: it is not checked unless somebody means it.
        const bool is_checked = kind != Approval::kSoftware;
        return web::Card(
            title, web::CheckField(
                       "kind", fmt::format(fmt::runtime(Say("核准這 {} 項{}", "Approve these {}: {}")), candidates.size(), title),
                       is_checked, {}, {}, {.id = "kind-" + key}, key) +
                       web::HiddenField("digest-" + key, DigestOf(candidates)) +
                       web::Disclosure(fmt::format("{} ({})", Say("逐項檢視", "See them"), candidates.size()),
                                       web::Table(columns, rows, title), candidates.size() <= kOpenUpTo));
    }

    const web::RequestContext& context_;
    const Baseline baseline_;
};

Result<net::Response> Show(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(auto baseline,
            surroundings.database.Read<Baseline>([&](db::Session& session) { return ReadBaseline(context, session); }));
    return BaselinePage(context, std::move(baseline)).Answer();
}

Result<net::Response> Take(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(auto baseline,
            surroundings.database.Read<Baseline>([&](db::Session& session) { return ReadBaseline(context, session); }));
    Grant grant;
    grant.device_id = baseline.device.id;
    grant.reason = Trim(context.form.Get("reason"));
    const auto wanted = context.form.GetAll("kind");
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        const std::string key(ApprovalKey(kKinds[i]));
        if (std::ranges::find(wanted, key) == wanted.end()) continue;
        if (context.form.Get("digest-" + key) != DigestOf(baseline.candidates[i])) {
            return BaselinePage(context, std::move(baseline))
                .Answer(context.Say("清單在你檢視後有變動，尚未核准任何項目；請再看一次。",
                                    "The list changed after you saw it. Nothing was approved; please look again."));
        }
        for (Candidate& candidate : baseline.candidates[i]) grant.subjects.push_back(std::move(candidate.subject));
    }
    OPS_TRY(grant.until_at, ParseUntil(context.form.Get("until")));
    OPS_TRY(const auto ids, Approve(surroundings, context.actor(), grant, context.now));
    return context.RedirectWithNotice(DevicePath(grant.device_id) + "/approvals",
                                      {fmt::format("已核准 {} 項。", ids.size()), fmt::format("{} approved.", ids.size())});
}

}  // namespace

std::string DigestOf(const std::vector<Candidate>& candidates) {
    json::array subjects;
    for (const Candidate& candidate : candidates) subjects.push_back(SubjectJson(candidate.subject));
    return crypto::Sha256Hex(json::serialize(subjects));
}

std::vector<web::Route> BaselineRoutes(std::shared_ptr<const Surroundings> surroundings) {
    return {{net::Method::kGet, "/devices/{id}/approvals/seen", kMayApprove,
             [surroundings](const web::RequestContext& context) { return Show(context, *surroundings); }},
            {net::Method::kPost, "/devices/{id}/approvals/seen", kMayApprove,
             [surroundings](const web::RequestContext& context) { return Take(context, *surroundings); }}};
}

}  // namespace opsteward::inventory
