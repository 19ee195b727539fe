#include "features/inventory/form_page.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/inventory/actions.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Markup;

namespace {

/// What the choices of the form are made of.
struct FormChoices {
    std::vector<UnitChoice> units;
    std::vector<Person> people;
};

Result<FormChoices> ReadChoices(const web::RequestContext& context, db::Session& session) {
    FormChoices choices;
    OPS_TRY(choices.units, UnitChoices(session, context.principal().UnitsFor(kMayManage)));
    OPS_TRY(choices.people, PossibleOwners(session));
    return choices;
}

/// The fields of the form over what is known of the device.
Device EnteredDevice(const web::RequestContext& context, Device device) {
    const net::FormFields& form = context.form;
    device.name = Trim(form.Get("name"));
    device.kind = ParseDeviceKind(form.Get("kind")).value_or(device.kind);
    device.unit_id = ParseInt(form.Get("unit")).value_or(device.unit_id);
    device.owner_id = ParseInt(form.Get("owner"));
    device.is_core = form.Get("core") == "1";
    device.address = Trim(form.Get("address"));
    device.notes = Trim(form.Get("notes"));
    const bool is_retired = form.Get("retired") == "1";
    if (!is_retired) device.retired_at.reset();
    if (is_retired && !device.retired_at) device.retired_at = context.now;
    return device;
}

class FormPage {
  public:
    /// `id` 0: a new device.
    FormPage(const web::RequestContext& context, Device device, FormChoices choices)
        : context_(context), device_(std::move(device)), choices_(std::move(choices)) {}

    void Refuse(std::vector<FieldFault> faults) { faults_ = std::move(faults); }

