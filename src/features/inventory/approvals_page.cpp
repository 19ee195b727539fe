#include "features/inventory/approvals_page.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/inventory/actions.hpp"
#include "features/inventory/approval_form.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kPerPage = 100;

std::string EndedWhy(const std::string& why, Language language) {
    const bool is_english = language == Language::kEnglish;
    if (why == "withdrawn") return is_english ? "withdrawn" : "已撤回";
    if (why == "replaced") return is_english ? "replaced" : "已由新的核准取代";
    return is_english ? "expired" : "已到期";
}

class ApprovalsPage {
  public:
    ApprovalsPage(const web::RequestContext& context, const Surroundings& surroundings)
        : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        const net::FormFields& query = context_.request.query;
        with_ended_ = query.Get("ended") == "1";
        OPS_CHECK(surroundings_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(device_, DeviceOf(context_, session));
            OPS_TRY(records_,
                    ReadApprovals(session, device_.id, with_ended_, kPerPage + 1, ParseInt(query.Get("before")).value_or(0)));
            return Ok();
        }));
        web::Page page;
        page.title = device_.name;
        page.crumbs = DeviceCrumbs(context_, nullptr);
        if (MayApprove()) {
            page.actions = web::LinkButton(Say("核准目前所見", "Approve what is seen now"),
                                           DevicePath(device_.id) + "/approvals/seen", web::ButtonLook::kPrimary, "rubber-stamp");
        }
        page.event_channel = "devices";
        page.body = DeviceTabs(device_, DeviceTab::kApprovals, context_.language) + Filter() +
                    web::LivePart("device-approvals", "devices", List()) + (MayApprove() ? ByHand() : Markup());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    bool MayApprove() const { return context_.principal().May(kMayApprove, device_.unit_id); }

    Markup Filter() const {
        return web::FilterForm(context_.request.path,
                               web::SelectField("ended", Say("顯示", "Show"), with_ended_ ? "1" : "",
                                                {{"", std::string(Say("有效的核准", "In force"))},
                                                 {"1", std::string(Say("含已失效的", "With those that ended"))}}),
                               context_.language);
    }

    Markup List() const {
        std::vector<web::Column> columns = {{.title = std::string(Say("項目", "What"))},
                                            {.title = std::string(Say("種類", "Kind"))},
                                            {.title = std::string(Say("狀態", "State"))},
                                            {.title = std::string(Say("涵蓋筆數", "Covers")), .align = web::Align::kEnd},
                                            {.title = std::string(Say("理由", "Reason"))},
                                            {.title = std::string(Say("核准", "Approved"))},
                                            {.title = std::string(Say("期限", "Until"))},
                                            {.title = std::string(Say("操作", "Actions")), .is_title_hidden = true}};
        std::vector<std::vector<Markup>> rows;
        for (std::size_t i = 0; i < records_.size() && i < kPerPage; ++i) rows.push_back(Row(records_[i]));
        web::TableOptions options;
        options.when_empty = web::EmptyState(
            Say("尚無核准", "Nothing is approved yet"),
            Say("條文要求只開放必要的服務與帳號：先檢視目前所見，移除不需要的，再核准其餘。",
                "Only needed services and accounts may be there: look at what is seen now, remove what is not needed, approve the rest."),
            MayApprove() ? web::LinkButton(Say("檢視目前所見", "See what is there now"),
                                           DevicePath(device_.id) + "/approvals/seen", web::ButtonLook::kPrimary, "rubber-stamp")
                         : Markup());
        Markup list = web::Table(columns, rows, Say("這部設備的核准清單", "Approvals of this device"), options);
        if (records_.size() > kPerPage) {
            const std::string last = fmt::format("{}", records_[kPerPage - 1].id);
            list += web::ButtonRow(
                {web::LinkButton(Say("更早的核准", "Older"), Address::Of(context_.request).With("before", last).text(),
                                 web::ButtonLook::kSecondary, "chevron-right")});
        }
        return list;
    }

    std::vector<Markup> Row(const ApprovalRecord& record) const {
        Markup state = web::Badge(web::Tone::kMet, Say("有效", "in force"));
        if (!record.is_in_force()) {
            state = web::Badge(web::Tone::kNotApplicable, EndedWhy(record.ended_why, context_.language)) +
                    Format(R"( <span class="ops-muted">{} {}</span>)", web::Time(*record.ended_at, context_.language),
                           record.ended_by);
        }
        Markup until = Format(R"(<span class="ops-muted">{}</span>)", Say("未限期", "no end"));
        if (record.until_at)
            until = Escape(FormatDateShort(TaipeiDate(*record.until_at - std::chrono::milliseconds(1)), context_.language));
        Markup action;
        if (MayApprove() && record.is_in_force())
            action = web::Disclosure(Say("撤回…", "Withdraw…"), WithdrawForm(context_, device_.id, record.id));
        return {web::Code(SubjectText(record.subject, context_.language)),
                Escape(ApprovalTitle(record.subject.kind).In(context_.language)),
                state,
                Format("{}", record.covers),
                Escape(record.reason),
                Format(R"({} <span class="ops-muted">{}</span>)", record.approved_by,
                       web::Time(record.approved_at, context_.language)),
                until,
                action};
    }

    /// For what is not there yet: an account or a service that will come.
    Markup ByHand() const {
        const std::string action = DevicePath(device_.id) + "/approvals";
        const Markup back = web::HiddenField("return_to", context_.request.target);
        const Markup button = web::ButtonRow({web::Button(Say("核准", "Approve"), web::ButtonLook::kApprove, "check")});
        const Markup listener = web::PostForm(
            action, context_.frame.csrf_token,
            back + web::HiddenField("kind", "listener") +
                web::FieldRow(
                    {web::SelectField("protocol", Say("通訊協定", "Protocol"), "tcp", {{"tcp", "tcp"}, {"udp", "udp"}}),
                     web::NumberField("port", Say("連接埠", "Port"), "", "0", "65535", {}, {}, {.is_required = true}),
                     web::TextField("program", Say("程式", "Program"), {}, Say("空白：不限程式。", "Empty: any program.")),
                     web::TextField("address", Say("位址", "Address"), kAnyAddress,
                                    Say("any、loopback 或一個位址。", "any, loopback or one address."), {},
                                    {.is_required = true})}) +
                ReasonFields(context_, "listener") + button);
        const Markup named = web::PostForm(
            action, context_.frame.csrf_token,
            back +
                web::FieldRow(
                    {web::SelectField("kind", Say("種類", "Kind"), "account",
                                      {{"account", std::string(ApprovalTitle(Approval::kAccount).In(context_.language))},
                                       {"software", std::string(ApprovalTitle(Approval::kSoftware).In(context_.language))}}),
                     web::TextField("name", Say("名稱", "Name"), {}, {}, {}, {.is_required = true})}) +
                ReasonFields(context_, "named") + button);
        return web::Card(Say("核准尚未出現的項目", "Approve what is not there yet"),
                         web::Disclosure(Say("連接埠", "Listener"), listener) +
                             web::Disclosure(Say("帳號或軟體", "Account or software"), named));
    }

    const web::RequestContext& context_;
    const Surroundings& surroundings_;
    bool with_ended_ = false;
    Device device_;
    std::vector<ApprovalRecord> records_;
};

