#include "platform/console/procedure/approvals_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/count_text.hpp"
#include "platform/console/procedure/exemption_table.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console::compliance {

using html::Markup;
using procedure::Exemption;

namespace {

class ApprovalsPage {
  public:
    ApprovalsPage(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        OPS_TRY(const auto all, VisibleExemptions(context_, surroundings_, {}));
        OPS_TRY(tree_, surroundings_.units.Tree(context_.principal().UnitsFor(kMayReadBoard), context_.now));
        for (const Exemption& one : all) {
            switch (StateOf(one, context_.now)) {
                case ExemptionState::kWaiting: waiting_.push_back(one); break;
                case ExemptionState::kInForce: in_force_.push_back(one); break;
                default: over_.push_back(one);
            }
        }
        // What ends soonest is looked at first.
        std::ranges::stable_sort(in_force_, {}, &Exemption::ends);
        constexpr std::size_t kShownOver = 100;
        if (over_.size() > kShownOver) over_.resize(kShownOver);

        web::Page page;
        page.title = Say("核准事項", "Approvals");
        page.event_channel = kBoardChannel;
        page.lead = web::LivePart("approvals-lead", kBoardChannel, Lead());
        page.body = web::LivePart("approvals", kBoardChannel,
                                  Section(Say("待核定", "Waiting for a decision"), waiting_, Nothing()) +
                                      Section(Say("有效的不適用", "In force"), in_force_, {}) + Section(Say("已結束", "Over"), over_, {}));
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Markup Lead() const {
        const auto mine = std::ranges::count_if(waiting_, [&](const Exemption& one) { return MayDecide(context_, one); });
        if (mine == 0) return {};
        return web::Alert(web::Tone::kAttention, CountText(Say("有 {} 項申請等您核定", "{} [request waits|requests wait] for your decision"), mine));
    }

    Markup Section(std::string_view title, const std::vector<Exemption>& exemptions, const Markup& when_empty) const {
        if (exemptions.empty()) return when_empty;
        return web::Card(fmt::format(fmt::runtime(Say("{}（{}）", "{} ({})")), title, exemptions.size()),
                         ExemptionTable(context_, *tree_, surroundings_.procedure().pack().get(), exemptions));
    }

    Markup Nothing() const {
        return web::Card({}, web::EmptyState(Say("沒有待核定的申請", "No request waits for a decision"),
                                             Say("條文對某個單位確實不適用時，從條文頁提出申請，由另一人核定並訂期限。",
                                                 "Where a clause really does not apply to a unit, ask on the page of the clause; another person "
                                                 "decides and it gets an end."),
                                             web::LinkButton(Say("到看板選擇條文", "Choose a clause on the board"), "/board",
                                                             web::ButtonLook::kSecondary, "layout-dashboard")));
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    std::shared_ptr<const UnitTree> tree_;
    std::vector<Exemption> waiting_;
    std::vector<Exemption> in_force_;
    std::vector<Exemption> over_;
};

Result<net::Response> PostDecide(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const Exemption exemption, ExemptionOf(context, surroundings));
    const std::string_view decision = context.form.Get("decision");
    if (decision != "approve" && decision != "reject") {
        return Error::Of(ErrorCode::kInvalidInput, "請選擇核准或不核准。", "Choose approve or reject.");
    }
    const bool approve = decision == "approve";
    OPS_CHECK(DecideExemption(context, surroundings, exemption, approve));
    return context.RedirectWithNotice("/approvals", approve ? Text{"已核准，條文會重新判定。", "Approved; the clause is judged again."}
                                                            : Text{"已記錄為不核准。", "Recorded as not approved."});
}

Result<net::Response> PostWithdraw(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const Exemption exemption, ExemptionOf(context, surroundings));
    OPS_CHECK(WithdrawExemption(context, surroundings, exemption));
    return context.RedirectWithNotice("/approvals", {"已撤回，條文會重新判定。", "Withdrawn; the clause is judged again."});
}

}  // namespace

std::vector<web::Route> ApprovalsRoutes(const SharedSurroundings& surroundings) {
    return {{net::Method::kGet, "/approvals", kMayReadBoard,
             [surroundings](const web::RequestContext& context) { return ApprovalsPage(context, *surroundings).Answer(); }},
            {net::Method::kPost, "/exemptions/{id}/decide", kMayDecide,
             [surroundings](const web::RequestContext& context) { return PostDecide(context, *surroundings); }},
            {net::Method::kPost, "/exemptions/{id}/withdraw", kMayReadBoard,
             [surroundings](const web::RequestContext& context) { return PostWithdraw(context, *surroundings); }}};
}

}  // namespace opsteward::console::compliance