    net::Response Answer() const {
        const bool is_new = device_.id == 0;
        web::Page page;
        page.title =
            is_new ? std::string(Say("登錄設備", "Register a device")) : fmt::format("{} {}", Say("編輯", "Edit"), device_.name);
        page.crumbs = DeviceCrumbs(context_, is_new ? nullptr : &device_);
        page.body = web::Card(
            {}, web::PostForm(is_new ? "/devices" : DevicePath(device_.id) + "/edit", context_.frame.csrf_token, Fields()));
        constexpr int kUnprocessable = 422;
        return context_.Render(page, faults_.empty() ? 200 : kUnprocessable);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    std::string FaultOf(std::string_view field) const {
        for (const auto& fault : faults_) {
            if (fault.field == field) return fault.text.In(context_.language);
        }
        return {};
    }

    Markup Errors() const {
        std::vector<std::string> errors;
        for (const auto& fault : faults_) errors.push_back(fault.text.In(context_.language));
        return web::FormErrors(errors, context_.language);
    }

    Markup Fields() const {
        std::vector<web::Choice> kinds;
        for (const auto& info : AllDeviceKinds())
            kinds.push_back({std::string(info.key), std::string(info.title.In(context_.language))});
        std::vector<web::Choice> units;
        for (const auto& unit : choices_.units) units.push_back({fmt::format("{}", unit.id), unit.path});
        std::vector<web::Choice> people = {{"", std::string(Say("（未指定）", "(nobody)"))}};
        for (const auto& person : choices_.people) people.push_back({fmt::format("{}", person.id), person.name});

        Markup fields = Errors();
        fields += web::FieldRow({web::TextField("name", Say("設備名稱", "Name"), device_.name, {}, FaultOf("name"),
                                                {.is_required = true, .is_focused = true}),
                                 web::TextField("address", Say("位址", "Address"), device_.address,
                                                Say("主機名稱或 IP 位址。", "Host name or IP address."), FaultOf("address"))});
        fields += web::FieldRow(
            {web::SelectField("kind", Say("類別", "Kind"), InfoOf(device_.kind).key, kinds, {}, FaultOf("kind"),
                              {.is_required = true}),
             web::SelectField("unit", Say("所屬單位", "Unit"), fmt::format("{}", device_.unit_id), units, {}, FaultOf("unit"),
                              {.is_required = true}),
             web::SelectField("owner", Say("負責人", "Owner"), device_.owner_id ? fmt::format("{}", *device_.owner_id) : "",
                              people, Say("持有角色的人員。", "People who hold a role."), FaultOf("owner"))});
        fields += web::CheckField("core", Say("核心設備", "Core device"), device_.is_core,
                                  Say("承載核心業務；部分條文只要求核心設備。",
                                      "It carries a core business; some clauses ask this of core devices only."));
        fields += web::TextArea("notes", Say("備註", "Notes"), device_.notes, {}, FaultOf("notes"));
        if (device_.id != 0) {
            fields += web::CheckField(
                "retired", Say("已除役", "Retired"), !device_.is_in_service(),
                Say("不再列入檢查；紀錄與歷程保留。", "It is not checked any more; its records and history are kept."));
        }
        fields += web::ButtonRow({web::Button(Say("儲存", "Save"), web::ButtonLook::kPrimary, "device-floppy"),
                                  web::LinkButton(Say("取消", "Cancel"), device_.id == 0 ? "/devices" : DevicePath(device_.id))});
        return fields;
    }

    const web::RequestContext& context_;
    const Device device_;
    const FormChoices choices_;
    std::vector<FieldFault> faults_;
};

Result<net::Response> ShowNew(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(auto choices,
            surroundings.database.Read<FormChoices>([&](db::Session& session) { return ReadChoices(context, session); }));
    Device device;
    if (!choices.units.empty()) device.unit_id = choices.units.front().id;
    return FormPage(context, std::move(device), std::move(choices)).Answer();
}

/// A refusal that a person can mend beside the field; anything else goes to the gate.
std::optional<std::vector<FieldFault>> Mendable(const Error& error) {
    if (error.code == ErrorCode::kConflict) return std::vector<FieldFault>{{"name", error.caller_text}};
    if (error.code == ErrorCode::kInvalidInput) return std::vector<FieldFault>{{"", error.caller_text}};
    return std::nullopt;
}

Result<net::Response> Refused(const web::RequestContext& context, const Surroundings& surroundings, Device device,
                              std::vector<FieldFault> faults) {
    OPS_TRY(auto choices,
            surroundings.database.Read<FormChoices>([&](db::Session& session) { return ReadChoices(context, session); }));
    FormPage page(context, std::move(device), std::move(choices));
    page.Refuse(std::move(faults));
    return page.Answer();
}

Result<net::Response> PostNew(const web::RequestContext& context, const Surroundings& surroundings) {
    Device device = EnteredDevice(context, {});
    auto faults = FaultsOf(device);
    if (!faults.empty()) return Refused(context, surroundings, std::move(device), std::move(faults));
    OPS_CHECK(context.RequireIn(kMayManage, device.unit_id));
    auto id = CreateDevice(surroundings, context.actor(), device, context.now);
    if (!id.ok()) {
        auto mendable = Mendable(id.error());
        if (!mendable) return std::move(id).error();
        return Refused(context, surroundings, std::move(device), std::move(*mendable));
    }
    return context.RedirectWithNotice(DevicePath(*id), {"已登錄設備。", "The device is registered."});
}

Result<net::Response> ShowEdit(const web::RequestContext& context, const Surroundings& surroundings) {
    Device device;
    FormChoices choices;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(device, DeviceOf(context, session, kMayManage));
        OPS_TRY(choices, ReadChoices(context, session));
        return Ok();
    }));
    return FormPage(context, std::move(device), std::move(choices)).Answer();
}

Result<net::Response> PostEdit(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device known,
            surroundings.database.Read<Device>([&](db::Session& session) { return DeviceOf(context, session, kMayManage); }));
    Device device = EnteredDevice(context, known);
    auto faults = FaultsOf(device);
    if (!faults.empty()) return Refused(context, surroundings, std::move(device), std::move(faults));
    OPS_CHECK(context.RequireIn(kMayManage, device.unit_id));
    auto saved = SaveDevice(surroundings, context.actor(), device, context.now);
    if (!saved.ok()) {
        auto mendable = Mendable(saved.error());
        if (!mendable) return std::move(saved).error();
        return Refused(context, surroundings, std::move(device), std::move(*mendable));
    }
    return context.RedirectWithNotice(DevicePath(device.id), {"已儲存。", "Saved."});
}

}  // namespace

std::vector<web::Route> FormRoutes(std::shared_ptr<const Surroundings> surroundings) {
    const auto bind = [&](auto* function) {
        return [function, surroundings](const web::RequestContext& context) { return function(context, *surroundings); };
    };
    return {{net::Method::kGet, "/devices/new", kMayManage, bind(ShowNew)},
            {net::Method::kPost, "/devices", kMayManage, bind(PostNew)},
            {net::Method::kGet, "/devices/{id}/edit", kMayManage, bind(ShowEdit)},
            {net::Method::kPost, "/devices/{id}/edit", kMayManage, bind(PostEdit)}};
}

}  // namespace opsteward::inventory