Result<ApprovalSubject> EnteredSubject(const net::FormFields& form) {
    ApprovalSubject subject;
    subject.kind = ParseApproval(form.Get("kind")).value_or(Approval::kNone);
    if (subject.kind != Approval::kListener) {
        subject.name = Trim(form.Get("name"));
    } else {
        subject.protocol = form.Get("protocol");
        subject.port = ParseInt(Trim(form.Get("port"))).value_or(-1);
        const std::string program(Trim(form.Get("program")));
        if (!program.empty()) subject.program = program;
        subject.address = Trim(form.Get("address"));
    }
    if (const Text fault = FaultOf(subject); !fault.empty()) return Error::Of(ErrorCode::kInvalidInput, fault.zh, fault.en);
    return subject;
}

/// One row of a topic ("topic" and "row"), or what was entered by hand.
Result<ApprovalSubject> WantedSubject(const web::RequestContext& context, db::Session& session, std::int64_t device_id) {
    const Topic* const topic = FindTopic(context.form.Get("topic"));
    if (topic == nullptr) return EnteredSubject(context.form);
    if (topic->approval == Approval::kNone)
        return Error::Of(ErrorCode::kInvalidInput, "這類資料不需核准。", "Facts of this kind are not approved.");
    OPS_TRY(const FactRow row, FindFact(session, *topic, device_id, ParseInt(context.form.Get("row")).value_or(0)));
    return SubjectFor(topic->approval, row.values);
}

Result<net::Response> PostApprove(const web::RequestContext& context, const Surroundings& surroundings) {
    Device device;
    Grant grant;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(device, DeviceOf(context, session, kMayApprove));
        OPS_TRY(auto subject, WantedSubject(context, session, device.id));
        grant.subjects = {std::move(subject)};
        return Ok();
    }));
    grant.device_id = device.id;
    grant.reason = Trim(context.form.Get("reason"));
    OPS_TRY(grant.until_at, ParseUntil(context.form.Get("until")));
    OPS_CHECK(Approve(surroundings, context.actor(), grant, context.now));
    const ApprovalSubject& subject = grant.subjects.front();
    return context.RedirectWithNotice(ReturnTo(context, device.id), {"已核准：" + SubjectText(subject, Language::kZhHant),
                                                                     "Approved: " + SubjectText(subject, Language::kEnglish)});
}

Result<net::Response> PostWithdraw(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device,
            surroundings.database.Read<Device>([&](db::Session& session) { return DeviceOf(context, session, kMayApprove); }));
    OPS_TRY(const std::int64_t approval_id, context.IdParameter("approval"));
    OPS_CHECK(Withdraw(surroundings, context.actor(), device.id, approval_id, Trim(context.form.Get("reason")), context.now));
    return context.RedirectWithNotice(ReturnTo(context, device.id), {"已撤回核准。", "The approval is withdrawn."});
}

}  // namespace

std::vector<web::Route> ApprovalsRoutes(std::shared_ptr<const Surroundings> surroundings) {
    return {{net::Method::kGet, "/devices/{id}/approvals", kMayRead,
             [surroundings](const web::RequestContext& context) { return ApprovalsPage(context, *surroundings).Answer(); }},
            {net::Method::kPost, "/devices/{id}/approvals", kMayApprove,
             [surroundings](const web::RequestContext& context) { return PostApprove(context, *surroundings); }},
            {net::Method::kPost, "/devices/{id}/approvals/{approval}/withdraw", kMayApprove,
             [surroundings](const web::RequestContext& context) { return PostWithdraw(context, *surroundings); }}};
}

}  // namespace opsteward::inventory
